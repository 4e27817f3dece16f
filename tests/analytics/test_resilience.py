"""What stops when a site stops: at Kalundborg, and on markets that a person can follow."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings

from optimizer.near import Nearby
from symbiosis.analytics.decided import Decided, decided
from symbiosis.analytics.marginals import marginals, tried
from symbiosis.analytics.potential import potential_of
from symbiosis.analytics.resilience import pairs_of_points, single_points, stop_of
from symbiosis.analytics.stop_bounds import most_lost
from symbiosis.analytics.structure import shape_of
from symbiosis.domain.ids import SiteId
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.flow_columns import FlowResource
from symbiosis.store.snapshot import StoredMarket
from tests.analytics.kalundborg import RESOURCES, kalundborg
from tests.analytics.test_potential import sites_of
from tests.matching.markets import listing, market, markets


@pytest.fixture(scope="module")
def valley() -> Decided:
    return decided(snapshot_of(kalundborg()))


def test_asnaes_is_the_hub_of_kalundborg() -> None:
    snapshot = snapshot_of(kalundborg())
    catalogue = [FlowResource(r.code, r.name_en, r.name_fr, r.kind, r.base_unit, ()) for r in RESOURCES]
    shape = shape_of(potential_of(sites_of(snapshot), catalogue, snapshot))
    assert shape.shapes[0].site_id == "asnaes"
    assert shape.shapes[0].gives_to == max(site.gives_to for site in shape.shapes)


def test_the_stop_of_asnaes_orphans_gypsum_board_homes_fish_farm_and_steam_users(valley: Decided) -> None:
    stop = single_points(valley)[0]
    assert stop.site_ids == ("asnaes",)
    assert {orphan.listing_id for orphan in stop.orphans} >= {
        "gyproc demand gypsum",
        "homes demand district-heat",
        "fish-farm demand warm-seawater",
        "statoil demand steam",
        "novo-nordisk demand steam",
    }
    assert stop.replaced_share == 0.0
    assert stop.standbys == ()


def test_the_stop_of_the_refinery_leaves_the_power_station_its_customers(valley: Decided) -> None:
    stop = stop_of(valley, (SiteId("statoil"),))
    assert {orphan.listing_id for orphan in stop.orphans} == {
        "asnaes demand cooling-water",
        "gyproc demand refinery-gas",
    }


def test_a_second_supplier_stands_by() -> None:
    stored = market(
        listing("s1", "slag", 1000, km=1.0), listing("s2", "slag", 600, km=20.0), listing("d1", "aggregates", 800)
    )
    now = decided(snapshot_of(stored))
    stop = stop_of(now, (SiteId("site-of-s1"),))
    assert stop.orphans == ()
    assert stop.standbys == ("site-of-s2",)
    assert [(one.listing_id, one.more_base_per_year) for one in stop.stand_ins] == [("s2", 600)]
    assert 0 < stop.replaced_share < 1
    assert 0 < stop.lost_cent_per_year < stop.exchanged_cent_per_year


def test_a_site_that_exchanges_nothing_costs_nothing(valley: Decided) -> None:
    stop = stop_of(valley, (SiteId("nobody"),))
    assert (stop.exchanged_cent_per_year, stop.lost_cent_per_year, stop.replaced_share) == (0, 0, 1.0)


@settings(max_examples=40)
@given(markets())
def test_deciding_again_is_deciding_without_the_site(stored: StoredMarket) -> None:
    now = decided(snapshot_of(stored))
    for row, site_id in enumerate(now.sites[:4]):
        rest = [one for one in stored.listings if one.site_id != site_id]
        anew = decided(snapshot_of(market(*rest, pairs=[p for p in stored.pairs if _open(p, rest)])))
        stopped = np.arange(len(now.sites)) == row
        near = Nearby(now.problem, now.plan, per_row=1)
        assert near.again(*now.quantities_without(stopped)).objective == anew.plan.objective


def _open(pair: object, rest: list[object]) -> bool:
    ids = {one.listing_id for one in rest}  # type: ignore[attr-defined]
    return pair.supply_id in ids and pair.demand_id in ids  # type: ignore[attr-defined]


@settings(max_examples=60)
@given(markets())
def test_no_stop_costs_more_than_its_bound(stored: StoredMarket) -> None:
    now = decided(snapshot_of(stored))
    near, most = Nearby(now.problem, now.plan), most_lost(now)
    for row in range(len(now.sites)):
        after = near.again(*now.quantities_without(np.arange(len(now.sites)) == row))
        assert now.plan.objective - after.objective <= most[row] <= now.value_by_site()[row]


@settings(max_examples=30)
@given(markets())
def test_the_costliest_stops_are_found_without_trying_all(stored: StoredMarket) -> None:
    now = decided(snapshot_of(stored))
    said: list[float] = []
    everything = single_points(now)
    assert single_points(now, 2, told=said.append) == everything[:2]
    assert said == sorted(said)
    assert said[-1:] == [1.0] * bool(everything)
    sites = [stop.site_ids[0] for stop in everything[:3]]
    both = pairs_of_points(now, sites, said.append)
    assert said[-len(both) :] == [(n + 1) / len(both) for n in range(len(both))] or not both
    assert len(both) == len(list(combinations(sites, 2)))
    single = {stop.site_ids[0]: stop.lost_cent_per_year for stop in everything}
    for stop in both:
        assert stop.lost_cent_per_year >= max(single[site] for site in stop.site_ids) - 1


@settings(max_examples=40)
@given(markets())
def test_a_unit_more_adds_what_its_price_says(stored: StoredMarket) -> None:
    now = decided(snapshot_of(stored))
    found = tried(now, np.arange(len(now.snapshot.supplies)))
    assert all(one.predicted_millicent == one.found_millicent for one in found)
    rows = marginals(now)
    assert len(rows) == len(now.snapshot.supplies) + len(now.snapshot.demands)
    assert all(row.more_cent <= row.less_cent for row in rows)
