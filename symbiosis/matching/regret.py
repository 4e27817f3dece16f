"""What taking another pair would cost the whole plan at least: the regret of the pairs that it does not use.

The plan is an optimum, so a unit of every listing has a price in it, and no pair is worth more than the prices of its
two ends. What it falls short of them is its regret: by weak duality every plan in which q units go that way is worth
less than the best by q times the regret or more (Gale 1960, The Theory of Linear Economic Models, ch. 3). The prices
are read back from the plan: a suggestion shares its value by them (`suggestions.split`), and what nothing is suggested
at is left over, and worth nothing more.

A price is not known of a listing that was changed since the run read the market, or at which people work on everything
that is suggested: such a pair is held, whatever it is worth. A viewer is told of no price that rests on a share that is
hidden from them, nor that nothing is suggested at a listing that is not theirs to look after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from symbiosis.domain.ids import ListingId
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.policy import Viewer, numbers_shown, synergy_scope
from symbiosis.store.graph import Tx
from symbiosis.store.listings import ListingRow
from symbiosis.store.plan_shares import suggested_at
from symbiosis.store.synergies import SynergyRow, synergies_by_id

Price = Fraction
"""What one base unit of a listing is worth in the plan, in cents."""


@dataclass(frozen=True, slots=True)
class PlanPrices:
    """What a unit of each listing is worth in the current plan, as far as the viewer may know."""

    by_listing: dict[ListingId, Price]

    def regret_cent(self, pair: tuple[ListingId, ListingId], value_cent: int, unit_base: int) -> int | None:
        """Return what the plan loses at least for a trade unit (`unit_base` base units) worth `value_cent`."""
        ends = [self.by_listing.get(listing_id) for listing_id in pair]
        known = [price for price in ends if price is not None]
        if len(known) < len(ends):
            return None
        return max(0, int(sum(known, Fraction(0)) * unit_base - value_cent))


async def plan_prices(tx: Tx, viewer: Viewer, listings: Sequence[ListingRow]) -> PlanPrices:
    """Return the prices of these listings in the current plan that this viewer may know."""
    ids = [row.listing.listing_id for row in listings]
    there = await suggested_at(tx, ids)
    if there is None:
        return PlanPrices({})
    wanted = sorted({synergy_id for found in there.by_listing.values() for synergy_id in found})
    seen = await synergies_by_id(tx, synergy_scope(viewer), wanted)
    prices: dict[ListingId, Price] = {}
    for row in listings:
        listing_id = row.listing.listing_id
        suggested = there.by_listing[listing_id]
        if row.listing.updated_at > there.started_at:
            continue
        if suggested:
            price = _price(viewer, listing_id, [seen[key] for key in suggested if key in seen])
        else:
            price = Fraction(0) if _looks_after(viewer, row) else None
        if price is not None:
            prices[listing_id] = price
    return PlanPrices(prices)


def _looks_after(viewer: Viewer, row: ListingRow) -> bool:
    return row.insee in viewer.facilitated or row.listing.site_id in viewer.site_ids


def _price(viewer: Viewer, listing_id: ListingId, rows: Sequence[SynergyRow]) -> Price | None:
    """Return what a base unit gets in the largest free suggestion whose share shows, the least rounded one."""
    best: tuple[int, Price] | None = None
    for row in rows:
        if row.suggestion is None or row.synergy.status is not SynergyStatus.SUGGESTED:
            continue
        shown, gives = numbers_shown(viewer, row), row.supply.listing_id == listing_id
        if not (shown.supplier_share if gives else shown.receiver_share):
            continue
        quantity = row.suggestion.quantity_base_per_year
        share = row.suggestion.supplier_share_cent_per_year if gives else row.suggestion.receiver_share_cent_per_year
        if best is None or quantity > best[0]:
            best = (quantity, Fraction(share, quantity))
    return None if best is None else best[1]
