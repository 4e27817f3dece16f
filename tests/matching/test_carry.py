"""A run that carries over what an older one has left finds what it would have found without, and proves the same."""

import dataclasses
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbiosis.domain.roads import Roads, place_of
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.matching.carry import FILE, NotCarriedError, kept
from symbiosis.matching.compute import Computed, compute
from symbiosis.matching.leaving import found_from
from symbiosis.matching.overlap import Found, found_in
from symbiosis.matching.snapshot import Snapshot, snapshot_of
from symbiosis.store.published import PublishedPlan
from symbiosis.store.snapshot import OpenListing, StoredMarket
from tests.matching.markets import FACTORS, RESOURCES, listing, market, markets, pair
from tests.matching.test_compute import RUN, quantities, silent
from tests.matching.test_stability import published

COSTS = {"plan.switching_cost@1": 0.5, "plan.least_avoided@1": 0.0, "plan.least_value@1": 0.0}


EVERYTHING = tuple(
    listing(f"{side}-{resource.code}", resource.code, 100, km=700.0 + 200 * (side == "d"))
    for resource in RESOURCES
    for side in "sd"
)
"""A listing of every resource on each side, far away, so that the same part of the catalogue is always in the input."""


def completed(stored: StoredMarket) -> StoredMarket:
    factors = {**stored.factors, **market(factors=COSTS).factors}
    return dataclasses.replace(stored, listings=(*stored.listings, *EVERYTHING), factors=factors)


@st.composite
def two_markets(draw: st.DrawFn) -> tuple[StoredMarket, StoredMarket]:
    """Draw a market, and the same with some listings gone, new or stating something else, and other decisions."""
    before, other = completed(draw(markets())), draw(markets())
    listings = {x.listing_id: x for x in before.listings}
    for x in other.listings:
        if draw(st.sampled_from([False, False, True])):
            listings[x.listing_id] = x
    for name in sorted(listings.keys() - {x.listing_id for x in EVERYTHING}):
        if draw(st.sampled_from([False] * 5 + [True])):
            del listings[name]
    judged = draw(st.sampled_from([before.pairs, before.pairs[1:], other.pairs, ()]))
    roads = tuple(_road(x, y) for x, y in zip(before.listings, before.listings[1:], strict=False))
    with_roads = [draw(st.sampled_from([(), roads, roads[::2]])) for _ in range(2)]
    after = dataclasses.replace(before, listings=tuple(listings.values()), pairs=judged, roads=with_roads[1])
    return dataclasses.replace(before, roads=with_roads[0]), after


def _road(start: OpenListing, end: OpenListing) -> Roads:
    places = [place_of(x.lat, x.lon, x.geo_precision) or "" for x in (start, end)]
    return Roads(places[0], (places[1],), (12_345,))


def columns(found: Found) -> dict[str, object]:
    """Return every column of what was found, with its kind."""
    values, candidates = found.values, found.candidates
    every = np.arange(len(candidates))
    arrays = {
        **{name: getattr(candidates, name) for name in ("supply", "demand", "distance_m")},
        "match": candidates.match_of(every),
        "substitution": candidates.substitution_of(every),
        **{name: getattr(values.ways, name) for name in ("vehicle", "straight_m", "road_m")},
        **{name: getattr(values, name) for name in ("way_m", "value_cent", "millicent_per_base", "gco2e")},
        **{name: getattr(values, name) for name in ("counted_millicent", "no_disposal_price", "no_purchase_price")},
        **{rule.value: out for rule, out in found.worth.out.items()},
    }
    return {name: (array.dtype.str, array.tolist()) for name, array in arrays.items()}


def planned(stored: StoredMarket, plan: PublishedPlan | None, folder: Path | None = None) -> Computed:
    return compute(_near(stored, plan), RUN, silent, carry=folder)


def _near(stored: StoredMarket, plan: PublishedPlan | None) -> Snapshot:
    return dataclasses.replace(snapshot_of(stored), published=plan)


