"""What a pair is worth: figures reckoned by hand, and parts that always add up."""

import pytest
from hypothesis import given

from symbiosis.domain.places import GeoPrecision
from symbiosis.domain.resources import Resource, ResourceKind
from symbiosis.domain.worth import LINES, LISTING_PRICE, Breakdown, Line, Measure, Part
from symbiosis.matching.breakdown import breakdowns, factor_ids
from symbiosis.matching.candidates import Candidates, find_candidates
from symbiosis.matching.readings import FactorMissingError
from symbiosis.matching.snapshot import Snapshot, snapshot_of
from symbiosis.matching.value import ArcValues, value_candidates
from symbiosis.store.snapshot import OpenListing, StoredMarket
from symbiosis.units import BaseUnit
from tests.matching.markets import FACTORS, RESOURCES, listing, market, markets

GATE, TAX, PURCHASE, BY_LORRY, TREATED = (part for measure, part in LINES if measure is Measure.CENT)


def valued(*listings: OpenListing, **parts: object) -> tuple[Snapshot, Candidates, ArcValues]:
    snapshot = snapshot_of(market(*listings, **parts))  # type: ignore[arg-type]
    candidates = find_candidates(snapshot)
    return snapshot, candidates, value_candidates(snapshot, candidates)


def cents(values: ArcValues, part: Part) -> list[int]:
    amounts: list[int] = values.line(Measure.CENT, part).tolist()
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
    _, _, values = valued(listing("s1", "slag"), listing("d1", "aggregates", km=38.462))
    assert values.way_m.tolist() == [50_001]
    assert values.lines[:, 0].tolist() == [1600, 0, 1260, -1250, -800, 12_000, 3_600, -4_375, -3_000]
    assert (values.value_cent.tolist(), values.millicent_per_base.tolist()) == ([810], [810])
    assert values.gco2e.tolist() == [8225]
    assert (values.no_disposal_price.tolist(), values.no_purchase_price.tolist()) == ([False], [False])


def test_twenty_four_tonnes_over_fifty_kilometres_emit_105_kilograms() -> None:
    """ADEME BC:43643: 0.0875 kg CO2e/t.km x 24 t x 50 km = 105.0 kg."""
    straight = {**FACTORS, "transport.detour@2": 1.0}
    _, _, values = valued(listing("s1", "dust", 24_000), listing("d1", "dust", km=50.0), factors=straight)
    assert values.way_m.tolist() == [50_000]
    assert (24 * values.gco2e).tolist() == [-105_000]


def test_a_price_that_a_site_states_comes_before_the_factor() -> None:
    supply, demand = (
        listing("s1", "slag", price_cent_per_trade_unit=2500),
        listing("d1", "aggregates", price_cent_per_trade_unit=1001),
    )
    _, _, values = valued(supply, demand)
    assert (cents(values, GATE), cents(values, PURCHASE)) == ([2500], [901])
    worth = broken_down(supply, demand)
    assert worth.lines[0] == Line(Measure.CENT, GATE, 2500, 2500, 2500, (LISTING_PRICE,))
    assert not {"disposal.inert.cost@1", "purchase.aggregates.cost@10"} & set(factor_ids(worth))


def test_a_price_of_zero_is_a_price() -> None:
    _, _, values = valued(listing("s1", "dust", price_cent_per_trade_unit=0), listing("d1", "dust"))
    assert (values.no_disposal_price.tolist(), values.no_purchase_price.tolist()) == ([False], [True])


def test_a_price_that_nobody_knows_counts_as_nothing_and_says_so() -> None:
    _, _, values = valued(listing("s1", "dust"), listing("d1", "dust"))
    assert (cents(values, GATE), cents(values, PURCHASE)) == ([0], [0])
    assert (values.no_disposal_price.tolist(), values.no_purchase_price.tolist()) == ([True], [True])


def test_heat_is_not_thrown_away_so_its_disposal_is_not_unknown() -> None:
    _, _, values = valued(listing("s1", "heat"), listing("d1", "heat"))
    assert values.no_disposal_price.tolist() == [False]


def test_heat_loses_three_percent_a_kilometre_and_pays_by_the_kilometre() -> None:
    """2 km great-circle, 2.6 km of pipe: kept 1 - 0.078, purchase 60 x 0.922 = 55.32, pipe 12 x 2.6 = 31.20 EUR/MWh."""
    _, _, values = valued(listing("s1", "heat"), listing("d1", "heat", km=2.0))
    assert (values.way_m.tolist(), cents(values, PURCHASE)) == ([2600], [5532])
    assert (cents(values, BY_LORRY), values.millicent_per_base.tolist()) == ([-3120], [2412])


def test_a_yield_above_one_counts_as_one() -> None:
    _, _, values = valued(listing("s1", "dust"), listing("d1", "slag", price_cent_per_trade_unit=1000))
    assert cents(values, PURCHASE) == [1000]


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


@given(markets())
def test_the_parts_add_up_to_the_value(stored: StoredMarket) -> None:
    snapshot = snapshot_of(stored)
    values = value_candidates(snapshot, find_candidates(snapshot))
    assert values.value_cent.tolist() == values.lines[:5].sum(axis=0).tolist()
    assert values.gco2e.tolist() == values.lines[5:].sum(axis=0).tolist()
    assert (values.line(Measure.CENT, Part.TRANSPORT) <= 0).all()
