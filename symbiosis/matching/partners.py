"""With whom one listing could meet now: asked of the market as it stands, without waiting for a run.

The rules and the arithmetic are those of a run, each partner looked at as if there were no other; a run decides over
all together. Who asks is told of listings that show to them only, and nothing in the answer, its order neither, rests
on a price that they may not see: where an amount is hidden from them, nearness decides.
"""

import asyncio
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from symbiosis.domain.ids import ListingId
from symbiosis.domain.listings import Direction, ListingStatus
from symbiosis.errors import NotFoundError
from symbiosis.matching.breakdown import worths
from symbiosis.matching.candidates import Candidates, find_candidates
from symbiosis.matching.explain import Meeting, meetings, most_exchanged
from symbiosis.matching.pair import QuickListingError, side_of
from symbiosis.matching.regret import PlanPrices, plan_prices
from symbiosis.matching.snapshot import Ints, Snapshot, snapshot_of
from symbiosis.matching.value import ArcValues, value_candidates
from symbiosis.policy import NumbersShown, Viewer, listing_scope, numbers_between
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.listings import ListingRow, listings_by_id
from symbiosis.store.pair import StoredListing, pair_listings
from symbiosis.store.snapshot import StoredMarket, read_other_side
from symbiosis.units import BASE_PER_TRADE, BaseUnit

MOST_LOOKED_AT: Final = 400
"""Candidates of one listing that are looked at, the nearest first."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A listing that another could meet: the one, what their meeting is, and what of it its reader may see.

    `regret_cent` is what the current plan would lose at least for each trade unit that went this way; None where it
    is not known, or not shown.
    """

    row: ListingRow
    distance_m: int
    meeting: Meeting
    unit: BaseUnit
    shown: NumbersShown
    regret_cent: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """The candidates of one listing: rows of `candidates`, nearest first, with the listings at their other ends."""

    snapshot: Snapshot
    candidates: Candidates
    values: ArcValues
    rows: Ints
    others: tuple[ListingId, ...]


async def partners_of(graph: Graph, viewer: Viewer, listing_id: ListingId, first: int) -> tuple[Partner, ...]:
    """Return whom a listing could meet now, best first; none if it is withdrawn.

    Raises NotFoundError unless the listing shows to the viewer, and QuickListingError if it states no quantity.
    """
    row, stored, market = await graph.read(_market, viewer, listing_id)
    if stored.status is not ListingStatus.OPEN:
        return ()
    looked = await asyncio.to_thread(_looked, market, stored)
    seen = await graph.read(listings_by_id, listing_scope(viewer), looked.others)
    best = await asyncio.to_thread(_best, viewer, (row, stored), looked, seen, first)
    if not viewer.is_member or not any(_has_regret(partner) for partner in best):
        return best
    prices = await graph.read(plan_prices, viewer, [row, *(partner.row for partner in best)])
    return tuple(replace(partner, regret_cent=_regret_cent(prices, listing_id, partner)) for partner in best)


def _regret_cent(prices: PlanPrices, listing_id: ListingId, partner: Partner) -> int | None:
    """Return the regret of a pair, as far as it has one and the prices are known."""
    if not _has_regret(partner):
        return None
    pair = listing_id, partner.row.listing.listing_id
    return prices.regret_cent(pair, partner.meeting.per_trade_unit.value_cent, BASE_PER_TRADE[partner.unit])


def _has_regret(partner: Partner) -> bool:
    """Say whether a pair's value shows and a run would not leave it out whatever it is worth."""
    return partner.shown.value and not partner.meeting.left_out


async def _market(tx: Tx, viewer: Viewer, listing_id: ListingId) -> tuple[ListingRow, StoredListing, StoredMarket]:
    row = (await listings_by_id(tx, listing_scope(viewer), [listing_id])).get(listing_id)
    if row is None:
        raise NotFoundError("listing", listing_id)
    stored = (await pair_listings(tx, (listing_id, listing_id)))[listing_id]
    if not stored.listing.quantity_base_per_year:
        raise QuickListingError(listing_id)
    return row, stored, await read_other_side(tx, stored.listing)


def _looked(market: StoredMarket, stored: StoredListing) -> _Looked:
    snapshot = snapshot_of(market)
    candidates = find_candidates(snapshot)
    nearest = np.argsort(candidates.distance_m, kind="stable")[:MOST_LOOKED_AT]
    gives = stored.listing.direction is Direction.SUPPLY
    side, ends = (snapshot.demands, candidates.demand) if gives else (snapshot.supplies, candidates.supply)
    others = tuple(side.listings[at].listing_id for at in ends[nearest].tolist())
    return _Looked(snapshot, candidates, value_candidates(snapshot, candidates), nearest, others)


def _best(
    viewer: Viewer,
    asked: tuple[ListingRow, StoredListing],
    looked: _Looked,
    seen: dict[ListingId, ListingRow],
    first: int,
) -> tuple[Partner, ...]:
    found = [
        (row, seen[other]) for row, other in zip(looked.rows.tolist(), looked.others, strict=True) if other in seen
    ]
    if not found:
        return ()
    snapshot, candidates, values = looked.snapshot, looked.candidates, looked.values
    rows = np.array([row for row, _ in found], dtype=np.int64)
    worth = worths(snapshot, candidates, values, rows, most_exchanged(snapshot, candidates, rows)).value_cent.tolist()
    shown = [_shown(viewer, asked, looked, row, other) for row, other in found]

    def order(at: int) -> tuple[int, int, int, ListingId]:
        row, other = found[at]
        hidden = not shown[at].value
        return int(hidden), 0 if hidden else -worth[at], int(candidates.distance_m[row]), other.listing.listing_id

    best = sorted(range(len(found)), key=order)[:first]
    told = meetings(snapshot, candidates, values, [found[at][0] for at in best])
    return tuple(
        Partner(other, int(candidates.distance_m[row]), meeting, other.base_unit, shown[at])
        for at, meeting in zip(best, told, strict=True)
        for row, other in [found[at]]
    )


def _shown(
    viewer: Viewer, asked: tuple[ListingRow, StoredListing], looked: _Looked, row: int, other: ListingRow
) -> NumbersShown:
    """Return which amounts of a pair the viewer may see."""
    candidates, snapshot = looked.candidates, looked.snapshot
    ends = snapshot.supplies.listings[candidates.supply[row]], snapshot.demands.listings[candidates.demand[row]]
    known = {asked[0].listing.listing_id: asked[0], other.listing.listing_id: other}
    sides = [
        side_of(known[end.listing_id], StoredListing(end, ListingStatus.OPEN, known[end.listing_id].listing.visibility))
        for end in ends
    ]
    return numbers_between(viewer, *sides)
