"""An exchange with a second objective: the most value among the plans that keep enough of something else.

Data       an ExchangeProblem and second_per_unit (A,) int64, what a unit on an arc adds to the second objective, any
           sign (emissions avoided, tonnes kept out of landfill); second_least, the least sum of it that a plan keeps
Model      maximise value flow, where flow keeps every limit of the exchange and second flow >= second_least
Weights    a pair (q, p) of whole numbers, not negative, stands for the objective q value + p second; p / q is the price
           of a unit of the second objective
Source     Y. Haimes, L. Lasdon, D. Wismer (1971), IEEE Trans. Syst. Man Cybern. 1, 296-297, for limits on all but one
           objective; M. L. Fisher (1981), Manage. Sci. 27, 1-18, for the bound
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np

from optimizer.errors import ProblemError, ProblemTooLargeError
from optimizer.network import best_flow
from optimizer.problem import MAX_TOTAL, ExchangeProblem, Ints, exact_dot, exact_sum

Weights: TypeAlias = tuple[int, int]

_FINEST: Final = 2**40
"""Largest weighted value per unit: a finer price than that would only cost the flow time."""


@dataclass(frozen=True, slots=True, eq=False)
class FrontProblem:
    """A checked problem with two objectives; raises ProblemError for a column that does not fit the arcs."""

    exchange: ExchangeProblem
    second_per_unit: Ints

    def __post_init__(self) -> None:
        given: object = self.second_per_unit
        if not isinstance(given, np.ndarray) or given.dtype != np.int64 or given.shape != (self.exchange.arcs,):
            told = f"{given.dtype} {given.shape}" if isinstance(given, np.ndarray) else type(given).__name__
            raise ProblemError(f"second_per_unit is {told}; give an int64 array with one entry per arc.")
        if given.size and max(int(given.max()), -int(given.min())) > MAX_TOTAL:
            raise ProblemTooLargeError("A second_per_unit is beyond 2^61; state it in a coarser unit.")
        column = given.copy()
        column.setflags(write=False)
        object.__setattr__(self, "second_per_unit", column)

    def weights(self, price: Fraction) -> Weights:
        """Return weights for a price of the second objective: exact where small numbers are, else the nearest that
        the flow can count with.
        """
        value, second = _largest(self.exchange.value_per_unit), _largest(self.second_per_unit)
        if price.denominator * value + price.numerator * second <= self._room():
            return price.denominator, price.numerator
        q = int(self._room() / (value + price * second))
        return (q, round(q * price)) if q else (0, 1)

    def best(self, weights: Weights) -> "Vertex":
        """Return the plan that is best for the weighted objective.

        Raises ProblemTooLargeError where the weighted values leave the range of exact integers.
        """
        q, p = weights
        base = self.exchange
        arcs, block = self.block(weights)
        flow = best_flow(block)
        carrying = np.flatnonzero(flow)
        arcs, flow = arcs[carrying], flow[carrying]
        money, second = exact_dot(base.value_per_unit[arcs], flow), exact_dot(self.second_per_unit[arcs], flow)
        return Vertex(weights, arcs, flow, money, second, q * money + p * second)

    def block(self, weights: Weights) -> tuple[Ints, ExchangeProblem]:
        """Return the arcs that are worth something under the weights, and the exchange over them."""
        base, value = self.exchange, self.weighted(weights)
        arcs: Ints = np.flatnonzero((value > 0) & (base.capacity() > 0))
        block = ExchangeProblem(
            supply=base.supply,
            demand=base.demand,
            arc_supply=base.arc_supply[arcs],
            arc_demand=base.arc_demand[arcs],
            value_per_unit=value[arcs],
            arc_capacity=None if base.arc_capacity is None else base.arc_capacity[arcs],
        )
        return arcs, block

    def weighted(self, weights: Weights) -> Ints:
        """Return the weighted value of a unit on each arc (A,)."""
        q, p = weights
        if q * _largest(self.exchange.value_per_unit) + p * _largest(self.second_per_unit) > MAX_TOTAL:
            raise ProblemTooLargeError("The two objectives together leave 64 bits; state them in coarser units.")
        value: Ints = q * self.exchange.value_per_unit + p * self.second_per_unit
        return value

    def _room(self) -> int:
        """Return the largest weighted value per unit with which the flow can still count exactly."""
        base = self.exchange
        total = min(exact_sum(base.supply), exact_sum(base.demand))
        rows = len(base.supply) + len(base.demand) + 2
        return min(_FINEST, MAX_TOTAL // max(1, total), MAX_TOTAL // rows)


@dataclass(frozen=True, slots=True, eq=False)
class Vertex:
    """A plan that is best for some weights: the arcs that carry something and what they carry, and its two sums."""

    weights: Weights
    arcs: Ints
    flow: Ints
    value: int
    second: int
    weighted: int

    def bound(self, second_least: int) -> Fraction | None:
        """Return what no plan with that much of the second objective can exceed; None where value weighs nothing."""
        q, p = self.weights
        return Fraction(self.weighted - p * second_least, q) if q else None

    def spread(self, arcs: int) -> Ints:
        """Return the flow over all arcs (A,)."""
        flow = np.zeros(arcs, np.int64)
        flow[self.arcs] = self.flow
        return flow


def _largest(column: Ints) -> int:
    return max(int(column.max()), -int(column.min())) if column.size else 0
