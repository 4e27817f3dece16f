"""What anybody may see of the flows, under statistical secrecy, as the API shows it: shown cells only."""

from collections.abc import Mapping, Sequence
from typing import Self

import strawberry

from symbiosis.analytics import observatory as facts
from symbiosis.analytics.cells import ALL
from symbiosis.analytics.naming import Label, chapter_label
from symbiosis.analytics.observatory import Measure
from symbiosis.api.analyses.where import AnalysisGroup, numbered
from symbiosis.api.nodes import After, Connection, First, connection, request
from symbiosis.domain.ids import TerritoryId
from symbiosis.store.pages import PageRequest

ORDER = "CUBE"

strawberry.enum(
    Measure,
    name="ObservatoryMeasure",
    description="SUGGESTED: what the current run suggests, a year. DELIVERED: what was delivered in the quarter.",
)


@strawberry.type(
    description="One cell that may be shown: three firms or more give and take, none dominates, and no firm can be "
    "told from it and the others. Numbers have three digits; materials only."
)
class ObservatoryCell:
    """One cell that may be shown."""

    measure: Measure = strawberry.field(description="What it counts.")
    quarter: str = strawberry.field(
        description="Like 2026-Q4: of a SUGGESTED cell the one in which the run was published."
    )
    territory: AnalysisGroup = strawberry.field(description="The métropole of the sites that give; `*` is all.")
    chapter: AnalysisGroup = strawberry.field(
        description="The chapter of the List of Waste; `*` is all, `?` without a waste code."
    )
    tonnes: float = strawberry.field(description="Tonnes: a year if SUGGESTED, in the quarter if DELIVERED.")
    avoided_tco2e: float | None = strawberry.field(
        description="t CO2e a year, of the flows that avoid any; null if DELIVERED."
    )

    @classmethod
    def of(cls, labels: Mapping[str, Label], cell: facts.PublicCell) -> Self:
        """Return a shown cell as the API shows it."""
        return cls(
            measure=cell.measure,
            quarter=cell.quarter,
            territory=AnalysisGroup.among(labels, cell.metropole),
            chapter=AnalysisGroup.of(chapter_label(cell.chapter)),
            tonnes=cell.tonnes or 0.0,
            avoided_tco2e=cell.avoided_tco2e,
        )


@strawberry.type(description="A band of a Sankey diagram between a territory and a chapter of the List of Waste.")
class ObservatoryFlow:
    """A band of a Sankey diagram."""

    giver: AnalysisGroup = strawberry.field(description="The métropole of the sites that give.")
    chapter: AnalysisGroup = strawberry.field(description="The chapter of the List of Waste of what they give.")
    tonnes_per_year: float = strawberry.field(description="What they give of it, tonnes a year.")

    @classmethod
    def of(cls, labels: Mapping[str, Label], cell: facts.PublicCell) -> Self:
        """Return a shown cell as a band."""
        return cls(
            giver=AnalysisGroup.among(labels, cell.metropole),
            chapter=AnalysisGroup.of(chapter_label(cell.chapter)),
            tonnes_per_year=cell.tonnes or 0.0,
        )


@strawberry.type(
    description="What the current run has published for everybody, once: no table of it is ever made again. Hidden "
    "cells are not told, nor why."
)
class Observatory:
    """What the current run has published for everybody."""

    shown: strawberry.Private[tuple[facts.PublicCell, ...]]
    labels: strawberry.Private[Mapping[str, Label]]
    run_id: strawberry.ID = strawberry.field(description="The run.")
    made_at: str = strawberry.field(description="When it was made, UTC, ISO-8601.")
    hidden_cell_count: int = strawberry.field(description="How many cells are hidden, margins among them.")

    @strawberry.field(description="Every cell that is shown, margins (`*`) among them.")
    async def cells(self, first: First, after: After = None) -> Connection[ObservatoryCell]:
        """Return a page of the shown cells."""
        return self._page(self.shown, request(first, after))

    @strawberry.field(description="The indicators of territories: the cells over all chapters that are shown.")
    async def totals(self, first: First, after: After = None) -> Connection[ObservatoryCell]:
        """Return a page of the shown margins over all chapters."""
        return self._page([cell for cell in self.shown if cell.chapter == ALL], request(first, after))

    @strawberry.field(description="What is suggested, from territories to chapters, of the shown cells only.")
    async def flows(self, first: First, after: After = None) -> Connection[ObservatoryFlow]:
        """Return a page of bands."""
        inner = [
            cell
            for cell in self.shown
            if cell.measure is Measure.SUGGESTED and ALL not in {cell.metropole, cell.chapter}
        ]
        page = numbered(inner, request(first, after), ORDER)
        return connection(page, lambda cell: ObservatoryFlow.of(self.labels, cell))

    def _page(self, cells: Sequence[facts.PublicCell], asked: PageRequest) -> Connection[ObservatoryCell]:
        return connection(numbered(cells, asked, ORDER), lambda cell: ObservatoryCell.of(self.labels, cell))

    @classmethod
    def of(cls, seen: facts.Observatory, labels: Mapping[str, Label], territory_id: TerritoryId | None) -> Self:
        """Return the observatory, or its part of one métropole, as the API shows it."""
        cells = [cell for cell in seen.cells if territory_id in {None, cell.metropole}]
        shown = tuple(cell for cell in seen.shown if territory_id in {None, cell.metropole})
        return cls(
            shown=shown,
            labels=labels,
            run_id=strawberry.ID(seen.run_id),
            made_at=seen.made_at,
            hidden_cell_count=len(cells) - len(shown),
        )
