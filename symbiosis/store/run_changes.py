"""What a run changed of the plan before it, read back: by whoever holds the store, and in the scope of a viewer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from symbiosis.domain.changes import ChangeCause, ChangeKind, PairChange
from symbiosis.domain.ids import ListingId, RunId, SynergyId
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest, page_of
from symbiosis.store.scopes import SynergyScope
from symbiosis.store.statements import VISIBLE_SYNERGY, SortDirection, Sorted, SortKey, Source, page_statement

CHANGES: Final[LiteralString] = """
MATCH (:Run {id: $run_id})-[changes:CHANGES]->(synergy:Synergy)
MATCH (supply:Listing)<-[:TAKES_FROM]-(synergy)-[:GIVES_TO]->(demand:Listing)
RETURN supply.id AS supply_id, demand.id AS demand_id, changes.kind AS kind, changes.cause AS cause,
       changes.detail AS detail, changes.before_base_per_year AS before_base_per_year,
       changes.after_base_per_year AS after_base_per_year, changes.before_cent_per_year AS before_cent_per_year,
       changes.after_cent_per_year AS after_cent_per_year
ORDER BY changes.place LIMIT $at_most
"""

SEEN: Final = Source(
    pattern="""
MATCH (:Run {id: $run_id})-[changes:CHANGES]->(synergy:Synergy)
MATCH (synergy)-[:TAKES_FROM]->(supply:Listing)-[:AT]->(supplier:Site)-[:IN]->(supplier_commune:Commune)
MATCH (synergy)-[:GIVES_TO]->(demand:Listing)-[:AT]->(receiver:Site)-[:IN]->(receiver_commune:Commune)""",
    carried="changes, synergy",
    row_id="synergy.id",
    id_column="synergy_id",
    columns="synergy.id AS synergy_id, changes.kind AS kind, changes.cause AS cause",
)
_ORDER: Final = Sorted(SortKey("changes.place", int), SortDirection.ASC, "MOST_VALUE")


@dataclass(frozen=True, slots=True)
class SeenChange:
    """A change as a viewer of its synergy reads it: how and why, without figures and without other pairs.

    Of a preview there may be no synergy yet, so its listings are told as far as the viewer sees them, and the value
    (cents per year) to who may know it.
    """

    synergy_id: SynergyId
    kind: ChangeKind
    cause: ChangeCause
    supply_id: ListingId | None = None
    demand_id: ListingId | None = None
    value_change_cent_per_year: int | None = None


async def run_changes(tx: Tx, run_id: RunId, at_most: int) -> list[PairChange]:
    """Return what a run changed, those of the most value first."""
    return [_change(row) for row in await tx.run(CHANGES, run_id=run_id, at_most=at_most)]


async def run_changes_page(tx: Tx, scope: SynergyScope, run_id: RunId, page: PageRequest) -> Page[SeenChange]:
    """Return one page of what a run changed among the synergies in scope, those of the most value first."""
    keys = page.parameters(_ORDER.name, int)
    if page.after is None:
        keys = {"at_most": keys["at_most"]}
    query = page_statement(SEEN, [VISIBLE_SYNERGY], _ORDER, goes_on=page.after is not None)
    rows = await tx.run(query, run_id=run_id, **scope.parameters(), **keys)
    return page_of(rows, page, _ORDER.name, "synergy_id", _seen)


def _change(row: Mapping[str, Any]) -> PairChange:
    return PairChange(
        supply_id=ListingId(row["supply_id"]),
        demand_id=ListingId(row["demand_id"]),
        kind=ChangeKind(row["kind"]),
        cause=ChangeCause(row["cause"]),
        detail=row["detail"],
        before_base_per_year=row["before_base_per_year"],
        after_base_per_year=row["after_base_per_year"],
        before_cent_per_year=row["before_cent_per_year"],
        after_cent_per_year=row["after_cent_per_year"],
    )


def _seen(row: Mapping[str, Any]) -> SeenChange:
    return SeenChange(SynergyId(row["synergy_id"]), ChangeKind(row["kind"]), ChangeCause(row["cause"]))
