"""Which listings do not show to their whole territory, or state a price; and whether anything changed since a time."""

from dataclasses import dataclass
from typing import Final, LiteralString

from symbiosis.domain.ids import ListingId, RunId
from symbiosis.domain.runs import RunKind
from symbiosis.store.graph import Tx
from symbiosis.store.paging import every_row

RESERVED_LISTINGS: Final[LiteralString] = """
MATCH (listing:Listing)
WHERE listing.id > $after
  AND (listing.visibility IN ['PRIVATE', 'ANONYMISED'] OR listing.price_cent_per_trade_unit IS NOT NULL)
RETURN listing.id AS key, listing.visibility IN ['PRIVATE', 'ANONYMISED'] AS closed,
       listing.price_cent_per_trade_unit IS NOT NULL AS priced
ORDER BY key LIMIT $at_most
"""

EVENTS_SINCE: Final[LiteralString] = """
MATCH (event:Event)
WHERE event.at >= $at
RETURN count(event) AS events
"""

RUN_NOW: Final[LiteralString] = """
MATCH (:Current {kind: $kind})-[:IS]->(run:Run)
RETURN run.id AS run_id
ORDER BY run_id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Reserved:
    """Listings that are private or anonymised (`closed`), and listings that state a price (`priced`)."""

    closed: frozenset[ListingId]
    priced: frozenset[ListingId]


@dataclass(frozen=True, slots=True)
class State:
    """Which run is current, and how many events the journal has since a time."""

    run_id: RunId | None
    events: int


async def reserved_listings(tx: Tx) -> Reserved:
    """Return which listings are closed, and which are priced."""
    rows = await every_row(tx, RESERVED_LISTINGS)
    return Reserved(
        closed=frozenset(ListingId(row["key"]) for row in rows if row["closed"]),
        priced=frozenset(ListingId(row["key"]) for row in rows if row["priced"]),
    )


async def state_since(tx: Tx, at: str) -> State:
    """Return the current run, and how many events there are since a time (UTC text): equal states, nothing changed."""
    run_id = await run_now(tx)
    events = await tx.run(EVENTS_SINCE, at=at)
    return State(run_id, events[0]["events"])


async def run_now(tx: Tx) -> RunId | None:
    """Return the run whose plan is current, or None before the first."""
    current = await tx.run(RUN_NOW, kind=RunKind.EXCHANGE.value)
    return RunId(current[0]["run_id"]) if current else None
