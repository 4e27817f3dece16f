"""Solve an exchange problem: its components apart, each exactly, merged into one plan with one proof.

What is promised about order: the same problem gives the same plan, byte for byte, on any machine and with arcs
given in any order. Supplies or demands given in another order give the same objective, the same bound and the same
price intervals; where several plans are equally good, they may give another of them.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from optimizer.components import Components, blocks, chosen, split
from optimizer.deadline import Deadline
from optimizer.draft import Draft, by_component, empty_draft, price_empty_rows, take_over
from optimizer.errors import NotProvenError, ProblemError
from optimizer.network import best_flow
from optimizer.plan import ExchangePlan, SolveStatus
from optimizer.prices import PriceInterval, price_interval, rents
from optimizer.problem import ExchangeProblem, Ints, exact_dot, exact_sum
from optimizer.repair import Start, repaired_flow
from optimizer.workers import crew, in_turn

AHEAD: Final = 4
MOST_WORKERS: Final = 64
"""How many workers of an executor are kept busy: it does not say how many it has."""


@dataclass(frozen=True, slots=True)
class Solving:
    """Where a solve stands: the share of the arcs that are done (0 to 1), what the plan is worth by now, and what no
    plan is worth more than.
    """

    share: float
    objective: int
    bound: int


Progress = Callable[[Solving], None]
"""Called when a block is done."""


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


@dataclass(frozen=True, slots=True)
class _Wishes:
    deadline: Deadline
    gap: float
    on_progress: Progress | None
    ahead: int
    start: Start | None
    carried: int = 0


def solve(
    problem: ExchangeProblem,
    *,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    on_progress: Progress | None = None,
    processes: int | Executor = 1,
    start: Start | None = None,
) -> ExchangePlan:
    """Return the best plan and its proof; OPTIMAL unless the time limit or the accepted gap ended the solve.

    The time limit is looked at between blocks (a network flow cannot be interrupted); what is not solved by then
    flows nothing and is bounded by its best values. Several processes solve independent components at a time; a script
    that asks for them must guard its own start (`if __name__ == "__main__"`); an executor may have its workers on other
    machines, and the plan is the same. With the answer to a similar problem as a
    start, components without a change carry it over and the others repair it; what is not proven then is solved anew.
    Raises ProblemTooLargeError, SolverError or NotProvenError.
    """
    _check_wishes(time_limit_s, gap, processes)
    began = time.perf_counter()
    wishes = _Wishes(Deadline.after(time_limit_s), gap, on_progress, _ahead(processes), start)
    with crew(processes) as pool:
        components = split(problem)
        draft = empty_draft(problem, components.count)
        carried = take_over(problem, components, draft, start)
        parts = [_part(problem, arcs) for arcs in blocks(chosen(components, carried < 0))]
        wishes = replace(wishes, carried=exact_sum(carried[carried > 0]))
        objective, bound, status = _run(parts, components, draft, wishes, pool)
    worth, worth_bound = by_component(problem, draft, components)
    price_empty_rows(problem, draft)
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
        component_objective=worth,
        component_bound=worth_bound,
        component_seconds=draft.seconds,
        seconds=time.perf_counter() - began,
    )


def _run(
    parts: list[_Part], components: Components, draft: Draft, wishes: _Wishes, pool: Executor | None
) -> tuple[int, int, SolveStatus]:
    """Solve the blocks in their order until the wishes end it; return the objective, the bound, and how it ended."""
    objective, begun, done = wishes.carried, 0, 0
    bound = objective + sum(part.worth for part in parts)
    whole = sum(part.problem.arcs for part in parts)

    def wanted() -> Iterator[tuple[ExchangeProblem, Start | None]]:
        nonlocal begun
        for part in parts:
            if wishes.deadline.passed() or bound - objective <= wishes.gap * bound:
                return
            begun += 1
            yield part.problem, wishes.start and wishes.start.of(part.arcs, part.supplies, part.demands)

    for part, solved in zip(parts, in_turn(_solved, wanted(), pool, wishes.ahead), strict=False):
        draft.take((part.arcs, part.supplies, part.demands), solved.flow, solved.prices)
        draft.seconds[components.of_supply[part.supplies]] = solved.seconds
        objective, bound = objective + solved.objective, bound - part.worth + solved.objective
        done += part.problem.arcs
        if wishes.on_progress is not None:
            wishes.on_progress(Solving(done / whole, objective, bound))
    for part in parts[begun:]:
        draft.take((part.arcs, part.supplies, part.demands), np.zeros(part.problem.arcs, np.int64), part.rough)
    return objective, bound, SolveStatus.OPTIMAL if begun == len(parts) else SolveStatus.FEASIBLE


def _ahead(processes: int | Executor) -> int:
    """Return how many blocks may be under way beyond the one that is waited for."""
    return AHEAD * (MOST_WORKERS if isinstance(processes, Executor) else processes)


def dual_objective(problem: ExchangeProblem, price_supply: Ints, price_demand: Ints) -> int:
    """Return the bound that prices prove, exactly."""
    bound = exact_dot(price_supply, problem.supply) + exact_dot(price_demand, problem.demand)
    if problem.arc_capacity is not None:
        bound += exact_dot(rents(problem, price_supply, price_demand), problem.arc_capacity)
    return bound


def _check_wishes(time_limit_s: float | None, gap: float, processes: int | Executor) -> None:
    if time_limit_s is not None and not time_limit_s >= 0:
        raise ProblemError(f"The time limit {time_limit_s} s is not a number of zero or more.")
    if not 0 <= gap < 1:
        raise ProblemError(f"The accepted gap {gap} is not a share from 0 to below 1.")
    if not isinstance(processes, Executor) and processes < 1:
        raise ProblemError(f"{processes} processes cannot solve anything; give one or more.")


def _part(problem: ExchangeProblem, arcs: Ints) -> _Part:
    supplies, tail = _numbered(problem.arc_supply[arcs], len(problem.supply))
    demands, head = _numbered(problem.arc_demand[arcs], len(problem.demand))
    limit = None if problem.arc_capacity is None else problem.arc_capacity[arcs]
    block = ExchangeProblem(
        supply=problem.supply[supplies],
        demand=problem.demand[demands],
        arc_supply=tail,
        arc_demand=head,
        value_per_unit=problem.value_per_unit[arcs],
        arc_capacity=limit,
    )
    worth, rough = _rough_prices(block)
    return _Part(block, arcs, supplies, demands, worth, rough)


def _numbered(rows: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the rows that are met, in order, and the place of each given one among them: without sorting."""
    number = np.full(size, -1, np.int64)
    number[rows] = 0
    met = np.flatnonzero(number == 0)
    number[met] = np.arange(len(met))
    return met, number[rows]


def _rough_prices(block: ExchangeProblem) -> tuple[int, PriceInterval]:
    """Return the better of the two bounds that need no solve, and the prices that prove it."""
    best_supply, best_demand = block.best_values()
    by_supply, by_demand = exact_dot(best_supply, block.supply), exact_dot(best_demand, block.demand)
    nothing_supply, nothing_demand = np.zeros_like(best_supply), np.zeros_like(best_demand)
    if by_supply <= by_demand:
        return by_supply, PriceInterval(best_supply, best_supply, nothing_demand, nothing_demand)
    return by_demand, PriceInterval(nothing_supply, nothing_supply, best_demand, best_demand)


def _solved(task: tuple[ExchangeProblem, Start | None]) -> _Solved:
    """Return the optimum of one block, proven by both ends of its prices; repaired from a start where that pays."""
    began = time.perf_counter()
    block, start = task
    repaired = None if start is None else repaired_flow(block, start)
    if repaired is not None:
        with contextlib.suppress(NotProvenError):
            return _proven(block, repaired, began)
    return _proven(block, best_flow(block), began)


def _proven(block: ExchangeProblem, flow: Ints, began: float) -> _Solved:
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
