"""Why two listings may not meet, or what their meeting would be worth."""

from typing import Self

import strawberry

from symbiosis.api.legal import LegalPath, PairCheckResult, PairNotice
from symbiosis.api.worth import RANGE, EmissionLine, MoneyLine, emission_lines, money_lines
from symbiosis.domain.candidates import Match, Refusal
from symbiosis.domain.listings import ESTIMATED_NOTE
from symbiosis.domain.transport import VehicleClass
from symbiosis.domain.worth import Breakdown, LeftOut
from symbiosis.matching.explain import Meeting as MeetingFacts
from symbiosis.matching.pair import SeenExplanation
from symbiosis.matching.words import Reason
from symbiosis.policy import NumbersShown
from symbiosis.units import TRADE_UNIT, BaseUnit, TradeUnit, eur_from_cent, km_from_m, tco2e_from_g, trade_from_base

_HIDDEN = " Null where a price that a site states could be worked out from it by somebody who may not see that price."

strawberry.enum(
    Refusal, name="RefusalCode", description="Why a pair of listings is no candidate, in the order of asking."
)
strawberry.enum(LeftOut, description="Why a run does not suggest a pair that may meet.")
strawberry.enum(
    Match, description="What makes a supply fit a demand, the strictest first; a pair takes the first that fits."
)


@strawberry.type(description="One reason why a pair is no candidate.")
class PairReason:
    """One reason why a pair is no candidate."""

    code: Refusal = strawberry.field(description="The rule that refuses the pair.")
    sentence: str = strawberry.field(description="The value and the limit, in words.")
    remedy: str = strawberry.field(description="What would have to change, in words.")

    @classmethod
    def of(cls, reason: Reason) -> Self:
        """Return the reason as the API shows it."""
        return cls(code=reason.refusal, sentence=reason.sentence, remedy=reason.remedy)


@strawberry.type(description="value = avoided disposal + avoided purchase - transport - treatment, for one quantity.")
class PairWorth:
    """What a quantity of a pair is worth."""

    quantity: float = strawberry.field(description="The quantity that the amounts are for, in `unit`.")
    value_eur: float | None = strawberry.field(description="What both sides gain, EUR." + _HIDDEN)
    avoided_disposal_eur: float | None = strawberry.field(
        description="What the supplier no longer pays to get rid of it, EUR." + _HIDDEN
    )
    avoided_purchase_eur: float | None = strawberry.field(
        description="What the receiver no longer pays for its equivalent, EUR." + _HIDDEN
    )
    transport_eur: float = strawberry.field(description="What moving it costs, EUR.")
    treatment_eur: float = strawberry.field(description="What making it fit costs, EUR.")
    avoided_tco2e: float = strawberry.field(description="Emissions avoided, t CO2e.")
    value_low_eur: float | None = strawberry.field(description="The low end of the value, EUR." + RANGE + _HIDDEN)
    value_high_eur: float | None = strawberry.field(description="The high end of the value, EUR." + RANGE + _HIDDEN)
    avoided_low_tco2e: float = strawberry.field(description="The low end of the emissions avoided, t CO2e." + RANGE)
    avoided_high_tco2e: float = strawberry.field(description="The high end of the emissions avoided, t CO2e." + RANGE)
    money_lines: list[MoneyLine] = strawberry.field(description="The value line by line, EUR.")
    emission_lines: list[EmissionLine] = strawberry.field(description="The emissions avoided line by line, t CO2e.")

    @classmethod
    def of(cls, facts: Breakdown, unit: BaseUnit, shown: NumbersShown) -> Self:
        """Return the worth as the API shows it to this viewer."""
        disposal, purchase = facts.avoided_disposal_cent, facts.avoided_purchase_cent
        return cls(
            quantity=trade_from_base(facts.quantity_base, unit),
            value_eur=eur_from_cent(facts.value_cent) if shown.value else None,
            avoided_disposal_eur=eur_from_cent(disposal) if shown.avoided_disposal else None,
            avoided_purchase_eur=eur_from_cent(purchase) if shown.avoided_purchase else None,
            transport_eur=eur_from_cent(facts.transport_cent),
            treatment_eur=eur_from_cent(facts.treatment_cent),
            avoided_tco2e=tco2e_from_g(facts.avoided_gco2e),
            value_low_eur=eur_from_cent(facts.value_low_cent) if shown.value else None,
            value_high_eur=eur_from_cent(facts.value_high_cent) if shown.value else None,
            avoided_low_tco2e=tco2e_from_g(facts.avoided_low_gco2e),
            avoided_high_tco2e=tco2e_from_g(facts.avoided_high_gco2e),
            money_lines=money_lines(facts.lines, shown),
            emission_lines=emission_lines(facts.lines),
        )


