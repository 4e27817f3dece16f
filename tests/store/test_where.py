"""Filters, orders and pages of listings: what Python finds in the same rows, none lost and none twice."""

import math
import random
from typing import Any, Final, LiteralString

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbiosis.domain.ids import SiteId
from symbiosis.errors import NotFoundError
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.listing_queries import ListingField, ListingOrder
from symbiosis.store.listings import listings_page
from symbiosis.store.pages import CursorError, PageRequest
from symbiosis.store.scopes import ListingScope
from symbiosis.store.statements import OrderBy, SortDirection
from symbiosis.store.where import (
    EARTH_M,
    MAX_CONDITIONS,
    AllOf,
    AnyOf,
    Compared,
    Comparison,
    Condition,
    Near,
    Not,
    WhereError,
)

PLACES: Final[LiteralString] = """
UNWIND $rows AS row
MERGE (territory:Territory {id: row.territory}) SET territory.name = row.territory, territory.kind = 'METROPOLE'
CREATE (commune:Commune {insee: row.insee})-[:IN]->(territory)
CREATE (site:Site {id: 'site-' + row.insee, lat: row.lat, lon: row.lon})-[:IN]->(commune)
"""
LISTINGS: Final[LiteralString] = """
UNWIND $rows AS row
MERGE (resource:Resource {code: row.resource}) SET resource.kind = row.kind, resource.base_unit = row.unit
WITH row, resource
MATCH (site:Site {id: row.site})
CREATE (listing:Listing)-[:AT]->(site)
CREATE (listing)-[:OF]->(resource)
SET listing += row.facts
"""
PLACE_ROWS: Final = [
    {"insee": "69001", "territory": "lyon", "lat": 45.70, "lon": 4.80},
    {"insee": "69002", "territory": "lyon", "lat": 45.76, "lon": 4.95},
    {"insee": "42001", "territory": "stetienne", "lat": 45.53, "lon": 4.62},
]
RESOURCES: Final = {"wood": ("MATERIAL", "KG"), "steam": ("HEAT", "KWH"), "water": ("WATER", "L")}
OWN: Final = "69001"
SCOPE: Final = ListingScope(manager_site_ids=(SiteId(f"site-{OWN}"),))


def _rows(how_many: int = 60) -> list[dict[str, Any]]:
    chance = random.Random(20261123)
    rows = []
    for number in range(how_many):
        resource, place = chance.choice(list(RESOURCES)), chance.choice(PLACE_ROWS)
        facts = {
            "id": f"row-{number:03d}",
            "title": chance.choice(["Sciure", "sciure sèche", "Écorces", "Vapeur", "eau", "Eau chaude"]),
            "direction": chance.choice(["SUPPLY", "DEMAND"]),
            "quantity_base_per_year": chance.choice([1, 500, 1000, 40_000, 40_001]),
            "visibility": "PUBLIC",
            "provenance": "DECLARED",
            "created_at": f"2026-11-{chance.randint(1, 4):02d}T08:00:00.000000Z",
            "updated_at": f"2026-11-{chance.randint(5, 9):02d}T08:00:00.000000Z",
            "status": chance.choice(["OPEN", "WITHDRAWN"]),
            "version": 1,
            "waste_code": chance.choice([None, "030105", "030104", "150103"]),
            "price_cent_per_trade_unit": chance.choice([None, 0, 900, 4500]),
        }
        kind, unit = RESOURCES[resource]
        stored = {name: value for name, value in facts.items() if value is not None}
        rows.append(
            {"site": f"site-{place['insee']}", "resource": resource, "kind": kind, "unit": unit, "facts": stored}
            | {"place": place}
        )
    return rows


ROWS: Final = _rows()


def _seen(row: dict[str, Any]) -> dict[ListingField, Any]:
    """Return what the viewer, who manages the site of OWN, reads of a row."""
    facts, place = row["facts"], row["place"]
    return {
        ListingField.STATUS: facts["status"],
        ListingField.DIRECTION: facts["direction"],
        ListingField.SITE: row["site"],
        ListingField.RESOURCE: row["resource"],
        ListingField.KIND: row["kind"],
        ListingField.TERRITORY: place["territory"],
        ListingField.TITLE: facts["title"].lower(),
        ListingField.WASTE_CODE: facts.get("waste_code"),
        ListingField.BASE_UNIT: row["unit"],
        ListingField.QUANTITY: facts["quantity_base_per_year"],
        ListingField.PRICE: facts.get("price_cent_per_trade_unit") if place["insee"] == OWN else None,
        ListingField.CREATED: facts["created_at"],
        ListingField.UPDATED: facts["updated_at"],
    }


