"""What those who listen are told: steps of synergies, suggestions of a new plan, and the progress of a run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, LiteralString

import gql
import pytest
from gql.transport.websockets import WebsocketsTransport

from symbiosis.domain.analyses import Analysis, AnalysisId, AnalysisKind, Sight
from symbiosis.domain.desk import HistoryAction
from symbiosis.domain.ids import ListingId, PersonId, TerritoryId, synergy_id_of
from symbiosis.domain.times import utc_now
from symbiosis.store.analyses import add_analysis, fail_analysis, hold_analysis
from symbiosis.store.events import Event, record_event
from symbiosis.store.graph import Graph, Tx
from tests.api.conftest import CURRENT, RUNS, SYNERGIES, a_synergy
from tests.api.served import quick_app, served, until

STEPS: Final = "subscription { synergySteps { version synergy { id status supply { title } } } }"
NEW: Final = "subscription { suggestionsForMySites { id suggestion { rank valuePerYearEur } } }"
PROGRESS: Final = "subscription ($id: ID!) { runProgress(id: $id) { status period } }"
ANALYSIS: Final = "subscription ($id: ID!) { analysisProgress(id: $id) { state share failure } }"
WITHIN_S: Final = 20.0
END_MANDATE: Final[LiteralString] = """
MATCH (:Person {subject: $subject})-[acts:ACTS_FOR]->() SET acts.until_date = '2020-01-01'
"""
SET_RUN: Final[LiteralString] = "MATCH (run:Run {id: $run_id}) SET run += $facts"
LET_GO: Final[LiteralString] = "MATCH (:Current {kind: 'EXCHANGE'})-[is:IS]->() DELETE is"


class Heard:
    """What a subscription has told so far; `ended` says how it ended."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[Any] = asyncio.Queue()
        self.ended: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()

    async def next(self) -> Any:
        """Return what comes next within the time for it."""
        async with asyncio.timeout(WITHIN_S):
            return await self.waiting.get()


@asynccontextmanager
async def listening(api: Any, where: str, subject: str, query: str, **variables: Any) -> AsyncIterator[Heard]:
    """Listen with gql's own client for as long as the block lasts."""
    transport = WebsocketsTransport(
        url=f"ws://{where}/graphql",
        init_payload=api.headers(subject),
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
    )
    heard = Heard()

    async def listen() -> None:
        try:
            async with gql.Client(transport=transport) as session:
                asked = gql.gql(query)
                asked.variable_values = variables
                async for told in session.subscribe(asked):
                    heard.waiting.put_nowait(next(iter(told.values())))
            heard.ended.set_result(None)
        except Exception as failed:  # noqa: BLE001 - how it ended is what is looked at.
            heard.ended.set_result(failed)

    task = asyncio.create_task(listen())
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def subscribed(app: Any, many: int) -> None:
    """Wait until so many listen."""
    await until(lambda: len(app.state.services.live._listeners) >= many)


@pytest.fixture
async def server(api: Any, graph: Graph) -> AsyncIterator[tuple[Any, str]]:
    """Give the app and where it is served."""
    app = quick_app(api.settings, graph)
    async with served(app) as where:
        yield app, where
    await app.state.services.live.stop()


async def review(api: Any, supply: str, demand: str) -> str:
    """Shortlist the synergy of a pair, and return its id."""
    synergy_id = synergy_id_of(ListingId(supply), ListingId(demand))
    reviewed = {"id": synergy_id, "version": 1, "review": "SHORTLIST", "idempotencyKey": f"{supply} {demand}"}
    answer = await api.whole("facilitator", "ReviewSynergy", input=reviewed)
    if "errors" in answer and answer["errors"][0]["extensions"].get("retryable"):  # A cold store may take over 10 s.
        answer = await api.whole("facilitator", "ReviewSynergy", input=reviewed)
    assert answer["data"]["reviewSynergy"]["__typename"] == "Synergy"
    return synergy_id


async def test_a_step_is_told_to_those_who_see_the_synergy_and_to_nobody_else(api: Any, server: Any) -> None:
    app, where = server
    async with (
        listening(api, where, "manager-a", STEPS) as supplier,
        listening(api, where, "manager-c", STEPS) as receiver,
    ):
        await subscribed(app, 2)
        hidden = await review(api, "a-territory", "b-private")
        shared = await review(api, "a-public", "c-demand")
        told = [await supplier.next(), await supplier.next()]
        assert {(step["synergy"]["id"], step["version"]) for step in told} == {(hidden, 2), (shared, 2)}
        assert {step["synergy"]["status"] for step in told} == {"SHORTLISTED"}
        assert (await receiver.next())["synergy"]["id"] == shared
        assert receiver.waiting.empty()


async def test_a_mandate_that_ends_while_one_listens_ends_what_is_told(api: Any, server: Any, graph: Graph) -> None:
    app, where = server
    async with (
        listening(api, where, "manager-c", STEPS) as former,
        listening(api, where, "facilitator", STEPS) as facilitator,
    ):
        await subscribed(app, 2)
        await run(graph, END_MANDATE, subject="manager-c")
        await review(api, "a-public", "c-demand")
        await facilitator.next()
        await asyncio.sleep(0.2)
        assert former.waiting.empty()


