"""Statistical secrecy of a table of sums: which cells may be shown, so that no firm can be told from them.

A cell is a sum over firms, parted in one or several ways (those who give, those who take). Margins are cells too.

TOO_FEW     fewer than three firms stand behind it in some way of parting
DOMINATED   one firm has 85 % of it or more, or the second largest, who knows its own part, could tell the largest
            within 10 % (the p%-rule with p = 10)
SECONDARY   left out because the cells around it would give another away by subtraction

An attacker knows every shown cell exactly, who is behind which cell, and, being one of the firms, its own flows. What
it can still believe of a hidden cell is a linear programme: hidden cells are not below zero nor what it knows of them,
and add up with the shown ones. A firm is narrowed if the largest part it could have is less than 10 % above the true
one, or, where it is the only other firm of the cell, the least is more than 90 % of it. Cells are hidden, the smallest
that help first, until no attacker narrows anybody. Shown numbers are rounded to three digits besides, which only helps.

Source     A. Hundepool et al. (2012), Statistical Disclosure Control, ch. 4: p%-rule, secondary suppression,
           singletons; INSEE, Guide du secret statistique (2018): three firms, 85 %
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
import scipy.sparse as sp

from optimizer.linear import LinearProgram, solve_linear

ALL: Final = "*"
LEAST_FIRMS: Final = 3
MOST_SHARE: Final = 0.85
NEAR: Final = 0.10
DIGITS: Final = 3

Key: TypeAlias = tuple[str, str]
Parts: TypeAlias = Mapping[str, int]
Flow: TypeAlias = tuple[tuple[str, ...], int]


class Mark(StrEnum):
    """Whether a cell is shown, and if not, why."""

    SHOWN = "SHOWN"
    TOO_FEW = "TOO_FEW"
    DOMINATED = "DOMINATED"
    SECONDARY = "SECONDARY"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one flow adds to a cell, and the firm on each side of it; the amount is above zero."""

    row: str
    column: str
    firms: tuple[str, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One sum and the flows it is made of: the firm on each side, and the amount."""

    flows: tuple[Flow, ...]

    @property
    def amount(self) -> int:
        """Return the sum."""
        return sum(amount for _, amount in self.flows)

    def parted(self, without: str | None = None) -> tuple[Parts, ...]:
        """Return the parts of the firms, one mapping a side, of the flows that a firm has nothing to do with."""
        kept = [(firms, amount) for firms, amount in self.flows if without not in firms]
        sides = len(self.flows[0][0]) if self.flows else 0
        parts: list[dict[str, int]] = [{} for _ in range(sides)]
        for firms, amount in kept:
            for side, firm in zip(parts, firms, strict=True):
                side[firm] = side.get(firm, 0) + amount
        return tuple(parts)

    def known_to(self, attacker: str | None) -> int:
        """Return what an attacker knows of the sum: the flows it gives or takes itself."""
        return sum(amount for firms, amount in self.flows if attacker in firms)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A firm that an attacker (None is an outsider) can tell too well from one cell: its part beside the attacker's own
    flows, and what it may be.
    """

    cell: Key
    firm: str
    attacker: str | None
    part: int
    low: float
    high: float


def cells_of(contributions: Sequence[Contribution]) -> dict[Key, Cell]:
    """Return every cell that has a contribution, margins (ALL) and the whole among them."""
    flows: dict[Key, list[Flow]] = {}
    for one in contributions:
        for key in ((one.row, one.column), (one.row, ALL), (ALL, one.column), (ALL, ALL)):
            flows.setdefault(key, []).append((one.firms, one.amount))
    return {key: Cell(tuple(flows[key])) for key in sorted(flows)}


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


def attack(cells: Mapping[Key, Cell], marks: Mapping[Key, Mark]) -> Iterator[Narrowed]:
    """Yield every firm that some attacker narrows, in cells that are shown and in cells that are hidden."""
    for key, cell in cells.items():
        if marks[key] is Mark.SHOWN:
            for attacker in _attackers([cell]):
                yield from _told(key, cell, attacker, (cell.amount, cell.amount))
    hidden = [key for key in cells if marks[key] is not Mark.SHOWN]
    if not hidden:
        return
    for attacker in _attackers([cells[key] for key in hidden]):
        belief = _Belief(cells, hidden, attacker)
        for place, key in enumerate(hidden):
            yield from _told(key, cells[key], attacker, belief.ends(place))


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


def _attackers(cells: Sequence[Cell]) -> list[str | None]:
    """Return an outsider, and every firm that is behind one of the cells."""
    return [None, *sorted({firm for cell in cells for firms, _ in cell.flows for firm in firms})]


def _told(key: Key, cell: Cell, attacker: str | None, ends: tuple[float, float]) -> Iterator[Narrowed]:
    """Yield the firms that an attacker narrows who believes the cell to lie between two ends."""
    own = cell.known_to(attacker)
    for others in cell.parted(without=attacker):
        if not others:
            continue
        firm = max(others, key=lambda name: (others[name], name))
        part, high = others[firm], ends[1] - own
        low = max(0.0, ends[0] - own) if len(others) == 1 else 0.0
        if high < (1 + NEAR) * part or low > (1 - NEAR) * part:
            yield Narrowed(key, firm, attacker, part, low, high)


class _Belief:
    """What an attacker can still believe of the hidden cells."""

    def __init__(self, cells: Mapping[Key, Cell], hidden: Sequence[Key], attacker: str | None) -> None:
        self._scale = float(max((cell.amount for cell in cells.values()), default=1))
        place = {key: number for number, key in enumerate(hidden)}
        rows: list[int] = []
        columns: list[int] = []
        signs: list[float] = []
        sums: list[int] = []
        for equation in _equations(cells):
            unknown = [(place[key], sign) for key, sign in equation if key in place]
            if unknown:
                rows += [len(sums)] * len(unknown)
                columns += [number for number, _ in unknown]
                signs += [float(sign) for _, sign in unknown]
                sums.append(-sum(sign * cells[key].amount for key, sign in equation if key not in place))
        self._matrix = sp.csr_matrix((signs, (rows, columns)), shape=(len(sums), len(hidden)))
        self._sums = np.array(sums, dtype=np.float64) / self._scale
        self._lower = np.array([cells[key].known_to(attacker) for key in hidden], dtype=np.float64) / self._scale

    def ends(self, place: int) -> tuple[float, float]:
        """Return the least and the greatest that a hidden cell may be; infinite where nothing bounds it."""
        objective = np.zeros(len(self._lower))
        objective[place] = 1.0
        found = []
        for maximise in (False, True):
            answer = solve_linear(
                LinearProgram(
                    objective,
                    self._matrix,
                    self._sums,
                    self._sums,
                    self._lower,
                    np.full(len(self._lower), np.inf),
                    maximise=maximise,
                )
            )
            open_end = np.inf if maximise else 0.0
            found.append(open_end if answer.x is None else float(answer.x[place]) * self._scale)
        return found[0], found[1]


def _equations(cells: Mapping[Key, Cell]) -> Iterator[list[tuple[Key, int]]]:
    """Yield the sums that hold: every row and every column adds up to its margin, the margins to the whole."""
    rows, columns = ({key[axis] for key in cells} - {ALL} for axis in (0, 1))
    for row in (*sorted(rows), ALL):
        yield [((row, ALL), -1), *(((row, column), 1) for column in sorted(columns) if (row, column) in cells)]
    for column in (*sorted(columns), ALL):
        yield [((ALL, column), -1), *(((row, column), 1) for row in sorted(rows) if (row, column) in cells)]


def _helper(cells: Mapping[Key, Cell], marks: Mapping[Key, Mark], narrowed: Key) -> Key | None:
    """Return the shown cell to hide next: one that stands in a sum with a single hidden cell and opens no new such sum,
    if there is one, else one beside the narrowed cell; the smallest that can cover it, margins last.
    """
    sums = [[key for key, _ in equation] for equation in _equations(cells)]
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
