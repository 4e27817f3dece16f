"""The five pairs of `make show-pairs`, through import, store and explanation: what blocks each, with its figures."""

import pytest

from bench.pairs import explained
from symbiosis.domain.candidates import Check, NoticeCode
from symbiosis.domain.legal import RouteKind, Standing
from symbiosis.matching.checks import Outcome
from symbiosis.store.graph import Graph

pytestmark = pytest.mark.store


async def test_each_of_the_five_pairs_is_explained_by_what_it_is_there_for(graph: Graph) -> None:
    fine, law, quality, distance, date = [made for _, made in await explained(graph)]
    assert fine.reasons == ()
    assert fine.meeting is not None
    assert fine.meeting.technique == "Weathering, crushing, screening"
    assert {result.check: result.outcome for result in fine.checks}[Check.LAW] is Outcome.NOTED
    assert [notice.code for notice in fine.notices] == [NoticeCode.TO_PROVE]
    blocked = (law, quality, distance, date)
    told = [[(reason.refusal.value, reason.sentence) for reason in made.reasons] for made in blocked]
    assert told == [
        [
            (
                "HAZARDOUS_WASTE",
                "Spent hydrochloric pickling acid is hazardous waste (110105*); the receiver has no heading on record, "
                "and hazardous waste goes to nobody without (L541-2, L511-2, R511-9, R541-8, R541-45).",
            )
        ],
        [
            (
                "QUALITY",
                "Untreated wood offcuts arrives with a moisture of 45 to 55 %; the demand needs at most 35 %.",
            )
        ],
        [("OUT_OF_REACH", "12.3 km apart; heat is looked for within 5 km.")],
        [("DATES", "The supply is there until 2026-12-31, the demand from 2027-03-01 on; they share no day.")],
    ]


async def test_the_pair_that_the_law_bars_is_offered_the_by_product_route(graph: Graph) -> None:
    law = (await explained(graph))[1][1]
    assert law.path is not None
    standings = {route.kind: route.standing for route in law.path.routes}
    assert standings[RouteKind.BY_PRODUCT] is Standing.TO_PROVE
    assert standings[RouteKind.WASTE] is Standing.CLOSED
    (reason,) = law.reasons
    assert reason.remedy == (
        "The receiver states a heading for R6 (regeneration of acids or bases): 2790, 3510 (R511-9); or as a "
        "by-product, the supply states evidence of CERTAIN_USE, DIRECT_USE, INTEGRAL_PART, LAWFUL_USE, NO_HARM "
        "(L541-4-2); or it ceases to be waste first (L541-4-3, D541-12-13)."
    )
