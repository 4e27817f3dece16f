"""Whom a listing could meet now: listings that show to the viewer only, valued as a run would, best first."""

from typing import Any, Final, LiteralString

import pytest

from symbiosis.matching.run import run_exchange
from symbiosis.store.graph import Tx

pytestmark = pytest.mark.store

WITHDRAW: Final[LiteralString] = "MATCH (listing:Listing {id: 'a-public'}) SET listing.status = 'WITHDRAWN'"
CHEAPER: Final[LiteralString] = """
MATCH (listing:Listing {id: 'c-demand'})-[:AT]->(site:Site)
SET listing.visibility = 'PUBLIC', listing.price_cent_per_trade_unit = $cents, site.lat = 45.72
"""
ONE_DEMAND: Final[LiteralString] = """
MATCH (listing:Listing) WHERE listing.id IN ['c-demand', 'b-demand'] SET listing.status = 'WITHDRAWN'
"""
LONG_AGO: Final[LiteralString] = "MATCH (run:Run) SET run.finished_at = '2026-11-02T08:00:00.000000Z'"
TAKEN_UP: Final[LiteralString] = """
MATCH (:Listing {id: 'b-private'})<-[:GIVES_TO]-(synergy:Synergy) SET synergy.status = 'SHORTLISTED'
"""
SUGGESTED: Final[LiteralString] = """
MATCH (:Listing {id: 'b-private'})<-[:GIVES_TO]-(synergy:Synergy) SET synergy.status = 'SUGGESTED'
"""
CHANGED: Final[LiteralString] = """
MATCH (listing:Listing {id: 'b-private'}) SET listing.updated_at = '2999-01-01T00:00:00.000000Z'
"""


async def partners(api: Any, subject: str | None, listing_id: str, **more: Any) -> list[str]:
    found = await api.ask(subject, "PartnersOf", listingId=listing_id, **more)
    return [partner["listing"]["id"] for partner in found]


@pytest.mark.parametrize(
    ("subject", "listing_id", "found"),
    [
        (None, "a-public", ["b-demand"]),
        ("facilitator", "a-public", ["b-demand", "b-private"]),
        ("facilitator-stetienne", "a-public", ["b-demand", "c-demand"]),
        ("manager-b", "b-demand", ["a-public", "a-territory"]),
        ("facilitator", "b-demand", ["a-private", "a-territory", "a-public"]),
    ],
)
async def test_only_listings_that_show_are_partners(
    priced: Any, subject: str | None, listing_id: str, found: list[str]
) -> None:
    assert sorted(await partners(priced, subject, listing_id)) == sorted(found)


async def test_the_best_comes_first_and_is_worth_what_a_run_would_say(priced: Any) -> None:
    """By hand: 93 EUR of disposal + 45 EUR of purchase - 6 EUR of loading, 40 t at most."""
    found = await priced.ask("facilitator", "PartnersOf", listingId="b-demand", first=2)
    assert [partner["listing"]["id"] for partner in found] == ["a-private", "a-territory"]
    assert found[0]["meeting"]["greatest"]["valueEur"] == 40 * (93 + 45 - 6)
    assert found[0]["listing"]["site"]["name"] == "Atelier"
    explained = await priced.ask("facilitator", "ExplainPair", supplyId="a-private", demandId="b-demand")
    whole = explained["meeting"]["greatest"]
    assert found[0]["meeting"]["greatest"] == {name: whole[name] for name in found[0]["meeting"]["greatest"]}


async def test_where_a_price_is_hidden_neither_amount_nor_order_tells_of_it(priced: Any) -> None:
    async def cheaper(tx: Tx, cents: int) -> None:
        await tx.run(CHEAPER, cents=cents)

    answers = []
    for cents in (100, 90_000):
        await priced.graph.write(cheaper, cents)
        answers.append(await priced.ask("manager-a", "PartnersOf", listingId="a-public"))
    assert answers[0] == answers[1]
    assert [partner["listing"]["id"] for partner in answers[0]] == ["b-demand", "c-demand"]
    assert {partner["meeting"]["greatest"]["valueEur"] for partner in answers[0]} == {None}


@pytest.mark.parametrize("listing_id", ["a-private", "not-there"])
async def test_a_listing_that_does_not_show_has_no_partners_to_tell(priced: Any, listing_id: str) -> None:
    answer = await priced.whole("manager-b", "PartnersOf", listingId=listing_id)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert listing_id in error["message"]


async def test_a_withdrawn_listing_meets_nobody(priced: Any) -> None:
    async def withdraw(tx: Tx) -> None:
        await tx.run(WITHDRAW)

    await priced.graph.write(withdraw)
    assert await partners(priced, "manager-a", "a-public") == []


async def regrets(api: Any, subject: str, listing_id: str) -> dict[str, float | None]:
    found = await api.ask(subject, "PartnersOf", listingId=listing_id)
    return {partner["listing"]["id"]: partner["regretPerUnitEur"] for partner in found}


async def test_an_alternative_says_what_it_would_cost_the_plan_at_least(priced: Any) -> None:
    """By hand: b-private is worth 133, 132 and 131 EUR/t with the three supplies and takes the first; the others are
    left over and free. A unit of b-private is worth 132 to 133 to the plan, 132.5 in its split.
    """

    async def told(statement: LiteralString) -> None:
        async def write(tx: Tx) -> None:
            await tx.run(statement)

        await priced.graph.write(write)

    await told(ONE_DEMAND)
    await told(LONG_AGO)
    await run_exchange(priced.graph, period="regret")
    assert await regrets(priced, "facilitator", "a-public") == {"b-private": 1.5}
    assert await regrets(priced, "facilitator", "b-private") == {"a-private": 0.0, "a-territory": 0.5, "a-public": 1.5}
    assert set((await regrets(priced, "manager-b", "b-private")).values()) == {None}
    await told(TAKEN_UP)
    assert await regrets(priced, "facilitator", "a-public") == {"b-private": None}
    await told(SUGGESTED)
    await told(CHANGED)
    assert await regrets(priced, "facilitator", "a-public") == {"b-private": None}
