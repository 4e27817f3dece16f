"""The explanation of a pair and the filter of a run: one table, so they never disagree; and what the words say."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from symbiosis.domain.candidates import Match, Refusal
from symbiosis.domain.ids import ListingId, SiteId
from symbiosis.domain.synergies import StepReason, SynergyStatus
from symbiosis.errors import NotFoundError
from symbiosis.matching.candidates import find_candidates
from symbiosis.matching.classes import classify
from symbiosis.matching.explain import PairExplanation, explain, why_not
from symbiosis.matching.pair import explain_stored_pair
from symbiosis.matching.rules import OF_CLASSES
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.matching.words import Reviewed
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.snapshot import OpenListing, StoredMarket
from tests.matching.conftest import Put
from tests.matching.markets import listing, market, markets, pair


@given(markets())
@settings(max_examples=100, deadline=None)
def test_a_pair_is_a_candidate_exactly_where_no_reason_blocks_it(stored: StoredMarket) -> None:
    snapshot = snapshot_of(stored)
    found = find_candidates(snapshot)
    meet = set(zip(found.supply.tolist(), found.demand.tolist(), strict=True))
    of_classes = {rule.refusal for rule in OF_CLASSES}
    first: Counter[Refusal] = Counter()
    for i in range(len(snapshot.supplies)):
        for j in range(len(snapshot.demands)):
            reasons = why_not(snapshot, i, j)
            assert ((i, j) in meet) is (reasons == ())
            if reasons:
                first[reasons[0].refusal] += 1
    compatible = sum(first[refusal] for refusal in Refusal if refusal not in of_classes) + len(found)
    assert compatible == found.compatible
    assert {refusal: first[refusal] for refusal in Refusal if refusal not in of_classes} == {
        refusal: count for refusal, count in found.refused.items() if refusal not in of_classes
    }


@given(markets())
@settings(max_examples=50, deadline=None)
def test_two_rows_alone_are_refused_as_they_are_among_all(stored: StoredMarket) -> None:
    snapshot = snapshot_of(stored)
    for i, supply in enumerate(snapshot.supplies.listings[:4]):
        for j, demand in enumerate(snapshot.demands.listings[:4]):
            pairs = [p for p in stored.pairs if (p.supply_id, p.demand_id) == (supply.listing_id, demand.listing_id)]
            alone = snapshot_of(market(supply, demand, pairs=pairs))
            assert why_not(alone, 0, 0) == why_not(snapshot, i, j)


def explained(*listings: OpenListing, review: Reviewed | None = None, **parts: object) -> PairExplanation:
    return explain(snapshot_of(market(*listings, **parts)), review)  # type: ignore[arg-type]


def told(made: PairExplanation) -> list[tuple[str, str]]:
    return [(reason.refusal.value, reason.sentence) for reason in made.reasons]


def test_a_candidate_is_valued_as_a_run_values_it() -> None:
    """The figures of the one suggestion of `test_compute`, by hand: 10 000 t at 8.10 EUR."""
    supply = listing("s1", "slag", 24_000_000, estimated=True, version=3)
    made = explained(supply, listing("d1", "aggregates", 10_000_000, km=38.462))
    assert (made.reasons, made.distance_m, made.estimated) == ((), 38_462, True)
    assert made.meeting is not None
    assert (made.meeting.match, made.meeting.technique, made.meeting.way_m) == (Match.SUBSTITUTE, "Crushing", 50_001)
    unit, most = made.meeting.per_trade_unit, made.meeting.greatest
    assert (unit.quantity_base, unit.value_cent, unit.avoided_gco2e) == (1000, 810, 8225)
    assert (unit.avoided_disposal_cent, unit.avoided_purchase_cent) == (1600, 1260)
    assert (unit.transport_cent, unit.treatment_cent) == (1250, 800)
    assert (most.quantity_base, most.value_cent, most.avoided_gco2e) == (10_000_000, 8_100_000, 82_250_000)
    assert "transport.truck_44t.cost@1" in made.meeting.factor_ids


def test_every_reason_is_named_with_the_value_and_the_limit() -> None:
    supply = listing("s1", "heat", qualities=("TEMPERATURE_C|60.0|80.0",), available_until="2026-06-30")
    limits = ("TEMPERATURE_C|90.0|", "CONDUCTIVITY_US_PER_CM||500.0")
    made = explained(supply, listing("d1", "heat", km=12.4, qualities=limits, available_from="2026-07-01"))
    assert told(made) == [
        ("OUT_OF_REACH", "12.4 km apart; heat is looked for within 5 km."),
        (
            "QUALITY_UNKNOWN",
            "The demand needs a conductivity of at most 500 µS/cm; the supply does not state its highest.",
        ),
        ("QUALITY", "Heat arrives with a temperature of 60 to 80 °C; the demand needs at least 90 °C."),
        ("DATES", "The supply is there until 2026-06-30, the demand from 2026-07-01 on; they share no day."),
    ]
    assert all(reason.remedy for reason in made.reasons)
    assert made.meeting is None


def test_a_metre_too_far_is_told_to_the_metre() -> None:
    far = explained(listing("s1", "heat"), listing("d1", "heat", km=5.001))
    assert told(far) == [("OUT_OF_REACH", "5.001 km apart; heat is looked for within 5 km.")]


def test_resources_kinds_and_units_that_do_not_fit_are_named() -> None:
    other = explained(listing("s1", "aggregates"), listing("d1", "dust", waste_code="150101"))
    assert [code for code, _ in told(other)] == ["RESOURCE"]
    assert "150101" in other.reasons[0].sentence
    assert other.reasons[0].remedy == "The catalogue learns, with a source, how Aggregates replaces Dust."
    waste = explained(listing("s1", "slag"), listing("d1", "dust"))
    assert waste.reasons[0].remedy.startswith("The demand states that it accepts waste code 100202, 100903, or the")
    kinds = explained(listing("s1", "warm-water"), listing("d1", "heat"))
    assert told(kinds)[0] == ("KIND", "Warm water is water and Heat is heat; different kinds never meet.")
    units = explained(listing("s1", "litres-of-oil"), listing("d1", "litres-of-oil"))
    assert told(units) == [("UNIT", "The supply is counted in m3 and the demand in m3; material travels in t.")]


def test_one_site_does_not_trade_with_itself() -> None:
    own = SiteId("site-x")
    made = explained(listing("s1", "slag", site_id=own), listing("d1", "slag", site_id=own))
    assert told(made) == [("SAME_SITE", "Both listings are of the site site-x; a site exchanges with others.")]


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        (SynergyStatus.REJECTED, StepReason.QUALITY, "People rejected this pair on 2026-11-02 for QUALITY"),
        (SynergyStatus.ON_HOLD, None, "This pair was put on hold on 2026-11-02"),
        (SynergyStatus.LOST, None, "This pair was given up on 2026-11-02"),
        (SynergyStatus.COMPLETED, None, "This exchange was completed on 2026-11-02"),
    ],
)
def test_what_people_decided_is_said_with_its_day(status: SynergyStatus, reason: StepReason | None, words: str) -> None:
    review = Reviewed(status, "2026-11-02T08:00:00.000000Z", reason)
    made = explained(listing("s1", "slag"), listing("d1", "slag"), review=review, pairs=[pair("s1", "d1", status)])
    assert told(made) == [("REVIEWED", f"{words}; it comes back when one of its listings changes.")]


def test_the_answers_of_classes_are_what_the_join_starts_from() -> None:
    classes = classify(snapshot_of(market(listing("s1", "slag"), listing("d1", "aggregates"), listing("d2", "dust"))))
    together = np.logical_and.reduce([classes.passed[rule.refusal] for rule in OF_CLASSES])
    assert together.tolist() == (classes.match > 0).tolist() == [[True, False]]


@pytest.mark.store
async def test_the_store_gives_the_pair_that_the_whole_market_gives(graph: Graph, put: Put) -> None:
    supply, demand = listing("s1", "slag", 24_000_000), listing("d1", "aggregates", 10_000_000, km=38.462)
    await put(market(supply, demand, listing("s2", "heat"), listing("d2", "heat")))
    assert await explain_stored_pair(graph, supply.listing_id, demand.listing_id) == explained(supply, demand)


@pytest.mark.store
async def test_closed_turned_round_and_unknown_listings_are_refused_in_words(graph: Graph, put: Put) -> None:
    await put(market(listing("s1", "slag"), listing("d1", "slag", km=81)))
    s1, d1 = ListingId("s1"), ListingId("d1")

    async def withdraw(tx: Tx) -> None:
        await tx.run("MATCH (l:Listing {id: 's1'}) SET l.status = 'WITHDRAWN'")

    await graph.write(withdraw)
    closed = await explain_stored_pair(graph, s1, d1)
    assert [code for code, _ in told(closed)] == ["WITHDRAWN", "OUT_OF_REACH"]
    turned = await explain_stored_pair(graph, d1, s1)
    assert [code for code, _ in told(turned)] == ["WITHDRAWN", "DIRECTION", "DIRECTION"]
    same = await explain_stored_pair(graph, d1, d1)
    assert told(same) == [("DIRECTION", "d1 is a demand, not a supply.")]
    with pytest.raises(NotFoundError, match="There is no listing nobody"):
        await explain_stored_pair(graph, s1, ListingId("nobody"))
