"""Games: what every coalition of players could gain by itself, and how the whole gain may be split.

Data       worth (2^n,) float64: bit i of the index says whether player i belongs to the coalition; worth[0] = 0.
           Gains; a game of costs is the same with every sign turned
Excess     worth[S] - share(S): what coalition S would gain by leaving
Core       the splits of the whole at which no coalition has an excess above zero
Source     D. B. Gillies (1959), Contributions to the Theory of Games IV, 47-85, for the core; the splits themselves in
           shares_shapley.py, shares_core.py and shares_exchange.py
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from optimizer.errors import ProblemError, ProblemTooLargeError
from optimizer.linear import Floats, vector

MAX_PLAYERS: Final = 12
"""Up to here every coalition is looked at."""
TOLERANCE: Final = 1e-9
"""Share of the greatest worth below which an excess counts as zero."""


class Game(Protocol):
    """Players and what any coalition of them is worth."""

    @property
    def players(self) -> int:
        """Return the number of players."""

    def worth(self, coalition: int) -> float:
        """Return what a coalition gains by itself; bit i of the number is player i."""


@dataclass(frozen=True, slots=True, eq=False)
class TableGame:
    """The worth of every coalition (2^n,), checked; raises ProblemError or ProblemTooLargeError."""

    table: Floats

    def __post_init__(self) -> None:
        table = vector("table", self.table)
        object.__setattr__(self, "table", table)
        if len(table) < 2 or len(table) & (len(table) - 1):
            raise ProblemError(f"The table has {len(table)} entries; n players have 2^n coalitions, the empty one too.")
        if len(table) > 2**MAX_PLAYERS:
            raise ProblemTooLargeError(f"A table of {self.players} players is too large; at most {MAX_PLAYERS}.")
        if table[0] != 0:
            raise ProblemError(f"The empty coalition is worth {table[0]}; nobody gains nothing.")

    @property
    def players(self) -> int:
        """Return the number of players."""
        return len(self.table).bit_length() - 1

    @property
    def scale(self) -> float:
        """Return the greatest worth, whatever its sign, or 1 where nothing is worth anything."""
        return float(np.abs(self.table).max()) or 1.0

    def worth(self, coalition: int) -> float:
        """Return what a coalition gains by itself."""
        return float(self.table[coalition])


@dataclass(frozen=True, slots=True)
class Excess:
    """The coalition with the most reason to leave, and what it would gain by leaving."""

    coalition: int
    amount: float


def tabulate(game: Game) -> TableGame:
    """Return the worth of every coalition of a game of at most MAX_PLAYERS players."""
    if game.players > MAX_PLAYERS:
        raise ProblemTooLargeError(f"{game.players} players are too many to tabulate; at most {MAX_PLAYERS} can be.")
    return TableGame(np.array([game.worth(coalition) for coalition in range(2**game.players)], np.float64))


def membership(players: int) -> NDArray[np.float64]:
    """Return the members of every coalition, (2^n, n) of 0 and 1."""
    coalitions = np.arange(2**players)[:, None]
    members: Floats = ((coalitions >> np.arange(players)) & 1).astype(np.float64)
    return members


def excesses(game: TableGame, share: Floats) -> Floats:
    """Return worth[S] - share(S) of every coalition (2^n,)."""
    gains: Floats = game.table - membership(game.players) @ share
    return gains


def worst_excess(game: TableGame, share: Floats) -> Excess:
    """Return the coalition, neither empty nor the whole, with the greatest excess; the first of several."""
    excess = excesses(game, share)
    excess[[0, -1]] = -np.inf
    if game.players == 1:
        return Excess(1, game.worth(1) - float(share[0]))
    worst = int(np.argmax(excess))
    return Excess(worst, float(excess[worst]))


def check_shares(game: TableGame, share: Floats) -> tuple[str, ...]:
    """Return why a split is not in the core, in sentences; empty when it is. All coalitions are looked at, no solver.

    A split of another sum than the whole gain, and each coalition that would gain by leaving, is one sentence.
    """
    if share.shape != (game.players,):
        return (f"There are {len(share)} shares for {game.players} players.",)
    near = TOLERANCE * game.scale
    faults = []
    whole, given = game.worth(2**game.players - 1), float(share.sum())
    if abs(given - whole) > near:
        faults.append(f"The shares add up to {given}, not to {whole}.")
    excess = excesses(game, share)
    for coalition in np.flatnonzero(excess > near):
        if 0 < coalition < len(excess) - 1:
            members = [i for i in range(game.players) if coalition >> i & 1]
            faults.append(f"Players {members} would gain {excess[coalition]} by leaving.")
    return tuple(faults)
