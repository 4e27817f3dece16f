"""What a run changed is read by whom its synergies show to, without figures; its counts by everybody with a mandate."""

from typing import Final, LiteralString

from symbiosis.domain.ids import synergy_id_of
from symbiosis.store.graph import Graph, Tx
from tests.api.conftest import Api

CHANGED: Final[LiteralString] = """
MATCH (run:Run {id: 'run-now'})-[:SUGGESTS]->(synergy:Synergy)
WITH run, synergy ORDER BY synergy.id
CREATE (run)-[changes:CHANGES]->(synergy)
SET changes.place = toInteger(size(synergy.id)), changes.kind = 'NEW', changes.cause = 'LISTING_NEW',
    run.change_counts = 'NEW|LISTING_NEW|7 GONE|DISPLACED|2', run.stability_cost_cent_per_year = 12345
RETURN count(changes) AS many
"""


async def record(tx: Tx) -> int:
    return int((await tx.run(CHANGED))[0]["many"])


async def test_changes_show_as_far_as_their_synergies_do_and_counts_are_of_all(api: Api, graph: Graph) -> None:
    assert await graph.write(record) > 0
    suggested = [synergy_id_of(*pair) for pair in (("a-public", "b-demand"), ("a-public", "c-demand"))]  # type: ignore[arg-type]
    hidden = synergy_id_of("a-territory", "b-private")  # type: ignore[arg-type]
    for account, visible in (
        ("facilitator", {*suggested, hidden}),
        ("manager-a", {*suggested, hidden}),
        ("manager-c", {suggested[1]}),
        ("analyst", set(suggested)),
        ("manager-d", set()),
    ):
        run = await api.ask(account, "RunChanges", id="run-now", first=100)
        assert run["stabilityCostPerYearEur"] == 123.45
        assert run["changeCounts"] == [
            {"kind": "NEW", "cause": "LISTING_NEW", "pairCount": 7},
            {"kind": "GONE", "cause": "DISPLACED", "pairCount": 2},
        ]
        assert {change["synergyId"] for change in run["changes"]["nodes"]} == visible
        assert {change["synergy"]["id"] for change in run["changes"]["nodes"]} == visible
    errors = (await api.whole("outsider", "RunChanges", id="run-now"))["errors"]
    assert [error["extensions"]["code"] for error in errors] == ["NOT_ALLOWED"]
