"""Which suggestions of the current run there are at a few listings, for what a unit of each is worth in its plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, LiteralString

from symbiosis.domain.ids import ListingId, SynergyId
from symbiosis.domain.runs import RunKind
from symbiosis.store.graph import Tx

MOST_SUGGESTIONS: Final = 2000
"""How many suggestions are looked at in all."""

CURRENT_START: Final[LiteralString] = """
MATCH (:Current {kind: $kind})-[:IS]->(run:Run)
RETURN run.id AS run_id, run.started_at AS started_at
ORDER BY run_id LIMIT 1
"""

SUGGESTIONS_AT: Final[LiteralString] = """
UNWIND $listing_ids AS wanted
MATCH (listing:Listing {id: wanted})<-[:TAKES_FROM|GIVES_TO]-(synergy:Synergy)<-[:SUGGESTS]-(run:Run)
WHERE run.id = $run_id
RETURN listing.id AS listing_id, synergy.id AS synergy_id
ORDER BY listing_id, synergy_id LIMIT $at_most
"""


@dataclass(frozen=True, slots=True)
class SuggestedAt:
    """When the current run read the market, and what it suggests at each of some listings."""

    started_at: str
    by_listing: dict[ListingId, list[SynergyId]]


async def suggested_at(tx: Tx, listing_ids: Sequence[ListingId]) -> SuggestedAt | None:
    """Return what the current run suggests at these listings; None before the first run, or where it is too much."""
    current = await tx.run(CURRENT_START, kind=RunKind.EXCHANGE.value)
    if not current:
        return None
    wanted = {"listing_ids": list(listing_ids), "run_id": current[0]["run_id"]}
    rows = await tx.run(SUGGESTIONS_AT, at_most=MOST_SUGGESTIONS, **wanted)
    if len(rows) >= MOST_SUGGESTIONS:
        return None
    found: dict[ListingId, list[SynergyId]] = {listing_id: [] for listing_id in listing_ids}
    for row in rows:
        found[ListingId(row["listing_id"])].append(SynergyId(row["synergy_id"]))
    return SuggestedAt(current[0]["started_at"], found)
