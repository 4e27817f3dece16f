"""Limits on the quality of mixes, up to 10,000 demands with 28,000 of them, beside HiGHS' interior point method.

Every demand has a virgin material of its own, clean and without limit, which dilutes what the others bring. HiGHS gets
the same programme through scipy, in a process of its own.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy.optimize import linprog

from bench.optimizer.instances import PROPERTIES, instance
from bench.optimizer.measure import in_child
from bench.optimizer.report import Row, Table, at_least, at_most
from optimizer import ExchangeProblem, SidedProblem, check_sided, solve_sided
from optimizer.sided.model import model_of

SIZES: Final = ("1k", "3k", "10k")
LIMIT_S: Final = 900.0


def blending(name: str) -> SidedProblem:
    """Return the exchange with the limits that some arc exceeds, and a virgin material for every demand."""
    land = instance(name)
    base, sites = land.exchange(), len(land.demand_t)
    # Handling a tonne of virgin material costs a twentieth of its price.
    handling = np.rint(5 * (10 + np.random.default_rng(5).gamma(3, 30, sites))).astype(np.int64)
    content = np.concatenate((land.content[land.arc_supply], np.zeros((sites, PROPERTIES))))
    exceeded = np.zeros((sites, PROPERTIES), np.bool_)
    arc, prop = np.nonzero(land.content[land.arc_supply] > land.content_limit[land.arc_demand])
    exceeded[land.arc_demand[arc], prop] = True
    exchange = ExchangeProblem(
        supply=np.concatenate((base.supply, base.demand)),
        demand=base.demand,
        arc_supply=np.concatenate((base.arc_supply, len(base.supply) + np.arange(sites))),
        arc_demand=np.concatenate((base.arc_demand, np.arange(sites))),
        value_per_unit=np.concatenate((base.value_per_unit, -handling)),
    )
    return SidedProblem(exchange, concentration=content, quality_most=np.where(exceeded, land.content_limit, np.inf))


def ours(name: str) -> tuple[float, float, float, float, int]:
    """Return objective, bound, gap, the worst violation in tenths of a tonne, and the rows of quality."""
    problem = blending(name)
    plan = solve_sided(problem)
    verdict = check_sided(problem, plan)
    if not verdict.passed:
        raise SystemExit(str(verdict))
    program = model_of(problem).program
    over = float((program.matrix @ plan.flow - program.row_upper).max())
    rows = len(program.row_upper) - len(problem.exchange.supply) - len(problem.exchange.demand)
    return plan.objective, plan.bound, plan.gap, max(over, float(-plan.flow.min()), 0.0), rows


def interior_point(name: str) -> float | None:
    """Return the objective that HiGHS finds by its interior point method; None: the time was over."""
    program = model_of(blending(name)).program
    found = linprog(
        -program.objective,
        A_ub=program.matrix,
        b_ub=program.row_upper,
        bounds=np.column_stack((program.lower, program.upper)),
        method="highs-ipm",
        options={"time_limit": LIMIT_S},
    )
    return None if found.x is None else -float(found.fun)


def tables() -> Iterator[Table]:
    """Yield one table of three sizes; seconds are from the instance's arrays to the plan."""
    rows, goals = [], []
    for name in SIZES:
        plan, peer = in_child(ours, name), in_child(interior_point, name)
        objective, _, gap, over, limits = plan.result
        best = None if peer.result is None else 1 - objective / peer.result
        times = peer.seconds / plan.seconds
        rows.append(Row.of(name, limits, plan.seconds, gap, over, best, peer.seconds, times, plan.peak_mb))
        if name == "10k":
            goals.append(at_least("blending 10k x 10k, HiGHS interior point takes times ours", times, 7.0))
            goals.append(at_most("blending 10k x 10k, worst violation in tenths of a tonne", over, 1e-9))
            goals.append(at_most("blending 10k x 10k, proven gap", gap, 2e-4))
    columns = ("quality rows", "s", "proven gap", "violation", "below HiGHS", "HiGHS s", "times ours", "peak MB")
    yield Table("Blending", columns, rows, goals)
