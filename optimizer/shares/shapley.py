"""The Shapley value: each player's marginal gain, averaged over all orders in which players may arrive.

Model      share[i] = sum over S without i of |S|! (n - |S| - 1)! / n! (worth[S + i] - worth[S])
Sampled    the mean over random orders; each order splits the whole gain, so the mean does as well. The standard error
           is that of the mean over independent orders
Source     L. S. Shapley (1953), Contributions to the Theory of Games II, 307-317; sampling: J. Castro, D. Gomez,
           J. Tejada (2009), Computers & OR 36, 1726-1730
"""

from dataclasses import dataclass
from math import comb
from typing import Final

import numpy as np

from optimizer.errors import ProblemError
from optimizer.linear import Floats
from optimizer.shares.game import Game, TableGame

CONFIDENCE: Final = 0.95
_Z: Final = 1.959963984540054
"""Normal quantile of the two-sided confidence."""
LEAST_SAMPLES: Final = 30
"""Below this a normal interval around a mean says too little."""


@dataclass(frozen=True, slots=True, eq=False)
class SampledShares:
    """Estimated shares (n,) with the standard error of each, from `samples` random orders."""

    share: Floats
    standard_error: Floats
    samples: int

    @property
    def low(self) -> Floats:
        """Return the lower end of the 95 % confidence interval of each share, taken one by one."""
        return self.share - _Z * self.standard_error

    @property
    def high(self) -> Floats:
        """Return the upper end of the 95 % confidence interval of each share, taken one by one."""
        return self.share + _Z * self.standard_error


def shapley(game: TableGame) -> Floats:
    """Return the exact Shapley value (n,)."""
    players = game.players
    coalitions = np.arange(len(game.table))
    weight = np.array([1 / (players * comb(players - 1, size)) for size in range(players)])
    share = np.zeros(players)
    for i in range(players):
        without = coalitions[(coalitions >> i & 1) == 0]
        gained = game.table[without | 1 << i] - game.table[without]
        share[i] = weight[np.bitwise_count(without)] @ gained
    return share


def sample_shapley(game: Game, *, samples: int, seed: int) -> SampledShares:
    """Return the Shapley value estimated from random orders; the same seed gives the same estimate."""
    if samples < LEAST_SAMPLES:
        raise ProblemError(f"{samples} samples are too few for a confidence interval; take at least {LEAST_SAMPLES}.")
    random = np.random.default_rng(seed)
    gained = np.zeros((samples, game.players))
    for row in gained:
        coalition, before = 0, 0.0
        for player in random.permutation(game.players).tolist():
            coalition |= 1 << player
            worth = game.worth(coalition)
            row[player] = worth - before
            before = worth
    error = gained.std(axis=0, ddof=1) / np.sqrt(samples)
    return SampledShares(gained.mean(axis=0), error, samples)
