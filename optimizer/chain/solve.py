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
from optimizer.chain.prices import homed, priced
from optimizer.chain.problem import ChainProblem
from optimizer.chain.program import Program, program_of
from optimizer.deadline import Deadline
from optimizer.errors import ProblemError
from optimizer.linear import Floats
from optimizer.plan import SolveStatus
from optimizer.problem import Ints

_HALF: Final = 0.5
_DUST: Final = 1e-12
"""Share of what a use can carry below which a flow is rounding."""

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
    return homed(problem, program, priced(problem, program, plan, dual), of_column)
