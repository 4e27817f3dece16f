"""The observatory over HTTP: everybody reads it, it is made once a run, and it shows nothing but shown cells."""

import asyncio
import json
from typing import Any, Final, LiteralString

import numpy as np
import pytest
from scipy.optimize import linprog

from symbiosis.analytics.publishing import Publisher, published
from symbiosis.domain.ids import RunId
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.observatory import observatory_of
from tests.api import conftest as valley
from tests.api.conftest import Api

pytestmark = pytest.mark.store

PLACES: Final = [
    {"territory": name, "kind": "METROPOLE", "insee": insee, "commune": insee}
    for name, insee in (("east", "38001"), ("west", "43001"))
]
CODES: Final = ("030105", "150103", "200138")
DELIVER: Final[LiteralString] = """
MATCH (:Run {id: 'run-cube'})-[:SUGGESTS]->(synergy:Synergy)
CREATE (delivery:Delivery {id: 'dlv-' + synergy.id, delivered_on: '2026-08-01', quantity_base: 7000, evidence_ids: []})
CREATE (delivery)-[:OF]->(synergy)
"""
CHANGE: Final[LiteralString] = "MATCH (delivery:Delivery) SET delivery.quantity_base = 99000"
KEPT: Final[LiteralString] = (
    "MATCH (kept:Observatory) RETURN kept.id AS id, kept.made_at AS made_at ORDER BY id LIMIT 9"
)
PUBLISH: Final[LiteralString] = """
MATCH (current:Current {kind: 'EXCHANGE'})-[is:IS]->(:Run)
MATCH (run:Run {id: $run_id})
DELETE is
CREATE (current)-[:IS]->(run)
"""


def cube() -> list[tuple[str, str, int]]:
    """Return flows as giver's territory, code and tonnes: one cell of two firms, one dominated, others of four."""
    flows = [("east", CODES[0], tonnes) for tonnes in (17, 23)]
    flows += [("west", CODES[1], tonnes) for tonnes in (900, 11, 12, 13)]
    rest = [("east", CODES[1]), ("east", CODES[2]), ("west", CODES[0]), ("west", CODES[2])]
    return flows + [(where, code, 30 + 3 * n) for where, code in rest for n in range(4)]


async def seed_cube(tx: Tx) -> None:
    """Write the flows, each between two firms of its own, as the current run."""
    await tx.run(valley.PLACES, rows=PLACES)
    rows, listings, synergies = [], [], []
    for number, (where, code, tonnes) in enumerate(cube()):
        for role, direction in (("g", "SUPPLY"), ("t", "DEMAND")):
            rows.append(
                {"id": f"{role}{number}", "name": f"{role}{number}", "insee": "38001" if where == "east" else "43001"}
            )
            listings.append(
                valley.listing_row(f"{role}{number}", f"{role}{number}", direction=direction, waste_code=code)
            )
        synergy = valley.a_synergy(f"g{number}", f"t{number}", number + 1, run="run-cube")
        synergy["numbers"] |= {"quantity_base_per_year": tonnes * 1000, "avoided_gco2e_per_year": tonnes * 10**6}
        synergies.append(synergy)
    await tx.run(valley.SITES, rows=rows)
    await tx.run(valley.LISTINGS, rows=listings)
    await tx.run(valley.RUNS, rows=[{"id": "run-cube", "status": "PUBLISHED", "at": "2026-11-20T08:00:00.000000Z"}])
    await tx.run(valley.SYNERGIES, rows=synergies)
    await tx.run(PUBLISH, run_id="run-cube")


@pytest.fixture
async def published_cube(api: Api) -> Api:
    """Give the API over the cube."""
    await api.graph.write(seed_cube)
    return api


def shown(cells: Any, measure: str = "SUGGESTED") -> dict[tuple[str, str], float]:
    return {(c["territory"]["key"], c["chapter"]["key"]): c["tonnes"] for c in cells if c["measure"] == measure}