@strawberry.type(description="How a candidate pair fits, and what it is worth.")
class PairMeeting:
    """How a candidate pair fits, and what it is worth."""

    match: Match = strawberry.field(description="Why the two may meet.")
    technique: str | None = strawberry.field(description="The treatment that makes it fit; null if there is none.")
    way_km: float = strawberry.field(description="How far it travels, by road or detour included, in km.")
    vehicle: VehicleClass = strawberry.field(description="By what it would travel.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantities.")
    per_unit: PairWorth = strawberry.field(description="The worth of one `unit`.")
    greatest: PairWorth = strawberry.field(
        description="The worth of the most that the two could exchange per year, were there nobody else; a run "
        "decides over all pairs together and may suggest less, or none."
    )
    factor_ids: list[str] = strawberry.field(description="The versions of the factors that the numbers are made of.")
    unpriced: list[str] = strawberry.field(
        description="Which of DISPOSAL and PURCHASE counts as nothing because no price of it is known."
    )
    left_out: list[LeftOut] = strawberry.field(
        description="The rules by which a run would not suggest the pair all the same; usually none. Empty where a "
        "price that a site states could be worked out from it by somebody who may not see that price."
    )

    @classmethod
    def of(cls, facts: MeetingFacts, unit: BaseUnit, shown: NumbersShown) -> Self:
        """Return the meeting as the API shows it to this viewer."""
        return cls(
            match=facts.match,
            technique=facts.technique,
            way_km=km_from_m(facts.way_m),
            vehicle=facts.vehicle,
            unit=TRADE_UNIT[unit],
            per_unit=PairWorth.of(facts.per_trade_unit, unit, shown),
            greatest=PairWorth.of(facts.greatest, unit, shown),
            factor_ids=list(facts.factor_ids),
            unpriced=list(facts.unpriced),
            left_out=list(facts.left_out) if shown.value else [],
        )


@strawberry.type(description="Every reason why a pair is no candidate; or, if there is none, what it would be worth.")
class PairExplanation:
    """Every reason why a pair is no candidate; or what it would be worth."""

    supply_id: strawberry.ID = strawberry.field(description="The listing that it would take from.")
    demand_id: strawberry.ID = strawberry.field(description="The listing that it would give to.")
    candidate: bool = strawberry.field(description="Whether a run would look at the pair.")
    reasons: list[PairReason] = strawberry.field(description="What blocks it, all of it, in the order of asking.")
    distance_km: float | None = strawberry.field(
        description="How far the sites are apart, the error of their positions added, in km; null on one side."
    )
    estimated: bool = strawberry.field(description="Whether a quantity behind it is " + ESTIMATED_NOTE + ".")
    provenance_note: str | None = strawberry.field(description="To be shown beside estimated numbers; else null.")
    meeting: PairMeeting | None = strawberry.field(description="What it would be worth; null if it is no candidate.")
    checks: list[PairCheckResult] = strawberry.field(description="Every check and how it came out; none on one side.")
    notices: list[PairNotice] = strawberry.field(description="What is to be known about it, but bars nothing.")
    legal_path: LegalPath | None = strawberry.field(description="Which legal routes are open; null on one side.")

    @classmethod
    def of(cls, seen: SeenExplanation) -> Self:
        """Return the explanation as the API shows it to this viewer."""
        facts = seen.explanation
        return cls(
            supply_id=strawberry.ID(facts.supply_id),
            demand_id=strawberry.ID(facts.demand_id),
            candidate=not facts.reasons,
            reasons=[PairReason.of(reason) for reason in facts.reasons],
            distance_km=None if facts.distance_m is None else km_from_m(facts.distance_m),
            estimated=facts.estimated,
            provenance_note=ESTIMATED_NOTE if facts.estimated else None,
            meeting=None if facts.meeting is None else PairMeeting.of(facts.meeting, facts.base_unit, seen.shown),
            checks=[PairCheckResult.of(result) for result in facts.checks],
            notices=[PairNotice.of(notice) for notice in facts.notices],
            legal_path=None if facts.path is None else LegalPath.of(facts.path),
        )
