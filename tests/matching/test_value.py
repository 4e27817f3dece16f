"""What a pair is worth: figures reckoned by hand, and parts that always add up."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from bench import carbon
from symbiosis.domain.ids import ResourceCode
from symbiosis.domain.places import GeoPrecision
from symbiosis.domain.resources import Resource, ResourceKind, Substitution
from symbiosis.domain.transport import VehicleClass
from symbiosis.domain.worth import LINES, LISTING_PRICE, Breakdown, Line, Measure, Part, Spread
from symbiosis.matching.breakdown import breakdowns, factor_ids
from symbiosis.matching.candidates import Candidates, find_candidates
from symbiosis.matching.readings import FactorMissingError
from symbiosis.matching.snapshot import Snapshot, snapshot_of
from symbiosis.matching.value import ArcValues, lines_of, value_candidates
from symbiosis.matching.ways import VEHICLES
from symbiosis.store.snapshot import OpenListing, StoredMarket
from symbiosis.units import BaseUnit
from tests.matching.markets import FACTORS, RESOURCES, listing, market, markets

GATE, TAX, PURCHASE, BY_LORRY, TREATED = (part for measure, part in LINES if measure is Measure.CENT)


ASH = Resource(ResourceCode("ash"), "Ash", "Cendre", ResourceKind.MATERIAL, BaseUnit.KG, waste_codes=("100101",))
"""No factor of it is known, and it is not hazardous."""


def valued(*listings: OpenListing, **parts: object) -> tuple[Snapshot, Candidates, ArcValues]:
    snapshot = snapshot_of(market(*listings, **{"resources": [*RESOURCES, ASH], **parts}))  # type: ignore[arg-type]
    candidates = find_candidates(snapshot)
    return snapshot, candidates, value_candidates(snapshot, candidates)


def cents(candidates: Candidates, values: ArcValues, part: Part) -> list[int]:
    lines = lines_of(candidates, values, np.arange(len(candidates)))
    amounts: list[int] = lines[LINES.index((Measure.CENT, part))].tolist()
    return amounts


def broken_down(*listings: OpenListing, **parts: object) -> Breakdown:
    """Return the breakdown of one tonne (MWh, …) of the one candidate of these listings."""
    snapshot, candidates, values = valued(*listings, **parts)
    return breakdowns(snapshot, candidates, values, [0], [1000])[0]


def test_slag_for_aggregates_over_a_way_of_fifty_kilometres() -> None:
    """Great-circle 50 / 1.3 = 38.462 km, so a way of 50.001 km.

    disposal 16.00, purchase 0.9 x 14.00 = 12.60, transport 6.00 + 0.13 x 50.001 = 12.50, treatment 8.00 EUR/t;
    emissions 12 + 0.9 x 4 - 0.0875 x 50.001 - 3 = 8.225 kg CO2e/t.
    """
    _, candidates, values = valued(listing("s1", "slag"), listing("d1", "aggregates", km=38.462))
    assert values.way_m.tolist() == [50_001]
    assert lines_of(candidates, values, np.zeros(1, np.int64))[:, 0].tolist() == [
        1600,
        0,
        1260,
        -1250,
        -800,
        12_000,
        3_600,
        -4_375,
        -3_000,
    ]
    assert (values.value_cent.tolist(), values.millicent_per_base.tolist()) == ([810], [810])
    assert values.gco2e.tolist() == [8225]
    assert (values.no_disposal_price.tolist(), values.no_purchase_price.tolist()) == ([False], [False])


def test_twenty_four_tonnes_over_fifty_kilometres_emit_105_kilograms() -> None:
    """ADEME BC:43643: 0.0875 kg CO2e/t.km x 24 t x 50 km = 105.0 kg."""
    straight = {**FACTORS, "transport.detour@2": 1.0}
    _, _, values = valued(listing("s1", "ash", 24_000), listing("d1", "ash", km=50.0), factors=straight)
    assert values.way_m.tolist() == [50_000]
    assert (24 * values.gco2e).tolist() == [-105_000]


def test_a_price_that_a_site_states_comes_before_the_factor() -> None:
    supply, demand = (
        listing("s1", "slag", price_cent_per_trade_unit=2500),
        listing("d1", "aggregates", price_cent_per_trade_unit=1001),
    )
    _, candidates, values = valued(supply, demand)
    assert (cents(candidates, values, GATE), cents(candidates, values, PURCHASE)) == ([2500], [901])
    worth = broken_down(supply, demand)
    assert worth.lines[0] == Line(Measure.CENT, GATE, 2500, 2500, 2500, (LISTING_PRICE,))
    assert not {"disposal.inert.cost@1", "purchase.aggregates.cost@10"} & set(factor_ids(worth))


def test_a_price_of_zero_is_a_price() -> None:
    _, _, values = valued(listing("s1", "ash", price_cent_per_trade_unit=0), listing("d1", "ash"))
    assert (values.no_disposal_price.tolist(), values.no_purchase_price.tolist()) == ([False], [True])


def test_a_price_that_nobody_knows_counts_as_nothing_and_says_so() -> None:
    _, candidates, values = valued(listing("s1", "ash"), listing("d1", "ash"))
    assert (cents(candidates, values, GATE), cents(candidates, values, PURCHASE)) == ([0], [0])
    assert (values.no_disposal_price.tolist(), values.no_purchase_price.tolist()) == ([True], [True])


def test_heat_is_not_thrown_away_so_its_disposal_is_not_unknown() -> None:
    _, _, values = valued(listing("s1", "heat"), listing("d1", "heat"))
    assert values.no_disposal_price.tolist() == [False]


def test_heat_loses_three_percent_a_kilometre_and_pays_by_the_kilometre() -> None:
    """2 km great-circle, 2.6 km of pipe: kept 1 - 0.078, purchase 60 x 0.922 = 55.32, pipe 12 x 2.6 = 31.20 EUR/MWh."""
    _, candidates, values = valued(listing("s1", "heat"), listing("d1", "heat", km=2.0))
    assert (values.way_m.tolist(), cents(candidates, values, PURCHASE)) == ([2600], [5532])
    assert (cents(candidates, values, BY_LORRY), values.millicent_per_base.tolist()) == ([-3120], [2412])


def test_a_yield_above_one_counts_as_one() -> None:
    wishing = Substitution(ASH.code, ResourceCode("slag"), 1.5, 0, 0, "Wishing", "test")
    listings = (listing("s1", "ash"), listing("d1", "slag", price_cent_per_trade_unit=1000))
    snapshot = snapshot_of(replace(market(*listings, resources=[*RESOURCES, ASH]), substitutions=(wishing,)))
    candidates = find_candidates(snapshot)
    assert cents(candidates, value_candidates(snapshot, candidates), PURCHASE) == [1000]


def test_a_square_metre_is_its_own_trade_unit() -> None:
    _, _, values = valued(listing("s1", "store"), listing("d1", "store", km=3.0, price_cent_per_trade_unit=4000))
    assert (values.value_cent.tolist(), values.millicent_per_base.tolist()) == ([4000], [4_000_000])
    assert values.way_m.tolist() == [3000]


def test_the_error_of_positions_makes_the_way_longer() -> None:
    blurred = {"geo_precision": GeoPrecision.COMMUNE}
    _, _, values = valued(listing("s1", "heat", **blurred), listing("d1", "heat", **blurred))
    assert values.way_m.tolist() == [2757]


def test_power_pays_for_the_network_whatever_the_distance() -> None:
    _, _, values = valued(listing("s1", "power"), listing("d1", "power", km=1.0, price_cent_per_trade_unit=10_000))
    assert values.value_cent.tolist() == [7500]


def test_the_factor_versions_of_a_pair_are_named() -> None:
    assert factor_ids(broken_down(listing("s1", "slag"), listing("d1", "aggregates"))) == (
        "disposal.inert.cost@1",
        "disposal.inert.emissions@1",
        "purchase.aggregates.cost@10",
        "transport.detour@1",
        "transport.rigid.cost@1",
        "transport.rigid.emissions@1",
        "transport.truck.loading@1",
        "virgin.aggregates.emissions@1",
    )


def test_a_way_that_cannot_be_priced_is_refused_in_words() -> None:
    priceless = {key: value for key, value in FACTORS.items() if not key.startswith("transport.rigid.cost")}
    with pytest.raises(
        FactorMissingError, match=r"transport\.rigid\.cost is not in the store; load the reference data"
    ):
        valued(listing("s1", "slag"), listing("d1", "slag"), factors=priceless)


def test_a_gas_by_weight_travels_by_trailer() -> None:
    gas = Resource("gas", "Gas", "Gaz", ResourceKind.GAS, BaseUnit.KG)  # type: ignore[arg-type]
    _, _, values = valued(
        listing("s1", "gas"), listing("d1", "gas", km=10, price_cent_per_trade_unit=9000), resources=[*RESOURCES, gas]
    )
    assert values.value_cent.tolist() == [9000 - 4500 - 715]
    assert values.gco2e.tolist() == [-3900]


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50, deadline=None)
@given(markets())
def test_the_parts_add_up_to_the_value(stored: StoredMarket) -> None:
    snapshot = snapshot_of(stored)
    candidates = find_candidates(snapshot)
    values = value_candidates(snapshot, candidates)
    lines = lines_of(candidates, values, np.arange(len(candidates)))
    assert values.value_cent.tolist() == lines[:5].sum(axis=0).tolist()
    assert values.gco2e.tolist() == lines[5:].sum(axis=0).tolist()
    assert (lines[LINES.index((Measure.CENT, Part.TRANSPORT))] <= 0).all()


@pytest.mark.parametrize(
    ("tonnes", "vehicle", "gco2e_per_t"),
    [
        (249.999, VehicleClass.RIGID_26T, 7150),
        (250, VehicleClass.ARTIC_40T, 4375),
        (2499, VehicleClass.ARTIC_40T, 4375),
        (2500, VehicleClass.ARTIC_44T, 3775),
    ],
)
def test_a_flow_takes_the_lorry_that_it_fills(tonnes: float, vehicle: VehicleClass, gco2e_per_t: int) -> None:
    """ADEME V23.6, kg CO2e/t.km: rigid 20 to 26 t 0.143, articulated 34 to 40 t 0.0875, 40 to 44 t 0.0755; 50 km."""
    classes = {"transport.rigid.emissions@2": 0.143, "transport.truck_44t.emissions@2": 0.0755}
    straight = {**FACTORS, **classes, "transport.detour@2": 1.0}
    flow = listing("s1", "ash", 9_000_000), listing("d1", "ash", round(tonnes * 1000), km=50.0)
    _, _, values = valued(*flow, factors=straight)
    assert VEHICLES[int(values.ways.vehicle[0])].name is vehicle
    assert values.gco2e.tolist() == [-gco2e_per_t]


def test_the_tax_of_the_year_stands_on_a_line_of_its_own_unless_the_site_states_its_price() -> None:
    taxed = {**FACTORS, "disposal.inert.tax@2024": 3.0, "disposal.inert.tax@2025": 5.0}
    pair = listing("s1", "slag"), listing("d1", "slag")
    worth = broken_down(*pair, factors=taxed)
    lines = {line.part: (line.amount, line.references) for line in worth.lines if line.measure is Measure.CENT}
    assert lines[Part.TAX] == (500, ("disposal.inert.tax@2025",))
    assert worth.avoided_disposal_cent == 2100
    stated = broken_down(listing("s1", "slag", price_cent_per_trade_unit=2000), pair[1], factors=taxed)
    assert Part.TAX not in {line.part for line in stated.lines}
    assert stated.avoided_disposal_cent == 2000


def test_a_range_is_the_root_of_the_squares_of_what_each_figure_moves() -> None:
    """By hand, at no distance: gate 16 (10 to 20) and loading 6 (3 to 14): falls 6 and 8, rises 4 and 3 EUR/t."""
    spread = {
        **FACTORS,
        "disposal.inert.cost@1": Spread(16, 10, 20),
        "transport.truck.loading@1": Spread(6, 3, 14),
        "disposal.inert.emissions@1": Spread(12, 9, 12),
    }
    worth = broken_down(listing("s1", "slag"), listing("d1", "slag"), factors=spread)
    assert (worth.value_low_cent, worth.value_cent, worth.value_high_cent) == (0, 1000, 1500)
    assert (worth.avoided_low_gco2e, worth.avoided_gco2e, worth.avoided_high_gco2e) == (9000, 12_000, 12_000)
    gate = worth.lines[0]
    assert (gate.low, gate.amount, gate.high) == (1000, 1600, 2000)


def test_a_figure_behind_two_lines_moves_both_at_once() -> None:
    """Heat over 2 km: a longer detour loses more and costs more. At 1.5: kept 0.91, so 54.60 of 60 and 36 of pipe."""
    longer = {**FACTORS, "transport.detour@1": Spread(1.3, 1.3, 1.5)}
    worth = broken_down(listing("s1", "heat"), listing("d1", "heat", km=2.0), factors=longer)
    assert (worth.value_cent, worth.value_low_cent, worth.value_high_cent) == (2412, 5460 - 3600, 2412)


def test_the_ranges_of_a_treatment_and_its_yield_count() -> None:
    ranged = Substitution(
        ResourceCode("slag"), ResourceCode("aggregates"), 0.9, 800, 3000, "Crushing", "test", 0.8, 1.2, 500, 900
    )
    stored = replace(market(listing("s1", "slag"), listing("d1", "aggregates")), substitutions=(ranged,))
    snapshot = snapshot_of(stored)
    candidates = find_candidates(snapshot)
    worth = breakdowns(snapshot, candidates, value_candidates(snapshot, candidates), [0], [1000])[0]
    lines = {line.part: (line.low, line.amount, line.high) for line in worth.lines if line.measure is Measure.CENT}
    assert lines[Part.PURCHASE] == (1120, 1260, 1400)
    assert lines[Part.TREATMENT] == (-900, -800, -500)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50, deadline=None)
@given(markets())
def test_what_is_stated_lies_inside_its_range_and_lines_survive_the_store(stored: StoredMarket) -> None:
    wide = {key: Spread(x.value, x.value * 0.5, x.value * 1.5) for key, x in stored.factors.items()}
    snapshot = snapshot_of(replace(stored, factors=wide))
    candidates = find_candidates(snapshot)
    rows = list(range(len(candidates)))
    values = value_candidates(snapshot, candidates)
    for row, worth in enumerate(breakdowns(snapshot, candidates, values, rows, [1000] * len(rows))):
        assert worth.value_low_cent <= worth.value_cent <= worth.value_high_cent
        assert worth.avoided_low_gco2e <= worth.avoided_gco2e <= worth.avoided_high_gco2e
        assert all(line.low <= line.amount <= line.high for line in worth.lines)
        assert all(Line.from_text(line.as_text()) == line for line in worth.lines)
        if snapshot.resources[snapshot.supplies.listings[int(candidates.supply[row])].resource_code].base_unit != "M2":
            assert worth.value_cent == values.value_cent[row]


def test_a_thousand_tonnes_of_scrap_for_primary_steel_avoid_1273_tonnes() -> None:
    """ADEME V23.6: 2,211 kg CO2e/t primary and 938 recycled, so 1,000 t avoid 1,273 t CO2e."""
    made = carbon.scrap_for_primary_steel()
    assert made.avoided_gco2e == 1_273_000_000
    assert "material.steel_primary.emissions@1" in factor_ids(made)


def test_24_tonnes_over_50_kilometres_are_105_kilograms_with_the_shipped_factor() -> None:
    made = carbon.load_of_24_t()
    assert made.avoided_gco2e == -105_000
    assert "transport.truck.emissions@1" in factor_ids(made)
