"""One page of a list as it is asked for: filter, order and cursor, checked, as text and parameters of a statement."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, LiteralString, TypeVar

from symbiosis.domain.ids import RunId
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest, of_run, page_of
from symbiosis.store.statements import Sorted
from symbiosis.store.where import AllOf, Compared, Composer, Condition, Places, Standing, check_size, digest, positions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Table:
    """What a list can compare: the places of its fields, and where the sites of its rows stand."""

    places: Places
    standing: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """A page that is asked for: `goes_on` if it starts behind a cursor; `marked` is what its own cursors carry."""

    where: Condition
    order: Sorted
    request: PageRequest
    composer: Composer
    keys: Mapping[str, Any]
    marked: str

    @property
    def goes_on(self) -> bool:
        """Say whether the page starts behind a cursor."""
        return self.request.after is not None

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the conditions that were turned into text so far, and those of the page."""
        return {**self.composer.parameters, **self.keys}

    def condition(self) -> list[LiteralString]:
        """Return the text of the filter: one, or none if there is nothing to compare."""
        return [] if self.where == AllOf() else [self.composer.text(self.where)]

    def split(self, early: AbstractSet[StrEnum]) -> tuple[list[LiteralString], list[LiteralString]]:
        """Return the texts of the conditions that can be decided early, of these fields alone, and of the others."""
        parts = self.where.parts if isinstance(self.where, AllOf) else (self.where,)
        first = [part for part in parts if isinstance(part, Compared) and part.field in early]
        rest = [part for part in parts if part not in first]
        return [self.composer.text(part) for part in first], [self.composer.text(part) for part in rest]

    def page(
        self, rows: Sequence[Mapping[str, Any]], id_column: str, read: Callable[[Mapping[str, Any]], T]
    ) -> Page[T]:
        """Return the page that the rows are."""
        return page_of(rows, self.request, self.order.name, id_column, read, where=self.marked)


async def asking(
    tx: Tx, table: Table, where: Condition, order: Sorted, request: PageRequest, run_id: RunId | None = None
) -> Asking:
    """Return the page, or raise CursorError, WhereError, or NotFoundError for a site to measure from.

    A list that shows a run names it, and its cursors carry it.
    """
    check_size(where)
    marked = digest(where) if run_id is None else of_run(digest(where), run_id)
    keys = request.parameters(order.name, order.by.kind, marked)
    composer = Composer(table.places, table.standing, await positions(tx, where))
    if request.after is None:
        keys = {"at_most": keys["at_most"]}
    return Asking(where, order, request, composer, keys, marked)
