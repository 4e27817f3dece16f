"""Recompute a plan over several periods with numpy alone: its value, every limit, and the bound its prices prove.

Sums are exact: what each arc and store carries is first held against its own limit.
"""

from collections.abc import Iterator

import numpy as np

from optimizer.check import Verdict, Violation, ViolationKind
from optimizer.periods.plan import PeriodsPlan
from optimizer.periods.problem import PeriodsProblem
from optimizer.plan import SolveStatus
from optimizer.problem import Bools, Ints


def check_periods(problem: PeriodsProblem, plan: PeriodsPlan) -> Verdict:
    """Return the verdict over a plan: shapes first, then limits, value, both dual solutions and the bound."""
    limits = problem.periods * 2 * (problem.arcs + len(problem.supply) + len(problem.demand))
    misshapen = tuple(_shapes(problem, plan))
    if misshapen:
        return Verdict(misshapen, limits)
    return Verdict(
        (*_arcs(problem, plan), *_stocks(problem, plan), *_rows(problem, plan), *_proof(problem, plan)), limits
    )


def _shapes(problem: PeriodsProblem, plan: PeriodsPlan) -> Iterator[Violation]:
    wanted = {"flow": (problem.arcs, problem.periods)}
    for name in ("supply_stock", "price_supply_low", "price_supply_high"):
        wanted[name] = (len(problem.supply), problem.periods)
    for name in ("demand_stock", "price_demand_low", "price_demand_high"):
        wanted[name] = (len(problem.demand), problem.periods)
    for name, shape in wanted.items():
        column = getattr(plan, name)
        if column.shape != shape or column.dtype != np.int64:
            text = f"{name} is {column.dtype} {column.shape}, not int64 {shape}."
            yield Violation(ViolationKind.SHAPE, None, text)


def _arcs(problem: PeriodsProblem, plan: PeriodsPlan) -> Iterator[Violation]:
    flow, value, own = plan.flow, problem.values(), problem.capacities()
    for a, t in _where(flow < 0):
        yield Violation(ViolationKind.FLOW_NEGATIVE, a, f"Arc {a} carries {flow[a, t]} in period {t}.")
    for a, t in _where(flow > own):
        text = f"Arc {a} carries {flow[a, t]} in period {t}, at most {own[a, t]}."
        yield Violation(ViolationKind.ARC_EXCEEDED, a, text)
    for a, t in _where((flow != 0) & (value <= 0)):
        text = f"Arc {a} carries {flow[a, t]} in period {t} at a value of {value[a, t]}."
        yield Violation(ViolationKind.WORTHLESS_FLOW, a, text)


def _stocks(problem: PeriodsProblem, plan: PeriodsPlan) -> Iterator[Violation]:
    for noun, stock, store in zip(
        ("Supply", "Demand"), (plan.supply_stock, plan.demand_stock), problem.stores(), strict=True
    ):
        for i, t in _where((stock < 0) | (stock > store[:, None])):
            text = f"{noun} {i} keeps {stock[i, t]} after period {t}, at most {store[i]}."
            yield Violation(ViolationKind.STOCK_WRONG, i, text)
        for i in np.flatnonzero(stock[:, -1:].any(axis=1)).tolist():
            text = f"{noun} {i} keeps {stock[i, -1]} after the last period."
            yield Violation(ViolationKind.STOCK_WRONG, i, text)


