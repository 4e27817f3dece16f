"""Imports of sites and listings: all of a file in one transaction, or nothing of it.

A file is checked as a whole first, then against the store inside the transaction that writes it, so nothing can come
between. What is there already and equal is not written: the same file twice changes nothing.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from symbiosis.domain.ids import PersonId
from symbiosis.domain.listings import Listing
from symbiosis.domain.places import GeoPrecision, Organisation, Site
from symbiosis.domain.times import utc_now
from symbiosis.ingest import listing_rows, site_rows, tables
from symbiosis.ingest.estimator import staff_bands
from symbiosis.ingest.fields import Fields, check_columns
from symbiosis.ingest.listing_rows import listing_of
from symbiosis.ingest.load import load_reference
from symbiosis.ingest.problems import ImportFileError, ImportRefusedError, Problem, Problems
from symbiosis.ingest.sheets import Sheet, read_sheet
from symbiosis.ingest.site_rows import SiteEntry, site_entry_of
from symbiosis.store.events import Event, record_event
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.loaded import lock_listings, stored_listings, stored_organisations, stored_sites
from symbiosis.store.loading import (
    Facts,
    facts_of,
    listing_row,
    put_listings,
    put_organisations,
    put_sites,
)

__all__ = ["ImportFileError", "ImportRefusedError", "ImportReport", "Problem", "import_listings", "import_sites"]

OPERATOR: Final = PersonId("operator")
"""Who imports from the command line: whoever may use the store, and no person of ours."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did to the store, counted in rows of the file."""

    created: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing and the line of the file that states it."""

    line: int
    reference: str
    listing: Listing


async def import_listings(graph: Graph, path: Path) -> ImportReport:
    """Return what changed after writing every listing of a file; raise ImportFileError or ImportRefusedError."""
    sheet = await asyncio.to_thread(read_sheet, path)
    entries = _listing_entries(sheet, at=utc_now())
    await load_reference(graph)
    return await graph.write(_write_listings, sheet.name, entries, _event("IMPORT_LISTINGS", sheet))


async def import_sites(graph: Graph, path: Path) -> ImportReport:
    """Return what changed after writing every site of a file; raise ImportFileError or ImportRefusedError.

    A column that the file has not leaves what the store has.
    """
    sheet = await asyncio.to_thread(read_sheet, path)
    entries = _site_entries(sheet)
    await load_reference(graph)
    return await graph.write(_write_sites, sheet.name, entries, _event("IMPORT_SITES", sheet))


def _event(action: str, sheet: Sheet) -> Event:
    return Event(at=utc_now(), actor=OPERATOR, action=action, object_id=sheet.name, version=1)


def _listing_entries(sheet: Sheet, *, at: str) -> list[Entry]:
    problems = Problems(sheet.name)
    check_columns(sheet, required=listing_rows.REQUIRED, known=listing_rows.COLUMNS, problems=problems)
    if not set(listing_rows.SITE_COLUMNS) & set(sheet.columns):
        problems.add(1, "siret", "", "The column siret is missing; see docs/data.md")
    problems.refuse()
    resources = {resource.code: resource for resource in tables.resources()}
    entries: list[Entry] = []
    lines: dict[str, int] = {}
    for row in sheet.rows:
        cells = Fields(row, problems)
        listing = listing_of(cells, resources, at=at)
        if listing is None:
            continue
        if listing.listing_id in lines:
            cells.wrong("reference", f"Line {lines[listing.listing_id]} has this reference of the site already")
        lines.setdefault(listing.listing_id, row.line)
        entries.append(Entry(row.line, cells.given("reference"), listing))
    problems.refuse()
    return entries


def _site_entries(sheet: Sheet) -> list[SiteEntry]:
    problems = Problems(sheet.name)
    check_columns(sheet, required=site_rows.REQUIRED, known=site_rows.COLUMNS, problems=problems)
    problems.refuse()
    communes = {commune.insee: commune for commune in tables.communes()}
    entries: list[SiteEntry] = []
    lines: dict[str, int] = {}
    names: dict[str, str] = {}
    for row in sheet.rows:
        cells = Fields(row, problems)
        entry = site_entry_of(cells, communes, tables.naf(), staff_bands())
        if entry is None:
            continue
        if entry.site.site_id in lines:
            cells.wrong("siret", f"Line {lines[entry.site.site_id]} has this SIRET already")
        lines.setdefault(entry.site.site_id, row.line)
        name = entry.organisation.name
        if entry.states_organisation and names.setdefault(entry.organisation.organisation_id, name) != name:
            cells.wrong("organisation", "Another row gives this SIREN another name; an organisation has one")
        entries.append(entry)
    problems.refuse()
    return entries


async def _write_listings(tx: Tx, name: str, entries: Sequence[Entry], event: Event) -> ImportReport:
    ids = [entry.listing.listing_id for entry in entries]
    await lock_listings(tx, ids)
    stored = await stored_listings(tx, ids)
    sites = await stored_sites(tx, sorted({entry.listing.site_id for entry in entries}))
    problems = Problems(name)
    for entry in entries:
        _check_listing(
            entry, stored.get(entry.listing.listing_id), problems, site_is_there=entry.listing.site_id in sites
        )
    problems.refuse()
    created = [entry.listing for entry in entries if entry.listing.listing_id not in stored]
    changed = [
        replace(entry.listing, created_at=facts["created_at"], version=facts["version"] + 1)
        for entry in entries
        if (facts := stored.get(entry.listing.listing_id)) is not None and _differs(entry.listing, facts)
    ]
    await put_listings(tx, [*created, *changed])
    return await _reported(tx, event, created=len(created), updated=len(changed), rows=len(entries))


def _check_listing(entry: Entry, stored: Facts | None, problems: Problems, *, site_is_there: bool) -> None:
    listing = entry.listing
    if not site_is_there:
        what = f"There is no site {listing.site_id} in the store; import it first with `symbiosis import sites`"
        problems.add(entry.line, "siret", listing.site_id.removeprefix("site-"), what)
    elif stored is not None and stored["resource_code"] != listing.resource_code:
        what = f"This reference is a listing of {stored['resource_code']}; give another resource its own reference"
        problems.add(entry.line, "resource", listing.resource_code, what)
    elif stored is not None and stored["direction"] != listing.direction.value:
        what = f"This reference is a {stored['direction'].lower()}; give the other direction its own reference"
        problems.add(entry.line, "direction", listing.direction.value, what)
    elif stored is not None and stored["status"] != listing.status.value:
        what = "This listing was withdrawn; list it again under a new reference"
        problems.add(entry.line, "reference", entry.reference, what)


def _differs(listing: Listing, stored: Facts) -> bool:
    """Return whether a stored listing is other than the file says, in what a file can say."""
    stated = {**listing_row(listing)["facts"], "resource_code": listing.resource_code}
    names = {field.name for field in fields(Listing)} - {"created_at", "updated_at", "version"}
    return any(stated.get(name) != stored.get(name) for name in names)


async def _write_sites(tx: Tx, name: str, entries: Sequence[SiteEntry], event: Event) -> ImportReport:
    stored = await stored_sites(tx, [entry.site.site_id for entry in entries])
    known = await stored_organisations(tx, sorted({entry.organisation.organisation_id for entry in entries}))
    problems = Problems(name)
    for entry in entries:
        there = stored.get(entry.site.site_id)
        if there is not None and there["insee"] != entry.site.insee:
            what = f"In the store this SIRET stands in the commune {there['insee']}; a site that moves gets a new SIRET"
            problems.add(entry.line, "insee", entry.site.insee, what)
    problems.refuse()
    organisations = [
        entry.organisation
        for entry in sorted(entries, key=lambda entry: entry.states_organisation)
        if _renames(entry, known.get(entry.organisation.organisation_id))
    ]
    renamed = {organisation.organisation_id for organisation in organisations}
    created = [entry.site for entry in entries if entry.site.site_id not in stored]
    updated = [
        entry.site
        for entry in entries
        if (there := stored.get(entry.site.site_id)) is not None
        and (_moves(entry, there) or entry.site.organisation_id in renamed)
    ]
    await put_organisations(tx, organisations)
    await put_sites(tx, [*created, *(_stated(entry, stored) for entry in entries if entry.site in updated)])
    return await _reported(tx, event, created=len(created), updated=len(updated), rows=len(entries))


def _renames(entry: SiteEntry, known: Organisation | None) -> bool:
    return known is None or (entry.states_organisation and known.name != entry.organisation.name)


def _moves(entry: SiteEntry, there: Facts) -> bool:
    stated = facts_of(_stated(entry, {entry.site.site_id: there}), key={"site_id": "id"})
    return any(value != there.get(name) for name, value in stated.items())


def _stated(entry: SiteEntry, stored: dict[str, Facts]) -> Site:
    """Return the site as the file states it, and as the store has it where the file says nothing."""
    there, site = stored[entry.site.site_id], entry.site
    silent = {name for name in ("naf", "staff_band", "headings", "source", "licence") if not getattr(site, name)}
    if not entry.states_position:
        silent |= {"lat", "lon", "geo_precision"}
    kept: dict[str, Any] = {name: there[name] for name in sorted(silent) if name in there}
    if "headings" in kept:
        kept["headings"] = tuple(kept["headings"])
    if "geo_precision" in kept:
        kept["geo_precision"] = GeoPrecision(kept["geo_precision"])
    return replace(site, **kept)


async def _reported(tx: Tx, event: Event, *, created: int, updated: int, rows: int) -> ImportReport:
    """Return the report of an import, after an entry in the journal if it changed anything."""
    if created or updated:
        await record_event(tx, replace(event, detail=f"{created} created, {updated} updated of {rows} rows"))
    return ImportReport(created=created, updated=updated, unchanged=rows - created - updated)
