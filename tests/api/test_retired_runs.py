"""A plan that is no longer kept: its run says so, and whoever is in the middle of its pages is told to begin again."""

from typing import Any, Final, LiteralString

from symbiosis.store.graph import Graph
from tests.api.conftest import Api

AT: Final = "2026-11-23T03:00:00.000000Z"
RETIRE: Final[LiteralString] = "MATCH (run:Run {id: 'run-now'}) SET run.retired_at = $at"
RUN: Final = 'query { run(id: "run-now") { suggestionCount retiredAt } }'


async def test_the_pages_of_a_retired_plan_end_and_its_figures_stay(api: Api, graph: Graph) -> None:
    async def run_now() -> dict[str, Any]:
        answer: dict[str, Any] = (await api.post("facilitator", RUN, {})).json()
        return dict(answer["data"]["run"])

    before = await run_now()
    assert before["retiredAt"] is None
    first = await api.ask("facilitator", "Synergies", first=1)
    assert first["pageInfo"]["hasNextPage"]
    await graph.write(lambda tx: tx.run(RETIRE, at=AT))
    after = first["pageInfo"]["endCursor"]
    errors = (await api.whole("facilitator", "Synergies", first=1, after=after))["errors"]
    assert [error["extensions"]["code"] for error in errors] == ["RUN_GONE"]
    assert "begin again at the first page" in errors[0]["message"]
    assert await run_now() == {**before, "retiredAt": AT}
