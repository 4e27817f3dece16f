"""What a plan changes of the published one is told pair by pair, each with its first cause."""

import dataclasses

from symbiosis.domain.changes import ChangeCause, ChangeCount, ChangeKind, PairChange, counted
from symbiosis.domain.ids import synergy_id_of
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.matching.changes import LISTING_FIELDS
from symbiosis.matching.snapshot import listing_row, snapshot_of
from symbiosis.store.snapshot import OpenListing, StoredMarket
from tests.matching.markets import FACTORS, listing, market, pair
from tests.matching.test_stability import after, published

SUPPLY = listing("s1", "slag", 1000)
DEMAND = listing("d1", "slag", 1000, price_cent_per_trade_unit=3000)
OTHER = listing("d2", "slag", 1000, price_cent_per_trade_unit=4000)


def changes(before: StoredMarket, now: StoredMarket) -> dict[tuple[str, str], PairChange]:
    first = published(after(None, before), snapshot_of(before).canonical())
    return {(change.supply_id, change.demand_id): change for change in after(first, now).changes}


def told(change: PairChange) -> tuple[ChangeKind, ChangeCause, str]:
    return change.kind, change.cause, change.detail


def with_(one: OpenListing, **facts: object) -> OpenListing:
    return dataclasses.replace(one, **facts)  # type: ignore[arg-type]


def test_a_new_listing_is_the_cause_of_its_pair_and_what_it_displaces_names_it() -> None:
    found = changes(market(SUPPLY, DEMAND), market(SUPPLY, DEMAND, OTHER))
    assert told(found["s1", "d2"]) == (ChangeKind.NEW, ChangeCause.LISTING_NEW, "d2")
    assert told(found["s1", "d1"]) == (
        ChangeKind.GONE,
        ChangeCause.DISPLACED,
        synergy_id_of(SUPPLY.listing_id, OTHER.listing_id),
    )
    gone = found["s1", "d1"]
    assert (gone.before_base_per_year, gone.after_base_per_year) == (1000, 0)
    assert (gone.before_cent_per_year, gone.after_cent_per_year) == (4000, 0)


def test_a_withdrawn_listing_takes_its_pair_away_and_frees_another() -> None:
    found = changes(market(SUPPLY, DEMAND, OTHER), market(SUPPLY, DEMAND))
    assert told(found["s1", "d2"]) == (ChangeKind.GONE, ChangeCause.LISTING_WITHDRAWN, "d2")
    assert told(found["s1", "d1"]) == (
        ChangeKind.NEW,
        ChangeCause.FREED,
        synergy_id_of(SUPPLY.listing_id, OTHER.listing_id),
    )


def test_a_changed_listing_is_named_with_its_fields_and_never_with_their_figures() -> None:
    smaller = with_(SUPPLY, quantity_base_per_year=400, price_cent_per_trade_unit=900)
    found = changes(market(SUPPLY, DEMAND), market(smaller, DEMAND))
    assert told(found["s1", "d1"]) == (ChangeKind.SMALLER, ChangeCause.LISTING_CHANGED, "s1: quantity, price")
    larger = with_(SUPPLY, quantity_base_per_year=400)
    found = changes(market(larger, DEMAND), market(SUPPLY, DEMAND))
    assert told(found["s1", "d1"]) == (ChangeKind.LARGER, ChangeCause.LISTING_CHANGED, "s1: quantity")


def test_a_listing_that_changed_beyond_a_rule_names_the_rule_too() -> None:
    later = with_(SUPPLY, available_from="2027-01-01")
    ends = with_(DEMAND, available_until="2026-12-31")
    found = changes(market(SUPPLY, ends), market(later, ends))
    assert told(found["s1", "d1"]) == (ChangeKind.GONE, ChangeCause.LISTING_CHANGED, "s1: available from; DATES")


def test_a_synergy_people_work_on_that_has_become_unlawful_is_kept_out_and_named() -> None:
    """Somebody states a hazardous code; nothing in the demand makes it lawful, so the lock does not hold it."""
    locked = [pair("s1", "d1", SynergyStatus.AGREED, 1000)]
    hazardous = with_(SUPPLY, waste_code="110105")
    found = changes(market(SUPPLY, DEMAND, pairs=locked), market(hazardous, DEMAND, pairs=locked))
    kind, cause, detail = told(found["s1", "d1"])
    assert (kind, cause) == (ChangeKind.GONE, ChangeCause.LISTING_CHANGED)
    assert detail == "s1: waste code; HAZARDOUS_WASTE"


def test_a_pair_that_was_turned_down_says_so() -> None:
    rejected = [pair("s1", "d1", SynergyStatus.REJECTED)]
    found = changes(market(SUPPLY, DEMAND), market(SUPPLY, DEMAND, pairs=rejected))
    assert told(found["s1", "d1"])[:2] == (ChangeKind.GONE, ChangeCause.REJECTED)


def test_a_new_version_of_a_factor_is_named() -> None:
    cheaper = {**FACTORS, "transport.truck_44t.cost@2": 0.2, "transport.rigid.cost@2": 9.0}
    far = with_(DEMAND, quantity_base_per_year=600, lat=DEMAND.lat + 0.1)
    found = changes(market(SUPPLY, far), market(SUPPLY, far, factors=cheaper))
    kind, cause, detail = told(found["s1", "d1"])
    assert (kind, cause) == (ChangeKind.GONE, ChangeCause.FIGURES)
    assert "transport.rigid.cost@2" in detail


def test_a_least_sum_that_keeps_a_pair_out_is_a_rule() -> None:
    strict = {**FACTORS, "plan.least_value@1": 10_000.0}
    found = changes(market(SUPPLY, DEMAND), market(SUPPLY, DEMAND, factors=strict))
    assert told(found["s1", "d1"]) == (ChangeKind.GONE, ChangeCause.RULE, "LEAST_VALUE")


def test_changes_are_counted_by_kind_and_cause_and_come_back_as_they_were_written() -> None:
    found = changes(market(SUPPLY, DEMAND), market(SUPPLY, DEMAND, OTHER))
    counts = counted(found.values())
    assert counts == (
        ChangeCount(ChangeKind.NEW, ChangeCause.LISTING_NEW, 1),
        ChangeCount(ChangeKind.GONE, ChangeCause.DISPLACED, 1),
    )
    assert tuple(ChangeCount.from_text(count.as_text()) for count in counts) == counts


def test_every_part_of_a_listing_s_row_has_its_name() -> None:
    assert len(listing_row(SUPPLY)) == len(LISTING_FIELDS)
