"""Treatments open the pairs that only the law keeps apart; the radar says where, how large and what for."""

from dataclasses import replace

import numpy as np
import pytest

from symbiosis.analytics.plants import Place, Portfolio, Wanted
from symbiosis.analytics.radar import portfolio
from symbiosis.analytics.treatments import barred_pairs, heading_for, opened_at
from symbiosis.domain.analyses import PlantKind
from symbiosis.domain.permits import Operation
from symbiosis.domain.resources import Substitution
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.snapshot import OpenListing, StoredMarket
from tests.matching.markets import FACTORS, KM_NORTH, LYON, listing, market

TONNES = 1_000
FOUR_KM, SIX_KM = (Place(f"6912{km}", f"km {km}", LYON[0] + km * KM_NORTH, LYON[1]) for km in (4, 6))


def _acid(name: str, tonnes: int = 1, **facts: object) -> OpenListing:
    """Return a listing at a position that is exact; a supply of spent acid costs 300 EUR/t, a demand pays 400 EUR/t."""
    supplies = name.startswith("s")
    price = 30_000 if supplies else 40_000
    given: dict[str, object] = {"price_cent_per_trade_unit": price, **facts}
    return listing(name, "acid" if supplies else "fresh-acid", tonnes * TONNES, **given)  # type: ignore[arg-type]


def _radar(stored: StoredMarket, *places: Place, plants: int = 5) -> Portfolio:
    return portfolio(stored, (), places, Wanted(plants))


def test_a_treatment_opens_what_only_the_law_keeps_apart_and_is_worth_what_both_legs_leave() -> None:
    stored = market(_acid("s1", 10), _acid("d1", 6, km=10.0), _acid("d2", 100, km=10.0, headings=("2910",)))
    found = _radar(stored, FOUR_KM, SIX_KM)
    (one,) = found.plants
    assert found.candidate_count == 2
    assert (one.kind, one.technique, one.by_product, one.replaces) == (
        PlantKind.TREATMENT,
        "Purifying",
        "acid",
        "fresh-acid",
    )
    assert (one.heading, one.insee, one.naf, one.employees) == ("2790", "69124", None, None)
    assert (one.quantity_base_per_year, one.base_unit, one.site_count) == (10 * TONNES, "KG", 3)
    # 300 + 0.8 x 400 - 6 x 1.8 - 0.13 x 1.3 x (4 + 0.8 x 6) EUR/t: nearer to the giver, as less travels on than comes.
    assert one.gain_cent_per_year == one.whole_cent_per_year == one.bound_cent_per_year == 10 * 60_771


def test_treatments_and_plants_are_one_portfolio_whose_gains_add_up() -> None:
    far = Place("69150", "km 100", LYON[0] + 100 * KM_NORTH, LYON[1])
    stored = market(
        _acid("s1", 10),
        _acid("d1", 6, km=10.0),
        _acid("s2", 3, km=100.0),
        _acid("d2", 3, km=100.0),
        _acid("d3", 3, km=50.0),
    )
    chosen = _radar(stored, FOUR_KM, far).plants
    assert [(one.rank, one.place, one.quantity_base_per_year) for one in chosen] == [
        (1, "km 4", 9 * TONNES),
        (2, "km 100", 3 * TONNES),
    ]
    assert chosen[1].whole_cent_per_year == chosen[0].gain_cent_per_year + chosen[1].gain_cent_per_year
    assert all(0 < one.gain_cent_per_year <= one.bound_cent_per_year for one in chosen)


def test_a_second_place_joins_only_for_what_it_saves() -> None:
    stored = market(_acid("s1", 10), _acid("s2", 10, km=6.0), _acid("d1", 20, km=6.0))
    chosen = _radar(stored, FOUR_KM, SIX_KM).plants
    assert [one.place for one in chosen] == ["km 6", "km 4"]
    # s1 goes 4 + 0.8 x 2 km instead of 6: 10.80 + 0.13 x 1.3 x 5.6 instead of x 6 is 11.75 instead of 11.81 EUR/t.
    assert [one.quantity_base_per_year for one in chosen] == [20 * TONNES, 10 * TONNES]
    assert chosen[1].gain_cent_per_year == 10 * 6


