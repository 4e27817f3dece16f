"""The part of a links problem that can be part of a plan: arcs that may pay, every limit spelt out."""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.links.problem import LinksProblem
from optimizer.problem import Bools, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """Arcs (A,) between supplies (S,) and demands (D,); each arc can pay, taken alone. All int64.

    lot is one or more, most is what an arc can carry at most; a row without a partner limit has that of its arcs.
    """

    supply: Ints
    demand: Ints
    tail: Ints
    head: Ints
    value: Ints
    fixed: Ints
    lot: Ints
    most: Ints
    supply_partners: Ints
    demand_partners: Ints
    budgeted: Bools
    budget: int

    @property
    def arcs(self) -> int:
        """Return the number of arcs."""
        return len(self.tail)

    @property
    def rows(self) -> int:
        """Return the number of supplies and demands."""
        return len(self.supply) + len(self.demand)

    def worth(self, flow: Ints) -> int:
        """Return the value of a flow that keeps the limits; such a sum is below 2^60."""
        return int(self.value @ flow) - int(self.fixed[flow > 0].sum())

    def take(self, arcs: Ints) -> "Market":
        """Return the market with these arcs only; rows stay as they are."""
        columns = ("tail", "head", "value", "fixed", "lot", "most", "budgeted")
        return replace(self, **{name: getattr(self, name)[arcs] for name in columns})

    def part(self, arcs: Ints) -> tuple["Market", Ints, Ints]:
        """Return the market of these arcs and their rows alone, and which supplies and demands those are."""
        supplies, tail = np.unique(self.tail[arcs], return_inverse=True)
        demands, head = np.unique(self.head[arcs], return_inverse=True)
        market = replace(
            self.take(arcs),
            supply=self.supply[supplies],
            demand=self.demand[demands],
            tail=tail.astype(np.int64),
            head=head.astype(np.int64),
            supply_partners=self.supply_partners[supplies],
            demand_partners=self.demand_partners[demands],
        )
        return market, supplies, demands

    def beside(self, flow: Ints) -> "Market":
        """Return what is left of every row and of the budget beside the links of a flow, with all arcs."""
        on = np.flatnonzero(flow)
        supply, demand = self.supply.copy(), self.demand.copy()
        np.subtract.at(supply, self.tail[on], flow[on])
        np.subtract.at(demand, self.head[on], flow[on])
        return replace(
            self,
            supply=supply,
            demand=demand,
            most=np.minimum(self.most, np.minimum(supply[self.tail], demand[self.head])),
            supply_partners=self.supply_partners - count(self.tail[on], len(supply)),
            demand_partners=self.demand_partners - count(self.head[on], len(demand)),
            budget=self.budget - int(self.budgeted[on].sum()),
        )

    def may_pay(self) -> Bools:
        """Return the arcs that, taken alone, keep every limit and earn more than they cost."""
        free = (self.supply_partners[self.tail] > 0) & (self.demand_partners[self.head] > 0)
        allowed = ~self.budgeted | (self.budget > 0)
        # Where the value is above zero, most times value is below the trivial bound and cannot overflow.
        worth = np.where(self.value > 0, self.value, 0) * self.most
        return free & allowed & (self.most >= self.lot) & (worth > self.fixed)


def market_of(problem: LinksProblem) -> tuple[Market, Ints]:
    """Return the market of a problem, its arcs by supply and demand, and which arcs of the problem they are."""
    base = problem.exchange
    nothing = np.zeros(base.arcs, np.int64)
    marked = np.ones(base.arcs, np.bool_) if problem.budgeted is None else problem.budgeted
    has_budget = problem.budget is not None
    whole = Market(
        supply=base.supply,
        demand=base.demand,
        tail=base.arc_supply,
        head=base.arc_demand,
        value=base.value_per_unit,
        fixed=nothing if problem.fixed_cost is None else problem.fixed_cost,
        lot=np.maximum(nothing if problem.lot is None else problem.lot, 1),
        most=base.capacity(),
        supply_partners=_partners(problem.supply_partners, base.arc_supply, len(base.supply)),
        demand_partners=_partners(problem.demand_partners, base.arc_demand, len(base.demand)),
        budgeted=marked if has_budget else np.zeros(base.arcs, np.bool_),
        budget=base.arcs if problem.budget is None else problem.budget,
    )
    arcs = np.flatnonzero(whole.may_pay())
    arcs = arcs[np.lexsort((whole.head[arcs], whole.tail[arcs]))]
    market = whole.take(arcs)
    return replace(market, budget=min(market.budget, int(market.budgeted.sum()))), arcs


def count(node: Ints, nodes: int) -> Ints:
    """Return how often each node occurs (nodes,)."""
    return np.bincount(node, minlength=nodes).astype(np.int64)


def _partners(given: Ints | None, node: Ints, nodes: int) -> Ints:
    arcs = count(node, nodes)
    return arcs if given is None else np.minimum(given, arcs)
