"""Why something stays unmatched: the furthest that any of a listing's pairs came."""

from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given

from symbiosis.analytics.unmatched import REASONS, Unmatched, read_unmatched, summed, unmatched
from symbiosis.domain.ids import ListingId, SiteId
from symbiosis.domain.listings import Direction
from symbiosis.domain.worth import Spread
from symbiosis.matching.candidates import find_candidates
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.graph import Graph
from symbiosis.store.snapshot import StoredMarket
from symbiosis.units import BaseUnit
from tests.matching.conftest import put as put
from tests.matching.markets import FACTORS, listing, market, markets

Put = Callable[[StoredMarket], Awaitable[None]]


def reasons(stored: StoredMarket, used: dict[str, int] | None = None) -> dict[str, str]:
    """Return the reason of each listing that has a rest."""
    taken = {ListingId(name): quantity for name, quantity in (used or {}).items()}
    return {rest.listing_id: rest.reason for rest in unmatched(snapshot_of(stored), taken)}


def test_what_nobody_needs_has_no_counterpart() -> None:
    assert reasons(market(listing("s1", "store"), listing("d1", "slag"))) == {
        "s1": "NO_COUNTERPART",
        "d1": "NO_COUNTERPART",
    }


def test_what_is_too_far_is_out_of_reach() -> None:
    assert reasons(market(listing("s1", "heat"), listing("d1", "heat", km=80.0))) == {
        "s1": "OUT_OF_REACH",
        "d1": "OUT_OF_REACH",
    }


def test_the_pair_that_came_furthest_gives_the_reason() -> None:
    here = SiteId("here")
    stored = market(
        listing("s1", "slag", site_id=here, available_until="2029-12-31"),
        listing("d1", "slag", site_id=here),
        listing("d2", "slag", km=1.0, available_from="2030-01-01"),
    )
    assert reasons(stored) == {"s1": "DATES", "d1": "SAME_SITE", "d2": "DATES"}


def test_a_pair_of_one_site_says_so() -> None:
    here = SiteId("here")
    assert reasons(market(listing("s1", "slag", site_id=here), listing("d1", "slag", site_id=here))) == {
        "s1": "SAME_SITE",
        "d1": "SAME_SITE",
    }


def test_dates_that_never_meet_are_named() -> None:
    stored = market(
        listing("s1", "slag", available_until="2029-12-31"), listing("d1", "slag", km=1.0, available_from="2030-01-01")
    )
    assert set(reasons(stored).values()) == {"DATES"}


def test_what_does_not_pay_is_not_worth_it() -> None:
    stored = market(listing("s1", "dust"), listing("d1", "dust", km=50.0))
    assert set(reasons(stored).values()) == {"NOT_WORTH"}


def test_what_is_too_small_is_left_out() -> None:
    factors = {**FACTORS, "plan.least_value@1": Spread.exact(10**6)}
    stored = market(listing("s1", "slag"), listing("d1", "slag", km=1.0), factors=factors)
    assert set(reasons(stored).values()) == {"LEFT_OUT"}


def test_what_is_used_up_has_no_rest() -> None:
    stored = market(listing("s1", "slag", 1000), listing("d1", "slag", 400, km=1.0))
    assert unmatched(snapshot_of(stored), {ListingId("s1"): 400, ListingId("d1"): 400}) == [
        Unmatched(
            ListingId("s1"),
            SiteId("site-of-s1"),
            Direction.SUPPLY,
            stored.listings[0].resource_code,
            BaseUnit.KG,
            600,
            "TAKEN",
        )
    ]


def test_rests_are_added_up_by_reason() -> None:
    stored = market(listing("s1", "store", 5), listing("s2", "store", 7), listing("d1", "heat", 3))
    assert [
        (s.direction, s.reason, s.listings, s.rest_base_per_year) for s in summed(unmatched(snapshot_of(stored), {}))
    ] == [
        (Direction.DEMAND, "NO_COUNTERPART", 1, 3),
        (Direction.SUPPLY, "NO_COUNTERPART", 2, 12),
    ]


@given(markets())
def test_every_listing_has_a_rest_and_a_reason_that_its_candidates_bear_out(stored: StoredMarket) -> None:
    snapshot = snapshot_of(stored)
    rests = unmatched(snapshot, {})
    assert len(rests) == len(snapshot.supplies) + len(snapshot.demands)
    candidates = find_candidates(snapshot)
    met = {snapshot.supplies.listings[i].listing_id for i in candidates.supply.tolist()}
    met |= {snapshot.demands.listings[j].listing_id for j in candidates.demand.tolist()}
    far = REASONS.index("NOT_WORTH")
    assert {rest.listing_id for rest in rests if REASONS.index(rest.reason) >= far} == met


@pytest.mark.store
async def test_rests_are_read_from_the_store(graph: Graph, put: Put) -> None:
    await put(market(listing("s1", "slag", 1000), listing("d1", "slag", 400, km=1.0)))
    assert {rest.listing_id: rest.reason for rest in await read_unmatched(graph)} == {"s1": "TAKEN", "d1": "TAKEN"}
