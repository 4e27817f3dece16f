"""Bring the shipped reference data, the real sites and their estimates into a store; quick where all is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from symbiosis.domain.listings import Listing
from symbiosis.domain.times import utc_now, utc_text
from symbiosis.ingest import tables
from symbiosis.ingest.estimator import MARK, estimated_listings
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.loaded import loaded_checksum, lock_listings, standing_estimates, stored_listings
from symbiosis.store.loading import (
    BATCH,
    Facts,
    listing_row,
    put_communes,
    put_factors,
    put_listings,
    put_organisations,
    put_resources,
    put_sites,
    put_substitutions,
    put_territories,
    record_checksum,
    withdraw_estimates,
)

REFERENCE: Final = "reference"
DEMO: Final = "demo-territory"

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What the shipped tables hold, and how many listings this load wrote; `changed` is False where all was there."""

    changed: bool
    territories: int
    communes: int
    resources: int
    substitutions: int
    factors: int
    organisations: int = 0
    sites: int = 0
    listings: int = 0
    listings_created: int = 0
    listings_updated: int = 0
    listings_withdrawn: int = 0


async def load_reference(graph: Graph, on_progress: Progress | None = None) -> LoadReport:
    """Return what the reference tables hold, after writing them unless this store has them already."""
    said = on_progress or _silent
    known = await graph.read(loaded_checksum, REFERENCE)
    if known == tables.checksum():
        said(1.0, "the reference data is there")
        return _reference_report(changed=False)
    await graph.write(put_territories, tables.territories())
    await graph.write(put_communes, tables.communes())
    said(0.4, "communes and territories")
    await graph.write(put_factors, tables.factors())
    await graph.write(put_resources, tables.resources())
    await graph.write(put_substitutions, tables.substitutions())
    await graph.write(record_checksum, REFERENCE, tables.checksum(), utc_now())
    said(1.0, "resources, substitutions and factors")
    return _reference_report(changed=True)


async def load_demo_territory(graph: Graph, *, now: str, on_progress: Progress | None = None) -> LoadReport:
    """Return what the demo territory holds: the reference data, the real sites and what is estimated of them.

    Estimates are dated `now` (ISO-8601 with a time zone) when they are first written and keep that date. A listing
    that a person has changed or withdrawn is left alone; an estimate that the tables no longer give is withdrawn.
    """
    said = on_progress or _silent
    reference = await load_reference(graph, lambda share, text: said(share * 0.2, text))
    sites, organisations = tables.sites(), tables.organisations()
    at = utc_text(datetime.fromisoformat(now))
    listings = tuple(estimated_listings(sites, at=at))
    report = replace(reference, sites=len(sites), organisations=len(organisations), listings=len(listings))
    if await graph.read(loaded_checksum, DEMO) == tables.checksum():
        said(1.0, f"{len(sites)} sites and their estimates are there")
        return report
    await graph.write(put_organisations, organisations)
    await graph.write(put_sites, sites)
    said(0.4, f"{len(sites)} real sites")
    created, updated = await _load_estimates(graph, listings, said)
    withdrawn = await _withdraw_others(graph, listings, at)
    await graph.write(record_checksum, DEMO, tables.checksum(), at)
    said(1.0, f"{len(listings)} estimated listings")
    return replace(
        report, changed=True, listings_created=created, listings_updated=updated, listings_withdrawn=withdrawn
    )


async def _load_estimates(graph: Graph, listings: Sequence[Listing], said: Progress) -> tuple[int, int]:
    """Return how many estimates were created and how many updated; those that people touched are left alone."""
    created = updated = 0
    for start in range(0, len(listings), BATCH):
        batch = listings[start : start + BATCH]
        new, changed = await graph.write(_put_estimates, batch)
        created, updated = created + new, updated + changed
        said(0.4 + 0.55 * (start + len(batch)) / len(listings), f"{start + len(batch)} of {len(listings)} estimates")
    return created, updated


async def _put_estimates(tx: Tx, batch: Sequence[Listing]) -> tuple[int, int]:
    ids = [listing.listing_id for listing in batch]
    await lock_listings(tx, ids)
    stored = await stored_listings(tx, ids)
    new = [listing for listing in batch if listing.listing_id not in stored]
    changed = [
        replace(listing, created_at=stored[listing.listing_id]["created_at"])
        for listing in batch
        if listing.listing_id in stored and _is_outdated(stored[listing.listing_id], listing)
    ]
    await put_listings(tx, [*new, *changed])
    return len(new), len(changed)


def _is_outdated(stored: Facts, listing: Listing) -> bool:
    untouched = stored["version"] == 1 and stored["status"] == "OPEN" and str(stored["source"]).startswith(MARK)
    times = {"created_at": stored["created_at"], "updated_at": stored["updated_at"]}
    row = listing_row(listing)
    return untouched and stored != {**row["facts"], **times, "resource_code": listing.resource_code}


async def _withdraw_others(graph: Graph, listings: Sequence[Listing], at: str) -> int:
    """Withdraw the untouched estimates that the tables no longer give; return how many."""
    kept = {listing.listing_id for listing in listings}
    withdrawn, after = 0, ""
    while ids := await graph.read(standing_estimates, MARK, after):
        after = ids[-1]
        if gone := [listing_id for listing_id in ids if listing_id not in kept]:
            withdrawn += await graph.write(withdraw_estimates, gone, at)
    return withdrawn


def _reference_report(*, changed: bool) -> LoadReport:
    return LoadReport(
        changed=changed,
        territories=len(tables.territories()),
        communes=len(tables.communes()),
        resources=len(tables.resources()),
        substitutions=len(tables.substitutions()),
        factors=len(tables.factors()),
    )


def _silent(share: float, text: str) -> None:
    """Say nothing."""
