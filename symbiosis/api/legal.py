"""What a pair was checked for, and its legal path."""

from typing import Self

import strawberry

from symbiosis.domain import legal
from symbiosis.domain.candidates import Check, NoticeCode
from symbiosis.domain.legal import READ_ON, Adr, Regime, RouteKind, Standing
from symbiosis.matching.checks import CheckResult, Notice, Outcome

strawberry.enum(Check, name="PairCheck", description="What a pair is looked at for.")
strawberry.enum(Outcome, name="CheckOutcome", description="Passed; passed, but see the notices; or blocked.")
strawberry.enum(NoticeCode, description="What is to be known about a pair, but bars nothing.")
strawberry.enum(Regime, name="WasteRegime", description="What waste law takes a supply for; UNSTATED as if HAZARDOUS.")
strawberry.enum(RouteKind, name="LegalRouteKind", description="The ways in which a supply may lawfully reach a demand.")
strawberry.enum(
    Standing,
    name="RouteStanding",
    description="OPEN: all it asks for is on record. TO_PROVE: something is to be shown first. CLOSED: not this way.",
)
strawberry.enum(
    Adr, name="DangerousGoods", description="Dangerous goods by road: class known, to be classified first, or no flag."
)


@strawberry.type(description="One check and how it came out.")
class PairCheckResult:
    """One check and how it came out."""

    check: Check = strawberry.field(description="What the pair was looked at for.")
    outcome: Outcome = strawberry.field(description="How it came out.")

    @classmethod
    def of(cls, facts: CheckResult) -> Self:
        """Return the check as the API shows it."""
        return cls(check=facts.check, outcome=facts.outcome)


@strawberry.type(description="Something to know about a pair that bars nothing.")
class PairNotice:
    """Something to know about a pair."""

    code: NoticeCode = strawberry.field(description="What kind of thing.")
    sentence: str = strawberry.field(description="In words.")

    @classmethod
    def of(cls, facts: Notice) -> Self:
        """Return the notice as the API shows it."""
        return cls(code=facts.code, sentence=facts.sentence)


@strawberry.type(description="One thing that a legal route asks for.")
class LegalCondition:
    """One thing that a legal route asks for."""

    name: str = strawberry.field(description="Stable, for programs: an EvidenceKind, or PERMIT.")
    article: str = strawberry.field(description="The article of the code de l'environnement.")
    needed: str = strawberry.field(description="What is asked for, in words.")
    given: str | None = strawberry.field(description="What a site states for it; null is nothing.")


@strawberry.type(description="One way in which the law may let the pair meet.")
class LegalRoute:
    """One way in which the law may let the pair meet."""

    kind: RouteKind = strawberry.field(description="By-product, end of waste, or waste.")
    standing: Standing = strawberry.field(description="How it stands.")
    article: str = strawberry.field(description="The articles and acts that say so.")
    sentence: str = strawberry.field(description="Why it stands so, in words.")
    conditions: list[LegalCondition] = strawberry.field(description="What it asks for, and what is given.")

    @classmethod
    def of(cls, facts: legal.Route) -> Self:
        """Return the route as the API shows it."""
        conditions = [
            LegalCondition(name=each.name, article=each.article, needed=each.needed, given=each.given)
            for each in facts.conditions
        ]
        return cls(
            kind=facts.kind,
            standing=facts.standing,
            article=facts.article,
            sentence=facts.sentence,
            conditions=conditions,
        )


@strawberry.type(description=f"The French legal path of a pair, by the law as read on {READ_ON}; no legal advice.")
class LegalPath:
    """The French legal path of a pair."""

    regime: Regime = strawberry.field(description="What waste law takes the supply for.")
    routes: list[LegalRoute] = strawberry.field(description="Its routes; none where waste law does not apply.")
    dangerous_goods: Adr = strawberry.field(description="Whether it travels as dangerous goods.")
    adr_class: str | None = strawberry.field(description="Its class under the ADR; null where it is not known.")

    @classmethod
    def of(cls, facts: legal.LegalPath) -> Self:
        """Return the path as the API shows it."""
        routes = [LegalRoute.of(route) for route in facts.routes]
        return cls(regime=facts.regime, routes=routes, dangerous_goods=facts.adr, adr_class=facts.adr_class)
