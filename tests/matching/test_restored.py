"""What a treatment mends is no reason any more; states and least quantities are named with their figures."""

from symbiosis.domain.resources import PhysicalState
from symbiosis.matching.explain import explain
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.snapshot import OpenListing
from tests.matching.markets import FIVE, listing, market


def told(*listings: OpenListing) -> list[tuple[str, str]]:
    return [(r.refusal.value, r.sentence) for r in explain(snapshot_of(market(*listings))).reasons]


def test_drying_mends_moisture_from_above_and_the_state_and_nothing_else() -> None:
    wet = listing("s1", "sludge", qualities=("MOISTURE_SHARE|0.7|0.8",))
    dry = {"physical_states": (PhysicalState.SOLID, PhysicalState.POWDER)}
    assert told(wet, listing("d1", "fuel", qualities=("MOISTURE_SHARE||0.1",), **dry)) == []
    limits = ("MOISTURE_SHARE|0.9|0.95", "CALORIFIC_MJ_PER_KG|12.0|")
    assert told(wet, listing("d1", "fuel", qualities=limits, **dry)) == [
        (
            "QUALITY_UNKNOWN",
            "The demand needs a calorific value of at least 12 MJ/kg; the supply does not state its lowest.",
        ),
        ("QUALITY", "Sludge arrives with a moisture of 70 to 80 %; the demand needs 90 to 95 %."),
    ]


def test_without_a_treatment_the_state_counts_as_it_is() -> None:
    solid_only = {"physical_states": (PhysicalState.SOLID,)}
    assert told(listing("s1", "sludge"), listing("d1", "sludge", **solid_only)) == [
        ("PHYSICAL_STATE", "Sludge arrives as sludge; the demand can handle solid only.")
    ]
    assert told(listing("s1", "sludge", **solid_only), listing("d1", "sludge", **solid_only)) == []
    assert told(listing("s1", "dust"), listing("d1", "dust", **solid_only)) == [
        ("PHYSICAL_STATE", "The demand can handle solid only; the supply does not state in which state it arrives.")
    ]


def test_the_least_of_either_side_counts_against_the_most_that_both_could_exchange() -> None:
    supply = listing("s1", "slag", 8_000)
    assert told(supply, listing("d1", "slag", 20_000, minimum_base_per_year=8_000)) == []
    assert told(supply, listing("d1", "slag", 20_000, minimum_base_per_year=8_001)) == [
        ("MINIMUM_LOT", "The demand takes no less than 8.001 t a year; the two could exchange 8 t at most.")
    ]


def test_hazardous_waste_meets_a_heading_or_evidence_and_nobody_else() -> None:
    acid, fresh = listing("s1", "acid"), listing("d1", "fresh-acid")
    assert [code for code, _ in told(acid, fresh)] == ["HAZARDOUS_WASTE"]
    assert told(acid, listing("d1", "fresh-acid", headings=("2790",))) == []
    assert [code for code, _ in told(acid, listing("d1", "fresh-acid", headings=("2718",)))] == ["HAZARDOUS_WASTE"]
    assert told(listing("s1", "acid", evidence=FIVE), fresh) == []
    from_treatment = listing("s1", "acid", evidence=FIVE, naf="38.22Z")
    assert [code for code, _ in told(from_treatment, fresh)] == ["HAZARDOUS_WASTE"]
