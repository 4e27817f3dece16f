"""Synergies, with what the current run proposes for them."""

from typing import Self

import strawberry

from symbiosis.api.context import Info
from symbiosis.api.desk_fields import AtTheDesk, desk_fields
from symbiosis.api.listings import Listing
from symbiosis.api.nodes import Node
from symbiosis.api.sides import TwoSides, two_sides
from symbiosis.api.worth import RANGE, EmissionLine, MoneyLine, emission_lines, money_lines
from symbiosis.domain.ids import ListingId
from symbiosis.domain.listings import ESTIMATED_NOTE, Provenance
from symbiosis.domain.synergies import StepReason, SynergyStatus
from symbiosis.domain.synergies import Suggestion as SuggestionFacts
from symbiosis.domain.transport import VehicleClass
from symbiosis.market.synergies import SeenSynergy
from symbiosis.policy import NumbersShown
from symbiosis.units import TRADE_UNIT, BaseUnit, TradeUnit, eur_from_cent, km_from_m, tco2e_from_g, trade_from_base

strawberry.enum(VehicleClass, description="What carries it: a class of lorry of ADEME's Base Carbone, or the mode.")

_HIDDEN = " Null where a price that a site states could be worked out from it by somebody who may not see that price."


@strawberry.type(
    description="What the current run proposes for a pair, per year. value = avoided disposal + avoided purchase - "
    "transport - treatment; the two shares sum to the value."
)
class Suggestion:
    """What the current run proposes for a pair."""

    run_id: strawberry.ID = strawberry.field(description="The run that proposes it.")
    rank: int = strawberry.field(description="1 for the most valuable of the run.")
    quantity_per_year: float = strawberry.field(description="How much is exchanged per year, in `unit`.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantity.")
    distance_km: float = strawberry.field(description="How far it travels, in km.")
    value_per_year_eur: float | None = strawberry.field(description="What both sides gain, EUR per year." + _HIDDEN)
    avoided_disposal_per_year_eur: float | None = strawberry.field(
        description="What the supplier no longer pays to get rid of it, EUR per year." + _HIDDEN
    )
    avoided_purchase_per_year_eur: float | None = strawberry.field(
        description="What the receiver no longer pays for its equivalent, EUR per year." + _HIDDEN
    )
    transport_per_year_eur: float = strawberry.field(description="What moving it costs, EUR per year.")
    treatment_per_year_eur: float = strawberry.field(description="What making it fit costs, EUR per year.")
    supplier_share_per_year_eur: float | None = strawberry.field(
        description="The supplier's fair share of the value, EUR per year." + _HIDDEN
    )
    receiver_share_per_year_eur: float | None = strawberry.field(
        description="The receiver's fair share of the value, EUR per year." + _HIDDEN
    )
    avoided_tco2e_per_year: float = strawberry.field(description="Emissions avoided, t CO2e per year.")
    value_low_per_year_eur: float | None = strawberry.field(description="The low end, EUR per year." + RANGE + _HIDDEN)
    value_high_per_year_eur: float | None = strawberry.field(
        description="The high end, EUR per year." + RANGE + _HIDDEN
    )
    avoided_low_tco2e_per_year: float | None = strawberry.field(description="The low end, t CO2e per year." + RANGE)
    avoided_high_tco2e_per_year: float | None = strawberry.field(description="The high end, t CO2e per year." + RANGE)
    money_lines: list[MoneyLine] = strawberry.field(description="The value line by line, EUR per year.")
    emission_lines: list[EmissionLine] = strawberry.field(
        description="The emissions avoided line by line, t CO2e per year."
    )
    vehicle: VehicleClass | None = strawberry.field(description="By what it travels; null for a run that kept none.")
    match: str = strawberry.field(description="Why the two may meet.")
    technique: str | None = strawberry.field(description="The treatment that makes it fit; null if there is none.")
    factor_ids: list[str] = strawberry.field(description="The versions of the factors that the numbers are made of.")
    unpriced: list[str] = strawberry.field(
        description="Which of DISPOSAL and PURCHASE counts as nothing because no price of it is known."
    )

    @classmethod
    def of(cls, facts: SuggestionFacts, unit: BaseUnit, shown: NumbersShown) -> Self:
        """Return the suggestion as the API shows it to this viewer."""

        def eur(cent: int | None, visible: bool) -> float | None:  # noqa: FBT001 - a local table of amounts.
            return eur_from_cent(cent) if visible and cent is not None else None

        return cls(
            run_id=strawberry.ID(facts.run_id),
            rank=facts.rank,
            quantity_per_year=trade_from_base(facts.quantity_base_per_year, unit),
            unit=TRADE_UNIT[unit],
            distance_km=km_from_m(facts.distance_m),
            value_per_year_eur=eur(facts.value_cent_per_year, shown.value),
            avoided_disposal_per_year_eur=eur(facts.avoided_disposal_cent_per_year, shown.avoided_disposal),
            avoided_purchase_per_year_eur=eur(facts.avoided_purchase_cent_per_year, shown.avoided_purchase),
            transport_per_year_eur=eur_from_cent(facts.transport_cent_per_year),
            treatment_per_year_eur=eur_from_cent(facts.treatment_cent_per_year),
            supplier_share_per_year_eur=eur(facts.supplier_share_cent_per_year, shown.supplier_share),
            receiver_share_per_year_eur=eur(facts.receiver_share_cent_per_year, shown.receiver_share),
            avoided_tco2e_per_year=tco2e_from_g(facts.avoided_gco2e_per_year),
            value_low_per_year_eur=eur(facts.value_low_cent_per_year, shown.value),
            value_high_per_year_eur=eur(facts.value_high_cent_per_year, shown.value),
            avoided_low_tco2e_per_year=_tco2e(facts.avoided_low_gco2e_per_year),
            avoided_high_tco2e_per_year=_tco2e(facts.avoided_high_gco2e_per_year),
            money_lines=money_lines(facts.lines, shown),
            emission_lines=emission_lines(facts.lines),
            vehicle=facts.vehicle,
            match=facts.match,
            technique=facts.technique,
            factor_ids=list(facts.factor_ids),
            unpriced=list(facts.unpriced),
        )


