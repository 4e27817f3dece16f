"""A small valley behind the real API: three communes, four sites, people with every kind of mandate."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final, LiteralString

import httpx
import pytest

from symbiosis.api.tokens import development_token
from symbiosis.app import create_app
from symbiosis.domain.ids import synergy_id_of
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph, Tx

OPERATIONS: Final = Path(__file__).resolve().parents[2] / "graphql" / "operations"
AT: Final = "2026-11-01T08:00:00.000000Z"

PLACES: Final[LiteralString] = """
UNWIND $rows AS row
MERGE (territory:Territory {id: row.territory}) SET territory.name = row.territory, territory.kind = row.kind
MERGE (commune:Commune {insee: row.insee}) SET commune.name = row.commune, commune.lat = 45.7, commune.lon = 4.8
MERGE (commune)-[:IN]->(territory)
"""
SITES: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (commune:Commune {insee: row.insee})
CREATE (organisation:Organisation {id: 'org-' + row.id, name: row.name + ' SAS'})
CREATE (organisation)-[:OPERATES]->(site:Site {id: row.id, name: row.name, lat: 45.7, lon: 4.8, naf: '20.13B',
        geo_precision: 'BUILDING', source: 'test', licence: 'test'})-[:IN]->(commune)
"""
RESOURCES: Final[LiteralString] = """
UNWIND $rows AS row
CREATE (resource:Resource {code: row.code, name_en: row.name, name_fr: row.name, kind: row.kind,
        base_unit: row.unit, waste_codes: row.waste_codes})
"""
LISTINGS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (site:Site {id: row.site}), (resource:Resource {code: row.resource})
CREATE (listing:Listing)-[:AT]->(site)
CREATE (listing)-[:OF]->(resource)
SET listing += row.facts
"""
SYNERGIES: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (supply:Listing {id: row.supply}), (demand:Listing {id: row.demand}), (run:Run {id: row.run})
MERGE (synergy:Synergy {id: row.id})
SET synergy += row.facts
MERGE (synergy)-[:TAKES_FROM]->(supply)
MERGE (synergy)-[:GIVES_TO]->(demand)
CREATE (run)-[suggests:SUGGESTS]->(synergy)
SET suggests += row.numbers
"""
RUNS: Final[LiteralString] = """
UNWIND $rows AS row
CREATE (run:Run {id: row.id, kind: 'EXCHANGE', period: row.id, status: row.status, started_at: row.at,
        objective_cent_per_year: 5000000, bound_cent_per_year: 5000000, gap_share: 0.0})
"""
CURRENT: Final[LiteralString] = """
MATCH (run:Run {id: $run_id}) MERGE (current:Current {kind: 'EXCHANGE'}) MERGE (current)-[:IS]->(run)
"""
PEOPLE: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (place) WHERE (place:Site OR place:Territory) AND place.id = row.place
MERGE (person:Person {id: 'per-' + row.subject}) SET person.subject = row.subject, person.name = row.subject
CREATE (person)-[acts:ACTS_FOR {role: row.role}]->(place)
SET acts.until_date = row.until
"""
OUTSIDER: Final[LiteralString] = "CREATE (:Person {id: 'per-outsider', subject: 'outsider', name: 'outsider'})"
FACTORS: Final[LiteralString] = "UNWIND $rows AS row CREATE (factor:Factor) SET factor = row"
COUNT: Final[LiteralString] = "MATCH (n) RETURN labels(n)[0] AS label, count(n) AS many ORDER BY label LIMIT 100"


def listing_row(listing_id: str, site: str, resource: str = "wood", **facts: Any) -> dict[str, Any]:
    """Return the row of a public supply of 40 t of wood a year, with what is given instead."""
    stated = {
        "id": listing_id,
        "direction": "SUPPLY",
        "title": f"Listing {listing_id}",
        "quantity_base_per_year": 40_000,
        "visibility": "PUBLIC",
        "provenance": "DECLARED",
        "created_at": AT,
        "updated_at": AT,
        "status": "OPEN",
        "version": 1,
        "source": "test",
    }
    return {"site": site, "resource": resource, "facts": stated | facts}


def a_synergy(supply: str, demand: str, rank: int, run: str = "run-now", **facts: Any) -> dict[str, Any]:
    """Return the row of a suggested synergy between two listings, with what is given instead."""
    synergy_id = synergy_id_of(supply, demand)  # type: ignore[arg-type]
    numbers = {
        "rank": rank,
        "quantity_base_per_year": 30_000,
        "distance_m": 12_500,
        "value_cent_per_year": 100_000,
        "avoided_disposal_cent_per_year": 90_000,
        "avoided_purchase_cent_per_year": 60_000,
        "transport_cent_per_year": 40_000,
        "treatment_cent_per_year": 10_000,
        "supplier_share_cent_per_year": 70_000,
        "receiver_share_cent_per_year": 30_000,
        "avoided_gco2e_per_year": 2_500_000,
        "match": "SAME",
        "estimated": False,
        "factor_ids": ["transport.truck.cost@1"],
        "value_low_cent_per_year": 80_000,
        "value_high_cent_per_year": 110_000,
        "avoided_low_gco2e_per_year": 1_500_000,
        "avoided_high_gco2e_per_year": 3_000_000,
        "vehicle": "ARTIC_40T",
        "lines": [
            "CENT|DISPOSAL|40000|35000|45000|disposal.mixed.cost@2",
            "CENT|TAX|50000|50000|60000|disposal.mixed.tax@2025",
            "CENT|PURCHASE|60000|60000|60000|listing:price",
            "CENT|TRANSPORT|-40000|-60000|-30000|transport.truck.cost@1",
            "CENT|TREATMENT|-10000|-15000|-7000|substitution:wood>panel",
            "GCO2E|VIRGIN|2500000|1500000|3000000|virgin.panel.emissions@1",
        ],
    }
    stated = {
        "id": synergy_id,
        "status": "SUGGESTED",
        "version": 1,
        "basis": "1:1",
        "created_at": AT,
        "updated_at": AT,
    }
    return {
        "id": synergy_id,
        "supply": supply,
        "demand": demand,
        "run": run,
        "facts": stated | facts,
        "numbers": numbers,
    }


FACTOR_ROWS: Final = [
    {"id": "transport.detour@1", "value": 1.3, "low": 1.2, "high": 1.45},
    {"id": "transport.rigid.cost@1", "value": 0.13, "low": 0.1, "high": 0.2},
    {"id": "transport.truck.loading@1", "value": 6.0, "low": 5.0, "high": 8.0},
    {"id": "transport.rigid.emissions@1", "value": 0.0875, "low": 0.02, "high": 0.15},
]
PLACE_ROWS: Final = [
    {"territory": "lyon", "kind": "METROPOLE", "insee": "69001", "commune": "Feyzin"},
    {"territory": "lyon-chimie", "kind": "PROJECT", "insee": "69001", "commune": "Feyzin"},
    {"territory": "lyon", "kind": "METROPOLE", "insee": "69002", "commune": "Bron"},
    {"territory": "stetienne", "kind": "METROPOLE", "insee": "42001", "commune": "Rive-de-Gier"},
]
SITE_ROWS: Final = [
    {"id": "site-a", "name": "Atelier", "insee": "69001"},
    {"id": "site-b", "name": "Briqueterie", "insee": "69002"},
    {"id": "site-c", "name": "Chaufferie", "insee": "42001"},
    {"id": "site-d", "name": "Dépôt", "insee": "69002"},
]
RESOURCE_ROWS: Final = [
    {"code": "heat", "name": "heat", "kind": "HEAT", "unit": "KWH", "waste_codes": []},
    {"code": "water", "name": "water", "kind": "WATER", "unit": "L", "waste_codes": []},
    {"code": "wood", "name": "wood", "kind": "MATERIAL", "unit": "KG", "waste_codes": ["030105", "150103"]},
]
LISTING_ROWS: Final = [
    listing_row("a-public", "site-a", price_cent_per_trade_unit=9_100),
    listing_row("a-territory", "site-a", visibility="TERRITORY", price_cent_per_trade_unit=9_200),
    listing_row("a-private", "site-a", visibility="PRIVATE", price_cent_per_trade_unit=9_300),
    listing_row("b-demand", "site-b", direction="DEMAND", price_cent_per_trade_unit=4_500),
    listing_row("b-private", "site-b", direction="DEMAND", visibility="PRIVATE", price_cent_per_trade_unit=4_600),
    listing_row("c-demand", "site-c", direction="DEMAND", visibility="TERRITORY", price_cent_per_trade_unit=5_000),
    listing_row("c-heat", "site-c", "heat", provenance="ESTIMATED", quantity_low_base_per_year=10_000),
]
RUN_ROWS: Final = [
    {"id": "run-now", "status": "PUBLISHED", "at": "2026-11-02T08:00:00.000000Z"},
    {"id": "run-old", "status": "PUBLISHED", "at": "2026-10-02T08:00:00.000000Z"},
]
SYNERGY_ROWS: Final = [
    a_synergy("a-public", "b-demand", 1),
    a_synergy("a-public", "c-demand", 2),
    a_synergy("a-territory", "b-private", 3),
    a_synergy("a-territory", "b-demand", 4, run="run-old"),
    a_synergy("a-private", "b-demand", 5, run="run-old", status="SHORTLISTED", note="call them"),
]
MANDATE_ROWS: Final = [
    {"subject": "manager-a", "role": "SITE_MANAGER", "place": "site-a", "until": None},
    {"subject": "manager-b", "role": "SITE_MANAGER", "place": "site-b", "until": None},
    {"subject": "manager-c", "role": "SITE_MANAGER", "place": "site-c", "until": None},
    {"subject": "manager-d", "role": "SITE_MANAGER", "place": "site-d", "until": None},
    {"subject": "facilitator", "role": "FACILITATOR", "place": "lyon", "until": None},
    {"subject": "facilitator-stetienne", "role": "FACILITATOR", "place": "stetienne", "until": None},
    {"subject": "analyst", "role": "ANALYST", "place": "lyon", "until": None},
    {"subject": "retired", "role": "FACILITATOR", "place": "lyon", "until": "2020-12-31"},
]


async def seed(tx: Tx) -> None:
    """Write the valley."""
    await tx.run(PLACES, rows=PLACE_ROWS)
    await tx.run(SITES, rows=SITE_ROWS)
    await tx.run(RESOURCES, rows=RESOURCE_ROWS)
    await tx.run(LISTINGS, rows=LISTING_ROWS)
    await tx.run(RUNS, rows=RUN_ROWS)
    await tx.run(SYNERGIES, rows=SYNERGY_ROWS)
    await tx.run(CURRENT, run_id="run-now")
    await tx.run(PEOPLE, rows=MANDATE_ROWS)
    await tx.run(OUTSIDER)


class Api:
    """The API as one of its users speaks to it: named operations over HTTP."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings, graph: Graph) -> None:
        self.client, self.settings, self.graph = client, settings, graph

    def headers(self, subject: str | None) -> dict[str, str]:
        """Return the headers of a person, or of a visitor."""
        if subject is None:
            return {}
        return {"authorization": f"Bearer {development_token(self.settings, subject, 60)}"}

    async def post(self, subject: str | None, query: str, variables: dict[str, Any] | None = None) -> httpx.Response:
        """Return the response to a query."""
        body = {"query": query, "variables": variables or {}}
        return await self.client.post("/graphql", json=body, headers=self.headers(subject))

    async def whole(self, subject: str | None, operation: str, **variables: Any) -> dict[str, Any]:
        """Return the whole answer, with its errors, to a named operation of graphql/operations."""
        text = (OPERATIONS / f"{operation}.graphql").read_text("utf-8")
        answer: dict[str, Any] = (await self.post(subject, text, variables)).json()
        return answer

    async def ask(self, subject: str | None, operation: str, **variables: Any) -> Any:
        """Return what the one root field of a named operation answers; fail on any error."""
        answer = await self.whole(subject, operation, **variables)
        assert "errors" not in answer, answer["errors"]
        (root,) = answer["data"].values()
        return root

    async def ids(self, subject: str | None, operation: str, **variables: Any) -> list[str]:
        """Return the ids of the nodes of a page."""
        return [node["id"] for node in (await self.ask(subject, operation, **variables))["nodes"]]

    async def counts(self) -> dict[str, int]:
        """Return how many nodes of each label the store holds."""

        async def count(tx: Tx) -> dict[str, int]:
            return {row["label"]: row["many"] for row in await tx.run(COUNT)}

        return await self.graph.read(count)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with development tokens, whose key is the test's own."""
    return Settings(data_dir=tmp_path, dev_tokens=True)


@pytest.fixture
async def api(graph: Graph, settings: Settings) -> AsyncIterator[Api]:
    """Give the API over the valley, spoken to in this process."""
    await graph.write(seed)
    transport = httpx.ASGITransport(create_app(settings, graph=graph))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield Api(client, settings, graph)


@pytest.fixture
async def priced(api: Api) -> Api:
    """Give the API over the valley, with what a lorry costs."""

    async def load(tx: Tx) -> None:
        await tx.run(FACTORS, rows=FACTOR_ROWS)

    await api.graph.write(load)
    return api


@pytest.fixture
def a_listing() -> Callable[..., dict[str, Any]]:
    """Return the function that makes the row of a listing."""
    return listing_row


@pytest.fixture
def add_listings(graph: Graph) -> Callable[[list[dict[str, Any]]], Awaitable[None]]:
    """Return a function that writes rows that `a_listing` made."""

    async def work(tx: Tx, rows: list[dict[str, Any]]) -> None:
        await tx.run(LISTINGS, rows=rows)

    async def add(rows: list[dict[str, Any]]) -> None:
        await graph.write(work, rows)

    return add
