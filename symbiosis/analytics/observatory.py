"""What anybody may see of the flows, under statistical secrecy: by métropole, chapter of the List of Waste and quarter.

The cube is fixed, so that no two tables of it can be subtracted from each other: the métropole of the site that gives,
by the first two digits of the waste code; materials only. It is published once a run, and read from the store after.

SUGGESTED   what the run suggests, tonnes a year and the t CO2e a year avoided by the flows that avoid any; its quarter
            is that in which the run was published. A cell shows both numbers or none
DELIVERED   what was delivered in each of the four quarters before that one, tonnes in the quarter
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from symbiosis.analytics.balances import UNKNOWN
from symbiosis.analytics.cells import ALL, Contribution, Mark, cells_of
from symbiosis.analytics.days import QUARTER_MONTHS, Days, days_of
from symbiosis.analytics.flow_graph import UNITS, FlowGraph, Ints
from symbiosis.analytics.secrecy import marks_of, rounded
from symbiosis.domain.ids import RunId
from symbiosis.units import BaseUnit, tco2e_from_g, trade_from_base

QUARTERS_BEFORE: Final = 4


class Measure(StrEnum):
    """What a cell counts."""

    SUGGESTED = "SUGGESTED"
    DELIVERED = "DELIVERED"


@dataclass(frozen=True, slots=True)
class PublicCell:
    """One cell of the cube: numbers with three digits, or why there are none. `*` is all métropoles, or all chapters.

    Tonnes and t CO2e are a year's where it is SUGGESTED, the quarter's where it is DELIVERED (which has no t CO2e).
    """

    measure: Measure
    quarter: str
    metropole: str
    chapter: str
    tonnes: float | None
    avoided_tco2e: float | None
    mark: Mark


@dataclass(frozen=True, slots=True)
class Observatory:
    """What a run has published; `made_at` is UTC, ISO-8601."""

    run_id: RunId
    made_at: str
    cells: tuple[PublicCell, ...]

    @property
    def shown(self) -> tuple[PublicCell, ...]:
        """Return the cells that show their numbers."""
        return tuple(cell for cell in self.cells if cell.mark is Mark.SHOWN)


def public_cube(graph: FlowGraph, quarter: str = "") -> list[PublicCell]:
    """Return the cells of what is suggested, margins last in each row and column."""
    avoiding = graph.kept(graph.avoided_gco2e > 0)
    tables = (
        contributions_of(graph, graph.quantity_base),
        contributions_of(avoiding, avoiding.avoided_gco2e),
    )
    return _cells(Measure.SUGGESTED, quarter, tables)


def delivered_cube(graph: FlowGraph, quarter: str) -> list[PublicCell]:
    """Return the cells of what was delivered in a quarter; quantities of the graph are of the quarter."""
    return _cells(Measure.DELIVERED, quarter, (contributions_of(graph, graph.quantity_base),))


def contributions_of(graph: FlowGraph, amounts: Ints) -> list[Contribution]:
    """Return what each flow of materials adds to the cube, with the firms that give and take; amounts above zero."""
    kilograms = graph.unit == UNITS.index(BaseUnit.KG)
    made = []
    for row in (kilograms & (amounts > 0)).nonzero()[0].tolist():
        giver, taker = graph.sites[graph.giver[row]], graph.sites[graph.taker[row]]
        chapter = str(graph.waste_code[row])[:2] or UNKNOWN
        metropole = giver.metropole_id or UNKNOWN
        made.append(Contribution(metropole, chapter, (giver.firm, taker.firm), int(amounts[row])))
    return made


def quarter_of(day: date) -> str:
    """Return the quarter of a day, like 2026-Q4."""
    return f"{day.year}-Q{(day.month - 1) // QUARTER_MONTHS + 1}"


def quarters_before(day: date) -> list[Days]:
    """Return the quarters before that of a day, the latest first."""
    found: list[Days] = []
    first = days_of(quarter_of(day)).first
    for _ in range(QUARTERS_BEFORE):
        before = days_of(quarter_of(date.fromordinal(first.toordinal() - 1)))
        found.append(before)
        first = before.first
    return found


def written(cells: Iterable[PublicCell]) -> str:
    """Return cells as one text, as the store keeps them."""
    return json.dumps([asdict(cell) for cell in cells], ensure_ascii=False, separators=(",", ":"))


def cells_from(text: str) -> tuple[PublicCell, ...]:
    """Return the cells that `written` wrote."""
    return tuple(
        PublicCell(**{**row, "measure": Measure(row["measure"]), "mark": Mark(row["mark"])}) for row in json.loads(text)
    )


def _cells(measure: Measure, quarter: str, tables: Sequence[list[Contribution]]) -> list[PublicCell]:
    """Return the cells of one table of tonnes, and with it one of g CO2e where there are two."""
    parted = [cells_of(contributions) for contributions in tables]
    marks, mass = marks_of(*parted), parted[0]
    order = sorted(mass, key=lambda key: (key[0] == ALL, key[0], key[1] == ALL, key[1]))
    made = []
    for key in order:
        shown = marks[key] is Mark.SHOWN
        avoided = [table[key].amount if key in table else 0 for table in parted[1:]]
        made.append(
            PublicCell(
                measure=measure,
                quarter=quarter,
                metropole=key[0],
                chapter=key[1],
                tonnes=rounded(trade_from_base(mass[key].amount, BaseUnit.KG)) if shown else None,
                avoided_tco2e=rounded(tco2e_from_g(avoided[0])) if shown and avoided else None,
                mark=marks[key],
            )
        )
    return made
