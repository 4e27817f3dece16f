"""Which pairs may meet: the same as asking every rule of every pair, one by one."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from symbiosis.domain.candidates import Match, Refusal
from symbiosis.domain.permits import Operation
from symbiosis.domain.places import GeoPrecision
from symbiosis.domain.resources import QualityRange, Resource, Substitution
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.domain.transport import POSITION_ERROR_M, TRANSPORT
from symbiosis.matching import join
from symbiosis.matching.candidates import find_candidates
from symbiosis.matching.classes import MATCHES
from symbiosis.matching.snapshot import Snapshot, snapshot_of
from symbiosis.store.snapshot import OpenListing, StoredMarket
from tests.matching.markets import listing, market, markets, pair


def match_of(snapshot: Snapshot, supply: OpenListing, demand: OpenListing) -> Match | None:
    given, wanted = snapshot.resources[supply.resource_code], snapshot.resources[demand.resource_code]
    if (given.kind, given.base_unit) != (wanted.kind, wanted.base_unit) or not travels(given):
        return None
    if given.code == wanted.code:
        return Match.SAME_RESOURCE
    if any((row.by_product, row.input_) == (given.code, wanted.code) for row in snapshot.substitutions):
        return Match.SUBSTITUTE
    codes = (supply.waste_code,) if supply.waste_code else given.waste_codes
    if demand.waste_code and len(demand.waste_code) == 6 and demand.waste_code in codes:
        return Match.LOW_CODE
    if demand.waste_code and len(demand.waste_code) == 4 and demand.waste_code in {code[:4] for code in codes}:
        return Match.LOW_SUBCHAPTER
    return None


def travels(resource: Resource) -> bool:
    return resource.base_unit in TRANSPORT[resource.kind].base_units


def metres(one: OpenListing, other: OpenListing) -> int:
    phi, psi = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((psi - phi) / 2) ** 2
    half += math.cos(phi) * math.cos(psi) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    known = round(2 * 6_371_008.8 * math.asin(math.sqrt(half)))
    return round(math.hypot(known, POSITION_ERROR_M[one.geo_precision], POSITION_ERROR_M[other.geo_precision]))


def refusal_of(snapshot: Snapshot, supply: OpenListing, demand: OpenListing) -> Refusal | None:
    if metres(supply, demand) > TRANSPORT[snapshot.resources[supply.resource_code].kind].reach_m:
        return Refusal.OUT_OF_REACH
    if supply.site_id == demand.site_id:
        return Refusal.SAME_SITE
    treatment = treatment_of(snapshot, supply, demand)
    mended = treatment.restores if treatment else ()
    resource = snapshot.resources[supply.resource_code]
    states, handled = set(supply.physical_states or resource.physical_states), set(demand.physical_states)
    if handled and not (states and states <= handled) and "PHYSICAL_STATE" not in mended:
        return Refusal.PHYSICAL_STATE
    measured = {x.quality: x for x in map(QualityRange.from_text, supply.qualities)}
    limits = [
        (measured.get(x.quality, QualityRange(x.quality, None, None)), x)
        for x in map(QualityRange.from_text, demand.qualities)
    ]
    limits = [
        (m, replace(x, low=None if f"{x.quality}:LOW" in mended else x.low, high=high_of(x, mended))) for m, x in limits
    ]
    if any((x.low is not None and m.low is None) or (x.high is not None and m.high is None) for m, x in limits):
        return Refusal.QUALITY_UNKNOWN
    if any((x.low is not None and m.low < x.low) or (x.high is not None and m.high > x.high) for m, x in limits):
        return Refusal.QUALITY
    most = min(supply.quantity_base_per_year, demand.quantity_base_per_year)
    if most < max(supply.minimum_base_per_year or 0, demand.minimum_base_per_year or 0):
        return Refusal.MINIMUM_LOT
    begin = max(supply.available_from or "0", demand.available_from or "0")
    if begin > min(supply.available_until or "9", demand.available_until or "9"):
        return Refusal.DATES
    if is_barred(supply, demand, resource.waste_codes, treatment):
        return Refusal.HAZARDOUS_WASTE
    if (supply.listing_id, demand.listing_id) in snapshot.refused:
        return Refusal.REVIEWED
    return None


def high_of(limit: QualityRange, mended: tuple[str, ...]) -> float | None:
    return None if f"{limit.quality}:HIGH" in mended else limit.high


def treatment_of(snapshot: Snapshot, supply: OpenListing, demand: OpenListing) -> Substitution | None:
    if match_of(snapshot, supply, demand) is not Match.SUBSTITUTE:
        return None
    ends = (supply.resource_code, demand.resource_code)
    return next(row for row in snapshot.substitutions if (row.by_product, row.input_) == ends)


def is_barred(
    supply: OpenListing, demand: OpenListing, possible: tuple[str, ...], treatment: Substitution | None
) -> bool:
    """The law of the little catalogue by hand: 110105 and 100207 are hazardous; 2790 treats them, 2718 sorts them, and
    the arrêté of 22 February 2019 ends the waste that is regenerated.
    """
    codes = (supply.waste_code,) if supply.waste_code else possible
    if not {"110105", "100207"} & set(codes):
        return False
    operation = treatment.operation if treatment else None
    heads = {Operation.R6: {"2790", "3510"}, Operation.R1: set(), None: {"2790", "2718", "3510"}}[operation]
    if heads & set(demand.headings):
        return False
    if len(supply.evidence) == 5 and not (supply.naf or "").startswith("38"):
        return False
    ended = any(text.startswith("END_OF_WASTE|FR-2019-02-22") for text in supply.evidence)
    return not (ended and operation is not Operation.R1)


@given(markets())
@settings(max_examples=200, deadline=None)
def test_the_join_finds_what_a_double_loop_finds(stored: StoredMarket) -> None:
    snapshot = snapshot_of(stored)
    found = find_candidates(snapshot)
    wanted, refused, compatible = [], dict.fromkeys(Refusal, 0), 0
    for i, supply in enumerate(snapshot.supplies.listings):
        for j, demand in enumerate(snapshot.demands.listings):
            match = match_of(snapshot, supply, demand)
            if match is None:
                continue
            compatible += 1
            refusal = refusal_of(snapshot, supply, demand)
            if refusal is None:
                wanted.append((i, j, metres(supply, demand), match))
            else:
                refused[refusal] += 1
    matches = [MATCHES[number] for number in found.match_of(np.arange(len(found)))]
    columns = (found.supply.tolist(), found.demand.tolist(), found.distance_m.tolist(), matches)
    assert list(zip(*columns, strict=True)) == wanted
    assert found.refused == refused
    assert found.compatible == compatible == len(found) + sum(refused.values())


@given(markets())
@settings(max_examples=30, deadline=None)
def test_the_size_of_a_chunk_does_not_touch_what_is_found(stored: StoredMarket) -> None:
    snapshot = snapshot_of(stored)
    whole = find_candidates(snapshot)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(join, "CHUNK_PAIRS", 3)
        patch.setattr(join, "BLOCK_PROBES", 2)
        parts = find_candidates(snapshot)
    assert (parts.supply.tolist(), parts.demand.tolist()) == (whole.supply.tolist(), whole.demand.tolist())
    assert parts.refused == whole.refused


def found(*listings: OpenListing, **parts: object) -> list[tuple[str, str, str]]:
    snapshot = snapshot_of(market(*listings, **parts))  # type: ignore[arg-type]
    pairs = find_candidates(snapshot)
    return [
        (snapshot.supplies.listings[i].listing_id, snapshot.demands.listings[j].listing_id, str(MATCHES[match]))
        for i, j, match in zip(pairs.supply, pairs.demand, pairs.match_of(np.arange(len(pairs))), strict=True)
    ]


def test_a_supply_meets_its_own_resource_and_what_it_substitutes() -> None:
    assert found(listing("s1", "slag"), listing("d1", "slag"), listing("d2", "aggregates"), listing("d3", "dust")) == [
        ("s1", "d1", "SAME_RESOURCE"),
        ("s1", "d2", "SUBSTITUTE"),
    ]


def test_a_waste_code_counts_where_the_demand_states_it() -> None:
    stated = [
        listing("d1", "dust", waste_code="100202"),
        listing("d2", "dust", waste_code="1002"),
        listing("d3", "dust", waste_code="100903"),
        listing("d4", "dust", waste_code="100207"),
        listing("d5", "dust"),
    ]
    assert found(listing("s1", "slag", waste_code="100202"), *stated) == [
        ("s1", "d1", "LOW_CODE"),
        ("s1", "d2", "LOW_SUBCHAPTER"),
    ]
    assert found(listing("s1", "slag"), *stated) == [
        ("s1", "d1", "LOW_CODE"),
        ("s1", "d2", "LOW_SUBCHAPTER"),
        ("s1", "d3", "LOW_CODE"),
    ]


def test_another_kind_or_another_unit_never_meets() -> None:
    assert found(listing("s1", "warm-water"), listing("d1", "heat")) == []
    assert found(listing("s1", "litres-of-oil"), listing("d1", "litres-of-oil")) == []


def test_reach_ends_at_the_metre() -> None:
    near, far = listing("d1", "heat", km=5.0), listing("d2", "heat", km=5.001)
    assert found(listing("s1", "heat"), near, far) == [("s1", "d1", "SAME_RESOURCE")]


def test_two_sites_on_one_commune_centre_are_not_taken_to_touch() -> None:
    blurred = {"geo_precision": GeoPrecision.COMMUNE}
    snapshot = snapshot_of(market(listing("s1", "heat", **blurred), listing("d1", "heat", **blurred)))
    assert find_candidates(snapshot).distance_m.tolist() == [2121]
    assert found(listing("s1", "power", **blurred), listing("d1", "power", **blurred)) == []


def test_what_a_demand_limits_a_supply_must_state() -> None:
    warm = listing("d1", "heat", qualities=("TEMPERATURE_C|60.0|",))
    for qualities, meets in (
        ((), False),
        (("TEMPERATURE_C||90.0",), False),
        (("TEMPERATURE_C|59.9|90.0",), False),
        (("TEMPERATURE_C|60.0|90.0",), True),
        (("TEMPERATURE_C|60.0|",), True),
    ):
        assert bool(found(listing("s1", "heat", qualities=qualities), warm)) is meets


def test_dates_that_share_one_day_overlap() -> None:
    until = listing("s1", "slag", available_until="2026-06-30")
    assert found(until, listing("d1", "slag", available_from="2026-06-30")) != []
    assert found(until, listing("d1", "slag", available_from="2026-07-01")) == []


def test_a_rejected_pair_stays_out_and_is_counted() -> None:
    stored = market(listing("s1", "slag"), listing("d1", "slag"), pairs=[pair("s1", "d1", SynergyStatus.REJECTED)])
    refused = find_candidates(snapshot_of(stored))
    assert len(refused) == 0
    assert refused.refused[Refusal.REVIEWED] == 1


def test_distances_are_those_of_the_sphere() -> None:
    """From the centre of Lyon to that of Saint-Étienne it is a little below 50 km."""
    lyon, saint_etienne = listing("s1", "slag", lat=45.7578, lon=4.8320), listing("d1", "slag", lat=45.4397, lon=4.3872)
    assert find_candidates(snapshot_of(market(lyon, saint_etienne))).distance_m.tolist() == [
        metres(lyon, saint_etienne)
    ]
    assert 49_000 < metres(lyon, saint_etienne) < 50_000
    assert metres(listing("s1", "slag"), listing("d1", "slag", km=111.195)) == 111_195
