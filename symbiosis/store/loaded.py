"""What is in the store already, read back by the imports to write only what differs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import OrganisationId
from symbiosis.domain.places import Organisation
from symbiosis.store.graph import Tx
from symbiosis.store.loading import BATCH, Facts

LOCK_LISTINGS: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (listing:Listing {id: id})
SET listing.updated_at = listing.updated_at
RETURN count(*) AS locked
"""

LISTING_FACTS: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (listing:Listing {id: id})-[:OF]->(resource:Resource)
RETURN listing.id AS id, properties(listing) AS facts, resource.code AS resource_code
ORDER BY id LIMIT $at_most
"""

SITE_FACTS: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (organisation:Organisation)-[:OPERATES]->(site:Site {id: id})-[:IN]->(commune:Commune)
RETURN site.id AS id, properties(site) AS facts, organisation.id AS organisation_id, commune.insee AS insee
ORDER BY id LIMIT $at_most
"""

ORGANISATION_NAMES: Final[LiteralString] = """
UNWIND $ids AS id
MATCH (organisation:Organisation {id: id})
RETURN organisation.id AS id, organisation.name AS name, organisation.siren AS siren
ORDER BY id LIMIT $at_most
"""

STANDING_ESTIMATES: Final[LiteralString] = """
MATCH (listing:Listing {provenance: 'ESTIMATED', status: 'OPEN'})
WHERE listing.version = 1 AND listing.source STARTS WITH $mark AND listing.id > $after
RETURN listing.id AS id
ORDER BY id LIMIT $at_most
"""

LOADED_CHECKSUM: Final[LiteralString] = "MATCH (load:Import {id: $id}) RETURN load.checksum AS checksum"


async def lock_listings(tx: Tx, ids: Sequence[str]) -> None:
    """Take the write locks of those of these listings that are there, to be held until the transaction ends."""
    for start in range(0, len(ids), BATCH):
        await tx.run(LOCK_LISTINGS, ids=sorted(ids)[start : start + BATCH])


async def stored_listings(tx: Tx, ids: Sequence[str]) -> dict[str, Facts]:
    """Return the facts of those of these listings that are there, each with its `resource_code`."""
    rows = await _read_many(tx, LISTING_FACTS, ids)
    return {row["id"]: {**row["facts"], "resource_code": row["resource_code"]} for row in rows}


async def stored_sites(tx: Tx, ids: Sequence[str]) -> dict[str, Facts]:
    """Return the facts of those of these sites that are there, each with its `organisation_id` and `insee`."""
    rows = await _read_many(tx, SITE_FACTS, ids)
    return {
        row["id"]: {**row["facts"], "organisation_id": row["organisation_id"], "insee": row["insee"]} for row in rows
    }


async def stored_organisations(tx: Tx, ids: Sequence[str]) -> dict[str, Organisation]:
    """Return those of these organisations that are there, by id."""
    rows = await _read_many(tx, ORGANISATION_NAMES, ids)
    return {row["id"]: Organisation(OrganisationId(row["id"]), row["name"], row["siren"]) for row in rows}


async def standing_estimates(tx: Tx, mark: str, after: str) -> list[str]:
    """Return the next estimated listings that nobody has touched, by id; `mark` is how their source begins."""
    return [row["id"] for row in await tx.run(STANDING_ESTIMATES, mark=mark, after=after, at_most=BATCH)]


async def loaded_checksum(tx: Tx, load_id: str) -> str | None:
    """Return the checksum that `record_checksum` kept, or None."""
    rows = await tx.run(LOADED_CHECKSUM, id=load_id)
    return rows[0]["checksum"] if rows else None


async def _read_many(tx: Tx, query: LiteralString, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for start in range(0, len(ids), BATCH):
        rows += await tx.run(query, ids=list(ids[start : start + BATCH]), at_most=BATCH)
    return rows
