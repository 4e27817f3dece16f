"""Analyses that decide again, as jobs over HTTP: worked on in a process, kept, and seen by who may see what they saw."""

import asyncio
from typing import Any, Final, LiteralString

import pytest

from symbiosis.store.graph import Tx
from tests.api.conftest import Api

pytestmark = pytest.mark.store

FACTORS: Final[LiteralString] = "UNWIND $rows AS row CREATE (factor:Factor) SET factor = row"
ROWS: Final = [
    {"id": "transport.detour@1", "value": 1.3, "low": 1.2, "high": 1.45},
    {"id": "transport.rigid.cost@1", "value": 0.13, "low": 0.1, "high": 0.2},
    {"id": "transport.truck.loading@1", "value": 6.0, "low": 5.0, "high": 8.0},
    {"id": "transport.rigid.emissions@1", "value": 0.0875, "low": 0.02, "high": 0.15},
]
PALLETS: Final[LiteralString] = """
MATCH (site:Site {id: 'site-b'})
CREATE (:Resource {code: 'pallets-used', name_en: 'pallets', name_fr: 'palettes', kind: 'MATERIAL', base_unit: 'KG'})
       <-[:OF]-(:Listing {id: 'b-pallets', direction: 'DEMAND', status: 'OPEN', version: 1, provenance: 'DECLARED',
                          visibility: 'PUBLIC', quantity_base_per_year: 1000, price_cent_per_trade_unit: 30000})
       -[:AT]->(site)
"""
NEWCOMER: Final = {"newcomer": {"naf": "24.51Z", "employees": 120, "lat": 45.7, "lon": 4.8}}
QUESTIONS: Final[dict[str, dict[str, Any]]] = {
    "STOPS": {"stops": {}},
    "MARGINALS": {"marginals": {}},
    "COOPERATION": {"cooperation": {"by": "COMMUNE"}},
    "NEWCOMER": NEWCOMER,
    "RADAR": {"radar": {"plants": 2, "places": 1, "activities": ["24.51Z"]}},
}
PATIENCE_S: Final = 60.0


@pytest.fixture(autouse=True)
async def factors(api: Api) -> None:
    """Put the factors beside the valley, which has none."""

    async def put(tx: Tx) -> None:
        await tx.run(FACTORS, rows=ROWS)
        await tx.run(PALLETS)

    await api.graph.write(put)


async def started(api: Api, account: str, question: dict[str, Any], **more: Any) -> Any:
    asked = {"territoryId": "lyon", "question": question} | more
    return await api.ask(account, "StartAnalysis", input=asked)


async def ended(api: Api, account: str, analysis_id: str) -> Any:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            analysis = await api.ask(account, "Analysis", id=analysis_id)
            if analysis["state"] in {"DONE", "FAILED"}:
                return analysis
            await asyncio.sleep(0.1)


async def test_each_question_is_worked_on_and_its_answer_kept(api: Api) -> None:
    before = await api.counts()
    ids = {kind: (await started(api, "facilitator", question))["id"] for kind, question in QUESTIONS.items()}
    done = {kind: await ended(api, "facilitator", one) for kind, one in ids.items()}
    assert {kind: (one["state"], one["failure"], one["runId"]) for kind, one in done.items()} == dict.fromkeys(
        QUESTIONS, ("DONE", None, "run-now")
    )
    stops, marginals, groups, newcomer, radar = (one["result"] for one in done.values())
    costliest = stops["stops"]["nodes"][0]
    assert [site["name"] for site in costliest["sites"]] == ["Atelier"]
    assert (costliest["lostPerYearEur"], costliest["orphanCount"], stops["wholePerYearEur"]) == (13_960.0, 3, 13_960.0)
    assert marginals["listingCount"] == 6
    best = marginals["marginals"]["nodes"][0]
    assert (best["listingId"], best["moreEurPerUnit"], best["moreUpToPerYear"]) == ("b-private", 46.0, 40.0)
    shares = {row["group"]["nameEn"]: row["owenSharePerYearEur"] for row in groups["groups"]["nodes"]}
    assert (shares, groups["wholePerYearEur"]) == ({"Feyzin": 80.0, "Bron": 10_480.0}, 10_560.0)
    (exchange,) = newcomer["exchanges"]["nodes"]
    assert (exchange["partner"]["name"], exchange["valuePerYearEur"]) == ("Briqueterie", 293.98)
    assert (newcomer["gainPerYearEur"], newcomer["wholePerYearEur"]) == (293.98, 14_253.98)
    (plant,) = radar["plants"]["nodes"]
    assert (plant["naf"], plant["place"], plant["gainPerYearEur"]) == ("24.51Z", "Bron", 293.98)
    assert await api.counts() == before | {"Analysis": 5}
