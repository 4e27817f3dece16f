"""A plan stays near the published one, and says what that costs against the best there could be."""

import dataclasses
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.domain.ids import ListingId, RunId
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.matching.compute import Computed, compute
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.published import PublishedPair, PublishedPlan
from symbiosis.store.snapshot import OpenListing, StoredMarket
from tests.matching.markets import FACTORS, listing, market, markets, pair
from tests.matching.test_compute import RUN, quantities, silent

TIED = (
    listing("s1", "slag", 1000),
    listing("d1", "slag", 1000, price_cent_per_trade_unit=3000),
    listing("d2", "slag", 1000, price_cent_per_trade_unit=3100),
)
"""One supply, and two demands of which the second pays 1 EUR/t more."""


def published(made: Computed, canonical: bytes | None = None) -> PublishedPlan:
    """Return a computed plan as the store gives it back."""
    pairs = [
        PublishedPair(
            row.supply_id,
            row.demand_id,
            row.suggestion.quantity_base_per_year,
            row.suggestion.value_cent_per_year,
        )
        for row in made.rows
    ]
    return PublishedPlan(RunId("run-0"), tuple(pairs), canonical)


def after(plan: PublishedPlan | None, stored: StoredMarket) -> Computed:
    return compute(dataclasses.replace(snapshot_of(stored), published=plan), RUN, silent)


def staying(cost: float, *listings: OpenListing) -> StoredMarket:
    return market(*listings, factors={**FACTORS, "plan.switching_cost@1": cost})


FIRST: Final = PublishedPlan(RunId("run-0"), (PublishedPair(ListingId("s1"), ListingId("d1"), 1000, 4600),), None)


@pytest.mark.parametrize(("cost", "receiver"), [(0.0, "d2"), (0.9, "d2"), (1.1, "d1")])
def test_another_pair_takes_the_place_of_one_in_the_plan_if_it_is_worth_the_switching_cost(
    cost: float, receiver: str
) -> None:
    made = after(FIRST, staying(cost, *TIED))
    assert quantities(made) == {("s1", receiver): 1000}
    assert made.stability_cost_cent == (100 if receiver == "d1" else 0)
    free = after(None, staying(cost, *TIED))
    assert made.objective_cent + made.stability_cost_cent == free.objective_cent == made.bound_cent


def test_what_keeping_a_synergy_costs_is_told_against_the_free_optimum() -> None:
    """The lock keeps 600 kg at 20.00 EUR/t less than the other demand pays: 12.00 EUR."""
    listings = (
        listing("s1", "slag", 1000),
        listing("d1", "slag", 1000, price_cent_per_trade_unit=1000),
        listing("d2", "slag", 1000, price_cent_per_trade_unit=3000),
    )
    kept = after(None, market(*listings, pairs=[pair("s1", "d1", SynergyStatus.NEGOTIATION, 600)]))
    assert quantities(kept) == {("s1", "d1"): 600, ("s1", "d2"): 400}
    assert kept.objective_cent == kept.bound_cent
    assert kept.stability_cost_cent == 1200


@given(markets(), st.sampled_from([0.0, 0.5, 20.0]))
@settings(max_examples=60)
def test_the_stable_plan_and_its_cost_add_up_to_the_free_optimum(stored: StoredMarket, cost: float) -> None:
    stored = dataclasses.replace(stored, pairs=(), factors={**stored.factors, **staying(cost).factors})
    free = after(None, stored)
    less = dataclasses.replace(stored, listings=stored.listings[1:])
    made = after(published(after(None, less)), stored)
    rounding = 3 * (len(made.rows) + len(free.rows)) + 1
    assert made.stability_cost_cent >= 0
    assert abs(made.objective_cent + made.stability_cost_cent - free.objective_cent) <= rounding
    assert abs(made.bound_cent - free.objective_cent) <= rounding


@given(markets())
@settings(max_examples=60)
def test_without_a_switching_cost_the_published_plan_changes_nothing(stored: StoredMarket) -> None:
    first = after(None, stored)
    second = after(published(first), stored)
    assert second.rows[:] == first.rows[:]
    assert second.changes == ()


def test_among_equal_plans_the_published_one_stays() -> None:
    """Two supplies and two demands at one place: however they are paired, the plan is worth the same."""
    listings = (
        *(listing(name, "slag", 1000) for name in ("s1", "s2")),
        *(listing(name, "slag", 1000, price_cent_per_trade_unit=3000) for name in ("d1", "d2")),
    )
    found = after(None, staying(0.5, *listings))
    for split in ({"s1": "d1", "s2": "d2"}, {"s1": "d2", "s2": "d1"}):
        pairs = tuple(PublishedPair(ListingId(s), ListingId(d), 1000, 4600) for s, d in split.items())
        made = after(PublishedPlan(RunId("run-0"), pairs, None), staying(0.5, *listings))
        assert quantities(made) == dict.fromkeys(split.items(), 1000)
        assert made.objective_cent == made.bound_cent == found.objective_cent


def test_a_published_plan_whose_distribution_is_as_good_stays_to_the_unit() -> None:
    listings = (
        *(listing(name, "slag", 1000) for name in ("s1", "s2")),
        *(listing(name, "slag", 1000, price_cent_per_trade_unit=3000) for name in ("d1", "d2")),
    )
    shares = {("s1", "d1"): 300, ("s1", "d2"): 700, ("s2", "d1"): 700, ("s2", "d2"): 300}
    pairs = tuple(PublishedPair(ListingId(s), ListingId(d), q, q * 46 // 10) for (s, d), q in shares.items())
    made = after(PublishedPlan(RunId("run-0"), pairs, None), staying(0.5, *listings))
    assert quantities(made) == shares
