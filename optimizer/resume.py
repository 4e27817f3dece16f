"""A problem solved from the proven answer to a similar one: what no change touches is carried over with its proof.

Touched    a row that is new or whose quantity has changed, both ends of an arc that is new or has another value or
           of which an end had, or now has, a quantity of zero, and every row that hung together with one of these
           before
Carried    the other components: same rows, same arcs, same values, so the old flow and both ends of the old prices are
           optimal still. Each is worth what its prices prove, or it counts as touched
Solved     what is touched, as a problem of its own, repaired from the old flow and prices (`repair.py`)
Prices     those of a row whose quantity is zero depend on its neighbours and are found anew for the whole problem
"""

from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from optimizer.components import numbered
from optimizer.draft import Draft, price_empty_rows
from optimizer.exchange import Progress, Solving, solve
from optimizer.plan import ExchangePlan, SolveStatus
from optimizer.problem import Bools, ExchangeProblem, Ints, exact_dot
from optimizer.repair import Start


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """An older problem with its proven answer, in the order of a newer problem's rows and arcs.

    supply (S,), demand (D,)      its quantities, -1 for a row that it did not have
    other                         arcs of the newer problem that it did not have, or had at another value; none that is
                                  worth nothing in both need be told
    arcs, flow                    where something flowed, and how much
    supply_low, supply_high (S,), demand_low, demand_high (D,)
                                  both ends of its prices, 0 for new rows
    of_supply (S,), of_demand (D,)
                                  its components, -1 for a row without any
    supply_lost (S,), demand_lost (D,)
                                  rows that had a useful arc to a row that is there no more
    """

    supply: Ints
    demand: Ints
    other: Ints
    arcs: Ints
    flow: Ints
    supply_low: Ints
    supply_high: Ints
    demand_low: Ints
    demand_high: Ints
    of_supply: Ints
    of_demand: Ints
    supply_lost: Bools
    demand_lost: Bools


def resume(
    problem: ExchangeProblem,
    before: Before,
    *,
    on_progress: Progress | None = None,
    processes: int | Executor = 1,
) -> ExchangePlan:
    """Return the best plan and its proof, as `solve` does; it stays near the older flow where plans are equally good.

    Limits of single arcs are not served: such a problem is solved anew.
    """
    if problem.arc_capacity is not None:
        return solve(problem, on_progress=on_progress, processes=processes)
    draft = Draft(
        flow=np.zeros(problem.arcs, np.int64),
        supply_low=before.supply_low.copy(),
        supply_high=before.supply_high.copy(),
        demand_low=before.demand_low.copy(),
        demand_high=before.demand_high.copy(),
        seconds=np.zeros(0),
    )
    draft.flow[before.arcs] = before.flow
    supplies, demands = _touched(problem, before)
    inside = supplies[problem.arc_supply]
    arcs, rows, columns = np.flatnonzero(inside & problem.useful()), np.flatnonzero(supplies), np.flatnonzero(demands)
    part = _part(problem, (arcs, rows, columns))
    start = _start(part, before, draft.flow[arcs], (arcs, rows, columns))
    carried = ~inside[before.arcs]
    told = _told(on_progress, exact_dot(problem.value_per_unit[before.arcs[carried]], before.flow[carried]))
    answer = solve(part, on_progress=told, processes=processes, start=start)
    draft.flow[before.arcs[~carried]] = 0
    draft.flow[arcs] = answer.flow
    draft.supply_low[rows], draft.supply_high[rows] = answer.price_supply_low, answer.price_supply_high
    draft.demand_low[columns], draft.demand_high[columns] = answer.price_demand_low, answer.price_demand_high
    return _whole(problem, draft, _labels(before, answer, (rows, columns)), answer)


def _told(on_progress: Progress | None, carried: int) -> Progress | None:
    """Return what tells of the whole where a part is solved: what is carried over is worth so much."""
    if on_progress is None:
        return None
    return lambda now: on_progress(Solving(now.share, now.objective + carried, now.bound + carried))


def _touched(problem: ExchangeProblem, before: Before) -> tuple[Bools, Bools]:
    """Return the rows of both sides that must be decided again (S,), (D,)."""
    tail, head = problem.arc_supply, problem.arc_demand
    supplies = (before.supply != problem.supply) | before.supply_lost
    demands = (before.demand != problem.demand) | before.demand_lost
    others = [before.other]
    for was, now, ends in ((before.supply, problem.supply, tail), (before.demand, problem.demand, head)):
        turned = (was >= 0) & ((was > 0) != (now > 0))
        if turned.any():
            others.append(np.flatnonzero(turned[ends] & (problem.value_per_unit > 0)))
    for other in others:
        supplies[tail[other]] = True
        demands[head[other]] = True
    hit = np.zeros(1 + max(before.of_supply.max(initial=-1), before.of_demand.max(initial=-1)) + 1, np.bool_)
    hit[before.of_supply[supplies]] = True
    hit[before.of_demand[demands]] = True
    hit[:-1] |= _unproven(problem, before, len(hit) - 1)
    hit[-1] = False
    return supplies | hit[before.of_supply], demands | hit[before.of_demand]


