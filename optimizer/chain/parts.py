"""The independent parts of a programme, each solved on its own: by the simplex method, or by branch and bound and then
the simplex method with the whole-numbered columns held fixed, which gives a vertex and its prices.
"""

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from optimizer.chain.plan import Part
from optimizer.chain.program import Program
from optimizer.deadline import Deadline
from optimizer.errors import NotProvenError
from optimizer.integer import IntegerAnswer, solve_integer
from optimizer.linear import Floats, LinearProgram, LinearStatus, solve_linear
from optimizer.plan import SolveStatus
from optimizer.problem import Bools, Ints
from optimizer.sided.model import proven_bound

TOLERANCE: Final = 1e-9
"""Largest difference of bound and objective that counts as a proof by prices, as a share of what is traded."""
PROOF: Final = 1e-6
"""The same for a branch and bound: its own tolerance."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One part of a programme: its rows and columns in the whole, and the part as a programme of its own."""

    rows: Ints
    columns: Ints
    linear: LinearProgram
    whole: Bools
    most: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """How a piece ended: x and dual are those of its own columns and rows, None without a plan."""

    part: Part
    x: Floats | None
    dual: Floats | None


def pieces_of(program: Program) -> tuple[list[Piece], Ints]:
    """Return the connected parts in the order of their first column, and the part of every column (n,).

    A row without columns is a part of its own where it asks for something.
    """
    linear = program.linear
    rows, columns = linear.matrix.shape
    matrix = sp.coo_matrix(linear.matrix)
    graph = sp.coo_matrix((np.ones(matrix.nnz), (matrix.row, matrix.col + rows)), shape=(rows + columns,) * 2)
    _, label = connected_components(graph.tocsr(), directed=False)
    met, first = np.unique(label[rows:], return_index=True)
    asking = label[:rows][(linear.row_lower > 0) | (linear.row_upper < 0)]
    order = np.concatenate((met[np.argsort(first)], np.setdiff1d(asking, met)))
    number = np.full(int(label.max(initial=-1)) + 1, -1, np.int64)
    number[order] = np.arange(len(order))
    of_column, of_row = number[label[rows:]], number[label[:rows]]
    by_column, by_row = np.argsort(of_column, kind="stable"), np.argsort(of_row, kind="stable")
    cut_columns = np.searchsorted(of_column[by_column], np.arange(len(order) + 1))
    cut_rows = np.searchsorted(of_row[by_row], np.arange(len(order) + 1))
    pieces = []
    by_rows = sp.csr_matrix(linear.matrix)
    for k in range(len(order)):
        own_columns = by_column[cut_columns[k] : cut_columns[k + 1]].astype(np.int64)
        own_rows = by_row[cut_rows[k] : cut_rows[k + 1]].astype(np.int64)
        pieces.append(_piece(program, by_rows, own_rows, own_columns))
    return pieces, of_column


def _piece(program: Program, matrix: sp.csr_matrix, rows: Ints, columns: Ints) -> Piece:
    linear = program.linear
    part = LinearProgram(
        objective=linear.objective[columns],
        matrix=sp.csr_matrix(matrix[rows][:, columns]),
        row_lower=linear.row_lower[rows],
        row_upper=linear.row_upper[rows],
        lower=linear.lower[columns],
        upper=linear.upper[columns],
        maximise=True,
    )
    return Piece(rows, columns, part, program.whole[columns], program.most[columns])