COMPARE: Final = {
    Comparison.EQ: lambda fact, value: fact == value,
    Comparison.IN: lambda fact, value: fact in value,
    Comparison.LT: lambda fact, value: fact < value,
    Comparison.LTE: lambda fact, value: fact <= value,
    Comparison.GT: lambda fact, value: fact > value,
    Comparison.GTE: lambda fact, value: fact >= value,
    Comparison.STARTS_WITH: lambda fact, value: fact.startswith(value),
    Comparison.CONTAINS: lambda fact, value: value in fact,
}


def holds(condition: Condition, row: dict[str, Any]) -> bool | None:
    """Return whether a condition holds of a row; None is not known, of what is missing or hidden."""
    match condition:
        case Compared(field, comparison, value):
            fact = _seen(row)[field]
            if field is ListingField.TITLE:
                value = tuple(map(str.lower, value)) if isinstance(value, tuple) else str(value).lower()
            return None if fact is None else bool(COMPARE[comparison](fact, value))
        case Near(site_id, within_m):
            here = row["place"]
            there = next(place for place in PLACE_ROWS if f"site-{place['insee']}" == site_id)
            return _apart_m(here, there) <= within_m
        case Not(part):
            inner = holds(part, row)
            return None if inner is None else not inner
        case AllOf(parts):
            found = [holds(part, row) for part in parts]
            return False if False in found else (None if None in found else True)
        case AnyOf(parts):
            found = [holds(part, row) for part in parts]
            return True if True in found else (None if None in found else False)


def _apart_m(one: dict[str, Any], other: dict[str, Any]) -> float:
    low, high = math.radians(one["lat"]), math.radians(other["lat"])
    turn = math.radians(other["lon"] - one["lon"])
    chord = math.sin((high - low) / 2) ** 2 + math.cos(low) * math.cos(high) * math.sin(turn / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(chord))


TEXTS: Final = st.sampled_from(["SC", "sciure", "É", "eau", "", "030", "0301", "69", "lyon", "OPEN"])
WORDS: Final = {
    ListingField.STATUS: ["OPEN", "WITHDRAWN"],
    ListingField.DIRECTION: ["SUPPLY", "DEMAND"],
    ListingField.SITE: ["site-69001", "site-42001", "nowhere"],
    ListingField.RESOURCE: ["wood", "steam", "water"],
    ListingField.KIND: ["MATERIAL", "HEAT", "GAS"],
    ListingField.TERRITORY: ["lyon", "stetienne", "nowhere"],
    ListingField.WASTE_CODE: ["030105", "150103", "999999"],
    ListingField.BASE_UNIT: ["KG", "KWH"],
    ListingField.TITLE: ["Sciure", "eau"],
}
ENDS: Final = st.sampled_from([Comparison.LT, Comparison.LTE, Comparison.GT, Comparison.GTE])


def _word_leaf(field: ListingField) -> st.SearchStrategy[Condition]:
    return st.one_of(
        st.builds(Compared, st.just(field), st.just(Comparison.EQ), st.sampled_from(WORDS[field])),
        st.builds(
            Compared,
            st.just(field),
            st.just(Comparison.IN),
            st.lists(st.sampled_from(WORDS[field]), min_size=1, max_size=3).map(tuple),
        ),
    )


LEAVES: Final = st.one_of(
    *(_word_leaf(field) for field in WORDS),
    st.builds(
        Compared,
        st.sampled_from([ListingField.TITLE, ListingField.WASTE_CODE]),
        st.sampled_from([Comparison.STARTS_WITH, Comparison.CONTAINS]),
        TEXTS,
    ),
    st.builds(Compared, st.just(ListingField.QUANTITY), ENDS, st.sampled_from([0, 500, 500.5, 40_000, 2**62])),
    st.builds(Compared, st.just(ListingField.PRICE), ENDS, st.sampled_from([-1, 0, 900, 4500])),
    st.builds(Compared, st.just(ListingField.CREATED), ENDS, st.just("2026-11-02T08:00:00.000000Z")),
)
NEAR: Final = st.builds(
    Near, st.sampled_from([SiteId("site-69001"), SiteId("site-42001")]), st.sampled_from([0, 13_000, 14_000, 10**7])
)
SOME: Final = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
CONDITIONS: Final = st.one_of(SOME, st.builds(lambda near, some: AllOf((near, some)), NEAR, SOME), NEAR.map(Not))