def _unproven(problem: ExchangeProblem, before: Before, count: int) -> Bools:
    """Return the components that are not worth what their prices prove (count,)."""
    worth, bound = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    np.add.at(
        worth,
        before.of_supply[problem.arc_supply[before.arcs]],
        problem.value_per_unit[before.arcs] * before.flow,
    )
    np.add.at(bound, before.of_supply, before.supply_low * problem.supply)
    np.add.at(bound, before.of_demand, before.demand_high * problem.demand)
    unproven: Bools = (worth != bound)[:count]
    return unproven


def _part(problem: ExchangeProblem, place: tuple[Ints, Ints, Ints]) -> ExchangeProblem:
    arcs, supplies, demands = place
    new_supply, new_demand = np.zeros(len(problem.supply), np.int64), np.zeros(len(problem.demand), np.int64)
    new_supply[supplies], new_demand[demands] = np.arange(len(supplies)), np.arange(len(demands))
    return ExchangeProblem(
        supply=problem.supply[supplies],
        demand=problem.demand[demands],
        arc_supply=new_supply[problem.arc_supply[arcs]],
        arc_demand=new_demand[problem.arc_demand[arcs]],
        value_per_unit=problem.value_per_unit[arcs],
    )


def _start(part: ExchangeProblem, before: Before, flow: Ints, place: tuple[Ints, Ints, Ints]) -> Start:
    """Return the older answer as a start: rows that are new, and supplies whose prices leave an arc uncovered, get
    prices anew.
    """
    _, supplies, demands = place
    low, high = before.supply_low[supplies], before.demand_high[demands]
    new_supply, new_demand = before.supply[supplies] < 0, before.demand[demands] < 0
    short = low[part.arc_supply] + high[part.arc_demand] < part.value_per_unit
    short &= ~new_demand[part.arc_demand]
    new_supply[part.arc_supply[short]] = True
    return Start(
        flow=flow,
        supply_low=low,
        supply_high=before.supply_high[supplies],
        demand_low=before.demand_low[demands],
        demand_high=high,
        supply_changed=new_supply,
        demand_changed=new_demand,
        carry=False,
    )


def _labels(before: Before, answer: ExchangePlan, place: tuple[Ints, Ints]) -> tuple[Ints, Ints, int]:
    """Return the components of both sides, numbered by their smallest supply, and how many there are."""
    rows, columns = place
    supply, demand = before.of_supply.copy(), before.of_demand.copy()
    above = 1 + max(supply.max(initial=-1), demand.max(initial=-1))
    for side, where, own in ((supply, rows, answer.component_of_supply), (demand, columns, answer.component_of_demand)):
        side[where] = np.where(own >= 0, own + above, -1)
    return numbered(supply, demand)


def _whole(
    problem: ExchangeProblem, draft: Draft, labels: tuple[Ints, Ints, int], answer: ExchangePlan
) -> ExchangePlan:
    """Return the parts as one plan."""
    of_supply, of_demand, count = labels
    empty_supply, empty_demand = problem.supply == 0, problem.demand == 0
    if empty_supply.any() or empty_demand.any():
        for price, empty in (
            (draft.supply_low, empty_supply),
            (draft.supply_high, empty_supply),
            (draft.demand_low, empty_demand),
            (draft.demand_high, empty_demand),
        ):
            price[empty] = 0
        price_empty_rows(problem, draft)
    used = np.flatnonzero(draft.flow)
    worth = np.zeros(count, np.int64)
    np.add.at(worth, of_supply[problem.arc_supply[used]], problem.value_per_unit[used] * draft.flow[used])
    objective = exact_dot(problem.value_per_unit[used], draft.flow[used])
    return replace(
        answer,
        flow=draft.flow,
        objective=objective,
        bound=exact_dot(draft.supply_low, problem.supply) + exact_dot(draft.demand_high, problem.demand),
        status=SolveStatus.OPTIMAL,
        price_supply_low=draft.supply_low,
        price_supply_high=draft.supply_high,
        price_demand_low=draft.demand_low,
        price_demand_high=draft.demand_high,
        component_of_supply=of_supply,
        component_of_demand=of_demand,
        components=count,
        component_objective=worth,
        component_bound=worth.copy(),
        component_seconds=np.zeros(count),
    )
