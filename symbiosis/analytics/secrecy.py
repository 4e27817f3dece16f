"""Statistical secrecy of a table of sums: which cells may be shown, so that no firm can be told from them.

A cell is a sum over firms, parted in one or several ways (those who give, those who take). Margins are cells too.

TOO_FEW     fewer than three firms stand behind it in some way of parting
DOMINATED   one firm has 85 % of it or more, or the second largest, who knows its own part, could tell the largest
            within 10 % (the p%-rule with p = 10)
SECONDARY   left out because the cells around it would give another away by subtraction

Cells are hidden, the smallest that help first, until no attacker (`attacker.py`) narrows anybody. Shown numbers are
rounded to three digits besides, which only helps.

Source     A. Hundepool et al. (2012), Statistical Disclosure Control, ch. 4: p%-rule, secondary suppression,
           singletons; INSEE, Guide du secret statistique (2018): three firms, 85 %
"""

from collections.abc import Mapping
from typing import Final

from symbiosis.analytics.attacker import NEAR, attack, equations
from symbiosis.analytics.cells import ALL, Cell, Key, Mark

LEAST_FIRMS: Final = 3
MOST_SHARE: Final = 0.85
DIGITS: Final = 3


def marks_of(*tables: Mapping[Key, Cell]) -> dict[Key, Mark]:
    """Return which cells may be shown, all attackers considered.

    Of several tables over the same cells (mass, emissions) a cell is shown in all of them or in none: what hides it in
    one hides it in the others, for one number could be guessed from the other.
    """
    marks = {key: Mark.SHOWN for table in tables for key in table}
    for table in tables:
        for key, cell in table.items():
            if marks[key] is Mark.SHOWN:
                marks[key] = _primary(cell)
    while any(_hidden_more(table, marks) for table in tables):
        pass
    return marks


def _hidden_more(cells: Mapping[Key, Cell], marks: dict[Key, Mark]) -> bool:
    """Hide cells until no attacker narrows anybody in this table; return whether any had to be hidden."""
    changed = False
    while (narrowed := next(attack(cells, marks), None)) is not None:
        if marks[narrowed.cell] is Mark.SHOWN:
            marks[narrowed.cell] = Mark.DOMINATED
        else:
            helper = _helper(cells, marks, narrowed.cell)
            if helper is None:
                return changed
            marks[helper] = Mark.SECONDARY
        changed = True
    return changed


def rounded(amount: float) -> float:
    """Return an amount with three significant digits."""
    return float(f"{amount:.{DIGITS}g}")


def _primary(cell: Cell) -> Mark:
    if any(len(parts) < LEAST_FIRMS for parts in cell.parted()):
        return Mark.TOO_FEW
    for parts in cell.parted():
        largest, second = sorted(parts.values(), reverse=True)[:2]
        if largest >= MOST_SHARE * cell.amount or cell.amount - largest - second < NEAR * largest:
            return Mark.DOMINATED
    return Mark.SHOWN


def _helper(cells: Mapping[Key, Cell], marks: Mapping[Key, Mark], narrowed: Key) -> Key | None:
    """Return the shown cell to hide next: one that stands in a sum with a single hidden cell and opens no new such sum,
    if there is one, else one beside the narrowed cell; the smallest that can cover it, margins last.
    """
    sums = [[key for key, _ in equation] for equation in equations(cells)]
    hidden = [sum(marks[key] is not Mark.SHOWN for key in equation) for equation in sums]
    of_cell = {key: [n for n, equation in enumerate(sums) if key in equation] for key in cells}
    shown = [key for key in cells if marks[key] is Mark.SHOWN]
    lonely = [key for key in shown if any(hidden[n] == 1 for n in of_cell[key])]
    near = [key for key in shown if set(of_cell[key]) & set(of_cell[narrowed])]
    enough = 2 * NEAR * cells[narrowed].amount

    def preference(key: Key) -> tuple[bool, int, bool, int, Key]:
        opened = sum(hidden[n] == 0 for n in of_cell[key])
        return ALL in key, opened, cells[key].amount < enough, cells[key].amount, key

    return min(lonely or near or shown, key=preference, default=None)
