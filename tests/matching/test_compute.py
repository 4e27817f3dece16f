"""The compute part as a whole: locks kept, shares fair, the plan the same whatever the order of rows."""

import dataclasses
from collections import defaultdict
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import ExchangePlan, ExchangeProblem, solve
from symbiosis.domain.ids import RunId, synergy_id_of
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.matching import compute as room
from symbiosis.matching.breakdown import halved
from symbiosis.matching.candidates import find_candidates
from symbiosis.matching.compute import Computed, PlanRefusedError, UnsolvableError, compute
from symbiosis.matching.snapshot import Snapshot, snapshot_of
from symbiosis.matching.suggestions import split
from symbiosis.matching.value import value_candidates
from symbiosis.store.snapshot import OpenListing, StoredMarket
from tests.matching.markets import listing, market, markets, pair

RUN = RunId("run-1")


def silent(*told: object) -> None:
    del told


def computed(*listings: OpenListing, **parts: object) -> Computed:
    return compute(snapshot_of(market(*listings, **parts)), RUN, silent)  # type: ignore[arg-type]


def quantities(made: Computed) -> dict[tuple[str, str], int]:
    return {(row.supply_id, row.demand_id): row.suggestion.quantity_base_per_year for row in made.rows}


def test_one_pair_becomes_one_suggestion_with_all_its_figures() -> None:
    supply = listing("s1", "slag", 24_000_000, estimated=True, version=3)
    made = computed(supply, listing("d1", "aggregates", 10_000_000, km=38.462))
    assert len(made.rows) == 1
    row, suggestion = made.rows[0], made.rows[0].suggestion
    assert (row.supply_id, row.demand_id, row.basis) == ("s1", "d1", "3:1")
    assert suggestion.synergy_id == synergy_id_of(row.supply_id, row.demand_id)
    assert (suggestion.quantity_base_per_year, suggestion.rank, suggestion.distance_m) == (10_000_000, 1, 50_001)
    assert suggestion.value_cent_per_year == 8_100_000 == made.objective_cent == made.bound_cent
    assert suggestion.avoided_disposal_cent_per_year == 16_000_000
    assert suggestion.avoided_purchase_cent_per_year == 12_600_000
    assert suggestion.transport_cent_per_year == 12_500_000
    assert suggestion.treatment_cent_per_year == 8_000_000
    assert suggestion.avoided_gco2e_per_year == 82_250_000 == made.avoided_gco2e
    assert (suggestion.supplier_share_cent_per_year, suggestion.receiver_share_cent_per_year) == (0, 8_100_000)
    assert (suggestion.match, suggestion.technique, suggestion.estimated) == ("SUBSTITUTE", "Crushing", True)
    assert made.verdict == "passed: 4 limits hold, objective and bound recomputed without the solver"


def test_where_both_sides_are_needed_alike_they_share_alike() -> None:
    made = computed(listing("s1", "slag", 1001), listing("d1", "slag", 1001, price_cent_per_trade_unit=4000))
    suggestion = made.rows[0].suggestion
    assert suggestion.value_cent_per_year == 5005
    assert (suggestion.supplier_share_cent_per_year, suggestion.receiver_share_cent_per_year) == (2502, 2503)


def test_a_pair_that_is_worth_nothing_is_not_suggested() -> None:
    assert computed(listing("s1", "dust"), listing("d1", "dust")).rows[:] == []


def test_a_market_without_listings_has_an_empty_plan() -> None:
    made = computed()
    assert (made.rows[:], made.objective_cent, made.bound_cent, made.components) == ([], 0, 0, 0)