KEYS: Final = {
    ListingOrder.CREATED: "created_at",
    ListingOrder.UPDATED: "updated_at",
    ListingOrder.TITLE: "title",
    ListingOrder.QUANTITY: "quantity_base_per_year",
}


def expected(condition: Condition, order: ListingOrder, direction: SortDirection) -> list[str]:
    """Return the ids that a filter finds, in order."""
    found = sorted((row["facts"] for row in ROWS if holds(condition, row) is True), key=lambda facts: facts["id"])

    def key(facts: dict[str, Any]) -> Any:
        value = facts[KEYS[order]]
        return value.lower() if order is ListingOrder.TITLE else value

    return [facts["id"] for facts in sorted(found, key=key, reverse=direction is SortDirection.DESC)]


async def seed(tx: Tx) -> None:
    """Write the places and the listings."""
    await tx.run(PLACES, rows=PLACE_ROWS)
    await tx.run(LISTINGS, rows=[{name: row[name] for name in row if name != "place"} for row in ROWS])


@pytest.fixture
async def market(graph: Graph) -> Graph:
    """Return the store with the rows in it."""
    await graph.write(seed)
    return graph


async def walk(graph: Graph, condition: Condition, order: OrderBy[ListingOrder], first: int) -> list[str]:
    """Return the ids of all pages, one after the other."""
    seen: list[str] = []
    after: str | None = None
    while True:
        page = await graph.read(listings_page, SCOPE, condition, order, PageRequest(first, after))
        seen += [row.listing.listing_id for row in page.items]
        if not page.has_next:
            return seen
        after = page.cursors[-1]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    condition=CONDITIONS,
    order=st.sampled_from(list(ListingOrder)),
    direction=st.sampled_from(list(SortDirection)),
    first=st.sampled_from([3, 7, 100]),
)
async def test_pages_of_any_filter_and_order_hold_what_python_finds_in_the_rows(
    market: Graph, condition: Condition, order: ListingOrder, direction: SortDirection, first: int
) -> None:
    found = await walk(market, condition, OrderBy(order, direction), first)
    assert found == expected(condition, order, direction)


async def test_a_price_that_is_hidden_answers_neither_a_condition_nor_its_negation(market: Graph) -> None:
    priced = Compared(ListingField.PRICE, Comparison.GTE, 0)
    order = OrderBy(ListingOrder.CREATED)
    found = {*await walk(market, priced, order, 100), *await walk(market, Not(priced), order, 100)}
    own = {row["facts"]["id"] for row in ROWS if row["place"]["insee"] == OWN}
    stated = {row["facts"]["id"] for row in ROWS if "price_cent_per_trade_unit" in row["facts"]}
    assert found == own & stated
    assert stated - own


async def test_a_cursor_of_another_filter_is_refused(market: Graph) -> None:
    order, wood = OrderBy(ListingOrder.TITLE), Compared(ListingField.RESOURCE, Comparison.EQ, "wood")
    page = await market.read(listings_page, SCOPE, wood, order, PageRequest(2))
    with pytest.raises(CursorError, match="under another `where`"):
        await market.read(listings_page, SCOPE, AllOf(), order, PageRequest(2, page.cursors[-1]))


async def test_a_site_to_measure_from_that_is_not_there_is_named(market: Graph) -> None:
    near = Near(SiteId("nowhere"), 1000)
    with pytest.raises(NotFoundError, match="nowhere"):
        await walk(market, near, OrderBy(ListingOrder.TITLE), 10)


async def test_as_many_conditions_as_allowed_are_answered_and_one_more_is_refused(market: Graph) -> None:
    order, one = OrderBy(ListingOrder.TITLE), Compared(ListingField.QUANTITY, Comparison.GTE, 0)
    most = AllOf((one,) * (MAX_CONDITIONS - 2) + (Near(SiteId("site-69001"), 10**7), Near(SiteId("site-42001"), 10**7)))
    assert len(await walk(market, most, order, 100)) == len(ROWS)
    for more in (AllOf((one,) * (MAX_CONDITIONS + 1)), AllOf((Near(SiteId("site-69001"), 1),) * 3)):
        with pytest.raises(WhereError):
            await walk(market, more, order, 100)


async def test_a_list_without_a_value_is_refused(market: Graph) -> None:
    nothing = Not(Compared(ListingField.WASTE_CODE, Comparison.IN, ()))
    with pytest.raises(WhereError, match="lists no value"):
        await walk(market, nothing, OrderBy(ListingOrder.TITLE), 10)
