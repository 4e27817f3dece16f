"""An exchange decided again and again with smaller quantities, on few of its arcs: those near the known prices.

Chosen     of every row the arcs that the prices of the known plan leave nearest to being worth it, and all that carry
           something
Solve      only components in which a quantity has changed, on the chosen arcs; then every arc of them is held against
           the prices that come out: one that is worth more than they allow is chosen too, and the solve repeated. So
           the prices prove the plan for all arcs, not for the chosen ones
Source     column generation, here as the sifting of R. E. Bixby, J. W. Gregory, I. J. Lustig, R. E. Marsten,
           D. F. Shanno (1992), Oper. Res. 40, 885-897
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from optimizer.errors import ProblemError
from optimizer.exchange import solve
from optimizer.plan import ExchangePlan
from optimizer.problem import Bools, ExchangeProblem, Ints, exact_sum

PER_ROW: Final = 8
"""Arcs chosen of each row: with fewer, solves are repeated; with more, each takes longer."""
_NEVER: Final = 2**61
"""The price of a row that has nothing: no arc of it is worth that."""


@dataclass(frozen=True, slots=True, eq=False)
class NearPlan:
    """The proven plan for smaller quantities: the `flow` of some `arcs` (rows of the problem's arcs), 0 on others."""

    arcs: Ints
    flow: Ints
    objective: int


class Nearby:
    """A problem with its optimal plan, ready to be decided again; raises ProblemError if its arcs have limits."""

    def __init__(self, problem: ExchangeProblem, plan: ExchangePlan, per_row: int = PER_ROW) -> None:
        if problem.arc_capacity is not None:
            raise ProblemError("Arcs with a capacity of their own cannot be left out before the solve; use `solve`.")
        self._problem, self._plan = problem, plan
        lacking = _lacking(problem, (plan.price_supply_low, plan.price_demand_high))
        near = _nearest(problem.arc_supply, lacking, per_row) | _nearest(problem.arc_demand, lacking, per_row)
        self._chosen = np.flatnonzero((plan.flow > 0) | ((problem.value_per_unit > 0) & near))

    def again(self, supply: Ints, demand: Ints) -> NearPlan:
        """Return the proven plan for other quantities, (S,), (D,), none of them above what is known.

        Raises ProblemError where one is, else as `exchange.solve` does.
        """
        problem, known = self._problem, self._plan
        if (supply > problem.supply).any() or (demand > problem.demand).any():
            raise ProblemError("A quantity is above the one that was decided; use `solve`.")
        touched = self._touched(supply, demand)
        asked = (
            np.where(touched[known.component_of_supply], supply, 0),
            np.where(touched[known.component_of_demand], demand, 0),
        )
        arcs = self._chosen
        while True:
            plan = solve(_on(problem, arcs, asked))
            missed = self._worth_more(plan, asked)
            if not missed.size:
                break
            arcs = np.union1d(arcs, missed)
        untouched = exact_sum(known.component_objective[~touched[:-1]])
        anew = touched[known.component_of_supply[problem.arc_supply[arcs]]]
        return NearPlan(arcs, np.where(anew, plan.flow, known.flow[arcs]), plan.objective + untouched)

    def _touched(self, supply: Ints, demand: Ints) -> Bools:
        """Return the components in which a quantity has changed, (components + 1,); the last stands for none."""
        touched = np.zeros(self._plan.components + 1, np.bool_)
        touched[self._plan.component_of_supply[supply != self._problem.supply]] = True
        touched[self._plan.component_of_demand[demand != self._problem.demand]] = True
        touched[-1] = False
        return touched

    def _worth_more(self, plan: ExchangePlan, quantities: tuple[Ints, Ints]) -> Ints:
        """Return the arcs between rows that have something that are worth more than the prices of the plan."""
        supply, demand = quantities
        price_supply = np.where(supply > 0, plan.price_supply_low, _NEVER)
        price_demand = np.where(demand > 0, plan.price_demand_high, _NEVER)
        return np.flatnonzero(_lacking(self._problem, (price_supply, price_demand)) < 0)


def _on(problem: ExchangeProblem, arcs: Ints, quantities: tuple[Ints, Ints]) -> ExchangeProblem:
    """Return a problem with other quantities and some of its arcs."""
    tail, head, value = problem.arc_supply[arcs], problem.arc_demand[arcs], problem.value_per_unit[arcs]
    return ExchangeProblem(*quantities, tail, head, value)


def _lacking(problem: ExchangeProblem, prices: tuple[Ints, Ints]) -> Ints:
    """Return by how much the value of each arc is below the prices of its rows (A,)."""
    lacking: Ints = prices[0][problem.arc_supply] + prices[1][problem.arc_demand] - problem.value_per_unit
    return lacking


def _nearest(row: Ints, lacking: Ints, per_row: int) -> Bools:
    """Return which arcs are among the first of their row, by what they lack."""
    order = np.lexsort((lacking, row))
    place = np.arange(len(order)) - np.searchsorted(row[order], row[order])
    near = np.zeros(len(row), np.bool_)
    near[order[place < per_row]] = True
    return near
