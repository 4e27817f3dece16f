"""Twelve months with storage at 3,000 supplies and demands, beside twelve months each on its own."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from bench.optimizer.instances import Territories, instance
from bench.optimizer.measure import interleaved
from bench.optimizer.report import Row, Table, at_most
from optimizer import ExchangeProblem, solve
from optimizer.periods import PeriodsPlan, PeriodsProblem, check_periods, solve_periods

PERIODS: Final = 12
HOLDING: Final = 150
"""Cents to keep a tonne for a month."""


def yearly(territories: Territories) -> PeriodsProblem:
    """Return the exchange by month: seasons of their own, and 30 % of the supplies may keep two months of theirs."""
    base, rng = territories.exchange(), np.random.default_rng(0)
    months = np.arange(PERIODS) / PERIODS

    def seasons(quantity: np.ndarray, swing: float) -> np.ndarray:
        phase = rng.random(len(quantity))[:, None]
        share = (1 + swing * np.sin(2 * np.pi * (months + phase))) / PERIODS
        return np.rint(quantity[:, None] * share).astype(np.int64)

    supply, demand = seasons(base.supply, 0.5), seasons(base.demand, 0.4)
    keeps = rng.random(len(base.supply)) < 0.3
    return PeriodsProblem(
        supply=supply,
        demand=demand,
        arc_supply=base.arc_supply,
        arc_demand=base.arc_demand,
        value_per_unit=base.value_per_unit,
        supply_store=np.where(keeps, base.supply // 6, 0),
        supply_holding=np.full(len(base.supply), HOLDING),
    )


def apart(problem: PeriodsProblem) -> int:
    """Return the value of the months, each on its own."""
    return sum(
        solve(
            ExchangeProblem(
                supply=problem.supply[:, t].copy(),
                demand=problem.demand[:, t].copy(),
                arc_supply=problem.arc_supply,
                arc_demand=problem.arc_demand,
                value_per_unit=problem.value_per_unit,
            )
        ).objective
        for t in range(problem.periods)
    )


def tables() -> Iterator[Table]:
    """Yield one table of two sizes."""
    rows, goals = [], []
    for name in ("1k", "3k"):
        problem = yearly(instance(name))
        found = interleaved(
            {"apart": lambda p=problem: apart(p), "together": lambda p=problem: solve_periods(p)}, rounds=3
        )
        (alone, worth), (seconds, plan) = found["apart"], found["together"]
        if not isinstance(plan, PeriodsPlan) or not isinstance(worth, int | float):
            raise SystemExit("A solver has returned no plan")
        verdict = check_periods(problem, plan)
        if not verdict.passed:
            raise SystemExit(str(verdict))
        links = problem.arcs * problem.periods
        rows.append(Row.of(name, links, alone, seconds, seconds / alone, 100 * (plan.objective / worth - 1)))
        if name == "3k":
            goals.append(at_most("periods with storage, times twelve solves, 12 x 3,000", seconds / alone, 4.0))
    columns = ("links", "twelve solves s", "with storage s", "ratio", "worth more %")
    yield Table("Twelve months with storage", columns, rows, goals, "Both with prices and proof.")
