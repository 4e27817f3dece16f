"""Why a chain has no plan: which least quantities cannot be met, and which limits stand in the way.

Model      every least quantity is made elastic: minimise sum missing, where each may fall short by its own missing
           quantity. Binaries stay, so that lots, partner limits and the budget count; with them held fixed, the duals
           name the limits in the way. A kind of link limit without which nothing would be missing is named as well
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp

from optimizer.chain.parts import Piece, fixed
from optimizer.chain.plan import Shortfall
from optimizer.chain.problem import ChainProblem
from optimizer.chain.program import Program
from optimizer.chain.rows import RowKind
from optimizer.errors import NotProvenError
from optimizer.integer import solve_integer
from optimizer.linear import Floats, LinearProgram, solve_linear
from optimizer.problem import Bools, Ints

Name = tuple[str, int, int, int]
"""A limit: its kind, node, property and period."""

_MISSING: Final = 1e-7
"""Share of a least quantity below which a shortfall is rounding."""
_SECONDS: Final = 30.0
"""How long a branch and bound may look for the least that is missing."""
CARRY: Final = "CARRY"
"""The least that a use must carry: a limit of its column."""
CAPACITY: Final = "CAPACITY"
"""The most that a use can carry."""
_LINKS: Final = (RowKind.LOT, RowKind.TAIL_PARTNERS, RowKind.HEAD_PARTNERS, RowKind.BUDGET)
"""Kinds of rows that only the choice of links can break."""


@dataclass(frozen=True, slots=True, eq=False)
class _Elastic:
    """A piece with a column of missing quantity for each least one, `wanted` of the row or column `of`."""

    linear: LinearProgram
    whole: Bools
    of: Ints
    wanted: Floats
    columns: int


def missing_from(
    problem: ChainProblem, program: Program, piece: Piece
) -> tuple[tuple[Shortfall, ...], tuple[Name, ...]]:
    """Return the least quantities of a piece that cannot be met and the limits that stand in the way."""
    balances = _balances(program, piece)
    elastic = _elastic(piece, balances)
    x, dual = _least_missing(elastic)
    lacks = x[elastic.columns :]
    if lacks.sum() <= _MISSING * elastic.wanted.sum():
        raise NotProvenError("The exchange was called infeasible, but nothing seems to be missing.")
    names = _names(program, piece)
    scale = _scales(program, piece)
    found = []
    for k in np.flatnonzero(lacks > _MISSING * elastic.wanted).tolist():
        factor = scale[elastic.of[k]]
        found.append(Shortfall(names[elastic.of[k]], float(elastic.wanted[k] / factor), float(lacks[k] / factor)))
    binding = _binding(program, piece, elastic, dual, names)
    chosen = _links_in_the_way(program, piece, balances, float(lacks.sum()))
    return tuple(found), tuple(dict.fromkeys((*binding, *chosen)))


def _elastic(piece: Piece, balances: Bools, dropped: Ints | None = None) -> _Elastic:
    linear = piece.linear
    rows, columns = linear.matrix.shape
    row_lower, row_upper = linear.row_lower.copy(), linear.row_upper.copy()
    if dropped is not None:
        row_lower[dropped], row_upper[dropped] = -np.inf, np.inf
    wanted = np.concatenate((np.where(balances, 0, np.maximum(row_lower, 0)), np.where(piece.whole, 0, linear.lower)))
    of = np.flatnonzero(wanted > 0)
    count = len(of)
    missing = sp.csr_matrix((np.ones(count), (of, np.arange(count))), shape=(rows + columns, count))
    matrix = sp.hstack((sp.vstack((linear.matrix, sp.eye(columns))), missing), format="csr")
    relaxed = LinearProgram(
        objective=np.concatenate((np.zeros(columns), -np.ones(count))),
        matrix=sp.csr_matrix(matrix),
        row_lower=np.concatenate((row_lower, linear.lower)),
        row_upper=np.concatenate((row_upper, np.full(columns, np.inf))),
        lower=np.zeros(columns + count),
        upper=np.concatenate((linear.upper, wanted[of])),
        maximise=True,
    )
    return _Elastic(relaxed, np.concatenate((piece.whole, np.zeros(count, np.bool_))), of, wanted[of], columns)


def _balances(program: Program, piece: Piece) -> Bools:
    """Return the rows of a piece that only say that nothing is lost: they are never elastic."""
    balances = np.zeros(program.linear.matrix.shape[0], np.bool_)
    for kind in (RowKind.PRODUCT, RowKind.PROCESSOR):
        rows = program.of(kind)
        if rows is not None:
            balances[rows.start : rows.end] = True
    chosen: Bools = balances[piece.rows]
    return chosen


def _least_missing(elastic: _Elastic) -> tuple[Floats, Floats]:
    linear = elastic.linear
    if elastic.whole.any():
        found = solve_integer(linear, elastic.whole, time_limit_s=_SECONDS)
        if found.x is None:
            raise NotProvenError("The exchange was called infeasible, but what is missing could not be found.")
        linear = fixed(linear, elastic.whole, found.x)
    answer = solve_linear(linear)
    if answer.x is None or answer.dual is None:
        raise NotProvenError("The exchange was called infeasible, but what is missing could not be found.")
    return np.maximum(answer.x, 0), answer.dual


def _names(program: Program, piece: Piece) -> list[Name]:
    """Return the name of each row and then of each column of a piece."""
    rows = program.linear.matrix.shape[0]
    every: list[Name] = [("", -1, -1, -1)] * rows
    for block in program.rows:
        for n, (node, prop, t) in enumerate(block.where.tolist()):
            every[block.start + n] = (block.kind.value, node, prop, t)
    uses, periods = program.columns.flow.shape
    columns: list[Name] = [(CARRY, n, -1, t) for n in range(uses) for t in range(periods)]
    columns += [("", -1, -1, -1)] * (program.columns.count - len(columns))
    return [every[row] for row in piece.rows.tolist()] + [columns[column] for column in piece.columns.tolist()]


def _scales(program: Program, piece: Piece) -> Floats:
    factor = np.concatenate([np.zeros(0), *(block.factor for block in program.rows)])
    return np.concatenate((factor[piece.rows], np.ones(len(piece.columns))))


def _binding(program: Program, piece: Piece, elastic: _Elastic, dual: Floats, names: list[Name]) -> list[Name]:
    """Name each limit that would lower the total missing if it were loosened: those with a price."""
    rows = len(piece.rows)
    silent = (RowKind.PRODUCT, RowKind.PROCESSOR, RowKind.LINKED, RowKind.LOT, RowKind.ONCE)
    found = [names[row] for row in np.flatnonzero(dual[:rows] > _MISSING).tolist() if names[row][0] not in silent]
    price = elastic.linear.matrix.T @ dual
    own = piece.linear.upper <= piece.most
    flows = piece.columns < program.columns.flow.size
    held = np.flatnonzero((price[: len(piece.columns)] < -_MISSING) & own & flows)
    return found + [(CAPACITY, *names[rows + column][1:]) for column in held.tolist()]


def _links_in_the_way(program: Program, piece: Piece, balances: Bools, missing: float) -> list[Name]:
    """Name each kind of limit on links without which less would be missing."""
    found: list[Name] = []
    if not piece.whole.any():
        return found
    for kind in _LINKS:
        rows = program.of(kind)
        dropped = np.zeros(0, np.int64)
        if rows is not None:
            dropped = np.flatnonzero((piece.rows >= rows.start) & (piece.rows < rows.end))
        if rows is not None and len(dropped):
            without = _elastic(piece, balances, dropped)
            x, _ = _least_missing(without)
            if x[without.columns :].sum() < missing * (1 - 1e-6):
                named = [tuple(rows.where[n].tolist()) for n in (piece.rows[dropped] - rows.start).tolist()]
                found += [(kind.value, node, prop, -1) for node, prop, _ in named]
    return found
