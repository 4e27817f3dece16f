"""Solve an exchange problem: its components apart, each exactly, merged into one plan with one proof.

What is promised about order: the same problem gives the same plan, byte for byte, on any machine and with arcs
given in any order. Supplies or demands given in another order give the same objective, the same bound and the same
price intervals; where several plans are equally good, they may give another of them.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from optimizer.components import Components, blocks, split
from optimizer.deadline import Deadline
from optimizer.errors import NotProvenError, ProblemError
from optimizer.linear import Floats
from optimizer.network import best_flow
from optimizer.plan import ExchangePlan, SolveStatus
from optimizer.prices import PriceInterval, price_interval
from optimizer.problem import Bools, ExchangeProblem, Ints, best_values, exact_dot
from optimizer.workers import crew, in_turn

Progress = Callable[[float], None]
"""Called with the share of the arcs that are done, 0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One block as a problem of its own, where its rows stand in the whole, and the bound that needs no solve."""

    problem: ExchangeProblem
    arcs: Ints
    supplies: Ints
    demands: Ints
    worth: int
    rough: PriceInterval


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """The optimum of one block, proven by both ends of its prices."""

    flow: Ints
    prices: PriceInterval
    objective: int
    seconds: float


@dataclass(slots=True, eq=False)
class _Draft:
    """The plan while it is put together; all columns are those of the whole problem."""

    flow: Ints
    supply_low: Ints
    supply_high: Ints
    demand_low: Ints
    demand_high: Ints
    seconds: Floats

    def take(self, part: _Part, flow: Ints, prices: PriceInterval) -> None:
        self.flow[part.arcs] = flow
        self.supply_low[part.supplies], self.supply_high[part.supplies] = prices.supply_low, prices.supply_high
        self.demand_low[part.demands], self.demand_high[part.demands] = prices.demand_low, prices.demand_high


@dataclass(frozen=True, slots=True)
class _Wishes:
    deadline: Deadline
    gap: float
    on_progress: Progress | None
    processes: int


def solve(
    problem: ExchangeProblem,
    *,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    on_progress: Progress | None = None,
    processes: int = 1,
) -> ExchangePlan:
    """Return the best plan and its proof; OPTIMAL unless the time limit or the accepted gap ended the solve.

    The time limit is looked at between blocks (a network flow cannot be interrupted); what is not solved by then
    flows nothing and is bounded by its best values. Several processes solve independent components at a time; a script
    that asks for them must guard its own start (`if __name__ == "__main__"`). Raises ProblemTooLargeError, SolverError
    or NotProvenError.
    """
    _check_wishes(time_limit_s, gap, processes)
    began = time.perf_counter()
    wishes = _Wishes(Deadline.after(time_limit_s), gap, on_progress, processes)
    with crew(processes) as pool:
        components = split(problem)
        draft = _draft(problem, components.count)
        parts = [_part(problem, arcs) for arcs in blocks(components)]
        objective, bound, status = _run(parts, components, draft, wishes, pool)
    by_component = _by_component(problem, draft, components)
    _price_empty_rows(problem, draft)
    return ExchangePlan(
        flow=draft.flow,
        objective=objective,
        bound=bound,
        status=status,
        price_supply_low=draft.supply_low,
        price_supply_high=draft.supply_high,
        price_demand_low=draft.demand_low,
        price_demand_high=draft.demand_high,
        component_of_supply=components.of_supply,
        component_of_demand=components.of_demand,
        components=components.count,
        component_objective=by_component[0],
        component_bound=by_component[1],
        component_seconds=draft.seconds,
        seconds=time.perf_counter() - began,
    )


def _run(
    parts: list[_Part], components: Components, draft: _Draft, wishes: _Wishes, pool: Executor | None
) -> tuple[int, int, SolveStatus]:
    """Solve the blocks in their order until the wishes end it; return the objective, the bound, and how it ended."""
    objective, bound, begun, done = 0, sum(part.worth for part in parts), 0, 0

    def wanted() -> Iterator[ExchangeProblem]:
        nonlocal begun
        for part in parts:
            if wishes.deadline.passed() or bound - objective <= wishes.gap * bound:
                return
            begun += 1
            yield part.problem

    for part, solved in zip(parts, in_turn(_solved, wanted(), pool, 4 * wishes.processes), strict=False):
        draft.take(part, solved.flow, solved.prices)
        draft.seconds[components.of_supply[part.supplies]] = solved.seconds
        objective, bound = objective + solved.objective, bound - part.worth + solved.objective
        done += part.problem.arcs
        if wishes.on_progress is not None:
            wishes.on_progress(done / len(components.arcs))
    for part in parts[begun:]:
        draft.take(part, np.zeros(part.problem.arcs, np.int64), part.rough)
    return objective, bound, SolveStatus.OPTIMAL if begun == len(parts) else SolveStatus.FEASIBLE


def rents(problem: ExchangeProblem, price_supply: Ints, price_demand: Ints) -> Ints:
    """Return what one unit more of each arc's own capacity is worth (A,); zero where the arc has none that is stricter
    than its supply and demand.
    """
    lacking = problem.value_per_unit - price_supply[problem.arc_supply] - price_demand[problem.arc_demand]
    rent: Ints = np.where(problem.limited(), np.maximum(lacking, 0), 0)
    return rent


def dual_objective(problem: ExchangeProblem, price_supply: Ints, price_demand: Ints) -> int:
    """Return the bound that prices prove, exactly."""
    bound = exact_dot(price_supply, problem.supply) + exact_dot(price_demand, problem.demand)
    if problem.arc_capacity is not None:
        bound += exact_dot(rents(problem, price_supply, price_demand), problem.arc_capacity)
    return bound


def _check_wishes(time_limit_s: float | None, gap: float, processes: int) -> None:
    if time_limit_s is not None and not time_limit_s >= 0:
        raise ProblemError(f"The time limit {time_limit_s} s is not a number of zero or more.")
    if not 0 <= gap < 1:
        raise ProblemError(f"The accepted gap {gap} is not a share from 0 to below 1.")
    if processes < 1:
        raise ProblemError(f"{processes} processes cannot solve anything; give one or more.")


def _part(problem: ExchangeProblem, arcs: Ints) -> _Part:
    supplies, tail = np.unique(problem.arc_supply[arcs], return_inverse=True)
    demands, head = np.unique(problem.arc_demand[arcs], return_inverse=True)
    limit = None if problem.arc_capacity is None else problem.arc_capacity[arcs]
    block = ExchangeProblem(
        supply=problem.supply[supplies],
        demand=problem.demand[demands],
        arc_supply=tail.astype(np.int64),
        arc_demand=head.astype(np.int64),
        value_per_unit=problem.value_per_unit[arcs],
        arc_capacity=limit,
    )
    worth, rough = _rough_prices(block)
    return _Part(block, arcs, supplies, demands, worth, rough)


def _draft(problem: ExchangeProblem, components: int) -> _Draft:
    rows, columns = len(problem.supply), len(problem.demand)
    return _Draft(
        flow=np.zeros(problem.arcs, np.int64),
        supply_low=np.zeros(rows, np.int64),
        supply_high=np.zeros(rows, np.int64),
        demand_low=np.zeros(columns, np.int64),
        demand_high=np.zeros(columns, np.int64),
        seconds=np.zeros(components),
    )


def _rough_prices(block: ExchangeProblem) -> tuple[int, PriceInterval]:
    """Return the better of the two bounds that need no solve, and the prices that prove it."""
    best_supply, best_demand = best_values(block)
    by_supply, by_demand = exact_dot(best_supply, block.supply), exact_dot(best_demand, block.demand)
    nothing_supply, nothing_demand = np.zeros_like(best_supply), np.zeros_like(best_demand)
    if by_supply <= by_demand:
        return by_supply, PriceInterval(best_supply, best_supply, nothing_demand, nothing_demand)
    return by_demand, PriceInterval(nothing_supply, nothing_supply, best_demand, best_demand)


def _solved(block: ExchangeProblem) -> _Solved:
    """Return the optimum of one block, proven by both ends of its prices."""
    began = time.perf_counter()
    flow = best_flow(block)
    prices = price_interval(block, flow)
    gained = block.objective(flow)
    for price_supply, price_demand in (
        (prices.supply_low, prices.demand_high),
        (prices.supply_high, prices.demand_low),
    ):
        proven = dual_objective(block, price_supply, price_demand)
        if proven != gained:
            raise NotProvenError(f"The flow is worth {gained}, but its prices prove no more than a bound of {proven}.")
    return _Solved(flow, prices, gained, time.perf_counter() - began)


def _by_component(problem: ExchangeProblem, draft: _Draft, components: Components) -> tuple[Ints, Ints]:
    """Return what each component is worth and its bound (C,); every term is within the bound, so no sum overflows."""
    objective, bound = np.zeros(components.count, np.int64), np.zeros(components.count, np.int64)
    arcs = components.arcs
    of_arc = components.of_supply[problem.arc_supply[arcs]]
    np.add.at(objective, of_arc, problem.value_per_unit[arcs] * draft.flow[arcs])
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


def _price_empty_rows(problem: ExchangeProblem, draft: _Draft) -> None:
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
