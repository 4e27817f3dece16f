"""Explain one pair to a viewer, or to whoever holds the store itself; reads that pair alone.

A viewer must see both listings, or is told that there is no such listing. What people decided about the pair is part
of the explanation only for those who may see the synergy; to others it is as if nobody had decided.
"""

from dataclasses import dataclass

from symbiosis.domain.ids import ListingId, synergy_id_of
from symbiosis.domain.listings import Direction, ListingStatus
from symbiosis.errors import NotFoundError, RuleError
from symbiosis.matching.explain import PairExplanation, explain
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.matching.words import Reason, Reviewed, direction, withdrawn
from symbiosis.policy import NumbersShown, Viewer, listing_scope, numbers_between, synergy_scope
from symbiosis.store.catalogue import resources_by_code
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.listings import ListingRow, listings_by_id
from symbiosis.store.pair import StoredListing, StoredReview, pair_listings, pair_market, pair_review
from symbiosis.store.snapshot import OpenListing
from symbiosis.store.synergies import Side, synergies_by_id


@dataclass(frozen=True, slots=True)
class SeenExplanation:
    """An explanation, and which of its amounts its reader may see."""

    explanation: PairExplanation
    shown: NumbersShown


class QuickListingError(RuleError):
    """The listing states no quantity yet, so nothing can be said about a pair with it."""

    code = "LISTING_QUICK"

    def __init__(self, listing_id: ListingId) -> None:
        super().__init__(
            f"The listing {listing_id} states no quantity yet; once its site does, the pair can be explained."
        )
        self.listing_id = listing_id


async def explain_pair(graph: Graph, viewer: Viewer, supply_id: ListingId, demand_id: ListingId) -> SeenExplanation:
    """Return the explanation of a pair to a viewer; raise NotFoundError unless both listings show to the viewer."""
    return await graph.read(_seen, viewer, supply_id, demand_id)


async def explain_stored_pair(graph: Graph, supply_id: ListingId, demand_id: ListingId) -> PairExplanation:
    """Return the explanation of a pair with all that the store holds; raise NotFoundError unless both are there."""
    return await graph.read(_stored, supply_id, demand_id)


async def _seen(tx: Tx, viewer: Viewer, supply_id: ListingId, demand_id: ListingId) -> SeenExplanation:
    rows = await listings_by_id(tx, listing_scope(viewer), sorted({supply_id, demand_id}))
    for listing_id in (supply_id, demand_id):
        if listing_id not in rows:
            raise NotFoundError("listing", listing_id)
    synergy_id = synergy_id_of(supply_id, demand_id)
    sees = bool(await synergies_by_id(tx, synergy_scope(viewer), [synergy_id]))
    found = await pair_listings(tx, (supply_id, demand_id))
    review = await pair_review(tx, synergy_id) if sees else None
    made = await _explained(tx, (found[supply_id], found[demand_id]), review)
    sides = [side_of(rows[listing_id], found[listing_id]) for listing_id in (supply_id, demand_id)]
    return SeenExplanation(made, numbers_between(viewer, *sides))


async def _stored(tx: Tx, supply_id: ListingId, demand_id: ListingId) -> PairExplanation:
    found = await pair_listings(tx, (supply_id, demand_id))
    for listing_id in (supply_id, demand_id):
        if listing_id not in found:
            raise NotFoundError("listing", listing_id)
    review = await pair_review(tx, synergy_id_of(supply_id, demand_id))
    return await _explained(tx, (found[supply_id], found[demand_id]), review)


async def _explained(
    tx: Tx, found: tuple[StoredListing, StoredListing], review: StoredReview | None
) -> PairExplanation:
    supply, demand = (row.listing for row in found)
    for listing in (supply, demand):
        if not listing.quantity_base_per_year:
            raise QuickListingError(listing.listing_id)
    closed = tuple(withdrawn(row.listing) for row in found if row.status is not ListingStatus.OPEN)
    astray = [
        direction(listing, side.lower())
        for listing, side in ((supply, Direction.SUPPLY), (demand, Direction.DEMAND))
        if listing.direction is not side
    ]
    if astray:
        return await _one_sided(tx, supply, demand, (*closed, *astray))
    decided = None if review is None else Reviewed(review.status, review.at, review.reason)
    visibilities = tuple(row.visibility for row in found)
    return explain(snapshot_of(await pair_market(tx, supply, demand, review)), decided, closed, visibilities)


async def _one_sided(tx: Tx, supply: OpenListing, demand: OpenListing, reasons: tuple[Reason, ...]) -> PairExplanation:
    resources = await resources_by_code(tx, [supply.resource_code])
    return PairExplanation(
        supply_id=supply.listing_id,
        demand_id=demand.listing_id,
        base_unit=resources[supply.resource_code].base_unit,
        estimated=supply.estimated or demand.estimated,
        distance_m=None,
        reasons=reasons,
        notices=(),
        path=None,
        meeting=None,
    )


def side_of(row: ListingRow, stored: StoredListing) -> Side:
    """Return a listing as one side of a pair, for the policy to decide what of it shows."""
    facts = row.listing
    return Side(
        listing_id=facts.listing_id,
        version=facts.version,
        site_id=facts.site_id,
        insee=row.insee,
        visibility=facts.visibility,
        provenance=facts.provenance,
        priced=stored.listing.price_cent_per_trade_unit is not None,
    )
