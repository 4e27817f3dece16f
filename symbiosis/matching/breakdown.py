"""What quantities of candidates are worth, line by line in whole cents and grams, each with its range: in columns.

Every amount is rounded half to even, exactly: where a product could leave 64 bits, the columns hold Python's integers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symbiosis.domain.worth import CENT_LINES, LINES, Breakdown, Line
from symbiosis.matching.candidates import Candidates
from symbiosis.matching.readings import references_of
from symbiosis.matching.snapshot import Floats, Ints, Side, Snapshot
from symbiosis.matching.value import ArcValues, base_per_trade, lines_of, ranges_of

MOST: Final = 2**60
"""No amount of a column of 64 bits is above this."""

Whole: TypeAlias = NDArray[np.int64] | NDArray[np.object_]
References: TypeAlias = tuple[tuple[str, ...], ...]
"""What each line of a breakdown is made of, in the order of `LINES`."""


@dataclass(frozen=True, slots=True, eq=False)
class Worths:
    """The breakdowns of n quantities (base units): whole cents and grams, signed as they count.

    amounts, low, high (len(LINES), n)   the lines
    totals_low, totals_high (2, n)       the ends of the value and of the emissions avoided
    uses (n,)                            which of `references` the lines of a breakdown are made of
    """

    quantity: Ints
    amounts: Whole
    low: Whole
    high: Whole
    totals_low: Whole
    totals_high: Whole
    uses: Ints
    references: tuple[References, ...]

    def __len__(self) -> int:
        return len(self.quantity)

    @property
    def value_cent(self) -> Whole:
        """Return what both sides gain (n,)."""
        total: Whole = self.amounts[:CENT_LINES].sum(axis=0)
        return total

    @property
    def avoided_gco2e(self) -> Whole:
        """Return the emissions avoided (n,)."""
        total: Whole = self.amounts[CENT_LINES:].sum(axis=0)
        return total

    def of(self, rows: Ints) -> "Worths":
        """Return some of them, in that order."""
        return Worths(
            self.quantity[rows],
            self.amounts[:, rows],
            self.low[:, rows],
            self.high[:, rows],
            self.totals_low[:, rows],
            self.totals_high[:, rows],
            self.uses[rows],
            self.references,
        )

    def lines(self, place: int) -> tuple[Line, ...]:
        """Return the lines of one; a line that is nothing and rests on nothing is left out."""
        columns = (column[:, place].tolist() for column in (self.amounts, self.low, self.high))
        used = self.references[int(self.uses[place])]
        return tuple(
            Line(measure, part, amount, low, high, references)
            for (measure, part), amount, low, high, references in zip(LINES, *columns, used, strict=True)
            if references or amount
        )

    def breakdown(self, place: int) -> Breakdown:
        """Return one."""
        low, high = self.totals_low[:, place].tolist(), self.totals_high[:, place].tolist()
        return Breakdown(int(self.quantity[place]), self.lines(place), low[0], high[0], low[1], high[1])


def worths(snapshot: Snapshot, candidates: Candidates, values: ArcValues, rows: Ints, quantity: Ints) -> Worths:
    """Return the breakdowns of a quantity (base units) of each of these candidates."""
    ranges = ranges_of(candidates, values, rows)
    per_trade = base_per_trade(snapshot)[candidates.supply[rows]]
    ends = [
        column * (quantity / per_trade)
        for column in (ranges.line_fall, ranges.line_rise, ranges.total_fall, ranges.total_rise)
    ]
    lines = lines_of(candidates, values, rows)
    largest = _largest(lines) * _largest(quantity) * len(LINES) + sum(_largest(column) for column in ends)
    if largest > MOST:
        lines, quantity = lines.astype(object), quantity.astype(object)
    amounts = halved(lines * quantity, per_trade)
    fall, rise, total_fall, total_rise = (_rounded(column, largest) for column in ends)
    totals = np.stack([amounts[:CENT_LINES].sum(axis=0), amounts[CENT_LINES:].sum(axis=0)])
    uses, references = _references(snapshot, candidates, values, rows)
    return Worths(
        quantity=quantity.astype(np.int64),
        amounts=amounts,
        low=amounts - fall,
        high=amounts + rise,
        totals_low=totals - total_fall,
        totals_high=totals + total_rise,
        uses=uses,
        references=references,
    )


def breakdowns(
    snapshot: Snapshot, candidates: Candidates, values: ArcValues, rows: Sequence[int], quantities: Sequence[int]
) -> list[Breakdown]:
    """Return the breakdown of a quantity (base units) of each of these candidates."""
    asked = np.array(rows, dtype=np.int64), np.array(quantities, dtype=np.int64)
    made = worths(snapshot, candidates, values, *asked)
    return [made.breakdown(place) for place in range(len(made))]


def factor_ids(worth: Breakdown) -> tuple[str, ...]:
    """Return the factor versions that a breakdown is made of, sorted."""
    return factors_in(tuple(line.references for line in worth.lines))


def factors_in(references: References) -> tuple[str, ...]:
    """Return the factor versions among what lines are made of, sorted."""
    return tuple(sorted({used for line in references for used in line if "@" in used}))


def halved(numerator: Whole, denominator: Whole) -> Whole:
    """Return numerator / denominator rounded half to even, exactly; denominators are above zero."""
    whole = numerator // denominator
    rest = 2 * (numerator - whole * denominator)
    up: Whole = whole + ((rest > denominator) | ((rest == denominator) & (whole % 2 == 1)))
    return up


def _largest(column: Whole | Floats) -> int:
    return int(np.abs(column).max(initial=0))


def _rounded(column: Floats, largest: int) -> Whole:
    if largest > MOST:
        return np.array([[round(x) for x in row] for row in column.tolist()], dtype=object).reshape(column.shape)
    return np.rint(column).astype(np.int64)


def _references(
    snapshot: Snapshot, candidates: Candidates, values: ArcValues, rows: Ints
) -> tuple[Ints, tuple[References, ...]]:
    """Return what lines are made of, each once, and which of it the lines of each candidate are (n,).

    It depends on both resources, on whether both sides state a price, on vehicle, road and substitution alone.
    """
    given, wanted = _priced_resource(snapshot.supplies), _priced_resource(snapshot.demands)
    key, most = np.zeros(len(rows), np.int64), 1
    for number in (
        given[candidates.supply[rows]],
        wanted[candidates.demand[rows]],
        values.ways.vehicle[rows].astype(np.int64),
        (values.ways.road_m[rows] < 0).astype(np.int64),
        candidates.substitution_of(rows) + 1,
    ):
        many = int(number.max(initial=0)) + 1
        if most * many > MOST:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            most = len(rows)
        key, most = key * many + number, most * many
    _, first, uses = np.unique(key, return_index=True, return_inverse=True)
    return uses.astype(np.int64), references_of(snapshot, candidates, values.ways, rows[first])


def _priced_resource(side: Side) -> Ints:
    """Return a number for each listing's resource and for whether it states a price."""
    return side.resource * 2 + side.priced