def _tco2e(grams: int | None) -> float | None:
    return None if grams is None else tco2e_from_g(grams)


@strawberry.type(description="One supply meeting one demand, with a life of its own.")
class Synergy(TwoSides, AtTheDesk, Node):
    """One supply meeting one demand."""

    supply_id: strawberry.ID = strawberry.field(
        description="The listing that it takes from; your alias of it where it does not show."
    )
    demand_id: strawberry.ID = strawberry.field(
        description="The listing that it gives to; your alias of it where it does not show."
    )
    status: SynergyStatus = strawberry.field(description="Where it stands.")
    version: int = strawberry.field(description="Counts the steps and assignments; give it back with the next one.")
    estimated: bool = strawberry.field(description="Whether a quantity behind it is " + ESTIMATED_NOTE + ".")
    supply_provenance: Provenance = strawberry.field(description="Where the supply's quantity comes from.")
    demand_provenance: Provenance = strawberry.field(description="Where the demand's quantity comes from.")
    provenance_note: str | None = strawberry.field(description="To be shown beside estimated numbers; else null.")
    reason: StepReason | None = strawberry.field(description="Why it was rejected, lost or put on hold; else null.")
    note: str | None = strawberry.field(description="The facilitators' note, shown to them only.")
    suggestion: Suggestion | None = strawberry.field(
        description="What the current run proposes; null if it does not suggest this pair, and where a side is private "
        "or anonymised to you, for an exact amount would tell the place: see `exchangeBand`."
    )
    created_at: str = strawberry.field(description="UTC, ISO-8601.")
    updated_at: str = strawberry.field(description="UTC, ISO-8601.")

    @strawberry.field(description="The supply it takes from; null where you may not see that listing.")
    async def supply(self, info: Info) -> Listing | None:
        """Return the supply."""
        row = await info.context.loaders.listings.load(ListingId(self.supply_id))
        return None if row is None else Listing.of(row)

    @strawberry.field(description="The demand it gives to; null where you may not see that listing.")
    async def demand(self, info: Info) -> Listing | None:
        """Return the demand."""
        row = await info.context.loaders.listings.load(ListingId(self.demand_id))
        return None if row is None else Listing.of(row)

    @classmethod
    def of(cls, seen: SeenSynergy) -> Self:
        """Return the synergy as the API shows it to this viewer."""
        row, facts = seen.row, seen.row.synergy
        return cls(
            id=strawberry.ID(facts.synergy_id),
            supply_id=strawberry.ID(seen.shown.supply_alias or facts.supply_id),
            demand_id=strawberry.ID(seen.shown.demand_alias or facts.demand_id),
            status=facts.status,
            version=facts.version,
            estimated=row.estimated,
            supply_provenance=row.supply.provenance,
            demand_provenance=row.demand.provenance,
            provenance_note=ESTIMATED_NOTE if row.estimated else None,
            reason=facts.reason,
            note=facts.note if seen.shown.note else None,
            suggestion=_suggestion(seen),
            created_at=facts.created_at,
            updated_at=facts.updated_at,
            **two_sides(seen),
            **desk_fields(seen),
        )


def _suggestion(seen: SeenSynergy) -> Suggestion | None:
    facts = seen.row.suggestion
    return None if facts is None or not seen.shown.exact else Suggestion.of(facts, seen.row.base_unit, seen.shown)