async def test_a_step_taken_through_another_process_is_told_too(api: Any, server: Any, graph: Graph) -> None:
    app, _ = server
    other = quick_app(api.settings, graph)
    async with served(other) as elsewhere, listening(api, elsewhere, "facilitator", STEPS) as heard:
        await subscribed(other, 1)
        shared = await review(api, "a-public", "b-demand")
        assert (await heard.next())["synergy"]["id"] == shared
    assert app.state.services.live._poller is None


async def test_what_is_written_beside_a_synergy_is_no_step(api: Any, server: Any, graph: Graph) -> None:
    app, where = server
    beside = synergy_id_of(ListingId("a-territory"), ListingId("b-private"))
    async with listening(api, where, "facilitator", STEPS) as heard:
        await subscribed(app, 1)
        comment = Event(utc_now(), PersonId("per-facilitator"), HistoryAction.COMMENT_SYNERGY.value, beside, 1)
        await graph.write(record_event, comment)
        shared = await review(api, "a-public", "b-demand")
        assert (await heard.next())["synergy"]["id"] == shared


async def test_a_new_plan_tells_a_site_what_the_plan_before_did_not_suggest(
    api: Any, server: Any, graph: Graph
) -> None:
    app, where = server
    rows = [a_synergy("a-public", "b-demand", 1, run="run-new"), a_synergy("a-public", "b-private", 2, run="run-new")]
    async with listening(api, where, "manager-b", NEW) as heard, listening(api, where, "manager-c", NEW) as other:
        await subscribed(app, 2)
        await run(graph, RUNS, rows=[{"id": "run-new", "status": "PUBLISHED", "at": "2026-11-03T08:00:00.000000Z"}])
        await run(graph, SYNERGIES, rows=rows)
        await run(graph, LET_GO)
        await run(graph, CURRENT, run_id="run-new")
        told = await heard.next()
        assert (told["id"], told["suggestion"]["rank"]) == (rows[1]["id"], 2)
        assert told["suggestion"]["valuePerYearEur"] is None  # The supplier states a price.
        await asyncio.sleep(0.2)
        assert (heard.waiting.qsize(), other.waiting.qsize()) == (0, 0)


async def test_a_run_is_told_until_it_has_ended(api: Any, server: Any, graph: Graph) -> None:
    await run(graph, SET_RUN, run_id="run-old", facts={"status": "RUNNING"})
    app, where = server
    async with listening(api, where, "analyst", PROGRESS, id="run-old") as heard:
        assert await heard.next() == {"status": "RUNNING", "period": "run-old"}
        await subscribed(app, 1)
        await run(graph, SET_RUN, run_id="run-old", facts={"status": "PUBLISHED"})
        assert (await heard.next())["status"] == "PUBLISHED"
        async with asyncio.timeout(WITHIN_S):
            assert await heard.ended is None
    assert app.state.services.live._poller is None


async def test_an_analysis_is_told_until_it_has_ended(api: Any, server: Any, graph: Graph) -> None:
    waiting = Analysis(
        analysis_id=AnalysisId("ana-1"),
        territory_id=TerritoryId("lyon"),
        kind=AnalysisKind.RADAR,
        key="k",
        arguments="{}",
        sight=Sight(frozenset({"69001"}), frozenset()),
        asked_by=PersonId("per-analyst"),
        asked_at=utc_now(),
        held_until="2098-01-01T00:00:00.000000Z",
    )
    await graph.write(add_analysis, waiting)
    async with listening(api, server[1], "analyst", ANALYSIS, id="ana-1") as heard:
        assert await heard.next() == {"state": "WAITING", "share": 0.0, "failure": None}
        await graph.write(hold_analysis, waiting.analysis_id, 0.4, waiting.held_until)
        assert (await heard.next())["share"] == 0.4
        await graph.write(fail_analysis, waiting.analysis_id, utc_now(), "It was too large.")
        assert await heard.next() == {"state": "FAILED", "share": 0.4, "failure": "It was too large."}
        async with asyncio.timeout(WITHIN_S):
            assert await heard.ended is None


@pytest.mark.parametrize(
    ("subject", "query", "variables", "code"),
    [
        ("analyst", ANALYSIS, {"id": "ana-nowhere"}, "NOT_FOUND"),
        ("manager-a", ANALYSIS, {"id": "ana-nowhere"}, "NOT_ALLOWED"),
        ("manager-a", PROGRESS, {"id": "run-nowhere"}, "NOT_FOUND"),
        ("outsider", PROGRESS, {"id": "run-now"}, "NOT_ALLOWED"),
        ("facilitator", NEW, {}, "NOT_ALLOWED"),
        ("manager-a", "subscription { synergySteps { id } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("manager-a", "subscription { synergySteps { at } suggestionsForMySites { id } }", {}, None),
    ],
)
async def test_what_cannot_be_listened_to_is_refused_with_its_code(
    api: Any, server: Any, subject: str, query: str, variables: dict[str, Any], code: str | None
) -> None:
    async with listening(api, server[1], subject, query, **variables) as heard, asyncio.timeout(WITHIN_S):
        failed: Any = await heard.ended
        assert failed.errors[0]["extensions"]["code"] == (code or "GRAPHQL_VALIDATION_FAILED")


async def run(graph: Graph, statement: LiteralString, **parameters: Any) -> None:
    """Run one statement in a transaction of its own."""

    async def work(tx: Tx) -> None:
        await tx.run(statement, **parameters)

    await graph.write(work)
