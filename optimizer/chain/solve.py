"""Solve a chain problem: its independent parts apart, each exactly, put together into one plan."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from optimizer.chain.missing import missing_from
from optimizer.chain.parts import Piece, Solved, pieces_of, settle_piece, solve_piece
from optimizer.chain.plan import ChainPlan, empty_plan
from optimizer.chain.problem import ChainProblem
from optimizer.chain.program import Program, program_of
from optimizer.chain.rows import RowKind
from optimizer.deadline import Deadline
from optimizer.errors import ProblemError
from optimizer.linear import Floats
from optimizer.plan import SolveStatus
from optimizer.problem import Ints

_HALF: Final = 0.5
_DUST: Final = 1e-12
"""Share of what a use can carry below which a flow is rounding."""

_ROUNDING: Final = 1e-11
"""Share of the greatest value per unit below which a price or a regret is rounding."""

Progress = Callable[[float], None]
"""Called with the share of the columns that are done, 0 to 1."""


def solve_chain(
    problem: ChainProblem,
    *,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    on_progress: Progress | None = None,
    start: Floats | None = None,
) -> ChainPlan:
    """Return the best plan and its bound, or why there is none: infeasible is a status, never an exception.

    `start` (A + P, T) is a plan without stocks to begin a branch and bound from.

    Without binaries the bound is recomputed from the prices and OPTIMAL means equal to 1e-9 of what is traded; with
    them it is that of the branch and bound, and OPTIMAL means within 1e-6. A time limit is shared by the parts.
    """
    if time_limit_s is not None and not time_limit_s >= 0:
        raise ProblemError(f"The time limit {time_limit_s} s is not a number of zero or more.")
    if not 0 <= gap < 1:
        raise ProblemError(f"The accepted gap {gap} is not a share from 0 to below 1.")
    began = time.perf_counter()
    program = program_of(problem)
    pieces, of_column = pieces_of(program)
    deadline, done, total = Deadline.after(time_limit_s), 0, max(1, len(of_column))
    solved: list[Solved] = []
    point = None if start is None else _point(problem, program, start)
    for piece in pieces:
        share = deadline.after_share(len(piece.columns) / max(1, total - done))
        solved.append(solve_piece(piece, share, gap, None if point is None else point[piece.columns]))
        done += len(piece.columns)
        if on_progress is not None:
            on_progress(done / total)
        if solved[-1].part.status is SolveStatus.INFEASIBLE:
            lacking = missing_from(problem, program, piece)
            plan = replace(empty_plan(problem, SolveStatus.INFEASIBLE), shortfalls=lacking[0], obstacles=lacking[1])
            return replace(plan, seconds=time.perf_counter() - began)
    plan = _plan(problem, program, pieces, solved, of_column)
    return replace(plan, seconds=time.perf_counter() - began)


def settle_links(problem: ChainProblem, flow: Floats, bound: float, status: SolveStatus) -> ChainPlan:
    """Return the plan of links that were found elsewhere: the best flow over them and its prices."""
    began = time.perf_counter()
    program = program_of(problem)
    x = _point(problem, program, flow)
    pieces, of_column = pieces_of(program)
    solved = [settle_piece(piece, x[piece.columns], status) for piece in pieces]
    plan = _plan(problem, program, pieces, solved, of_column)
    settled = max(bound, plan.objective)
    return replace(plan, status=status, bound=settled, seconds=time.perf_counter() - began)


def _point(problem: ChainProblem, program: Program, flow: Floats) -> Floats:
    """Return a plan without stocks as a point of the programme."""
    columns = program.columns
    x = np.zeros(columns.count)
    x[columns.flow] = flow
    for t in range(problem.periods):
        open_links = (columns.each[:, t] >= 0) & (flow[:, t] > 0)
        x[columns.each[open_links, t]] = 1
    x[columns.once[(columns.once >= 0) & (flow > 0).any(axis=1)]] = 1
    return x


def worth(problem: ChainProblem, flow: Floats, stock: Floats) -> float:
    """Return what a plan is worth: its flows, less its links and its stocks."""
    uses, runs = problem.uses, flow > 0
    terms = (
        uses.value * flow,
        -uses.each_cost[:, None] * runs,
        -uses.once_cost * runs.any(axis=1),
        -problem.stores.cost[:, None] * stock,
    )
    return math.fsum(number for term in terms for number in term.ravel().tolist())


def _clean(program: Program, x: Floats) -> Floats:
    """Return the flows of a point without the dust that the simplex method leaves at zero."""
    columns = program.columns
    flow = x[columns.flow]
    closed = np.zeros(flow.shape, np.bool_)
    for binary in (columns.each, np.repeat(columns.once[:, None], flow.shape[1], axis=1)):
        closed |= (binary >= 0) & (x[binary] < _HALF)
    cleaned: Floats = np.where(closed | (flow <= _DUST * program.most[columns.flow]), 0.0, flow)
    return cleaned


def _plan(
    problem: ChainProblem, program: Program, pieces: Sequence[Piece], solved: Sequence[Solved], of_column: Ints
) -> ChainPlan:
    statuses = {one.part.status for one in solved}
    bound = math.fsum(one.part.bound for one in solved)
    parts = tuple(one.part for one in solved)
    if SolveStatus.STOPPED in statuses:
        return replace(empty_plan(problem, SolveStatus.STOPPED), bound=bound, parts=parts)
    x, dual = np.zeros(program.columns.count), np.zeros(program.linear.matrix.shape[0])
    for piece, one in zip(pieces, solved, strict=True):
        if one.x is not None:
            x[piece.columns] = one.x
        if one.dual is not None:
            dual[piece.rows] = one.dual
    status = SolveStatus.FEASIBLE if SolveStatus.FEASIBLE in statuses else SolveStatus.OPTIMAL
    flow = _clean(program, x)
    second = problem.uses.second
    plan = replace(
        empty_plan(problem, status),
        flow=flow,
        stock=x[program.columns.stock],
        used=np.asarray((flow > 0).any(axis=1), np.bool_),
        objective=worth(problem, flow, x[program.columns.stock]),
        bound=bound,
        second=float("nan") if second is None else math.fsum((second * flow).ravel().tolist()),
        parts=parts,
        proven_by_prices=not program.whole.any(),
    )
    return _homed(problem, program, _priced(problem, program, plan, dual), of_column)


def _priced(problem: ChainProblem, program: Program, plan: ChainPlan, dual: Floats) -> ChainPlan:
    """Return the plan with its prices, read from the duals of the rows."""
    linear, columns, periods = program.linear, program.columns, problem.periods
    kept = np.where(np.isfinite(linear.row_upper), np.maximum(dual, 0), 0)
    kept += np.where(np.isfinite(linear.row_lower), np.minimum(dual, 0), 0)
    dust = _ROUNDING * float(np.abs(problem.uses.value).max(initial=0.0))
    kept[np.abs(kept) <= dust] = 0

    def table(kind: RowKind, rows: int) -> Floats:
        found = program.of(kind)
        if found is None:
            return np.zeros((rows, periods))
        spread = np.zeros((rows, periods))
        spread[found.where[:, 0], found.where[:, 2]] = kept[found.start : found.end] * found.factor
        return spread

    quality = []
    for kind in (RowKind.QUALITY_MOST, RowKind.QUALITY_LEAST):
        worth, rows = np.zeros((problem.heads, problem.properties, periods)), program.of(kind)
        if rows is not None:
            worth[tuple(rows.where.T)] = kept[rows.start : rows.end] * rows.factor
        quality.append(worth)
    reduced = linear.matrix.T @ kept - linear.objective
    reduced[np.abs(reduced) <= dust] = 0
    regret = reduced[columns.flow]
    unused = ~plan.used
    once = np.where(columns.once >= 0, problem.uses.once_cost, 0)
    burden = (once[:, None] + problem.uses.each_cost[:, None]) / np.maximum(program.most[columns.flow], 1e-12)
    # The rows of links are no limits of the plan's own: what they would price, the burden says in plain money.
    for kind in (RowKind.LINKED, RowKind.LOT):
        rows = program.of(kind)
        if rows is not None:
            use, t = rows.where[:, 0], rows.where[:, 2]
            regret[use, t] -= kept[rows.start : rows.end]
    regret = regret + np.where(unused[:, None], burden, 0)
    second = program.of(RowKind.SECOND)
    return replace(
        plan,
        price_supply=table(RowKind.SUPPLY, len(problem.supply)) + table(RowKind.SUPPLY_LEAST, len(problem.supply)),
        price_product=table(RowKind.PRODUCT, len(problem.product_of)),
        price_demand=table(RowKind.DEMAND, len(problem.demand)),
        price_processor=table(RowKind.PROCESSOR, problem.processors),
        price_most=quality[0],
        price_least=quality[1],
        regret=regret,
        price_second=0.0 if second is None else float(-kept[second.start] * second.factor[0]),
    )


def _homed(problem: ChainProblem, program: Program, plan: ChainPlan, of_column: Ints) -> ChainPlan:
    """Return the plan with the part that each row belongs to: that of the arcs at it."""
    arcs = of_column[program.columns.flow[: problem.arcs, 0]] if problem.arcs else np.zeros(0, np.int64)
    supplies, demands = len(problem.supply), len(problem.demand)
    of_supply, of_demand = plan.part_of_supply.copy(), plan.part_of_demand.copy()
    from_supply, to_demand = problem.arc_tail < supplies, problem.arc_head < demands
    of_supply[problem.arc_tail[from_supply]] = arcs[from_supply]
    of_demand[problem.arc_head[to_demand]] = arcs[to_demand]
    worked = program.columns.flow[problem.arcs :, 0]
    return replace(plan, part_of_supply=of_supply, part_of_demand=of_demand, part_of_processor=of_column[worked])
