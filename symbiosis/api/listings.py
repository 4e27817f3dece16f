"""Listings: what a site has and needs."""

from functools import cache
from typing import Self

import strawberry
from strawberry.utils.str_converters import to_camel_case

from symbiosis.api.context import Info
from symbiosis.api.execution.selected import READY
from symbiosis.api.nodes import Node
from symbiosis.api.places import Resource, Site
from symbiosis.domain import listing_levels
from symbiosis.domain.evidence import Evidence, EvidenceKind
from symbiosis.domain.ids import ResourceCode, SiteId
from symbiosis.domain.listing_levels import ListingLevel, level_of, missing_facts
from symbiosis.domain.listings import ESTIMATED_NOTE, Direction, ListingStatus, Provenance, Visibility
from symbiosis.domain.resources import PhysicalState, Quality, QualityRange
from symbiosis.errors import NotFoundError
from symbiosis.store.listings import ListingRow
from symbiosis.units import TRADE_UNIT, TradeUnit, eur_from_cent, trade_from_base

strawberry.enum(
    ListingLevel,
    description="QUICK: what there is or is needed, without a quantity. MATCHABLE: enters runs. CONTRACT_READY: states "
    "what two firms need to begin an agreement.",
)
strawberry.enum(PhysicalState, description="In which state a supply arrives, or which a demand can handle.")
strawberry.enum(
    EvidenceKind, description="The five conditions of a by-product (L541-4-2), or an end of waste (L541-4-3)."
)


@strawberry.type(description="What a supply measures, or what a demand accepts: low <= quality <= high.")
class QualityWindow:
    """What a supply measures, or what a demand accepts."""

    quality: Quality = strawberry.field(description="The property; the unit ends its name.")
    low: float | None = strawberry.field(description="Lower end in the unit that the quality names; null is no bound.")
    high: float | None = strawberry.field(description="Upper end in the unit that the quality names; null is no bound.")


@strawberry.type(description="A document or a fact that the site of a supply states; nobody here has verified it.")
class StatedEvidence:
    """A document or a fact that the site of a supply states."""

    kind: EvidenceKind = strawberry.field(description="A condition of a by-product (L541-4-2), or an end of waste.")
    text: str = strawberry.field(description="The site's words.")
    act: str | None = strawberry.field(description="The act of an END_OF_WASTE, by its id; else null.")


@strawberry.type(description="A fact that a listing lacks for a level.")
class MissingFact:
    """A fact that a listing lacks for a level."""

    field: str = strawberry.field(description="The field of the listing, and of the input that states it.")
    level: ListingLevel = strawberry.field(description="The level that needs it.")
    remedy: str = strawberry.field(description="What to do about it, for people.")

    @classmethod
    def of(cls, fact: listing_levels.MissingFact) -> Self:
        """Return the fact as the API shows it."""
        return cls(field=to_camel_case(fact.field), level=fact.level, remedy=fact.remedy)


@cache
def _missing(facts: tuple[listing_levels.MissingFact, ...]) -> list[MissingFact]:
    """Return what is missing as the API shows it; there are few combinations, and nobody changes the list."""
    return [MissingFact.of(fact) for fact in facts]


