"""The answer of an older run as where this one begins, and the answer of this one as it is left for the next.

Best       the older best plan, with its prices, in the order of this run's candidates
Near       the older published plan, with prices that prove it where the pairs that were in a plan have an advantage.
           Where the published plan is the best one, such prices are those of the best, raised by the advantage on one
           side of each group of listings that the plan connects: on the supplies, or where one of them keeps a
           remainder (its price is zero) on the demands; a group with remainders on both sides is decided again
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from optimizer import Before, ExchangePlan, ExchangeProblem
from symbiosis.matching.carry import Column
from symbiosis.matching.overlap import Overlap
from symbiosis.matching.snapshot import Bools, Ints


@dataclass(frozen=True, slots=True, eq=False)
class NearAnswer:
    """The published plan: what each candidate carries (P,), its prices (S,), (D,), and rows of the candidates that
    have the advantage in them.
    """

    flow: Ints
    price_supply: Ints
    price_demand: Ints
    leant: Ints


def before_of(problem: ExchangeProblem, plan: ExchangePlan, newer: ExchangeProblem) -> Before:
    """Return a problem and its plan as where a newer problem over the same rows and arcs begins."""
    arcs = np.flatnonzero(plan.flow)
    return Before(
        supply=problem.supply,
        demand=problem.demand,
        other=np.flatnonzero(problem.value_per_unit != newer.value_per_unit),
        arcs=arcs,
        flow=plan.flow[arcs],
        supply_low=plan.price_supply_low,
        supply_high=plan.price_supply_high,
        demand_low=plan.price_demand_low,
        demand_high=plan.price_demand_high,
        of_supply=plan.component_of_supply,
        of_demand=plan.component_of_demand,
        supply_lost=np.zeros(len(problem.supply), np.bool_),
        demand_lost=np.zeros(len(problem.demand), np.bool_),
    )


def best_before(problem: ExchangeProblem, overlap: Overlap) -> Before:
    """Return the older best plan as where this problem begins."""
    older = overlap.carried
    prices = older.supply_low, older.supply_high, older.demand_low, older.demand_high
    return _before(overlap, _other(problem, overlap), (older.arcs, older.flow), prices)


def near_before(problem: ExchangeProblem, leant: Ints, overlap: Overlap) -> Before:
    """Return the older published plan as where a problem begins in which candidates, `leant`, count for more."""
    older = overlap.carried
    prices = older.near_supply, older.near_supply, older.near_demand, older.near_demand
    turned = np.setxor1d(leant, overlap.splice.placed(older.leant)[0], assume_unique=True)
    other = np.union1d(_other(problem, overlap), turned)
    return _before(overlap, other, (older.near_arcs, older.near_flow), prices)


def near_answer(problem: ExchangeProblem, best: ExchangePlan, pairs: Ints, advantage: Ints) -> NearAnswer:
    """Return the best plan as one that is near to itself: `pairs` are rows of candidates that will have the advantage
    of their supply (S,).
    """
    tail, head = problem.arc_supply[pairs], problem.arc_demand[pairs]
    rows, columns = len(problem.supply), len(problem.demand)
    size = rows + columns
    graph = coo_array((np.ones(len(pairs), np.int8), (tail, head + rows)), shape=(size, size))
    count, group = connected_components(graph.tocsr(), directed=False)
    left = np.zeros((2, count), np.bool_)
    for side, (quantity, of_arc, own) in enumerate(
        ((problem.supply, problem.arc_supply, group[:rows]), (problem.demand, problem.arc_demand, group[rows:]))
    ):
        remainder, used = quantity.copy(), np.flatnonzero(best.flow)
        np.subtract.at(remainder, of_arc[used], best.flow[used])
        left[side, own[remainder > 0]] = True
    gain = np.zeros(count, np.int64)
    gain[group[tail]] = advantage[tail]
    supplies, demands = np.where(~left[0], gain, 0), np.where(left[0] & ~left[1], gain, 0)
    leant = pairs[~(left[0] & left[1])[group[tail]]]
    price_supply, price_demand = (
        best.price_supply_low + supplies[group[:rows]],
        best.price_demand_high + demands[group[rows:]],
    )
    return NearAnswer(best.flow, price_supply, price_demand, leant)


def _other(problem: ExchangeProblem, overlap: Overlap) -> Ints:
    """Return the candidates that are worth something else than they were; a new one, if it is worth anything."""
    new = overlap.splice.new
    worthless = new[~problem.useful()[new]]
    return np.setdiff1d(overlap.redone, worthless, assume_unique=True)


def _before(
    overlap: Overlap, other: Ints, carries: tuple[Column, Column], prices: tuple[Column, Column, Column, Column]
) -> Before:
    older = overlap.carried
    arcs, there = overlap.splice.placed(carries[0])
    supply_was, demand_was = overlap.supply_was, overlap.demand_was
    supply_lost, demand_lost = _lost(overlap)
    return Before(
        supply=_taken(older.supply_left, supply_was, -1),
        demand=_taken(older.demand_left, demand_was, -1),
        other=other,
        arcs=arcs,
        flow=carries[1][there].astype(np.int64),
        supply_low=_taken(prices[0], supply_was, 0),
        supply_high=_taken(prices[1], supply_was, 0),
        demand_low=_taken(prices[2], demand_was, 0),
        demand_high=_taken(prices[3], demand_was, 0),
        of_supply=_taken(older.of_supply, supply_was, -1),
        of_demand=_taken(older.of_demand, demand_was, -1),
        supply_lost=supply_lost,
        demand_lost=demand_lost,
    )


def _taken(column: Column, rows: Ints, otherwise: int) -> Ints:
    """Return an older column of listings in the order of now."""
    taken: Ints = np.append(column.astype(np.int64), otherwise)[rows]
    return taken


def _lost(overlap: Overlap) -> tuple[Bools, Bools]:
    """Return the listings that had a candidate which is gone (S,), (D,)."""
    older, gone = overlap.carried, overlap.splice.gone
    lost = []
    for is_now, column, size in (
        (overlap.supply_is, older.supply_of(gone), len(overlap.supply_was)),
        (overlap.demand_is, older.demand[gone], len(overlap.demand_was)),
    ):
        rows = is_now[column]
        marked = np.zeros(size, np.bool_)
        marked[rows[rows >= 0]] = True
        lost.append(marked)
    return lost[0], lost[1]
