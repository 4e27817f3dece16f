"""The game of an exchange: a coalition is worth what its members can exchange among themselves.

Data       an exchange problem; owner_of_supply (S,), owner_of_demand (D,) int64 in 0 .. players - 1; an arc is open
           to a coalition when both its ends belong to it
Owen       share[i] = price times quantity of the supplies and demands that i owns. Prices are dual, so the shares add
           up to the optimum and no coalition can do better: they are in the core, whatever the number of players.
           The rent of an arc that has a capacity of its own is halved between its two ends
Source     G. Owen (1975), Math. Programming 9, 358-370; L. S. Shapley, M. Shubik (1971), Int. J. Game Theory 1, 111-130
"""

from dataclasses import dataclass, field

import numpy as np

from optimizer.errors import ProblemError
from optimizer.linear import Floats
from optimizer.network import best_flow
from optimizer.plan import ExchangePlan
from optimizer.prices import rents
from optimizer.problem import Bools, ExchangeProblem, Ints


@dataclass(frozen=True, slots=True, eq=False)
class ExchangeGame:
    """An exchange problem with owners; raises ProblemError when a row has none. Worths are exact whole money units."""

    problem: ExchangeProblem
    owner_of_supply: Ints
    owner_of_demand: Ints
    players: int
    _known: dict[int, int] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for noun, owner, rows in (
            ("supply", self.owner_of_supply, len(self.problem.supply)),
            ("demand", self.owner_of_demand, len(self.problem.demand)),
        ):
            if owner.shape != (rows,) or owner.dtype != np.int64:
                raise ProblemError(f"owner_of_{noun} is {owner.dtype} {owner.shape}, not int64 ({rows},).")
            outside = (owner < 0) | (owner >= self.players)
            for row in np.flatnonzero(outside):
                raise ProblemError(f"owner_of_{noun}[{row}] is {owner[row]}, but there are {self.players} players.")

    def worth(self, coalition: int) -> float:
        """Return the greatest value that the members can exchange among themselves."""
        if coalition not in self._known:
            self._known[coalition] = self._optimum(coalition)
        return float(self._known[coalition])

    def _optimum(self, coalition: int) -> int:
        member = np.array([coalition >> i & 1 for i in range(self.players)], np.bool_)
        whole = self.problem
        inside: Bools = member[self.owner_of_supply[whole.arc_supply]] & member[self.owner_of_demand[whole.arc_demand]]
        arcs = np.flatnonzero(inside & whole.useful())
        if not len(arcs):
            return 0
        supplies, tail = np.unique(whole.arc_supply[arcs], return_inverse=True)
        demands, head = np.unique(whole.arc_demand[arcs], return_inverse=True)
        block = ExchangeProblem(
            supply=whole.supply[supplies],
            demand=whole.demand[demands],
            arc_supply=tail.astype(np.int64),
            arc_demand=head.astype(np.int64),
            value_per_unit=whole.value_per_unit[arcs],
            arc_capacity=None if whole.arc_capacity is None else whole.arc_capacity[arcs],
        )
        return block.objective(best_flow(block))


@dataclass(frozen=True, slots=True, eq=False)
class OwenShares:
    """Two splits of the optimum (n,), both in the core: the one that is best for all supplies, and for all demands."""

    best_for_supplies: Floats
    best_for_demands: Floats

    @property
    def middle(self) -> Floats:
        """Return the split halfway between the two, which is in the core as well."""
        return (self.best_for_supplies + self.best_for_demands) / 2


def owen_shares(game: ExchangeGame, plan: ExchangePlan) -> OwenShares:
    """Return the splits at both ends of the plan's prices; they are in the core if the plan is proven optimal."""
    return OwenShares(
        best_for_supplies=_priced(game, plan.price_supply_high, plan.price_demand_low),
        best_for_demands=_priced(game, plan.price_supply_low, plan.price_demand_high),
    )


def _priced(game: ExchangeGame, price_supply: Ints, price_demand: Ints) -> Floats:
    problem = game.problem
    share = np.zeros(game.players)
    np.add.at(share, game.owner_of_supply, price_supply.astype(np.float64) * problem.supply)
    np.add.at(share, game.owner_of_demand, price_demand.astype(np.float64) * problem.demand)
    if problem.arc_capacity is not None:
        half = rents(problem, price_supply, price_demand).astype(np.float64) * problem.arc_capacity / 2
        np.add.at(share, game.owner_of_supply[problem.arc_supply], half)
        np.add.at(share, game.owner_of_demand[problem.arc_demand], half)
    return share
