"""Plants that are not there yet, as the API shows them: one newcomer, and the radar's portfolio."""

from typing import Self

import strawberry

from symbiosis.analytics.jobs import answers
from symbiosis.analytics.newcomer import LikelyListing as LikelyListingFacts
from symbiosis.analytics.plants import Plant as PlantFacts
from symbiosis.api.analyses.stops import AnalysedSite
from symbiosis.api.analyses.where import numbered
from symbiosis.api.nodes import After, Connection, First, connection, request
from symbiosis.domain.analyses import PlantKind
from symbiosis.domain.listings import Direction
from symbiosis.units import TRADE_UNIT, TradeUnit, eur_from_cent, km_from_m, trade_from_base

strawberry.enum(PlantKind, description="What a new plant is for: making something, or treating the waste of others.")


@strawberry.type(description="A supply or a demand that the plant would have, estimated from its sector.")
class LikelyListing:
    """A supply or a demand that the plant would have."""

    direction: Direction = strawberry.field(description="A supply or a demand.")
    resource_code: str = strawberry.field(description="Of which resource.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantities.")
    quantity_per_year: float = strawberry.field(description="How much, per year, in `unit`.")
    exchanged_per_year: float = strawberry.field(description="How much of it would be exchanged, per year, in `unit`.")

    @classmethod
    def of(cls, facts: LikelyListingFacts) -> Self:
        """Return the listing as the API shows it."""
        return cls(
            direction=facts.direction,
            resource_code=facts.resource_code,
            unit=TRADE_UNIT[facts.base_unit],
            quantity_per_year=trade_from_base(facts.quantity_base_per_year, facts.base_unit),
            exchanged_per_year=trade_from_base(facts.exchanged_base_per_year, facts.base_unit),
        )


@strawberry.type(description="An exchange that the plant would have with a site of your territory.")
class LikelyExchange:
    """An exchange that the plant would have."""

    direction: Direction = strawberry.field(description="Whether the plant supplies or demands.")
    resource_code: str = strawberry.field(description="Of which resource, as the plant lists it.")
    partner: AnalysedSite = strawberry.field(description="With which site.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantity.")
    quantity_per_year: float = strawberry.field(description="How much, per year, in `unit`.")
    value_per_year_eur: float = strawberry.field(description="What it is worth, EUR a year.")
    distance_km: float = strawberry.field(description="How far, km.")

    @classmethod
    def of(cls, facts: answers.ExchangeRow) -> Self:
        """Return the exchange as the API shows it."""
        return cls(
            direction=facts.direction,
            resource_code=facts.resource_code,
            partner=AnalysedSite.of(facts.partner),
            unit=TRADE_UNIT[facts.base_unit],
            quantity_per_year=trade_from_base(facts.quantity_base_per_year, facts.base_unit),
            value_per_year_eur=eur_from_cent(facts.value_cent_per_year),
            distance_km=km_from_m(facts.distance_m),
        )


@strawberry.type(description="How the value of a site's exchanges would change; each exchange counts at both its ends.")
class SiteChange:
    """How the value of a site's exchanges would change."""

    site: AnalysedSite = strawberry.field(description="Which site.")
    change_per_year_eur: float = strawberry.field(description="By how much, EUR a year; below zero: it loses.")

    @classmethod
    def of(cls, facts: answers.ChangeRow) -> Self:
        """Return the change as the API shows it."""
        return cls(site=AnalysedSite.of(facts.site), change_per_year_eur=eur_from_cent(facts.change_cent_per_year))


