"""What anybody may see of the flows: tonnes diverted by métropole and chapter of the List of Waste, under secrecy.

The cube is fixed, so that no two tables can be subtracted from each other: the métropole of the site that gives, by the
first two digits of the waste code; materials only, in tonnes a year. It is made once a run.
"""

from dataclasses import dataclass

from symbiosis.analytics.balances import UNKNOWN
from symbiosis.analytics.flow_graph import UNITS, FlowGraph
from symbiosis.analytics.secrecy import ALL, Contribution, Mark, cells_of, marks_of, rounded
from symbiosis.units import BaseUnit, trade_from_base


@dataclass(frozen=True, slots=True)
class PublicCell:
    """One cell of the cube: tonnes with three digits, or why there are none. `*` is all métropoles, or all chapters."""

    metropole: str
    chapter: str
    tonnes_per_year: float | None
    mark: Mark


def contributions_of(graph: FlowGraph) -> list[Contribution]:
    """Return what each flow of materials adds to the cube, with the firms that give and take."""
    kilograms = graph.unit == UNITS.index(BaseUnit.KG)
    made = []
    for row in kilograms.nonzero()[0].tolist():
        giver, taker = graph.sites[graph.giver[row]], graph.sites[graph.taker[row]]
        chapter = str(graph.waste_code[row])[:2] or UNKNOWN
        metropole = giver.metropole_id or UNKNOWN
        made.append(Contribution(metropole, chapter, (giver.firm, taker.firm), int(graph.quantity_base[row])))
    return made


def public_cube(graph: FlowGraph) -> list[PublicCell]:
    """Return the cube, margins last in each row and column."""
    cells = cells_of(contributions_of(graph))
    marks = marks_of(cells)
    order = sorted(cells, key=lambda key: (key[0] == ALL, key[0], key[1] == ALL, key[1]))
    return [
        PublicCell(
            metropole=key[0],
            chapter=key[1],
            tonnes_per_year=rounded(trade_from_base(cells[key].amount, BaseUnit.KG))
            if marks[key] is Mark.SHOWN
            else None,
            mark=marks[key],
        )
        for key in order
    ]
