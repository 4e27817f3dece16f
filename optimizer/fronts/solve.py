"""Points of a front, by a parametric flow: each step prices the second objective and solves one exchange.

Method     two plans hold a point between them, one with too little of the second objective and one with enough; the
           price at which both are worth the same is tried next. The plan found is the new neighbour, or, where it is
           worth no more, the mix of the two is the optimum. Every price tried proves a bound; the best one counts
Source     the chord method: W. Dinkelbach (1967), Manage. Sci. 13, 492-498; J. Cohon, R. Church, D. Sheer (1979), Water
           Resour. Res. 15, 1001-1010, for fronts from non-inferior neighbours
"""

import bisect
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

import numpy as np

from optimizer.deadline import Deadline
from optimizer.errors import ProblemError
from optimizer.fronts.plan import FrontPlan, PointPlan
from optimizer.fronts.problem import FrontProblem, Vertex
from optimizer.linear import Floats
from optimizer.plan import SolveStatus
from optimizer.prices import price_interval

PROOF: Final = 1e-7
"""Gap up to which a point is called OPTIMAL, and at which the search ends."""
STEPS: Final = 40
"""Most flows for one point: the chord needs about ten."""

Progress = Callable[[int], None]
"""Called with the number of flows solved so far."""


def solve_point(
    problem: FrontProblem,
    second_least: int,
    *,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    on_progress: Progress | None = None,
) -> PointPlan:
    """Return the most value that keeps at least that much of the second objective; infeasible is a status.

    The time limit is looked at between flows. Raises ProblemError, ProblemTooLargeError, SolverError or NotProvenError.
    """
    began = time.perf_counter()
    line = _line(problem, time_limit_s, gap, on_progress)
    return replace(line.point(second_least), solves=line.solves, seconds=time.perf_counter() - began)


