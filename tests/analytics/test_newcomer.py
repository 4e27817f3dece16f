"""A plant that is not there yet: what it would exchange, and what that is worth to everybody."""

import pytest

from symbiosis.analytics.newcomer import Newcomer, NewcomerError, arrival, likely_listings
from symbiosis.domain.activity import ActivityCodeError
from symbiosis.domain.listings import Direction
from symbiosis.domain.worth import Spread
from symbiosis.ingest import tables
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.snapshot import StoredMarket
from tests.matching.markets import LYON, listing

FOUNDRY = Newcomer("24.51Z", 120, *LYON)


def market_with(*listings: object) -> StoredMarket:
    """Return a market of these listings with the whole shipped catalogue and its factors."""
    factors = {f.factor_id: Spread(float(f.value), float(f.low), float(f.high)) for f in tables.factors()}
    return StoredMarket(tuple(listings), tables.resources(), tables.substitutions(), factors, ())  # type: ignore[arg-type]


def test_a_foundry_would_have_what_foundries_have() -> None:
    listings = likely_listings(FOUNDRY)
    assert {one.direction for one in listings} == set(Direction)
    assert all(one.quantity_base_per_year > 0 for one in listings)
    twice = {one.listing_id: one for one in likely_listings(Newcomer("24.51Z", 240, *LYON))}
    grown = [one for one in listings if twice[one.listing_id].quantity_base_per_year > one.quantity_base_per_year]
    assert grown


def test_a_newcomer_to_an_empty_market_exchanges_nothing() -> None:
    seen = arrival(market_with(), FOUNDRY)
    assert (seen.exchanges, seen.changes, seen.gain_cent_per_year) == ((), (), 0)
    assert len(seen.listings) == len(likely_listings(FOUNDRY))


def test_a_newcomer_meets_who_needs_what_it_has() -> None:
    supply = next(
        one
        for one in likely_listings(FOUNDRY)
        if one.direction is Direction.SUPPLY and one.resource_code == "pallets-used"
    )
    buyer = listing("d1", supply.resource_code, supply.quantity_base_per_year, km=3.0, price_cent_per_trade_unit=30_000)
    stored = market_with(buyer)
    seen = arrival(stored, FOUNDRY)
    assert [(one.partner_id, one.resource_code) for one in seen.exchanges] == [("site-of-d1", "pallets-used")]
    assert seen.gain_cent_per_year == seen.whole_cent_per_year > 0
    assert [change.site_id for change in seen.changes] == ["site-of-d1"]
    assert snapshot_of(stored).sha256() == snapshot_of(market_with(buyer)).sha256()


@pytest.mark.parametrize(("naf", "employees"), [("24.51Z", 0), ("24.51Z", 10**6)])
def test_a_plant_without_a_size_is_refused(naf: str, employees: int) -> None:
    with pytest.raises(NewcomerError, match="employees"):
        Newcomer(naf, employees, *LYON)


def test_an_activity_that_is_none_is_refused() -> None:
    with pytest.raises(ActivityCodeError):
        Newcomer("foundry", 10, *LYON)