def test_the_whole_is_decided_not_pair_by_pair() -> None:
    """Greedy would give s1 to d1 (50.00) and leave s2, which only d1 can take; together 40.00 + 35.00 is better."""
    demands = [
        listing("d1", "slag", 1000, km=0, price_cent_per_trade_unit=5000, qualities=("MOISTURE_SHARE||0.5",)),
        listing("d2", "slag", 1000, km=0, price_cent_per_trade_unit=4000, qualities=("MOISTURE_SHARE||0.1",)),
    ]
    supplies = [
        listing("s1", "slag", 1000, price_cent_per_trade_unit=600, qualities=("MOISTURE_SHARE|0.0|0.1",)),
        listing("s2", "slag", 1000, price_cent_per_trade_unit=100, qualities=("MOISTURE_SHARE|0.0|0.5",)),
    ]
    made = computed(*supplies, *demands)
    assert quantities(made) == {("s1", "d2"): 1000, ("s2", "d1"): 1000}
    assert made.objective_cent == (600 + 4000 - 600) + (100 + 5000 - 600)


def test_a_synergy_people_work_on_keeps_its_quantity_though_another_pays_more() -> None:
    listings = (
        listing("s1", "slag", 1000),
        listing("d1", "slag", 1000, price_cent_per_trade_unit=1000),
        listing("d2", "slag", 1000, price_cent_per_trade_unit=3000),
    )
    free = computed(*listings)
    assert quantities(free) == {("s1", "d2"): 1000}
    kept = computed(*listings, pairs=[pair("s1", "d1", SynergyStatus.NEGOTIATION, 600)])
    assert quantities(kept) == {("s1", "d1"): 600, ("s1", "d2"): 400}
    assert kept.objective_cent == kept.bound_cent == (600 * 2000 + 400 * 4000) // 1000
    assert kept.verdict.endswith("; optimal among the plans that keep 1 synergies people work on")
    shares = [
        (row.suggestion.supplier_share_cent_per_year, row.suggestion.receiver_share_cent_per_year) for row in kept.rows
    ]
    assert [sum(share) for share in shares] == [row.suggestion.value_cent_per_year for row in kept.rows]


def test_locks_take_what_is_left_the_most_advanced_first_and_a_lost_one_is_told() -> None:
    made = computed(
        listing("s1", "slag", 1000),
        listing("d1", "slag", 1000),
        listing("d2", "slag", 1000),
        listing("d3", "slag", 1000, km=100),
        pairs=[
            pair("s1", "d1", SynergyStatus.SHORTLISTED, 700),
            pair("s1", "d2", SynergyStatus.OPERATING, 800),
            pair("s1", "d3", SynergyStatus.AGREED, 900),
        ],
    )
    assert quantities(made) == {("s1", "d2"): 800, ("s1", "d1"): 200}
    assert made.verdict.endswith("keep 2 synergies people work on; 1 taken up earlier could not be kept")


def test_a_lock_at_a_loss_is_kept_and_shown_as_a_loss() -> None:
    made = computed(
        listing("s1", "dust", 1000), listing("d1", "dust", 1000), pairs=[pair("s1", "d1", SynergyStatus.TRIAL, 500)]
    )
    assert made.rows[0].suggestion.value_cent_per_year == -300 == made.objective_cent
    assert made.bound_cent == -300
    assert made.rows[0].suggestion.unpriced == ("DISPOSAL", "PURCHASE")


def test_a_rejected_pair_is_suggested_again_only_after_a_change() -> None:
    listings = (listing("s1", "slag"), listing("d1", "slag", version=2))
    assert computed(*listings, pairs=[pair("s1", "d1", SynergyStatus.REJECTED, basis="1:2")]).rows[:] == []
    assert len(computed(*listings, pairs=[pair("s1", "d1", SynergyStatus.REJECTED, basis="1:1")]).rows) == 1