@given(two_markets())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_carrying_over_finds_the_same_columns_and_proves_the_same_value(
    drawn: tuple[StoredMarket, StoredMarket],
) -> None:
    before, after = drawn
    with tempfile.TemporaryDirectory() as folder:
        first = planned(before, None, Path(folder))
        plan = published(first)
        carried = kept(Path(folder), snapshot_of(after))
        assert carried.run_id == RUN
        found, told = found_from(snapshot_of(after), Path(folder))
        assert told.startswith(f"; carried over from {RUN}, ")
        assert columns(found) == columns(found_in(snapshot_of(after)))
        for _ in range(2):  # The second run begins where one that had carried over has ended.
            again, anew = planned(after, plan, Path(folder)), planned(after, plan)
            assert again.verdict == anew.verdict
            assert again.components == anew.components
            worth = [made.objective_cent + made.stability_cost_cent for made in (again, anew)]
            assert abs(worth[0] - worth[1]) <= 3 * (len(again.rows) + len(anew.rows)) + 2
            assert (again.candidates, again.left_out, again.by_road) == (anew.candidates, anew.left_out, anew.by_road)
            plan = published(again)


def chain_of(*quantities_: int) -> list[OpenListing]:
    """Return a supply and a demand for each quantity, that far from the others that only they can meet."""
    return [
        listing(f"{side}{n}", "slag", quantity, km=200.0 * n, price_cent_per_trade_unit=3000 if side == "d" else None)
        for n, quantity in enumerate(quantities_)
        for side in "sd"
    ]


def test_the_same_input_gives_the_same_plan_and_the_notes_say_what_was_carried_over(tmp_path: Path) -> None:
    stored = market(*chain_of(1000, 2000, 3000))
    first = planned(stored, None, tmp_path)
    assert first.solver.endswith("; nothing was carried over: no older run has left anything")
    again = planned(stored, published(first), tmp_path)
    assert again.solver.endswith(f"; carried over from {RUN}, 0 of 6 listings new or changed")
    assert (again.plan_sha256, again.changes) == (first.plan_sha256, ())
    changed = market(*chain_of(1000, 2000, 3500))
    third = planned(changed, published(first), tmp_path)
    assert third.solver.endswith(f"; carried over from {RUN}, 2 of 6 listings new or changed")
    assert quantities(third) == {("s0", "d0"): 1000, ("s1", "d1"): 2000, ("s2", "d2"): 3500}


def test_among_equal_plans_the_one_that_is_nearest_to_the_published_plan_is_taken(tmp_path: Path) -> None:
    """Two demands are worth the same to one supply; another listing, far away, is all that changes."""
    same = {"price_cent_per_trade_unit": 3000}
    tied = [listing("s1", "slag", 1000), *(listing(name, "slag", 1000, **same) for name in ("d1", "d2"))]
    far = listing("s9", "dust", 10, km=300.0)
    first = planned(market(*tied, far), None, tmp_path)
    second = planned(market(*tied, dataclasses.replace(far, quantity_base_per_year=11)), None, tmp_path)
    assert quantities(second) == quantities(first)
    assert ", 1 of 4 listings" in second.solver


@pytest.mark.parametrize("at", [0, 40, -1])
def test_a_damaged_file_is_not_used(tmp_path: Path, at: int) -> None:
    stored = market(*chain_of(1000))
    first = planned(stored, None, tmp_path)
    content = bytearray((tmp_path / FILE).read_bytes())
    content[at] ^= 1
    (tmp_path / FILE).write_bytes(content)
    again = planned(stored, None, tmp_path)
    assert again.solver.endswith("; nothing was carried over: what an older run has left is damaged")
    assert again.plan_sha256 == first.plan_sha256


def test_other_figures_and_other_code_carry_nothing_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = market(*chain_of(1000))
    planned(stored, None, tmp_path)
    dearer = market(*chain_of(1000), factors={**FACTORS, "transport.truck.cost@3": 0.14})
    with pytest.raises(NotCarriedError, match="factors, resources, substitutions or rules have changed"):
        kept(tmp_path, snapshot_of(dearer))
    monkeypatch.setattr("symbiosis.matching.carry.code_sha256", lambda: "0" * 64)
    with pytest.raises(NotCarriedError, match="made by another version"):
        kept(tmp_path, snapshot_of(stored))


def test_a_pair_that_is_turned_down_is_carried_over_no_more(tmp_path: Path) -> None:
    listings = chain_of(1000, 2000)
    planned(market(*listings), None, tmp_path)
    after = market(*listings, pairs=[pair("s0", "d0", SynergyStatus.REJECTED)])
    assert quantities(planned(after, None, tmp_path)) == {("s1", "d1"): 2000}
    assert quantities(planned(market(*listings), None, tmp_path)) == {("s0", "d0"): 1000, ("s1", "d1"): 2000}


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_head_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    made = planned(market(*chain_of(1000)), None, tmp_path / "file")
    assert quantities(made) == {("s0", "d0"): 1000}
    assert np.isclose(made.objective_cent, made.bound_cent)
