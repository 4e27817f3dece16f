"""What of a synergy's two sides shows where one of them is anonymised, and the consents that would show more."""

from typing import Any

import strawberry

from symbiosis.api.consents import Consent
from symbiosis.api.context import Info
from symbiosis.api.outlines import AnonymisedListing
from symbiosis.domain.disclosure import band_of
from symbiosis.domain.ids import ListingId, SynergyId
from symbiosis.market.synergies import SeenSynergy
from symbiosis.units import TRADE_UNIT, TradeUnit, trade_from_base


@strawberry.type(description="How much a synergy with an anonymised side would exchange per year, as a band.")
class ExchangeBand:
    """How much a synergy would exchange, as a band."""

    low_per_year: float = strawberry.field(
        description="At least this, per year, in `unit`: an end of the series 1, 2, 5, 10, ..."
    )
    high_per_year: float = strawberry.field(description="Below this, per year, in `unit`: the next end of that series.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantities.")


@strawberry.type
class TwoSides:
    """What of a synergy's two sides shows."""

    exchange_band: ExchangeBand | None = strawberry.field(
        description="How much would be exchanged, where a side is anonymised to you; else null, as it is beside a "
        "private side, and if the current run does not suggest this pair."
    )
    hidden_supply: strawberry.Private[ListingId | None]
    hidden_demand: strawberry.Private[ListingId | None]
    consents_of: strawberry.Private[SynergyId]

    @strawberry.field(description="What shows of the supply, where it is anonymised to you; else null.")
    async def supply_outline(self, info: Info) -> AnonymisedListing | None:
        """Return the outline of the supply."""
        return await _outline(info, self.hidden_supply)

    @strawberry.field(description="What shows of the demand, where it is anonymised to you; else null.")
    async def demand_outline(self, info: Info) -> AnonymisedListing | None:
        """Return the outline of the demand."""
        return await _outline(info, self.hidden_demand)

    @strawberry.field(
        description="The consents of its sides, past ones too, at most two; shown to the two sites and facilitators."
    )
    async def consents(self, info: Info) -> list[Consent]:
        """Return the consents."""
        found = await info.context.loaders.consents.load(self.consents_of)
        return [Consent.of(consent) for consent in found or ()]


async def _outline(info: Info, listing_id: ListingId | None) -> AnonymisedListing | None:
    if listing_id is None:
        return None
    seen = await info.context.loaders.outlines.load(listing_id)
    return None if seen is None else AnonymisedListing.of(seen)


def two_sides(seen: SeenSynergy) -> dict[str, Any]:
    """Return the fields of `TwoSides` of a synergy, as its viewer sees it."""
    row, shown = seen.row, seen.shown
    return {
        "exchange_band": _band(seen),
        "hidden_supply": None if shown.supply_alias is None else row.supply.listing_id,
        "hidden_demand": None if shown.demand_alias is None else row.demand.listing_id,
        "consents_of": row.synergy.synergy_id,
    }


def _band(seen: SeenSynergy) -> ExchangeBand | None:
    facts, unit = seen.row.suggestion, seen.row.base_unit
    if facts is None or seen.shown.exact or not seen.shown.banded:
        return None
    low, high = (trade_from_base(end, unit) for end in band_of(facts.quantity_base_per_year))
    return ExchangeBand(low_per_year=low, high_per_year=high, unit=TRADE_UNIT[unit])
