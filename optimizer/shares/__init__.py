"""How to split what an exchange gains.

game.py       who brings what: a table of all coalitions, checked, and what a split leaves to complain about
core.py       least core, smallest subsidy
shapley.py    Shapley values, exact or sampled
exchange.py   the game of an exchange problem, and Owen's split by its prices
"""

from optimizer.shares.core import least_core, smallest_subsidy
from optimizer.shares.exchange import ExchangeGame, owen_shares
from optimizer.shares.game import MAX_PLAYERS, TableGame, check_shares, membership, tabulate, worst_excess
from optimizer.shares.shapley import CONFIDENCE, LEAST_SAMPLES, sample_shapley, shapley

__all__ = [
    "CONFIDENCE",
    "LEAST_SAMPLES",
    "MAX_PLAYERS",
    "ExchangeGame",
    "TableGame",
    "check_shares",
    "least_core",
    "membership",
    "owen_shares",
    "sample_shapley",
    "shapley",
    "smallest_subsidy",
    "tabulate",
    "worst_excess",
]
