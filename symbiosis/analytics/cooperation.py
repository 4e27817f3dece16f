"""What groups gain by exchanging with each other: alone, two by two, all together, and each one's fair share.

A group of sites (a territory, a sector) is worth alone what its sites can exchange among themselves, at best. Shares of
the whole:

owen      by the dual prices, halfway between the two ends: in the core, so no coalition of groups does better alone,
          however many there are (G. Owen 1975, Math. Programming 9, 358-370)
shapley   the mean of what a group adds to those before it, over all orders (L. S. Shapley 1953); exact, for up to
          twelve groups; not always in the core
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from optimizer.shares import MAX_PLAYERS, ExchangeGame, owen_shares, shapley, tabulate
from optimizer.shares.game import Game
from symbiosis.analytics.decided import Decided
from symbiosis.analytics.flow_graph import Ints
from symbiosis.analytics.progress import Told, untold
from symbiosis.domain.ids import SiteId
from symbiosis.matching.value import MILLICENT_PER_CENT

MOST_PAIRS: Final = 100


@dataclass(frozen=True, slots=True)
class Party:
    """One group: what it is worth alone and its fair shares of the whole, cents a year; None is not computed."""

    group: str
    alone_cent_per_year: int
    owen_share_cent_per_year: int
    shapley_share_cent_per_year: int | None


@dataclass(frozen=True, slots=True)
class Together:
    """Two groups: what they are worth together, and how much of it only their cooperation brings, cents a year."""

    one: str
    other: str
    together_cent_per_year: int
    gain_cent_per_year: int


@dataclass(frozen=True, slots=True)
class Cooperation:
    """The whole, the sum of what groups are worth alone, the groups by name, and pairs, the largest gain first."""

    whole_cent_per_year: int
    alone_cent_per_year: int
    parties: tuple[Party, ...]
    pairs: tuple[Together, ...]


def cooperation(market: Decided, group_of: Mapping[SiteId, str], told: Told = untold) -> Cooperation:
    """Return what groups of sites gain by cooperation; every site of the market needs a group. `told` is told after
    each coalition that is decided.
    """
    names = sorted({group_of[site_id] for site_id in market.sites})
    number = {name: row for row, name in enumerate(names)}
    of_site: Ints = np.array([number[group_of[site_id]] for site_id in market.sites], dtype=np.int64)
    game = ExchangeGame(market.problem, of_site[market.supply_site], of_site[market.demand_site], len(names))
    pairs, is_exact = _pairs_met(market, game), 0 < len(names) <= MAX_PLAYERS
    counted = _Counted(game, 2 ** len(names) if is_exact else len(names) + len(pairs), told)
    alone = [_cents(counted.worth(1 << row)) for row in range(len(names))]
    owen = owen_shares(game, market.plan).middle
    exact = shapley(tabulate(counted)) if is_exact else None
    parties = tuple(
        Party(name, alone[row], _cents(owen[row]), None if exact is None else _cents(exact[row]))
        for row, name in enumerate(names)
    )
    return Cooperation(market.value_cent, sum(alone), parties, _together(counted, pairs, names, alone))


class _Counted:
    """A game that tells which share of the coalitions to be decided are."""

    def __init__(self, game: ExchangeGame, coalitions: int, told: Told) -> None:
        self._game, self._coalitions, self._told = game, coalitions, told
        self._decided: set[int] = set()

    @property
    def players(self) -> int:
        """Return the number of players."""
        return self._game.players

    def worth(self, coalition: int) -> float:
        """Return what a coalition gains by itself."""
        worth = self._game.worth(coalition)
        if coalition not in self._decided:
            self._decided.add(coalition)
            self._told(len(self._decided) / self._coalitions)
        return worth


def _pairs_met(market: Decided, game: ExchangeGame) -> list[tuple[int, int]]:
    """Return the pairs of groups that exchange anything in the plan, at most MOST_PAIRS, the largest flow first."""
    giver, taker = (
        game.owner_of_supply[market.problem.arc_supply],
        game.owner_of_demand[market.problem.arc_demand],
    )
    worth = market.problem.value_per_unit * market.plan.flow
    between = np.zeros((game.players, game.players), np.int64)
    np.add.at(between, (np.minimum(giver, taker), np.maximum(giver, taker)), worth)
    met = [pair for pair in combinations(range(game.players), 2) if between[pair] > 0]
    met.sort(key=lambda pair: -int(between[pair]))
    return met[:MOST_PAIRS]


def _together(game: Game, pairs: list[tuple[int, int]], names: list[str], alone: list[int]) -> tuple[Together, ...]:
    """Return what pairs of groups gain, the largest gain first."""
    found = []
    for i, j in pairs:
        together = _cents(game.worth(1 << i | 1 << j))
        found.append(Together(names[i], names[j], together, together - alone[i] - alone[j]))
    return tuple(sorted(found, key=lambda pair: (-pair.gain_cent_per_year, pair.one, pair.other)))


def _cents(millicents: float) -> int:
    return round(millicents / MILLICENT_PER_CENT)