@pytest.mark.parametrize(
    "stored",
    [
        market(),
        market(_acid("s1")),
        market(_acid("s1"), _acid("d1", km=10.0, headings=("2790",))),
        market(_acid("s1", evidence=("END_OF_WASTE|2020-01-01|none",)), listing("d1", "acid", TONNES, km=10.0)),
        market(_acid("s1"), _acid("d1", km=85.0)),
        market(_acid("s1", price_cent_per_trade_unit=0), _acid("d1", km=10.0, price_cent_per_trade_unit=1_000)),
        market(listing("s1", "slag", TONNES), listing("d1", "aggregates", TONNES, km=10.0)),
    ],
    ids=[
        "nothing",
        "nobody takes it",
        "the receiver has the permit",
        "no treatment joins them",
        "out of reach",
        "does not pay",
        "no hazardous waste",
    ],
)
def test_a_treatment_that_opens_nothing_is_no_candidate(stored: StoredMarket) -> None:
    found = _radar(stored, FOUR_KM)
    assert (found.candidate_count, found.plants) == (0, ())


def test_another_rule_than_the_law_is_not_opened() -> None:
    stored = market(_acid("s1"), _acid("d1", km=10.0, minimum_base_per_year=2 * TONNES))
    assert len(barred_pairs(snapshot_of(stored))) == 0


def test_what_a_run_would_leave_out_is_not_opened() -> None:
    lists = (_acid("s1"), _acid("d1", km=10.0))
    for factor in ({"plan.least_value@1": 608.0}, {"plan.least_avoided@1": 0.0}):
        barred = barred_pairs(snapshot_of(market(*lists, factors={**FACTORS, **factor})))
        assert len(barred) == 1
        assert opened_at(barred, FOUR_KM.lat, FOUR_KM.lon) == []
    kept = barred_pairs(snapshot_of(market(*lists, factors={**FACTORS, "plan.least_value@1": 607.0})))
    assert [one.millicent_per_base.tolist() for one in opened_at(kept, FOUR_KM.lat, FOUR_KM.lon)] == [[60_771]]


def test_each_leg_is_within_reach_though_the_plant_is_not_between() -> None:
    barred = barred_pairs(snapshot_of(market(_acid("s1"), _acid("d1", km=10.0))))
    assert len(opened_at(barred, LYON[0] + 79 * KM_NORTH, LYON[1])) == 1
    assert opened_at(barred, LYON[0] + 81 * KM_NORTH, LYON[1]) == []


def test_a_product_that_is_hazardous_waste_goes_to_nobody_without_a_permit() -> None:
    stored = market(_acid("s1"), _acid("d1", km=10.0))
    resources = tuple(
        replace(one, waste_codes=("110106",)) if one.code == "fresh-acid" else one for one in stored.resources
    )
    assert len(barred_pairs(snapshot_of(stored))) == 1
    assert len(barred_pairs(snapshot_of(replace(stored, resources=resources)))) == 0


def test_spreading_on_land_opens_nothing() -> None:
    stored = market(_acid("s1"), _acid("d1", km=10.0))
    for operation, pairs in ((Operation.R10, 0), (None, 0), (Operation.R6, 1)):
        treatments: tuple[Substitution, ...] = tuple(replace(x, operation=operation) for x in stored.substitutions)
        assert len(barred_pairs(snapshot_of(replace(stored, substitutions=treatments)))) == pairs


def test_treatments_are_left_out_on_request() -> None:
    stored = market(_acid("s1"), _acid("d1", km=10.0))
    found = portfolio(stored, (), [FOUR_KM], Wanted(treatments=False))
    assert (found.candidate_count, found.plants) == (0, ())


@pytest.mark.parametrize(
    ("operation", "heading"),
    [(Operation.R1, "2770"), (Operation.R6, "2790"), (Operation.R8, "3510"), (Operation.R10, None), (None, None)],
)
def test_the_heading_allows_the_operation_on_any_hazardous_waste(
    operation: Operation | None, heading: str | None
) -> None:
    assert heading_for(operation) == heading


def test_quantities_through_treatments_stay_within_what_is_listed() -> None:
    stored = market(*(_acid(f"s{n}", n, km=n) for n in range(1, 6)), *(_acid(f"d{n}", n, km=9.0 + n) for n in (2, 3)))
    chosen = _radar(stored, FOUR_KM, SIX_KM, plants=3).plants
    assert chosen[0].quantity_base_per_year == 5 * TONNES
    assert np.all(np.diff([one.gain_cent_per_year for one in chosen]) <= 0)
