"""Synergies, read in the scope of a viewer with the numbers of the current run; `desk.py` changes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from symbiosis.domain.ids import ListingId, RunId, SiteId, SynergyId
from symbiosis.domain.listings import Provenance, Visibility
from symbiosis.domain.runs import RunKind
from symbiosis.domain.synergies import StepReason, Suggestion, Synergy, SynergyStatus, TrialResult
from symbiosis.domain.transport import VehicleClass
from symbiosis.domain.worth import Line
from symbiosis.store.asking import asking
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest, RunGoneError
from symbiosis.store.published import CURRENT_RUN_ID
from symbiosis.store.scopes import SynergyScope
from symbiosis.store.statements import VISIBLE_SYNERGY, OrderBy, behind_cursor, page_statement
from symbiosis.store.synergy_filters import EARLY, EARLY_ORDERS, SYNERGY_ORDERS, SYNERGY_TABLE, SynergyOrder
from symbiosis.store.synergy_queries import KEPT_RUN, SYNERGIES_BY_ID, synergies_where
from symbiosis.store.where import Condition
from symbiosis.units import BaseUnit


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a synergy: its listing, what decides who may see it, and whether the site states its own price."""

    listing_id: ListingId
    version: int
    site_id: SiteId
    insee: str
    visibility: Visibility
    provenance: Provenance
    priced: bool


@dataclass(frozen=True, slots=True)
class SynergyRow:
    """A synergy, its two sides, and what the current run proposes for it (None: the run does not)."""

    synergy: Synergy
    supply: Side
    demand: Side
    base_unit: BaseUnit
    suggestion: Suggestion | None

    @property
    def estimated(self) -> bool:
        """Say whether a quantity behind it is estimated from the sector, not declared by the site."""
        return Provenance.ESTIMATED in {self.supply.provenance, self.demand.provenance}


async def synergies_page(
    tx: Tx, scope: SynergyScope, where: Condition, order: OrderBy[SynergyOrder], page: PageRequest
) -> Page[SynergyRow]:
    """Return one page of the synergies in scope for which a condition holds: as the run shows them that the first page
    was read of, or RunGoneError if that is not kept any more.
    """
    by = order.sorted_in(SYNERGY_ORDERS)
    begun_in = page.run_id(by.name)
    run_id = await _current(tx) if begun_in is None else begun_in
    asked = await asking(tx, SYNERGY_TABLE, where, by, page, run_id)
    early, late = asked.split(EARLY)
    soon = asked.goes_on and order.by in EARLY_ORDERS
    source = synergies_where(early, [behind_cursor("synergy.id", asked.order)] if soon else [])
    goes_on = asked.goes_on and not soon
    query = page_statement(source, [VISIBLE_SYNERGY, *late], asked.order, goes_on=goes_on)
    rows = await tx.run(query, run_id=run_id, **scope.parameters(), **asked.parameters)
    if begun_in and not await tx.run(KEPT_RUN, run_id=begun_in, kind=RunKind.EXCHANGE.value):
        raise RunGoneError(begun_in)
    return asked.page(rows, "synergy_id", _row)


async def synergies_by_id(tx: Tx, scope: SynergyScope, ids: Sequence[SynergyId]) -> dict[SynergyId, SynergyRow]:
    """Return those of these synergies that are there and in scope."""
    rows = await tx.run(SYNERGIES_BY_ID, synergy_ids=list(ids), **scope.parameters())
    return {row.synergy.synergy_id: row for row in map(_row, rows)}


async def _current(tx: Tx) -> RunId:
    """Return the run that readers see; empty before the first, which no run is called."""
    rows = await tx.run(CURRENT_RUN_ID, kind=RunKind.EXCHANGE.value)
    return RunId(rows[0]["run_id"] if rows else "")


def _row(row: Mapping[str, Any]) -> SynergyRow:
    synergy = Synergy(
        synergy_id=SynergyId(row["synergy_id"]),
        supply_id=ListingId(row["supply_id"]),
        demand_id=ListingId(row["demand_id"]),
        status=SynergyStatus(row["status"]),
        version=row["version"],
        basis=row["basis"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        reason=None if row["reason"] is None else StepReason(row["reason"]),
        note=row["note"],
        held_from=None if row["held_from"] is None else SynergyStatus(row["held_from"]),
        trial_result=None if row["trial_result"] is None else TrialResult(row["trial_result"]),
        started_on=row["started_on"],
        agreed_base_per_year=row["agreed_base_per_year"],
        jobs_tenth_fte=row["jobs_tenth_fte"],
        assignee_id=row["assignee_id"],
        due_on=row["due_on"],
        last_activity_at=row["last_activity_at"],
    )
    return SynergyRow(
        synergy=synergy,
        supply=_side(row, "supply", "supplier"),
        demand=_side(row, "demand", "receiver"),
        base_unit=BaseUnit(row["base_unit"]),
        suggestion=_suggestion(row),
    )


def _side(row: Mapping[str, Any], listing: str, site: str) -> Side:
    return Side(
        listing_id=ListingId(row[f"{listing}_id"]),
        version=row[f"{listing}_version"],
        site_id=SiteId(row[f"{site}_site_id"]),
        insee=row[f"{site}_insee"],
        visibility=Visibility(row[f"{listing}_visibility"]),
        provenance=Provenance(row[f"{listing}_provenance"]),
        priced=row[f"{listing}_priced"],
    )


def _suggestion(row: Mapping[str, Any]) -> Suggestion | None:
    if row["run_id"] is None:
        return None
    given: dict[str, Any] = {field.name: row[field.name] for field in fields(Suggestion) if field.name != "match"}
    given |= {"match": row["matched_by"], "run_id": RunId(row["run_id"])}
    given |= {name: tuple(row[name] or ()) for name in ("factor_ids", "unpriced")}
    given["vehicle"] = None if row["vehicle"] is None else VehicleClass(row["vehicle"])
    given["lines"] = tuple(Line.from_text(text) for text in row["lines"] or ())
    return Suggestion(**given)
