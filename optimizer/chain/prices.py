"""The prices and regrets of a chain plan, read from the duals of its rows, and the part that each row belongs to."""

from dataclasses import replace
from typing import Final

import numpy as np

from optimizer.chain.plan import ChainPlan
from optimizer.chain.problem import ChainProblem
from optimizer.chain.program import Program
from optimizer.chain.rows import RowKind
from optimizer.linear import Floats
from optimizer.problem import Ints

_ROUNDING: Final = 1e-11
"""Share of the greatest value per unit below which a price or a regret is rounding."""
_SMALLEST: Final = 1e-12
"""What a use can carry at least, where its cost is spread over that."""


def priced(problem: ChainProblem, program: Program, plan: ChainPlan, dual: Floats) -> ChainPlan:
    """Return the plan with its prices; a dual that leans on a limit that is not there counts as zero."""
    linear = program.linear
    kept = np.where(np.isfinite(linear.row_upper), np.maximum(dual, 0), 0)
    kept += np.where(np.isfinite(linear.row_lower), np.minimum(dual, 0), 0)
    kept[np.abs(kept) <= _ROUNDING * float(np.abs(problem.uses.value).max(initial=0.0))] = 0

    def table(kind: RowKind, rows: int) -> Floats:
        spread, found = np.zeros((rows, problem.periods)), program.of(kind)
        if found is not None:
            spread[found.where[:, 0], found.where[:, 2]] = kept[found.start : found.end] * found.factor
        return spread

    def mix(kind: RowKind) -> Floats:
        worth, found = np.zeros((problem.heads, problem.properties, problem.periods)), program.of(kind)
        if found is not None:
            worth[tuple(found.where.T)] = kept[found.start : found.end] * found.factor
        return worth

    second = program.of(RowKind.SECOND)
    return replace(
        plan,
        price_supply=table(RowKind.SUPPLY, len(problem.supply)) + table(RowKind.SUPPLY_LEAST, len(problem.supply)),
        price_product=table(RowKind.PRODUCT, len(problem.product_of)),
        price_demand=table(RowKind.DEMAND, len(problem.demand)),
        price_processor=table(RowKind.PROCESSOR, problem.processors),
        price_most=mix(RowKind.QUALITY_MOST),
        price_least=mix(RowKind.QUALITY_LEAST),
        regret=_regret(problem, program, plan, kept),
        price_second=0.0 if second is None else float(-kept[second.start] * second.factor[0]),
    )


def _regret(problem: ChainProblem, program: Program, plan: ChainPlan, kept: Floats) -> Floats:
    """Return what a unit on each use would lose (A + P, T), and on an unused one its share of what the link costs."""
    columns, linear = program.columns, program.linear
    reduced = linear.matrix.T @ kept - linear.objective
    reduced[np.abs(reduced) <= _ROUNDING * float(np.abs(problem.uses.value).max(initial=0.0))] = 0
    regret = reduced[columns.flow]
    # The rows of links are no limits of the plan's own: what they would price, the burden says in plain money.
    for kind in (RowKind.LINKED, RowKind.LOT):
        rows = program.of(kind)
        if rows is not None:
            regret[rows.where[:, 0], rows.where[:, 2]] -= kept[rows.start : rows.end]
    cost = problem.uses.once_cost + problem.uses.each_cost
    burden = cost[:, None] / np.maximum(program.most[columns.flow], _SMALLEST)
    spread: Floats = regret + np.where(plan.used[:, None], 0, burden)
    return spread


def homed(problem: ChainProblem, program: Program, plan: ChainPlan, of_column: Ints) -> ChainPlan:
    """Return the plan with the part that each row belongs to: that of the arcs at it."""
    arcs = of_column[program.columns.flow[: problem.arcs, 0]] if problem.arcs else np.zeros(0, np.int64)
    supplies, demands = len(problem.supply), len(problem.demand)
    of_supply, of_demand = plan.part_of_supply.copy(), plan.part_of_demand.copy()
    from_supply, to_demand = problem.arc_tail < supplies, problem.arc_head < demands
    of_supply[problem.arc_tail[from_supply]] = arcs[from_supply]
    of_demand[problem.arc_head[to_demand]] = arcs[to_demand]
    worked = program.columns.flow[problem.arcs :, 0]
    return replace(plan, part_of_supply=of_supply, part_of_demand=of_demand, part_of_processor=of_column[worked])
