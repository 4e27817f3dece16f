"""What a pair is worth: figures reckoned by hand, and parts that always add up."""

import pytest
from hypothesis import given

from symbiosis.domain.places import GeoPrecision
from symbiosis.domain.resources import Resource, ResourceKind
from symbiosis.matching.candidates import Candidates, find_candidates
from symbiosis.matching.snapshot import Snapshot, snapshot_of
from symbiosis.matching.value import ArcValues, FactorMissingError, factor_ids, value_candidates
from symbiosis.store.snapshot import OpenListing, StoredMarket
from symbiosis.units import BaseUnit
from tests.matching.markets import FACTORS, RESOURCES, listing, market, markets


def valued(*listings: OpenListing, **parts: object) -> tuple[Snapshot, Candidates, ArcValues]:
    snapshot = snapshot_of(market(*listings, **parts))  # type: ignore[arg-type]
    candidates = find_candidates(snapshot)
    return snapshot, candidates, value_candidates(snapshot, candidates)


def only(values: ArcValues) -> dict[str, int | bool]:
    names = [name for name in ArcValues.__slots__ if len(getattr(values, name)) == 1]
    return {name: getattr(values, name)[0].item() for name in names}


def test_slag_for_aggregates_over_a_way_of_fifty_kilometres() -> None:
    """Great-circle 50 / 1.3 = 38.462 km, so a way of 50.001 km.

    disposal 16.00, purchase 0.9 x 14.00 = 12.60, transport 6.00 + 0.13 x 50.001 = 12.50, treatment 8.00 EUR/t;
    emissions 12 + 0.9 x 4 - 0.0875 x 50.001 - 3 = 8.225 kg CO2e/t.
    """
    _, _, values = valued(listing("s1", "slag"), listing("d1", "aggregates", km=38.462))
    assert only(values) == {
        "way_m": 50_001,
        "disposal_cent": 1600,
        "purchase_cent": 1260,
        "transport_cent": 1250,
        "treatment_cent": 800,
        "value_cent": 810,
        "millicent_per_base": 810,
        "gco2e": 8225,
        "no_disposal_price": False,
        "no_purchase_price": False,
    }


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
    snapshot, _, values = valued(supply, demand)
    assert values.disposal_cent.tolist() == [2500]
    assert values.purchase_cent.tolist() == [901]
    assert "disposal.inert.cost@1" not in factor_ids(snapshot, 0, 0)
    assert "purchase.aggregates.cost@10" not in factor_ids(snapshot, 0, 0)


def test_a_price_of_zero_is_a_price() -> None:
    _, _, values = valued(listing("s1", "dust", price_cent_per_trade_unit=0), listing("d1", "dust"))
    assert (values.no_disposal_price.tolist(), values.no_purchase_price.tolist()) == ([False], [True])


def test_a_price_that_nobody_knows_counts_as_nothing_and_says_so() -> None:
    _, _, values = valued(listing("s1", "dust"), listing("d1", "dust"))
    assert (values.disposal_cent.tolist(), values.purchase_cent.tolist()) == ([0], [0])
    assert (values.no_disposal_price.tolist(), values.no_purchase_price.tolist()) == ([True], [True])


def test_heat_is_not_thrown_away_so_its_disposal_is_not_unknown() -> None:
    _, _, values = valued(listing("s1", "heat"), listing("d1", "heat"))
    assert values.no_disposal_price.tolist() == [False]


def test_heat_loses_three_percent_a_kilometre_and_pays_by_the_kilometre() -> None:
    """2 km great-circle, 2.6 km of pipe: kept 1 - 0.078, purchase 60 x 0.922 = 55.32, pipe 12 x 2.6 = 31.20 EUR/MWh."""
    _, _, values = valued(listing("s1", "heat"), listing("d1", "heat", km=2.0))
    assert (values.way_m.tolist(), values.purchase_cent.tolist()) == ([2600], [5532])
    assert (values.transport_cent.tolist(), values.millicent_per_base.tolist()) == ([3120], [2412])


def test_a_yield_above_one_counts_as_one() -> None:
    _, _, values = valued(listing("s1", "dust"), listing("d1", "slag", price_cent_per_trade_unit=1000))
    assert values.purchase_cent.tolist() == [1000]


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
    snapshot, _, _ = valued(listing("s1", "slag"), listing("d1", "aggregates"))
    assert factor_ids(snapshot, 0, 0) == (
        "disposal.inert.cost@1",
        "disposal.inert.emissions@1",
        "purchase.aggregates.cost@10",
        "transport.detour@1",
        "transport.truck.cost@2",
        "transport.truck.emissions@1",
        "transport.truck.loading@1",
        "virgin.aggregates.emissions@1",
    )


def test_a_way_that_cannot_be_priced_is_refused_in_words() -> None:
    priceless = {key: value for key, value in FACTORS.items() if not key.startswith("transport.truck.cost")}
    with pytest.raises(
        FactorMissingError, match=r"transport\.truck\.cost is not in the store; load the reference data"
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
    parts = values.disposal_cent + values.purchase_cent - values.transport_cent - values.treatment_cent
    assert values.value_cent.tolist() == parts.tolist()
    assert (values.transport_cent >= 0).all()