def solve_piece(piece: Piece, deadline: Deadline, gap: float, start: Floats | None = None) -> Solved:
    """Return the best plan of a piece and its bound, begun from the point `start`; INFEASIBLE and STOPPED are statuses
    without a plan.
    """
    began = time.perf_counter()
    if not len(piece.columns):
        return _nothing(LinearStatus.INFEASIBLE, began)
    if piece.whole.any():
        found = solve_integer(piece.linear, piece.whole, time_limit_s=deadline.left_s(), gap=gap, start=start)
        return _branched(piece, found, began)
    answer = solve_linear(piece.linear, time_limit_s=deadline.left_s())
    if answer.x is None or answer.dual is None:
        return _nothing(answer.status, began)
    x = snapped(piece.linear, answer.x)
    objective = float(piece.linear.objective @ x)
    bound, size = proven_bound(piece.linear, answer.dual, piece.most)
    size = max(size, float(np.abs(piece.linear.objective) @ np.abs(x)))
    proven = bound - objective <= TOLERANCE * size
    status = SolveStatus.OPTIMAL if proven else SolveStatus.FEASIBLE
    # A difference that is rounding is not reported as one.
    part = Part(status, objective, objective if proven else bound, time.perf_counter() - began)
    return Solved(part, x, answer.dual)


def _branched(piece: Piece, found: IntegerAnswer, began: float) -> Solved:
    if found.x is None:
        infeasible = found.status is SolveStatus.INFEASIBLE
        ended = SolveStatus.INFEASIBLE if infeasible else SolveStatus.STOPPED
        return Solved(Part(ended, float("nan"), found.bound, time.perf_counter() - began), None, None)
    settled = solve_linear(fixed(piece.linear, piece.whole, found.x))
    x, dual = (found.x, None) if settled.x is None else (snapped(piece.linear, settled.x), settled.dual)
    objective = float(piece.linear.objective @ x)
    bound = max(found.bound, objective)
    size = float(np.abs(piece.linear.objective) @ np.abs(x))
    proven = bound - objective <= PROOF * max(abs(bound), abs(objective), 1e-3 * size)
    status = SolveStatus.OPTIMAL if proven else SolveStatus.FEASIBLE
    bound = objective if bound - objective <= 2 * TOLERANCE * size else bound
    return Solved(Part(status, objective, bound, time.perf_counter() - began), x, dual)


def settle_piece(piece: Piece, x: Floats, status: SolveStatus) -> Solved:
    """Return the best plan of a piece with its whole-numbered columns held where they are in x; no bound of its own."""
    began = time.perf_counter()
    settled = solve_linear(fixed(piece.linear, piece.whole, x))
    if settled.x is None:
        raise NotProvenError("The links that were found leave no flow; this is a fault of the optimizer.")
    point = snapped(piece.linear, settled.x)
    objective = float(piece.linear.objective @ point)
    bound = objective if status is SolveStatus.OPTIMAL else float("inf")
    return Solved(Part(status, objective, bound, time.perf_counter() - began), point, settled.dual)


def fixed(linear: LinearProgram, whole: Bools, x: Floats) -> LinearProgram:
    """Return the programme with its whole-numbered columns held where they are in x."""
    held = np.rint(x)
    return LinearProgram(
        objective=linear.objective,
        matrix=linear.matrix,
        row_lower=linear.row_lower,
        row_upper=linear.row_upper,
        lower=np.where(whole, held, linear.lower),
        upper=np.where(whole, held, linear.upper),
        maximise=True,
    )


def snapped(linear: LinearProgram, x: Floats) -> Floats:
    """Return a vertex with its rounding taken off: within its limits, and in whole numbers where all of it is nearly so
    and no row is broken by that.
    """
    inside: Floats = np.clip(x, linear.lower, linear.upper)
    near = np.rint(inside)
    if (np.abs(near - inside) > TOLERANCE * np.maximum(1, np.abs(inside))).any():
        return inside
    reached = linear.matrix @ near
    loose = TOLERANCE * (abs(linear.matrix) @ np.abs(near))
    kept = (reached >= linear.row_lower - loose).all() and (reached <= linear.row_upper + loose).all()
    return near if kept and (near >= linear.lower).all() and (near <= linear.upper).all() else inside


def _nothing(status: LinearStatus, began: float) -> Solved:
    ended = SolveStatus.INFEASIBLE if status is LinearStatus.INFEASIBLE else SolveStatus.STOPPED
    bound = float("nan") if ended is SolveStatus.INFEASIBLE else float("inf")
    return Solved(Part(ended, float("nan"), bound, time.perf_counter() - began), None, None)
