"""startRun over HTTP, and the launcher that computes runs in the background of the app."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run, RunKind, RunPhase, RunProgress, RunStatus
from symbiosis.errors import RuleError
from symbiosis.market.runs import RunLauncher, RunUnderWayError
from symbiosis.store.graph import Graph, Tx

RECORD: Final[LiteralString] = """
CREATE (run:Run {id: $run_id, kind: 'EXCHANGE', period: $period, status: 'RUNNING', started_at: $at})
"""


class NoRoomError(RuleError):
    """The run under test refuses to start."""

    code = "NO_ROOM"


class Gate:
    """A run that is recorded, says that it solves, and then waits until it is let through."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.opened, self.failure, self.cancelled = asyncio.Event(), failure, False

    async def __call__(
        self,
        graph: Graph,
        *,
        period: str,
        run_id: RunId | None,
        on_progress: Callable[[RunProgress], None] | None,
    ) -> Run:
        if self.failure is not None:
            raise self.failure
        assert run_id is not None
        assert on_progress is not None

        async def record(tx: Tx) -> None:
            await tx.run(RECORD, run_id=run_id, period=period, at="2026-11-22T08:00:00.000000Z")

        await graph.write(record)
        on_progress(RunProgress(RunPhase.OPTIMISE, 0.5, "solving", 4_000, 5_000))
        try:
            await self.opened.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return Run(run_id, RunKind.EXCHANGE, period, RunStatus.PUBLISHED, "2026-11-22T08:00:00.000000Z")


@pytest.fixture
def use(api: Any) -> Callable[[Gate], RunLauncher]:
    """Return a function that makes the served app compute its runs with a gate."""

    def put(gate: Gate) -> RunLauncher:
        state = api.client._transport.app.state
        launcher = RunLauncher(gate)
        state.services = replace(state.services, launcher=launcher)
        return launcher

    return put


async def test_a_run_shows_its_progress_and_a_second_one_waits_its_turn(api: Any, use: Any) -> None:
    gate = Gate()
    launcher = use(gate)
    started = await api.ask("facilitator", "StartRun", input={"period": "2026-W47"})
    assert (started["status"], started["period"]) == ("RUNNING", "2026-W47")
    run = await api.ask("analyst", "Run", id=started["id"])
    assert run["progress"] == {
        "phase": "OPTIMISE",
        "doneShare": 0.5,
        "message": "solving",
        "bestPerYearEur": 40.0,
        "boundPerYearEur": 50.0,
        "gapShare": 0.2,
    }
    second = await api.ask("facilitator", "StartRun")
    assert (second["__typename"], second["code"]) == ("RuleProblem", "RUN_UNDER_WAY")
    gate.opened.set()
    await launcher.stop()
    assert launcher.progress(started["id"]) is None
    third = await api.ask("facilitator", "StartRun")
    assert third["__typename"] == "Run"
    await launcher.stop()


@pytest.mark.parametrize("subject", [None, "outsider", "retired", "manager-a", "analyst"])
async def test_only_a_facilitator_starts_a_run(api: Any, use: Any, subject: str | None) -> None:
    use(Gate())
    before = await api.counts()
    problem = await api.ask(subject, "StartRun")
    assert (problem["__typename"], problem["code"]) == ("NotAllowedProblem", "NOT_ALLOWED")
    assert await api.counts() == before


@pytest.mark.parametrize("period", ["", "   ", "x" * 61, "two\nlines"])
async def test_a_period_that_is_no_name_is_refused_in_words(api: Any, use: Any, period: str) -> None:
    use(Gate())
    problem = await api.ask("facilitator", "StartRun", input={"period": period})
    assert (problem["__typename"], problem["path"]) == ("InputProblem", ["input", "period"])


async def test_what_keeps_a_run_from_starting_is_said_to_who_started_it(api: Any, use: Any) -> None:
    use(Gate(NoRoomError("There is no room for a run; make some.")))
    problem = await api.ask("facilitator", "StartRun")
    assert (problem["code"], problem["message"]) == ("NO_ROOM", "There is no room for a run; make some.")


async def test_a_bug_in_a_run_is_logged(graph: Graph, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(ZeroDivisionError):
        await RunLauncher(Gate(ZeroDivisionError())).start(graph, "2026")
    assert "A run failed by a bug." in [record.getMessage() for record in caplog.records]


async def test_an_app_that_goes_down_ends_its_run(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symbiosis.market.runs.STOP_S", 0.01)
    gate = Gate()
    launcher = RunLauncher(gate)
    run_id = await launcher.start(graph, "2026")
    with pytest.raises(RunUnderWayError, match=run_id):
        await launcher.start(graph, "2027")
    await launcher.stop()
    assert gate.cancelled
    await launcher.stop()
