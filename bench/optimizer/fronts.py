"""One point of a front of money and emissions avoided, by flows, beside the linear programme with that row."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import scipy.sparse as sp

from bench.optimizer.instances import Territories, instance
from bench.optimizer.measure import in_child, interleaved
from bench.optimizer.report import Goal, Row, Table, at_most
from optimizer.fronts import FrontProblem, PointPlan, check_point, solve_front, solve_point
from optimizer.linear import LinearProgram, solve_linear

WITH_LP: Final = ("1k", "3k")
"""Sizes at which the linear programme is solved too."""


def front_problem(territories: Territories) -> FrontProblem:
    """Return the exchange in its whole units, with emissions avoided in kilograms of CO2e per tonne."""
    return FrontProblem(territories.exchange(), np.rint(territories.co2 * 1000).astype(np.int64))


def middle(problem: FrontProblem) -> int:
    """Return half of what lies between the emissions of the most value and the most that can be avoided."""
    first = solve_point(problem, -(2**60))
    return (int(first.second) + first.second_most) // 2


def by_lp(name: str) -> float:
    """Return the optimum of the linear programme with the row of the second objective."""
    problem = front_problem(instance(name))
    base, least = problem.exchange, middle(problem)
    arcs = np.arange(base.arcs)
    ones = np.ones(base.arcs)
    second = problem.second_per_unit / np.abs(problem.second_per_unit).max()
    matrix = sp.vstack(
        (
            sp.csr_matrix((ones, (base.arc_supply, arcs)), shape=(len(base.supply), base.arcs)),
            sp.csr_matrix((ones, (base.arc_demand, arcs)), shape=(len(base.demand), base.arcs)),
            sp.csr_matrix(second),
        ),
        format="csr",
    )
    rows = len(base.supply) + len(base.demand)
    answer = solve_linear(
        LinearProgram(
            objective=base.value_per_unit.astype(np.float64),
            matrix=sp.csr_matrix(matrix),
            row_lower=np.append(np.full(rows, -np.inf), least / np.abs(problem.second_per_unit).max()),
            row_upper=np.concatenate((base.supply, base.demand, [np.inf])).astype(np.float64),
            lower=np.zeros(base.arcs),
            upper=np.full(base.arcs, np.inf),
            maximise=True,
        )
    )
    return float("nan") if answer.objective is None else answer.objective


def tables() -> Iterator[Table]:
    """Yield a table of one point at three sizes, and one of a front of ten points."""
    rows: list[Row] = []
    goals: list[Goal] = []
    for name in ("1k", "3k", "10k"):
        problem = front_problem(instance(name))
        least = middle(problem)
        seconds, plan = interleaved({"point": lambda problem=problem, least=least: solve_point(problem, least)})[
            "point"
        ]
        verdict = check_point(problem, plan)
        if not verdict.passed:
            raise SystemExit(str(verdict))
        rows.append(_row(name, (seconds, plan), goals))
    columns = ("flows", "s", "objective, 0.1 cents", "gap", "EUR/t CO2e", "GLOP s", "off GLOP")
    yield Table("One point: half of the emissions that could be avoided", columns, rows, goals)
    front = solve_front(front_problem(instance("1k")), 10)
    worst = max(point.gap for point in front.points)
    yield Table(
        "A front of ten points, 1k", ("flows", "s", "worst gap"), [Row.of("1k", front.solves, front.seconds, worst)]
    )


def _row(name: str, found: tuple[float, PointPlan], goals: list[Goal]) -> Row:
    seconds, plan = found
    glop = in_child(by_lp, name) if name in WITH_LP else None
    off = None if glop is None else abs(plan.objective / glop.result - 1)
    goals.append(at_most(f"flows for a point, {name}", plan.solves, 15))
    goals.append(at_most(f"gap of a point, {name}", plan.gap, 1e-6))
    if off is not None:
        goals.append(at_most(f"difference from the linear programme, {name}", off, 1e-6))
    # Values are in cents per tonne and emissions in kilograms per tonne; a cent per kilogram is ten euros per tonne.
    price = plan.price_second * 10
    return Row.of(
        name, plan.solves, seconds, plan.objective, plan.gap, price, None if glop is None else glop.seconds, off
    )
