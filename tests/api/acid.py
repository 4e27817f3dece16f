"""Spent acid in the valley: hazardous waste that a site needs purified, and nobody may treat."""

from typing import Any, Final, LiteralString

from symbiosis.store.graph import Tx
from tests.api.conftest import LISTINGS, RESOURCES, listing_row

ROWS: Final[list[dict[str, Any]]] = [
    {"code": "acid", "name": "spent acid", "kind": "MATERIAL", "unit": "KG", "waste_codes": ["110105"]},
    {"code": "fresh-acid", "name": "acid", "kind": "MATERIAL", "unit": "KG", "waste_codes": []},
]
PURIFIED: Final[LiteralString] = """
MATCH (acid:Resource {code: 'acid'}), (fresh:Resource {code: 'fresh-acid'})
CREATE (acid)-[:SUBSTITUTES_FOR {technique: 'Purifying', source: 'test', yield_share: 0.8, operation: 'R6',
        treatment_cent_per_trade_unit: 0, treatment_gco2e_per_trade_unit: 0}]->(fresh)
"""


async def spend_acid(tx: Tx) -> None:
    """Write 10 t of spent acid a year, of which to be rid costs 300 EUR/t, and a demand for acid at 400 EUR/t."""
    await tx.run(RESOURCES, rows=ROWS)
    await tx.run(PURIFIED)
    supply = {"waste_code": "110105", "quantity_base_per_year": 10_000, "price_cent_per_trade_unit": 30_000}
    demand = {"direction": "DEMAND", "quantity_base_per_year": 20_000, "price_cent_per_trade_unit": 40_000}
    rows = [
        listing_row("a-acid", "site-a", "acid", **supply),
        listing_row("b-acid", "site-b", "fresh-acid", **demand),
    ]
    await tx.run(LISTINGS, rows=rows)