async def test_visitors_read_the_shown_cells_and_nothing_else(published_cube: Api) -> None:
    seen = await published_cube.ask(None, "Observatory")
    cells = shown(seen["cells"]["nodes"])
    assert ("east", "03") not in cells
    assert ("west", "15") not in cells
    assert {key: cells[key] for key in (("*", "20"), ("east", "*"))} == {("*", "20"): 276.0, ("east", "*"): 316.0}
    whole = await published(published_cube.graph)
    assert whole is not None
    assert len(cells) + seen["hiddenCellCount"] == len(whole.cells)
    assert {c["quarter"] for c in seen["cells"]["nodes"]} == {"2026-Q4"}
    assert {(f["giver"]["key"], f["chapter"]["key"]) for f in seen["flows"]["nodes"]} == {
        key for key in cells if "*" not in key
    }
    assert set(shown(seen["totals"]["nodes"])) == {key for key in cells if key[1] == "*"}
    text = json.dumps(seen)
    assert not any(word in text for word in ("g1", "SAS", "TOO_FEW", "DOMINATED", "SECONDARY"))


async def test_every_account_reads_the_same(published_cube: Api) -> None:
    answers = [await published_cube.ask(account, "Observatory") for account in (None, "facilitator", "manager-a")]
    assert answers == [answers[0]] * 3
    east = await published_cube.ask(None, "Observatory", territoryId="east")
    assert {c["territory"]["nameFr"] for c in east["cells"]["nodes"]} == {"east"}


async def test_it_is_made_once_a_run_and_never_again(published_cube: Api) -> None:
    async def deliver(tx: Tx) -> None:
        await tx.run(DELIVER)

    async def change(tx: Tx) -> None:
        await tx.run(CHANGE)

    async def kept(tx: Tx) -> list[str]:
        return [row["id"] for row in await tx.run(KEPT)]

    await published_cube.graph.write(deliver)
    first = await asyncio.gather(*(published_cube.ask(None, "Observatory") for _ in range(4)))
    assert first == [first[0]] * 4
    delivered = shown(first[0]["cells"]["nodes"], "DELIVERED")
    assert delivered["*", "*"] == 154.0
    assert ("east", "03") not in delivered
    await published_cube.graph.write(change)
    assert await published_cube.ask(None, "Observatory") == first[0]
    assert await published_cube.graph.read(kept) == ["run-cube"]


async def test_before_the_first_run_there_is_none(published_cube: Api) -> None:
    async def unpublish(tx: Tx) -> None:
        await tx.run("MATCH (current:Current) DETACH DELETE current")

    await published_cube.graph.write(unpublish)
    assert await published_cube.ask(None, "Observatory") is None


async def test_what_is_answered_narrows_no_firm(published_cube: Api) -> None:
    """Bound every firm's part by a programme over the parts themselves, from nothing but what a visitor is answered.

    The attacker knows who gives in which cell. A shown number is within its third digit of the true one.
    """
    cells = shown((await published_cube.ask(None, "Observatory"))["cells"]["nodes"])
    parts = [(where, code[:2], tonnes) for where, code, tonnes in cube()]
    rows, ends = [], []
    for (where, chapter), tonnes in cells.items():
        within = [float(where in ("*", w) and chapter in ("*", c)) for w, c, _ in parts]
        slack = 0.5 * 10.0 ** (np.floor(np.log10(tonnes)) - 2)
        rows += [within, [-x for x in within]]
        ends += [tonnes + slack, -(tonnes - slack)]
    for place, (where, chapter, true) in enumerate(parts):
        for sign in (1, -1):
            aim = np.zeros(len(parts))
            aim[place] = sign
            found = linprog(aim, A_ub=np.array(rows), b_ub=ends, bounds=(0, None))
            if found.status == 3:
                continue
            end = found.x[place]
            assert end <= 0.9 * true if sign == 1 else end >= 1.1 * true, (where, chapter, true)


async def test_the_command_line_reads_what_is_published(graph: Graph, published_cube: Api) -> None:
    seen = await published_cube.ask(None, "Observatory")
    whole = await published(graph)
    assert whole is not None
    assert (whole.run_id, whole.made_at) == (seen["runId"], seen["madeAt"])
    assert len(whole.shown) == len(seen["cells"]["nodes"])


async def test_a_server_makes_it_before_anybody_asks(graph: Graph, published_cube: Api) -> None:
    publisher = Publisher()
    async with asyncio.timeout(20), publisher.ahead(graph, every_s=0.01):
        while await graph.read(observatory_of, RunId("run-cube")) is None:  # noqa: ASYNC110 - the store has no event.
            await asyncio.sleep(0.01)
    assert await publisher.observatory(graph) == await published(graph)
