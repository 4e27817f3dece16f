"""Decimal numbers to whole units, once and at one place, and back; the answer says which unit was used.

A quantity is rounded down to the unit (never more than there is), a value to the nearest. Where every number has few
decimals, nothing is rounded and the answer is exact. The unit is the finest power of ten, at most DIGITS decimals, at
which the whole problem stays within the 61 bits that the exact solvers count in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

import numpy as np

from optimizer.errors import ProblemTooLargeError
from optimizer.forms.shape import Json
from optimizer.problem import MAX_TOTAL, Ints

DIGITS: Final = 9
_PRICED: Final = 2**60
"""Greatest product of a value per unit and the number of rows: the flow solver scales values by its nodes."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How many decimals of quantities and of values per unit are counted; money has both together."""

    quantity: int
    value: int
    exact: bool

    def quantities(self, numbers: Iterable[Decimal]) -> Ints:
        """Return quantities in whole units, rounded down."""
        return _whole(numbers, self.quantity, ROUND_FLOOR)

    def values(self, numbers: Iterable[Decimal]) -> Ints:
        """Return values per unit in whole units, rounded to the nearest."""
        return _whole(numbers, self.value, ROUND_HALF_EVEN)

    def moneys(self, numbers: Iterable[Decimal]) -> Ints:
        """Return sums of money in whole units, rounded to the nearest."""
        return _whole(numbers, self.quantity + self.value, ROUND_HALF_EVEN)

    def quantity_of(self, whole: int) -> int | float:
        """Return a quantity as the caller writes it."""
        return plain(Fraction(int(whole), 10**self.quantity))

    def value_of(self, whole: int) -> int | float:
        """Return a value per unit as the caller writes it."""
        return plain(Fraction(int(whole), 10**self.value))

    def money_of(self, whole: int) -> int | float:
        """Return a sum of money as the caller writes it."""
        return plain(Fraction(int(whole), 10 ** (self.quantity + self.value)))

    def as_json(self) -> Json:
        """Return what the answer says about the units that were counted in."""
        quantity, value = plain(Fraction(1, 10**self.quantity)), plain(Fraction(1, 10**self.value))
        return {"quantity": quantity, "value_per_unit": value, "exact": self.exact}


@dataclass(frozen=True, slots=True)
class Extent:
    """How large a problem is in the caller's units: all quantities together, the greatest value per unit, all money
    that could conceivably move, and the number of rows.
    """

    quantity: Decimal
    value: Decimal
    money: Decimal
    rows: int


def scale_for(quantities: list[Decimal], values: list[Decimal], moneys: list[Decimal], extent: Extent) -> Scale:
    """Return the finest scale at which the problem can be counted; raises ProblemTooLargeError where there is none."""
    wanted_quantity, wanted_value = decimals(quantities), max(decimals(values), 0)
    wanted_value = max(wanted_value, decimals(moneys) - wanted_quantity)
    quantity, value = min(wanted_quantity, DIGITS), min(wanted_value, DIGITS)
    while not _fits(extent, quantity, value):
        if quantity == value == 0:
            raise ProblemTooLargeError("The numbers are too large to be counted exactly; state them in coarser units.")
        if value >= quantity:
            value -= 1
        else:
            quantity -= 1
    return Scale(quantity, value, (quantity, value) == (wanted_quantity, wanted_value))


def decimals(numbers: Iterable[Decimal]) -> int:
    """Return how many decimals the numbers are written with, trailing zeros aside."""
    most = 0
    for number in numbers:
        exponent = number.normalize().as_tuple().exponent
        most = max(most, -exponent if isinstance(exponent, int) else 0)
    return most


def plain(number: Fraction | float) -> int | float:
    """Return a number as JSON shows it best: whole without a point; one that was computed in floating point to 12
    significant digits, a fraction to the nearest float.
    """
    rounded = float(number) if isinstance(number, Fraction) else float(f"{number:.12g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded


def _fits(extent: Extent, quantity: int, value: int) -> bool:
    held: bool = extent.quantity * 10**quantity <= MAX_TOTAL
    priced: bool = extent.value * 10**value * (extent.rows + 2) <= _PRICED
    counted: bool = extent.money * 10 ** (quantity + value) <= MAX_TOTAL
    return held and priced and counted


def _whole(numbers: Iterable[Decimal], digits: int, rounding: str) -> Ints:
    scaled = [int(number.scaleb(digits).to_integral_value(rounding=rounding)) for number in numbers]
    return np.array(scaled, dtype=np.int64)