@given(markets(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_plan_does_not_depend_on_the_order_of_rows(stored: StoredMarket, random: Random) -> None:
    shuffled = dataclasses.replace(
        stored,
        listings=tuple(random.sample(stored.listings, len(stored.listings))),
        pairs=tuple(random.sample(stored.pairs, len(stored.pairs))),
        resources=tuple(random.sample(stored.resources, len(stored.resources))),
    )
    one, other = (compute(snapshot_of(each), RUN, silent) for each in (stored, shuffled))
    assert other == one


@given(markets())
@settings(max_examples=100)
def test_no_plan_uses_more_than_there_is_and_parts_and_shares_add_up(stored: StoredMarket) -> None:
    made = compute(snapshot_of(stored), RUN, silent)
    used: dict[str, int] = defaultdict(int)
    for row in made.rows:
        used[row.supply_id] += row.suggestion.quantity_base_per_year
        used[row.demand_id] += row.suggestion.quantity_base_per_year
        s = row.suggestion
        assert s.value_cent_per_year == (
            s.avoided_disposal_cent_per_year
            + s.avoided_purchase_cent_per_year
            - s.transport_cent_per_year
            - s.treatment_cent_per_year
        )
        assert s.supplier_share_cent_per_year + s.receiver_share_cent_per_year == s.value_cent_per_year
    assert all(used[x.listing_id] <= x.quantity_base_per_year for x in stored.listings)
    values = [row.suggestion.value_cent_per_year for row in made.rows]
    assert values == sorted(values, reverse=True)
    assert [row.suggestion.rank for row in made.rows] == list(range(1, len(made.rows) + 1))
    assert sum(values) == made.objective_cent == made.bound_cent


@given(markets())
@settings(max_examples=60)
def test_no_two_sites_would_do_better_alone(stored: StoredMarket) -> None:
    """The core, for pairs: what two listings get in the plan is at least what they could make between themselves."""
    snapshot = snapshot_of(dataclasses.replace(stored, pairs=()))
    made = compute(snapshot, RUN, silent)
    gets: dict[str, int] = defaultdict(int)
    for row in made.rows:
        gets[row.supply_id] += row.suggestion.supplier_share_cent_per_year
        gets[row.demand_id] += row.suggestion.receiver_share_cent_per_year
    rounding = 3 * len(made.rows) + 1
    for supply, demand, alone in _alone(snapshot):
        assert gets[supply] + gets[demand] + rounding >= alone


def _alone(snapshot: Snapshot) -> list[tuple[str, str, float]]:
    """Return for each candidate what its two listings could make without anybody else, in cents."""
    found = find_candidates(snapshot)
    values = value_candidates(snapshot, found)
    i, j = found.supply, found.demand
    quantity = np.minimum(snapshot.supplies.quantity[i], snapshot.demands.quantity[j])
    worth = (values.millicent_per_base * quantity / 1000).tolist()
    names = [(snapshot.supplies.listings[a].listing_id, snapshot.demands.listings[b].listing_id) for a, b in zip(i, j)]  # noqa: B905
    return [(supply, demand, cent) for (supply, demand), cent in zip(names, worth, strict=True)]


def test_a_plan_that_fails_its_check_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy_beyond_limits(problem: ExchangeProblem, **_: object) -> ExchangePlan:
        plan = solve(problem)
        return dataclasses.replace(plan, flow=plan.flow + 1)

    monkeypatch.setattr(room, "solve", greedy_beyond_limits)
    with pytest.raises(
        PlanRefusedError, match=r"not published: its check failed: Arc 0 carries 1001 of at most 1000\."
    ):
        computed(listing("s1", "slag"), listing("d1", "slag"))


def test_numbers_beyond_exact_integers_are_refused_in_words() -> None:
    vast = {"quantity_base_per_year": 10**12, "price_cent_per_trade_unit": 10**14}
    with pytest.raises(UnsolvableError, match="The exchange cannot be solved: The most this exchange could be worth"):
        computed(listing("s1", "slag", **vast), listing("d1", "slag", **vast))


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**12))
def test_halving_is_exact_and_rounds_half_to_even(numerator: int, denominator: int) -> None:
    rounded = halved(*(np.array([number], object) for number in (numerator, denominator)))[0]
    twice = 2 * (rounded * denominator - numerator)
    assert -denominator <= twice <= denominator
    assert abs(twice) != denominator or rounded % 2 == 0


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_supplier_gets_its_share_of_the_value_to_half_a_cent(
    value: int, supply_price: int, demand_price: int
) -> None:
    supplier = int(split(*(np.array([number], np.int64) for number in (value, supply_price, demand_price)))[0])
    assert abs(supplier) <= abs(value)
    assert supplier * value >= 0
    both = supply_price + demand_price
    assert abs(2 * (supplier * both - value * supply_price)) <= both