def solve_front(
    problem: FrontProblem,
    points: int = 10,
    *,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    on_progress: Progress | None = None,
) -> FrontPlan:
    """Return that many points, evenly spaced between the plan of the most value and the most of the second objective.

    Raises ProblemError for fewer than two points, else as `solve_point`.
    """
    if points < 2:
        raise ProblemError(f"A front of {points} points; ask for two or more.")
    began = time.perf_counter()
    line = _line(problem, time_limit_s, gap, on_progress)
    low, high = line.vertices[0].second, line.vertices[-1].second
    wanted = [low + (high - low) * k // (points - 1) for k in range(points)]
    found = tuple(line.point(least) for least in wanted)
    return FrontPlan(found, line.solves, time.perf_counter() - began)


@dataclass(slots=True, eq=False)
class _Line:
    """The plans found so far, by the second objective, from the most value to the most of the second."""

    problem: FrontProblem
    deadline: Deadline
    gap: float
    on_progress: Progress | None
    vertices: list[Vertex] = field(default_factory=list)
    tried: list[Vertex] = field(default_factory=list)
    solves: int = 0

    def solve(self, price: Fraction | None) -> Vertex:
        """Return the best plan at a price of the second objective; None: nothing else counts."""
        self.solves += 1
        found = self.problem.best((0, 1) if price is None else self.problem.weights(price))
        self.tried.append(found)
        if self.on_progress is not None:
            self.on_progress(self.solves)
        return found

    def keep(self, vertex: Vertex) -> None:
        """Put a plan in its place, unless one is there that is as good."""
        place = bisect.bisect_left([one.second for one in self.vertices], vertex.second)
        there = self.vertices[place] if place < len(self.vertices) else None
        if there is None or there.second != vertex.second:
            self.vertices.insert(place, vertex)
        elif there.value < vertex.value:
            self.vertices[place] = vertex

    def point(self, least: int) -> PointPlan:
        """Return the point for that much of the second objective."""
        began, before = time.perf_counter(), self.solves
        first, last = self.vertices[0], self.vertices[-1]
        if least > last.second:
            return _nothing(self.problem, least, last.second)
        low, high = (first, first) if first.second >= least else self._between(least)
        flow, objective, second = _mixed(self.problem, (low, high), least)
        bound, proof = self._bound(least)
        price_supply, price_demand = _prices(self.problem, proof)
        optimal = bound - objective <= PROOF * max(abs(bound), abs(objective))
        return PointPlan(
            status=SolveStatus.OPTIMAL if optimal else SolveStatus.FEASIBLE,
            second_least=least,
            second_most=last.second,
            flow=flow,
            objective=float(objective),
            second=float(second),
            bound=float(bound),
            whole_flow=high.spread(self.problem.exchange.arcs),
            whole_objective=high.value,
            whole_second=high.second,
            price_second=proof.weights[1] / proof.weights[0],
            price_supply=price_supply,
            price_demand=price_demand,
            weights=proof.weights,
            solves=self.solves - before,
            seconds=time.perf_counter() - began,
        )

    def _between(self, least: int) -> tuple[Vertex, Vertex]:
        """Return the two plans that hold the point between them, once they are near enough to the bound."""
        for _ in range(STEPS):
            low, high = self._ends(least)
            bound, mixed = self._bound(least)[0], _mix(low, high, least)
            if bound - mixed <= max(self.gap, PROOF / 2) * max(abs(bound), abs(mixed)):
                break
            if self.deadline.passed():
                break
            chord = Fraction(low.value - high.value, high.second - low.second)
            if any(one.weights == self.problem.weights(chord) for one in self.tried):
                break
            self.keep(self.solve(chord))
        return self._ends(least)

    def _ends(self, least: int) -> tuple[Vertex, Vertex]:
        place = bisect.bisect_left([one.second for one in self.vertices], least)
        return self.vertices[place - 1], self.vertices[place]

    def _bound(self, least: int) -> tuple[Fraction, Vertex]:
        """Return the least bound that the prices tried prove, and the plan that was best at that price."""
        proven = [(bound, n) for n, one in enumerate(self.tried) if (bound := one.bound(least)) is not None]
        bound, n = min(proven)
        return bound, self.tried[n]


def _line(problem: FrontProblem, time_limit_s: float | None, gap: float, on_progress: Progress | None) -> _Line:
    """Return the two ends of the front: the most value, and the most of the second objective."""
    if time_limit_s is not None and not time_limit_s >= 0:
        raise ProblemError(f"The time limit {time_limit_s} s is not a number of zero or more.")
    if not 0 <= gap < 1:
        raise ProblemError(f"The accepted gap {gap} is not a share from 0 to below 1.")
    line = _Line(problem, Deadline.after(time_limit_s), gap, on_progress)
    best = line.solve(Fraction(0))
    line.keep(best)
    most = line.solve(None)
    if most.second > best.second:
        line.keep(most)
    return line


def _mix(low: Vertex, high: Vertex, least: int) -> Fraction:
    if high.second == low.second:
        return Fraction(high.value)
    share = Fraction(least - low.second, high.second - low.second)
    return low.value + share * (high.value - low.value)


def _mixed(problem: FrontProblem, ends: tuple[Vertex, Vertex], least: int) -> tuple[Floats, Fraction, Fraction]:
    """Return the flow of a mix that meets `least` to the unit, its value and its second sum."""
    low, high = ends
    flow = high.spread(problem.exchange.arcs).astype(np.float64)
    if high.second == low.second:
        return flow, Fraction(high.value), Fraction(high.second)
    share = Fraction(least - low.second, high.second - low.second)
    flow = float(share) * flow + float(1 - share) * low.spread(problem.exchange.arcs)
    return flow, _mix(low, high, least), Fraction(least)


def _prices(problem: FrontProblem, proof: Vertex) -> tuple[Floats, Floats]:
    """Return what a unit more of each supply and demand is worth at the price of the proof, in value."""
    arcs, block = problem.block(proof.weights)
    prices = price_interval(block, proof.spread(problem.exchange.arcs)[arcs])
    return prices.supply_low / proof.weights[0], prices.demand_high / proof.weights[0]


def _nothing(problem: FrontProblem, least: int, most: int) -> PointPlan:
    """Return what is said where no plan reaches that much of the second objective."""
    base = problem.exchange
    return PointPlan(
        status=SolveStatus.INFEASIBLE,
        second_least=least,
        second_most=most,
        flow=np.zeros(base.arcs),
        objective=float("nan"),
        second=float("nan"),
        bound=float("inf"),
        whole_flow=np.zeros(base.arcs, np.int64),
        whole_objective=0,
        whole_second=0,
        price_second=float("nan"),
        price_supply=np.zeros(len(base.supply)),
        price_demand=np.zeros(len(base.demand)),
        weights=(0, 1),
        solves=0,
        seconds=0.0,
    )
