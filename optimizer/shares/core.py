"""The core and what replaces it when it is empty: least core, prenucleolus, smallest subsidy.

Least core     minimise e, where share(N) = worth(N) and share(S) >= worth(S) - e for every other coalition S;
               the core is empty exactly when the least e is above zero
Prenucleolus   the one split in the least core at which, beyond the greatest excess, the second greatest is least, and
               so on: a sequence of such programmes, each fixing the coalitions that its dual prices say are tight
Subsidy        minimise share(N) - worth(N), where share(S) >= worth(S) for every coalition S, the whole included
Source     M. Maschler, B. Peleg, L. S. Shapley (1979), Math. Oper. Res. 4, 303-338 (least core, nucleolus);
           Y. Bachrach et al. (2009), SAGT, LNCS 5814, 122-134 (the subsidy, as cost of stability)
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp

from optimizer.errors import SolverError
from optimizer.linear import Floats, LinearProgram, LinearStatus, solve_linear
from optimizer.problem import Bools
from optimizer.shares.game import TOLERANCE, TableGame, membership

DECIMALS: Final = 12
"""Decimals of a share, where the greatest worth is 1: what the solver's floating point leaves behind is cut off."""
_TIGHT: Final = 1e-7
"""A dual price above this marks a coalition whose excess is the same in every best split."""


@dataclass(frozen=True, slots=True, eq=False)
class LeastCore:
    """The least excess that must be borne, epsilon, and the prenucleolus (n,), the one split that treats it fairest."""

    epsilon: float
    share: Floats
    core_is_empty: bool


@dataclass(slots=True, eq=False)
class _Rounds:
    """The sequence of programmes: worths scaled to at most 1, excess (2^n,) of the coalitions fixed so far."""

    table: Floats
    members: Floats
    fixed: Bools
    excess: Floats

    def free(self) -> Bools:
        """Return the coalitions whose share is not yet implied by those that are fixed."""
        basis = np.linalg.svd(self.members[self.fixed])
        rank = int((TOLERANCE * basis.S[0] < basis.S).sum())
        span = basis.Vh[:rank]
        beside = self.members - (self.members @ span.T) @ span
        loose: Bools = np.abs(beside).max(axis=1) > TOLERANCE
        return loose


def least_core(game: TableGame) -> LeastCore:
    """Return the least core's epsilon and the prenucleolus; for a single player epsilon is zero."""
    rounds = _start(game)
    first: float | None = None
    while (free := rounds.free()).any():
        epsilon, tight = _round(rounds, free)
        first = epsilon if first is None else first
        rounds.fixed |= tight
        rounds.excess[tight] = epsilon
    rows = rounds.members[rounds.fixed]
    wanted = (rounds.table - rounds.excess)[rounds.fixed]
    split: Floats = np.linalg.lstsq(rows, wanted)[0].astype(np.float64)
    share = split.round(DECIMALS) * game.scale
    epsilon = (first or 0.0) * game.scale
    epsilon = 0.0 if abs(epsilon) <= TOLERANCE * game.scale else epsilon
    return LeastCore(epsilon, share, epsilon > 0)


def smallest_subsidy(game: TableGame) -> float:
    """Return the least sum from outside that lets the whole be split so that no coalition gains by leaving; 0 where
    the core is not empty.
    """
    members = membership(game.players)[1:]
    program = LinearProgram(
        objective=np.ones(game.players),
        matrix=sp.csr_matrix(members),
        row_lower=game.table[1:] / game.scale,
        row_upper=np.full(len(members), np.inf),
        lower=np.full(game.players, -np.inf),
        upper=np.full(game.players, np.inf),
    )
    missing = _optimum(program)[0] - game.worth(2**game.players - 1) / game.scale
    return 0.0 if missing <= TOLERANCE else missing * game.scale


def _start(game: TableGame) -> _Rounds:
    fixed = np.zeros(len(game.table), np.bool_)
    fixed[-1] = True
    return _Rounds(game.table / game.scale, membership(game.players), fixed, np.zeros(len(game.table)))


def _round(rounds: _Rounds, free: Bools) -> tuple[float, Bools]:
    """Return the least greatest excess of the free coalitions and which of them bear it in every best split."""
    players = rounds.members.shape[1]
    rows = np.concatenate((np.flatnonzero(rounds.fixed), np.flatnonzero(free)))
    is_free = free[rows]
    wanted = rounds.table[rows] - np.where(is_free, 0.0, rounds.excess[rows])
    program = LinearProgram(
        objective=np.append(np.zeros(players), 1.0),
        matrix=sp.csr_matrix(np.column_stack((rounds.members[rows], is_free))),
        row_lower=wanted,
        row_upper=np.where(is_free, np.inf, wanted),
        lower=np.full(players + 1, -np.inf),
        upper=np.full(players + 1, np.inf),
    )
    epsilon, dual = _optimum(program)
    tight = np.zeros(len(free), np.bool_)
    tight[rows[is_free & (dual > _TIGHT)]] = True
    return epsilon, tight


def _optimum(program: LinearProgram) -> tuple[float, Floats]:
    answer = solve_linear(program)
    if answer.status is not LinearStatus.OPTIMAL or answer.objective is None or answer.dual is None:
        raise SolverError(f"The programme over coalitions ended as {answer.status}; a game always has an optimum.")
    return answer.objective, answer.dual