def _rows(problem: PeriodsProblem, plan: PeriodsPlan) -> Iterator[Violation]:
    """Return the rows that use more than they have; a flow beyond 2^62 in all is left to the rules for arcs."""
    flow = np.clip(plan.flow, 0, problem.most())
    used, came = np.zeros(problem.supply.shape, np.int64), np.zeros(problem.demand.shape, np.int64)
    np.add.at(used, problem.arc_supply, flow)
    np.add.at(came, problem.arc_demand, flow)
    for a, t in _where(plan.flow > problem.most()):
        text = f"Arc {a} carries {plan.flow[a, t]} in period {t}, more than its supply and demand can have."
        yield Violation(ViolationKind.ARC_EXCEEDED, a, text)
    left = problem.supply + _before(plan.supply_stock) - used - plan.supply_stock
    for i, t in _where(left < 0):
        text = f"Supply {i} uses and keeps {-left[i, t]} more in period {t} than it has."
        yield Violation(ViolationKind.SUPPLY_EXCEEDED, i, text)
    taken = came + _before(plan.demand_stock) - plan.demand_stock
    for i, t in _where(taken > problem.demand):
        text = f"Demand {i} takes {taken[i, t]} in period {t}, at most {problem.demand[i, t]}."
        yield Violation(ViolationKind.DEMAND_EXCEEDED, i, text)
    for i, t in _where(taken < 0):
        text = f"Demand {i} keeps {-taken[i, t]} more after period {t} than it got."
        yield Violation(ViolationKind.STOCK_WRONG, i, text)


def _proof(problem: PeriodsProblem, plan: PeriodsPlan) -> Iterator[Violation]:
    worth = _dot(problem.values(), plan.flow)
    for stock, holding in zip((plan.supply_stock, plan.demand_stock), problem.holdings(), strict=True):
        worth -= _dot(np.broadcast_to(holding[:, None], stock.shape), stock)
    if worth != plan.objective:
        text = f"The plan is worth {worth}, but says {plan.objective}."
        yield Violation(ViolationKind.OBJECTIVE_WRONG, None, text)
    for name, supply, demand in (
        ("supply low, demand high", plan.price_supply_low, plan.price_demand_high),
        ("supply high, demand low", plan.price_supply_high, plan.price_demand_low),
    ):
        for i, t in (*_where(supply < 0), *_where(demand < 0)):
            yield Violation(ViolationKind.PRICE_NEGATIVE, i, f"A price ({name}) is below zero in period {t}.")
        bound = _bound(problem, supply, demand)
        if bound != plan.bound:
            text = f"The prices ({name}) prove a bound of {bound}, but the plan says {plan.bound}."
            yield Violation(ViolationKind.BOUND_WRONG, None, text)
    optimal = plan.status is SolveStatus.OPTIMAL
    if plan.objective > plan.bound or (optimal and plan.objective != plan.bound):
        text = f"The plan is {plan.status} with objective {plan.objective} and bound {plan.bound}."
        yield Violation(ViolationKind.NOT_OPTIMAL, None, text)


def _bound(problem: PeriodsProblem, supply: Ints, demand: Ints) -> int:
    """Return what prices prove: each limit at its price, and each arc and store at what it lacks."""
    bound = _dot(supply, problem.supply) + _dot(demand, problem.demand)
    lacking = problem.values() - supply[problem.arc_supply] - demand[problem.arc_demand]
    bound += _dot(np.maximum(lacking, 0), np.minimum(problem.capacities(), problem.most()))
    stores, holdings = problem.stores(), problem.holdings()
    for gained, store, holding in (
        (supply[:, 1:] - supply[:, :-1], stores[0], holdings[0]),
        (demand[:, :-1] - demand[:, 1:], stores[1], holdings[1]),
    ):
        rent = np.maximum(gained - holding[:, None], 0)
        bound += _dot(rent, np.broadcast_to(store[:, None], rent.shape))
    return bound


def _before(stock: Ints) -> Ints:
    shifted: Ints = np.concatenate((np.zeros((len(stock), 1), np.int64), stock[:, :-1]), axis=1)
    return shifted


def _where(wrong: Bools) -> list[tuple[int, int]]:
    return [(int(row), int(period)) for row, period in np.argwhere(wrong)]


def _dot(left: Ints, right: Ints) -> int:
    used = np.nonzero((left != 0) & (right != 0))
    return sum(a * b for a, b in zip(left[used].tolist(), right[used].tolist(), strict=True))
