"""What a run leaves out though it may meet: by sums that are factors, counted and told."""

from symbiosis.domain.ids import RunId
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.domain.worth import LeftOut, Spread
from symbiosis.matching.compute import Computed, compute
from symbiosis.matching.explain import explain
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.snapshot import OpenListing
from tests.matching.markets import FACTORS, listing, market, pair

LEAST_VALUE = {**FACTORS, "plan.least_value@1": 500.0}
LEAST_AVOIDED = {**FACTORS, "plan.least_avoided@1": 0.0}
FIFTY_TONNES = listing("s1", "slag", 50_000)
"""Ten EUR a tonne where it is: 16 of gate fee less 6 of loading."""


def made_of(*listings: OpenListing, **parts: object) -> Computed:
    def silent(*told: object) -> None:
        del told

    return compute(snapshot_of(market(*listings, **parts)), RunId("run"), silent)  # type: ignore[arg-type]


def test_a_pair_that_could_never_be_worth_the_least_value_is_left_out_and_counted() -> None:
    just, below = listing("d1", "slag", 50_000), listing("d1", "slag", 49_999)
    assert len(made_of(FIFTY_TONNES, just, factors=LEAST_VALUE).rows) == 1
    made = made_of(FIFTY_TONNES, below, factors=LEAST_VALUE)
    assert made.rows[:] == []
    assert (made.candidates, made.left_out) == (1, {LeftOut.LEAST_VALUE: 1, LeftOut.LEAST_AVOIDED: 0})
    assert (made.objective_cent, made.bound_cent) == (0, 0)


def test_without_the_factor_nothing_is_left_out() -> None:
    made = made_of(FIFTY_TONNES, listing("d1", "slag", 1000))
    assert len(made.rows) == 1
    assert set(made.left_out.values()) == {0}


def test_a_pair_that_emits_more_than_it_avoids_even_at_best_is_left_out() -> None:
    """No disposal emissions are known of slag here: over 10 km it only emits."""
    emitting = {**LEAST_AVOIDED, "disposal.inert.emissions@2": Spread(0, 0, 0)}
    doubtful = {**LEAST_AVOIDED, "disposal.inert.emissions@2": Spread(0, 0, 5)}
    pair_of = FIFTY_TONNES, listing("d1", "slag", 50_000, km=10.0)
    left = made_of(*pair_of, factors=emitting)
    assert (left.rows[:], left.left_out[LeftOut.LEAST_AVOIDED]) == ([], 1)
    kept = made_of(*pair_of, factors=doubtful)
    assert len(kept.rows) == 1
    assert kept.rows[0].suggestion.avoided_gco2e_per_year < 0


def test_what_people_work_on_is_kept_however_small() -> None:
    lock = pair("s1", "d1", SynergyStatus.NEGOTIATION, 1000)
    made = made_of(FIFTY_TONNES, listing("d1", "slag", 1000), pairs=(lock,), factors=LEAST_VALUE)
    assert [row.suggestion.quantity_base_per_year for row in made.rows] == [1000]


def test_an_explanation_names_the_rule_that_leaves_a_pair_out() -> None:
    small = market(FIFTY_TONNES, listing("d1", "slag", 1000), factors=LEAST_VALUE)
    meeting = explain(snapshot_of(small)).meeting
    assert meeting is not None
    assert meeting.left_out == (LeftOut.LEAST_VALUE,)