@strawberry.type(description="A supply or a demand of one site.")
class Listing(Node):
    """A supply or a demand of one site."""

    site_id: strawberry.ID = strawberry.field(description="The site that lists it.")
    resource_code: strawberry.ID = strawberry.field(description="What it is of: the id of a resource.")
    direction: Direction = strawberry.field(description="Supply or demand.")
    title: str = strawberry.field(description="What it is, in the site's words.")
    description: str | None = strawberry.field(description="More about it.")
    quantity_per_year: float | None = strawberry.field(
        description="How much per year, in `unit`; null for a QUICK listing, which states none yet."
    )
    quantity_low_per_year: float | None = strawberry.field(description="Low end of an estimate, per year, in `unit`.")
    quantity_high_per_year: float | None = strawberry.field(description="High end of an estimate, per year, in `unit`.")
    level: ListingLevel = strawberry.field(description="How far it is stated.")
    missing: list[MissingFact] = strawberry.field(description="What it lacks for the next level; then empty.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantities.")
    provenance: Provenance = strawberry.field(description="Where the quantity comes from.")
    estimated: bool = strawberry.field(description="Whether the quantity is " + ESTIMATED_NOTE + ".")
    provenance_note: str | None = strawberry.field(description="To be shown beside an estimated quantity; else null.")
    price_per_unit_eur: float | None = strawberry.field(
        description="What disposing of (supply) or buying (demand) one `unit` costs the site today, in EUR. Null where "
        "it is not stated, and for everybody but managers of the site and facilitators of its territories."
    )
    waste_code: str | None = strawberry.field(description="Six-digit code of the List of Waste.")
    qualities: list[QualityWindow] = strawberry.field(description="What is measured or accepted.")
    minimum_per_year: float | None = strawberry.field(
        description="The least that goes to, or comes from, one partner per year, in `unit`; null is no least."
    )
    physical_states: list[PhysicalState] = strawberry.field(
        description="In which a supply arrives (empty: the usual ones), or a demand can handle (empty: any)."
    )
    evidence: list[StatedEvidence] = strawberry.field(description="What the site states about its legal status.")
    available_from: str | None = strawberry.field(description="First day, ISO date; null is no limit.")
    available_until: str | None = strawberry.field(description="Last day, ISO date; null is no limit.")
    visibility: Visibility = strawberry.field(description="Who may see it.")
    status: ListingStatus = strawberry.field(description="Open or withdrawn.")
    version: int = strawberry.field(description="Counts the changes; give it back with the next change.")
    source: str = strawberry.field(
        description="Where the listing is from; `site`: the site listed it here; `facilitator`: a facilitator noted it "
        "for the site, at a workshop say, and the site has not changed it since."
    )
    created_at: str = strawberry.field(description="UTC, ISO-8601.")
    updated_at: str = strawberry.field(description="UTC, ISO-8601.")
    site_read: strawberry.Private[Site | None] = None
    resource_read: strawberry.Private[Resource | None] = None

    @strawberry.field(description="The site that lists it.", metadata={READY: "site_read"})
    async def site(self, info: Info) -> Site:
        """Return the site, as it was read with the listing or from now."""
        if self.site_read is not None:
            return self.site_read
        row = await info.context.loaders.sites.load(SiteId(self.site_id))
        if row is None:
            raise NotFoundError("site", self.site_id)
        return Site.of(row)

    @strawberry.field(description="What it is of.", metadata={READY: "resource_read"})
    async def resource(self, info: Info) -> Resource:
        """Return the resource, as it was read with the listing or from now."""
        if self.resource_read is not None:
            return self.resource_read
        facts = await info.context.loaders.resources.load(ResourceCode(self.resource_code))
        if facts is None:
            raise NotFoundError("resource", self.resource_code)
        return Resource.of(facts)

    @classmethod
    def of(cls, row: ListingRow) -> Self:
        """Return the listing as the API shows it."""
        facts, unit = row.listing, row.base_unit
        low, high = facts.quantity_low_base_per_year, facts.quantity_high_base_per_year
        least, quantity = facts.minimum_base_per_year, facts.quantity_base_per_year
        price, estimated = facts.price_cent_per_trade_unit, facts.provenance is Provenance.ESTIMATED
        return cls(
            id=strawberry.ID(facts.listing_id),
            site_id=strawberry.ID(facts.site_id),
            resource_code=strawberry.ID(facts.resource_code),
            direction=facts.direction,
            title=facts.title,
            description=facts.description,
            quantity_per_year=None if quantity is None else trade_from_base(quantity, unit),
            level=level_of(facts, unit),
            missing=_missing(missing_facts(facts, unit)),
            quantity_low_per_year=None if low is None else trade_from_base(low, unit),
            quantity_high_per_year=None if high is None else trade_from_base(high, unit),
            unit=TRADE_UNIT[unit],
            provenance=facts.provenance,
            estimated=estimated,
            provenance_note=ESTIMATED_NOTE if estimated else None,
            price_per_unit_eur=None if price is None else eur_from_cent(price),
            waste_code=facts.waste_code,
            qualities=[QualityWindow(quality=q.quality, low=q.low, high=q.high) for q in facts.qualities],
            minimum_per_year=None if least is None else trade_from_base(least, unit),
            physical_states=list(facts.physical_states),
            evidence=[StatedEvidence(kind=e.kind, text=e.text, act=e.act) for e in facts.evidence],
            available_from=facts.available_from,
            available_until=facts.available_until,
            visibility=facts.visibility,
            status=facts.status,
            version=facts.version,
            source=facts.source,
            created_at=facts.created_at,
            updated_at=facts.updated_at,
            site_read=None if row.site is None else Site.of(row.site),
            resource_read=None if row.resource is None else Resource.of(row.resource),
        )


@strawberry.input(description="One end or both of what a supply measures or a demand accepts.")
class QualityInput:
    """One end or both of what a supply measures or a demand accepts."""

    quality: Quality = strawberry.field(description="The property; the unit ends its name.")
    low: float | None = strawberry.field(default=None, description="Lower end in the unit that the quality names.")
    high: float | None = strawberry.field(default=None, description="Upper end in the unit that the quality names.")

    def wanted(self) -> QualityRange:
        """Return the range as the domain takes it."""
        return QualityRange(self.quality, self.low, self.high)


@strawberry.input(description="A document or a fact about the legal status of a supply.")
class EvidenceInput:
    """A document or a fact about the legal status of a supply."""

    kind: EvidenceKind = strawberry.field(description="A condition of a by-product (L541-4-2), or an end of waste.")
    text: str = strawberry.field(description="Which document or fact, at most 4000 characters.")
    act: str | None = strawberry.field(default=None, description="For END_OF_WASTE: the id of its act.")

    def stated(self) -> Evidence:
        """Return the evidence as the domain takes it."""
        return Evidence(self.kind, self.text, self.act)
