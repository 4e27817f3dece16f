"""A plan while it is put together from its parts, in the columns of the whole problem."""

from dataclasses import dataclass

import numpy as np

from optimizer.components import Components
from optimizer.linear import Floats
from optimizer.prices import PriceInterval, rents
from optimizer.problem import Bools, ExchangeProblem, Ints
from optimizer.repair import Start


@dataclass(slots=True, eq=False)
class Draft:
    """The plan while it is put together; all columns are those of the whole problem."""

    flow: Ints
    supply_low: Ints
    supply_high: Ints
    demand_low: Ints
    demand_high: Ints
    seconds: Floats

    def take(self, place: tuple[Ints, Ints, Ints], flow: Ints, prices: PriceInterval) -> None:
        """Write the answer of one part where its arcs, supplies and demands stand."""
        arcs, supplies, demands = place
        self.flow[arcs] = flow
        self.supply_low[supplies], self.supply_high[supplies] = prices.supply_low, prices.supply_high
        self.demand_low[demands], self.demand_high[demands] = prices.demand_low, prices.demand_high


def empty_draft(problem: ExchangeProblem, components: int) -> Draft:
    """Return a plan in which nothing flows and nothing has a price."""
    rows, columns = len(problem.supply), len(problem.demand)
    return Draft(
        flow=np.zeros(problem.arcs, np.int64),
        supply_low=np.zeros(rows, np.int64),
        supply_high=np.zeros(rows, np.int64),
        demand_low=np.zeros(columns, np.int64),
        demand_high=np.zeros(columns, np.int64),
        seconds=np.zeros(components),
    )


def take_over(problem: ExchangeProblem, components: Components, draft: Draft, start: Start | None) -> Ints:
    """Take over the start where nothing has changed; return what each component is worth then, -1 where it must be
    solved (components,). What is taken over must be worth what its prices prove.
    """
    if start is None or not start.carry:
        return np.full(components.count, -1)
    unchanged = np.ones(components.count, np.bool_)
    for of_row, changed in (
        (components.of_supply, start.supply_changed),
        (components.of_demand, start.demand_changed),
    ):
        unchanged[of_row[changed & (of_row >= 0)]] = False
    arcs = components.arcs[np.repeat(unchanged, np.diff(components.starts))]
    inside = np.append(unchanged, False)
    supplies, demands = inside[components.of_supply], inside[components.of_demand]
    old = start.of(arcs, np.flatnonzero(supplies), np.flatnonzero(demands))
    draft.flow[arcs] = old.flow
    draft.supply_low[supplies], draft.supply_high[supplies] = old.supply_low, old.supply_high
    draft.demand_low[demands], draft.demand_high[demands] = old.demand_low, old.demand_high
    worth, bound = by_component(problem, draft, components)
    return np.where(unchanged & (worth == bound), worth, -1)


def by_component(problem: ExchangeProblem, draft: Draft, components: Components) -> tuple[Ints, Ints]:
    """Return what each component is worth and its bound (C,); every term is within the bound, so no sum overflows."""
    objective, bound = np.zeros(components.count, np.int64), np.zeros(components.count, np.int64)
    arcs = components.arcs
    of_arc = components.of_supply[problem.arc_supply[arcs]]
    used = np.flatnonzero(draft.flow[arcs])
    np.add.at(objective, of_arc[used], problem.value_per_unit[arcs[used]] * draft.flow[arcs[used]])
    for rows, price, quantity in (
        (components.of_supply, draft.supply_low, problem.supply),
        (components.of_demand, draft.demand_high, problem.demand),
    ):
        inside = np.flatnonzero(rows >= 0)
        np.add.at(bound, rows[inside], price[inside] * quantity[inside])
    if problem.arc_capacity is not None:
        rent = rents(problem, draft.supply_low, draft.demand_high)[arcs]
        np.add.at(bound, of_arc, rent * problem.arc_capacity[arcs])
    return objective, bound


def price_empty_rows(problem: ExchangeProblem, draft: Draft) -> None:
    """Give rows with a quantity of zero the least price that is in line with their neighbours': what a first unit of
    them would be worth. They weigh nothing in any sum; where both ends of an arc are empty, its value goes to the
    side whose greatest price is sought, since a first unit of the other side still has nobody to meet.
    """
    by_supply = problem.arc_supply, problem.supply[problem.arc_supply] == 0
    by_demand = problem.arc_demand, problem.demand[problem.arc_demand] == 0
    _price_in_turn(problem.value_per_unit, (draft.supply_low, *by_supply), (draft.demand_high, *by_demand))
    _price_in_turn(problem.value_per_unit, (draft.demand_low, *by_demand), (draft.supply_high, *by_supply))


def _price_in_turn(value: Ints, low: tuple[Ints, Ints, Bools], high: tuple[Ints, Ints, Bools]) -> None:
    """Raise the prices of empty rows, (price, row of each arc, is it empty): the low side first, by arcs to rows that
    are not empty, then the high side by every arc.
    """
    (least, tail, no_tail), (greatest, head, no_head) = low, high
    only = no_tail & ~no_head
    np.maximum.at(least, tail[only], (value - greatest[head])[only])
    np.maximum.at(greatest, head[no_head], (value - least[tail])[no_head])