@strawberry.type(
    description="What a plant that is not there yet would bring; nothing of it is written. Exchanges with, and changes "
    "at, sites elsewhere are counted, not shown."
)
class NewcomerResult:
    """What a plant that is not there yet would bring."""

    answer: strawberry.Private[answers.NewcomerAnswer]
    gain_per_year_eur: float = strawberry.field(description="What all exchanges would gain, EUR a year.")
    whole_per_year_eur: float = strawberry.field(description="What they would be worth with it, EUR a year.")
    elsewhere_exchange_count: int = strawberry.field(description="How many exchanges it would have elsewhere.")
    elsewhere_change_count: int = strawberry.field(description="For how many sites elsewhere something would change.")

    @strawberry.field(description="What it would list, supplies first.")
    async def listings(self, first: First, after: After = None) -> Connection[LikelyListing]:
        """Return a page of its listings."""
        return connection(numbered(self.answer.listings, request(first, after), "LISTING"), LikelyListing.of)

    @strawberry.field(description="What it would exchange, the most value first.")
    async def exchanges(self, first: First, after: After = None) -> Connection[LikelyExchange]:
        """Return a page of its exchanges."""
        return connection(numbered(self.answer.exchanges, request(first, after), "VALUE"), LikelyExchange.of)

    @strawberry.field(description="For whom the value of exchanges would change, the most first.")
    async def changes(self, first: First, after: After = None) -> Connection[SiteChange]:
        """Return a page of changes."""
        return connection(numbered(self.answer.changes, request(first, after), "CHANGE"), SiteChange.of)

    @classmethod
    def of(cls, answer: answers.NewcomerAnswer) -> Self:
        """Return the result as the API shows it."""
        return cls(
            answer=answer,
            gain_per_year_eur=eur_from_cent(answer.gain_cent_per_year),
            whole_per_year_eur=eur_from_cent(answer.whole_cent_per_year),
            elsewhere_exchange_count=answer.elsewhere_exchange_count,
            elsewhere_change_count=answer.elsewhere_change_count,
        )


@strawberry.type(description="A plant of the portfolio: what it adds to all before it.")
class PortfolioPlant:
    """A plant of the portfolio."""

    rank: int = strawberry.field(description="Its place; gains are cumulative.")
    kind: PlantKind = strawberry.field(description="A plant by its activity, or a treatment that is missing.")
    naf: str | None = strawberry.field(description="Its activity, a NAF sub-class; null for a treatment.")
    technique: str | None = strawberry.field(description="What a treatment does; null for a plant.")
    by_product: str | None = strawberry.field(description="The resource that a treatment takes; null for a plant.")
    replaces: str | None = strawberry.field(description="The resource that it makes of it; null for a plant.")
    heading: str | None = strawberry.field(
        description="The heading of the list of classified installations that a treatment needs; null for a plant."
    )
    insee: str = strawberry.field(description="The INSEE code of its commune.")
    place: str = strawberry.field(description="The name of its commune.")
    employees: int | None = strawberry.field(description="How many people work there; null for a treatment.")
    unit: TradeUnit | None = strawberry.field(description="The unit of the quantity; null for a plant.")
    quantity_per_year: float | None = strawberry.field(
        description="How much of the by-product a treatment takes, per year, in `unit`, as it joins; null for a plant."
    )
    site_count: int = strawberry.field(description="How many sites exchange with it, or through it, when it joins.")
    gain_per_year_eur: float = strawberry.field(description="What it adds, EUR a year, before any investment.")
    whole_per_year_eur: float = strawberry.field(description="What all exchanges are worth with it, EUR a year.")
    bound_per_year_eur: float = strawberry.field(description="What it could have added at most, EUR a year.")

    @classmethod
    def of(cls, facts: PlantFacts) -> Self:
        """Return the plant as the API shows it."""
        unit, quantity = facts.base_unit, facts.quantity_base_per_year
        return cls(
            rank=facts.rank,
            kind=facts.kind,
            naf=facts.naf,
            technique=facts.technique,
            by_product=facts.by_product,
            replaces=facts.replaces,
            heading=facts.heading,
            insee=facts.insee,
            place=facts.place,
            employees=facts.employees,
            unit=None if unit is None else TRADE_UNIT[unit],
            quantity_per_year=None if unit is None or quantity is None else trade_from_base(quantity, unit),
            site_count=facts.site_count,
            gain_per_year_eur=eur_from_cent(facts.gain_cent_per_year),
            whole_per_year_eur=eur_from_cent(facts.whole_cent_per_year),
            bound_per_year_eur=eur_from_cent(facts.bound_cent_per_year),
        )


@strawberry.type(
    description="Which new plants and treatments, where, would unlock most value: each the best addition, proven."
)
class RadarResult:
    """Which new plants, where, would unlock most value."""

    answer: strawberry.Private[answers.RadarAnswer]
    candidate_count: int = strawberry.field(
        description="How many were looked at: activities times communes, and each treatment where it opens anything."
    )

    @strawberry.field(description="The portfolio, the best addition first; fewer where no other adds anything.")
    async def plants(self, first: First, after: After = None) -> Connection[PortfolioPlant]:
        """Return a page of plants."""
        return connection(numbered(self.answer.plants, request(first, after), "RANK"), PortfolioPlant.of)

    @classmethod
    def of(cls, answer: answers.RadarAnswer) -> Self:
        """Return the result as the API shows it."""
        return cls(answer=answer, candidate_count=answer.candidate_count)
