"""Indicators of territories and a period, as the API shows them."""

from typing import Self

import strawberry

from symbiosis.analytics.indicators import Amounts
from symbiosis.analytics.indicators import DeclaredJobs as JobsFacts
from symbiosis.analytics.indicators import StatusCount as StatusFacts
from symbiosis.analytics.naming import chapter_label
from symbiosis.analytics.viewed import SeenIndicators
from symbiosis.api.analyses.flows import HIDDEN
from symbiosis.api.analyses.where import AnalysisGroup, numbered
from symbiosis.api.nodes import After, Connection, First, connection, request
from symbiosis.domain.resources import ResourceKind
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.units import TRADE_UNIT, TradeUnit, eur_from_cent, fte_from_tenth, tco2e_from_g, trade_from_base

AMOUNTS = "AMOUNTS"
STATUSES = "STATUSES"
JOBS = "JOBS"
TABLE = " Null where the two sites and their facilitators alone know what was delivered."


@strawberry.type(
    description="What a territory diverts in the period, of one kind, chapter of the List of Waste, treatment avoided "
    "and unit. `suggested` is the plan's rate of a year for the days of the period, `promised` what was agreed for the "
    "days since the synergy operates, `delivered` the deliveries dated in it, `evidenced` those of them with evidence."
)
class DivertedAmount:
    """What a territory diverts in the period."""

    territory: AnalysisGroup = strawberry.field(description="The métropole of the site that gives.")
    kind: ResourceKind = strawberry.field(description="The kind of the resource.")
    chapter: AnalysisGroup = strawberry.field(description="The chapter of the List of Waste; `?` without a waste code.")
    treatment: str = strawberry.field(
        description="What the giver no longer pays for, as the factors name it; `?` where nothing is."
    )
    unit: TradeUnit = strawberry.field(description="The unit of the quantities.")
    suggested: float = strawberry.field(description="In the period, in `unit`.")
    promised: float = strawberry.field(description="In the period, in `unit`.")
    delivered: float | None = strawberry.field(description="In the period, in `unit`." + TABLE)
    evidenced: float | None = strawberry.field(description="In the period, in `unit`." + TABLE)
    suggested_eur: float | None = strawberry.field(description="Value in the period, EUR." + HIDDEN)
    promised_eur: float | None = strawberry.field(description="Value in the period, EUR." + HIDDEN)
    delivered_eur: float | None = strawberry.field(description="Value in the period, EUR." + HIDDEN + TABLE)
    suggested_avoided_tco2e: float = strawberry.field(description="Emissions avoided in the period, t CO2e.")
    promised_avoided_tco2e: float = strawberry.field(description="Emissions avoided in the period, t CO2e.")
    delivered_avoided_tco2e: float | None = strawberry.field(
        description="Emissions avoided in the period, t CO2e." + TABLE
    )

    @classmethod
    def of(cls, seen: SeenIndicators, facts: Amounts) -> Self:
        """Return the row as the API shows it."""

        def quantity(base: int) -> float:
            return trade_from_base(base, facts.base_unit)

        def money(cent: int) -> float | None:
            return None if facts in seen.unvalued else eur_from_cent(cent)

        delivered = facts not in seen.undelivered

        return cls(
            territory=AnalysisGroup.among(seen.labels, facts.metropole),
            kind=facts.kind,
            chapter=AnalysisGroup.of(chapter_label(facts.chapter)),
            treatment=facts.treatment,
            unit=TRADE_UNIT[facts.base_unit],
            suggested=quantity(facts.suggested_base),
            promised=quantity(facts.promised_base),
            delivered=quantity(facts.delivered_base) if delivered else None,
            evidenced=quantity(facts.evidenced_base) if delivered else None,
            suggested_eur=money(facts.suggested_cent),
            promised_eur=money(facts.promised_cent),
            delivered_eur=money(facts.delivered_cent) if delivered else None,
            suggested_avoided_tco2e=tco2e_from_g(facts.suggested_gco2e),
            promised_avoided_tco2e=tco2e_from_g(facts.promised_gco2e),
            delivered_avoided_tco2e=tco2e_from_g(facts.delivered_gco2e) if delivered else None,
        )


@strawberry.type(description="Synergies of a territory at one status.")
class StatusCount:
    """Synergies of a territory at one status."""

    territory: AnalysisGroup = strawberry.field(description="The métropole of the site that gives.")
    status: SynergyStatus = strawberry.field(description="The status.")
    synergy_count: int = strawberry.field(description="How many stand there now.")
    left_count: int = strawberry.field(description="How often a synergy has left it.")
    median_days: float | None = strawberry.field(
        description="How many days those that left had stayed, the median; null where none has left."
    )

    @classmethod
    def of(cls, seen: SeenIndicators, facts: StatusFacts) -> Self:
        """Return the row as the API shows it."""
        return cls(
            territory=AnalysisGroup.among(seen.labels, facts.metropole),
            status=facts.status,
            synergy_count=facts.synergies,
            left_count=facts.left,
            median_days=facts.median_days,
        )


@strawberry.type(description="Jobs that synergies of a territory create or keep, as people declare them.")
class DeclaredJobs:
    """Jobs that synergies of a territory create or keep."""

    territory: AnalysisGroup = strawberry.field(description="The métropole of the site that gives.")
    operating_count: int = strawberry.field(
        description="How many synergies operate that had begun by the end of the period."
    )
    declaring_count: int = strawberry.field(
        description="Of how many of them jobs are declared, as far as you sit at their table."
    )
    jobs_fte: float = strawberry.field(description="How many jobs are declared of these, full-time equivalents.")

    @classmethod
    def of(cls, seen: SeenIndicators, facts: JobsFacts) -> Self:
        """Return the row as the API shows it."""
        return cls(
            territory=AnalysisGroup.among(seen.labels, facts.metropole),
            operating_count=facts.operating,
            declaring_count=facts.declaring,
            jobs_fte=fte_from_tenth(facts.jobs_tenth_fte),
        )


@strawberry.type(
    description="Indicators of a period. Every flow counts once, for the territory that gives; what leaves from "
    "elsewhere is not yours."
)
class TerritoryIndicators:
    """Indicators of a period."""

    seen: strawberry.Private[SeenIndicators]

    @strawberry.field(
        description="What is diverted, promised and delivered, by territory, kind, chapter and treatment."
    )
    async def amounts(self, first: First, after: After = None) -> Connection[DivertedAmount]:
        """Return a page of the amounts."""
        page = numbered(self.seen.indicators.amounts, request(first, after), AMOUNTS)
        return connection(page, lambda facts: DivertedAmount.of(self.seen, facts))

    @strawberry.field(description="Declared jobs by territory.")
    async def jobs(self, first: First, after: After = None) -> Connection[DeclaredJobs]:
        """Return a page of declared jobs."""
        page = numbered(self.seen.indicators.jobs, request(first, after), JOBS)
        return connection(page, lambda facts: DeclaredJobs.of(self.seen, facts))

    @strawberry.field(description="Synergies by territory and status, and how long each step takes.")
    async def statuses(self, first: First, after: After = None) -> Connection[StatusCount]:
        """Return a page of the counts."""
        page = numbered(self.seen.indicators.statuses, request(first, after), STATUSES)
        return connection(page, lambda facts: StatusCount.of(self.seen, facts))
