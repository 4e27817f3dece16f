"""Who could be told from a table of which some cells are hidden.

An attacker knows every shown cell exactly, who is behind which cell, and, being one of the firms, its own flows. What
it can still believe of a hidden cell is a linear programme: hidden cells are not below zero nor what it knows of them,
are just that where nobody else is behind them, and add up with the shown ones. A firm is narrowed if the largest part
it could have is less than 10 % above the true one, or, where it is the only other firm of the cell, the least is more
than 90 % of it.

Most attackers are answered without a programme of their own: from the true cells one can go towards any solution that
was found for another until what this attacker knows forbids it. Who is not narrowed by such a point, is not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from optimizer.linear import LinearProgram, solve_linear
from symbiosis.analytics.cells import ALL, Behind, Cell, Key, Mark

NEAR: Final = 0.10
OFF: Final = 1e-3
"""By how much (base units) a point may miss an equation and still be one that an attacker can believe."""

Floats: TypeAlias = NDArray[np.float64]


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


def attack(cells: Mapping[Key, Cell], marks: Mapping[Key, Mark]) -> Iterator[Narrowed]:
    """Yield every firm that some attacker narrows, in cells that are shown and in cells that are hidden."""
    behind = {key: Behind(cell) for key, cell in cells.items()}
    for key, one in behind.items():
        if marks[key] is Mark.SHOWN:
            for attacker in (None, *one.firms):
                yield from _told(key, one, attacker, (one.amount, one.amount))
    hidden = [key for key in cells if marks[key] is not Mark.SHOWN]
    if not hidden:
        return
    belief = _Belief({key: one.amount for key, one in behind.items()}, hidden)
    for attacker in (None, *sorted({firm for key in hidden for firm in behind[key].firms})):
        known = np.array([behind[key].known_to(attacker) for key in hidden], dtype=np.float64)
        low, high = belief.surely(known)
        for place, key in enumerate(hidden):
            if any(_told(key, behind[key], attacker, (low[place], high[place]))):
                yield from _told(key, behind[key], attacker, belief.ends(place, known))
                low, high = belief.surely(known)


def equations(cells: Iterable[Key]) -> Iterator[list[tuple[Key, int]]]:
    """Yield the sums that hold: every row and every column adds up to its margin, the margins to the whole."""
    there = set(cells)
    rows, columns = (sorted({key[axis] for key in there} - {ALL}) for axis in (0, 1))
    for row in (*rows, ALL):
        yield [((row, ALL), -1), *(((row, column), 1) for column in columns if (row, column) in there)]
    for column in (*columns, ALL):
        yield [((ALL, column), -1), *(((row, column), 1) for row in rows if (row, column) in there)]


def _told(key: Key, behind: Behind, attacker: str | None, ends: tuple[float, float]) -> Iterator[Narrowed]:
    """Yield the firms that an attacker narrows who believes the cell to lie between two ends."""
    own = behind.known_to(attacker)
    for other in behind.largest(without=attacker):
        high, low = ends[1] - own, max(0.0, ends[0] - own) if other.alone else 0.0
        if high < (1 + NEAR) * other.part or low > (1 - NEAR) * other.part:
            yield Narrowed(key, other.firm, attacker, other.part, low, high)


class _Belief:
    """What attackers can still believe of the hidden cells; `known` is what one of them knows of each."""

    def __init__(self, amounts: Mapping[Key, int], hidden: Sequence[Key]) -> None:
        self._scale = float(max(amounts.values(), default=1))
        place = {key: number for number, key in enumerate(hidden)}
        rows: list[int] = []
        columns: list[int] = []
        signs: list[float] = []
        sums: list[int] = []
        for equation in equations(amounts):
            unknown = [(place[key], sign) for key, sign in equation if key in place]
            if unknown:
                rows += [len(sums)] * len(unknown)
                columns += [number for number, _ in unknown]
                signs += [float(sign) for _, sign in unknown]
                sums.append(-sum(sign * amounts[key] for key, sign in equation if key not in place))
        self._matrix = sp.csr_matrix((signs, (rows, columns)), shape=(len(sums), len(hidden)))
        self._sums = np.array(sums, dtype=np.float64) / self._scale
        self._true = np.array([amounts[key] for key in hidden], dtype=np.float64)
        self._away = np.zeros((0, len(hidden)))

    def surely(self, known: Floats) -> tuple[Floats, Floats]:
        """Return how low and how high each hidden cell can be, of what is found without a programme."""
        room = np.broadcast_to(self._true - known, self._away.shape)
        falls = np.where(room > 0, np.maximum(-self._away, 0.0), np.abs(self._away))
        steps = np.divide(room, falls, out=np.full(falls.shape, np.inf), where=falls > 0).min(axis=1, initial=np.inf)
        moved = self._true + np.where(np.isfinite(steps), steps, 1.0)[:, None] * self._away
        # A step along what is but noise of a solution would leave the equations: only points that keep to them count.
        off = np.abs(self._matrix @ moved.T - self._scale * self._sums[:, None]).max(axis=0, initial=0.0)
        both = np.vstack([self._true[None, :], moved[off <= OFF]])
        low: Floats = both.min(axis=0)
        high: Floats = both.max(axis=0)
        return low, high

    def ends(self, place: int, known: Floats) -> tuple[float, float]:
        """Return the least and the greatest that a hidden cell may be; infinite where nothing bounds it."""
        objective = np.zeros(len(known))
        objective[place] = 1.0
        upper = np.where(known < self._true, np.inf, known / self._scale)
        found = []
        for maximise in (False, True):
            programme = LinearProgram(
                objective, self._matrix, self._sums, self._sums, known / self._scale, upper, maximise=maximise
            )
            answer = solve_linear(programme)
            if answer.x is None:
                found.append(np.inf if maximise else 0.0)
                continue
            point = np.asarray(answer.x) * self._scale
            found.append(float(point[place]))
            self._away = np.vstack([self._away, point - self._true])
        return found[0], found[1]
