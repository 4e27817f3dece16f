"""The permission matrix, role by role; `make permission-matrix` prints its cells and the wrong ones."""

import sys
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import pytest

from symbiosis.app import create_app
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph, Tx
from tests.api import conftest as valley
from tests.api import matrix

UNTIL: Final = datetime.now(UTC).date().isoformat()
EXPECTED: Final = matrix.expected()
NO_RUN: Final = {"id": "run-now", "status": "PUBLISHED", "at": "2026-11-02T08:00:00.000000Z"}


async def seed(tx: Tx) -> None:
    """Write the pairs of the matrix, and a crowd in which an anonymised demand is one of four firms."""
    demand = {"direction": "DEMAND", "waste_code": "150103", "price_cent_per_trade_unit": 4500}
    listings = [
        valley.listing_row(case.demand, "site-b", visibility=case.visibility, **demand) for case in matrix.CASES
    ]
    listings += [valley.listing_row(case.supply, "site-a") for case in matrix.CASES]
    crowd = demand | {"provenance": "ESTIMATED"}
    listings += [valley.listing_row(f"crowd-{name}", f"site-{name}", **crowd) for name in ("e", "f", "g")]
    synergies = [valley.a_synergy(case.supply, case.demand, rank + 1) for rank, case in enumerate(matrix.CASES)]
    for place, synergy in enumerate(synergies):
        synergy["numbers"]["quantity_base_per_year"] = 1000 << place
    await tx.run(valley.PLACES, rows=matrix.PLACES)
    await tx.run(valley.SITES, rows=matrix.SITES)
    await tx.run(valley.RESOURCES, rows=valley.RESOURCE_ROWS)
    await tx.run(valley.LISTINGS, rows=listings)
    await tx.run(valley.RUNS, rows=[NO_RUN])
    await tx.run(valley.SYNERGIES, rows=synergies)
    await tx.run(valley.CURRENT, run_id="run-now")
    await matrix.people(tx)
    await tx.run(matrix.CONSENT, rows=[row for case in matrix.CASES for row in matrix.consents(case)])


async def test_every_cell_of_the_permission_matrix_is_as_the_table_says(graph: Graph, settings: Settings) -> None:
    await graph.write(seed)
    cells: dict[tuple[str, str, str, str], str] = {}
    transport = httpx.ASGITransport(create_app(settings, graph=graph))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        api: Any = valley.Api(client, settings, graph)
        for role in matrix.MANDATES:
            cells |= await matrix.tried(api, role, UNTIL)
    wrong = {key: (cells.get(key), told) for key, told in EXPECTED.items() if cells.get(key) != told}
    sys.stdout.write(f"permission matrix: {len(cells)} cells, {len(wrong)} wrong\n")
    for key, (answered, told) in wrong.items():
        sys.stdout.write(f"{' '.join(key)}: answered {answered}, and the table says {told}\n")
    assert cells.keys() == EXPECTED.keys()
    assert wrong == {}


@pytest.mark.parametrize("role", matrix.MANDATES)
def test_the_table_says_something_of_every_role_and_enough_cells_in_all(role: str) -> None:
    assert {key[2] for key in EXPECTED if key[0] == role} == set(matrix.VISIBILITIES)
    assert len(EXPECTED) >= 1_500
