"""How much can flow at most anywhere in a chain: what is there, what fits, what anybody takes."""

from dataclasses import dataclass

import numpy as np

from optimizer.chain.problem import ChainProblem
from optimizer.errors import EndlessFlowError
from optimizer.linear import Floats
from optimizer.problem import Bools, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Extent:
    """The most that each use (A + P, T) and each stock (K, T) can be; `implied` (A + P, T) is the same without the
    use's own capacity.
    """

    flow: Floats
    implied: Floats
    stock: Floats


def extent_of(problem: ChainProblem) -> Extent:
    """Return the greatest conceivable flows; raises EndlessFlowError where a circle of processors has no limit.

    Where going round never pays, nothing passes a place twice, so that all there is limits each flow.
    """
    fits = _fits(problem)
    try:
        return _spread(problem, fits)
    except EndlessFlowError:
        between = (problem.arc_tail >= len(problem.supply)) & (problem.arc_head >= len(problem.demand))
        if not _never_pays(problem, between):
            raise
        total = float(problem.supply.sum() + problem.stores.initial.sum())
        return _spread(problem, np.where(between[:, None], np.minimum(fits, total), fits))


def _never_pays(problem: ChainProblem, between: Bools) -> bool:
    """Return whether a unit that goes round through processors, over the arcs between them, gains nothing for anybody:
    it never grows or earns, nothing must flow, and no mix is limited that it could dilute.
    """
    uses, made = problem.uses, np.bincount(problem.product_of, problem.product_yield, problem.processors)
    alone = np.bincount(problem.product_of, minlength=problem.processors) <= 1
    round_trip = np.concatenate((between, np.ones(problem.processors, np.bool_)))
    limited = np.isfinite(problem.quality.most) | np.isfinite(problem.quality.least)
    grows = (problem.arc_yield[between] > 1).any() or (made > 1).any() or not alone.all()
    earns = (uses.value[round_trip] > 0).any() or (uses.second is not None and uses.second[round_trip].any())
    must = (uses.least[round_trip] > 0).any() or (uses.lot[round_trip] > 0).any() or problem.product_all.any()
    return not (grows or earns or must or limited[len(problem.demand) :].any())


def _spread(problem: ChainProblem, fits: Floats) -> Extent:
    worked = problem.uses.capacity[problem.arcs :].copy()
    implied = np.full(problem.uses.value.shape, np.inf)
    leaving, arriving = np.zeros((problem.tails, 0)), np.zeros((problem.heads, 0))
    for _ in range(problem.processors + 2):
        made = worked[problem.product_of] * problem.product_yield[:, None]
        leaving = _with_stock(problem, np.vstack((problem.supply, made)), at_head=False)
        implied[: problem.arcs] = np.minimum(leaving[problem.arc_tail], fits)
        carried = np.minimum(implied[: problem.arcs], problem.uses.capacity[: problem.arcs])
        arriving = _gathered(problem, carried * problem.arc_yield[:, None])
        implied[problem.arcs :] = _with_stock(problem, arriving, at_head=True)[len(problem.demand) :]
        worked = np.minimum(implied[problem.arcs :], problem.uses.capacity[problem.arcs :])
    endless = ~np.isfinite(implied[problem.arcs :]).all(axis=1)
    if endless.any():
        raise EndlessFlowError(int(np.argmax(endless)))
    flow = np.minimum(implied, problem.uses.capacity)
    made = worked[problem.product_of] * problem.product_yield[:, None]
    return Extent(flow, implied, _stock(problem, np.vstack((problem.supply, made)), arriving))


def _fits(problem: ChainProblem) -> Floats:
    """Return what the demand at its head lets each arc take at most (A, T); infinite into a processor."""
    room = np.full((problem.heads, problem.periods), np.inf)
    room[: len(problem.demand)] = problem.demand
    stores = problem.stores
    room[stores.node[stores.at_head]] += stores.capacity[stores.at_head, None]
    fits: Floats = room[problem.arc_head] / problem.arc_yield[:, None]
    return fits


def _gathered(problem: ChainProblem, delivered: Floats) -> Floats:
    arriving = np.zeros((problem.heads, problem.periods))
    np.add.at(arriving, problem.arc_head, delivered)
    return arriving


def _with_stock(problem: ChainProblem, fresh: Floats, *, at_head: bool) -> Floats:
    """Return what is there at most in each period: the fresh quantity and all that may have been kept."""
    there = fresh.copy()
    stores = problem.stores
    for k in np.flatnonzero(stores.at_head == at_head).tolist():
        node = stores.node[k]
        there[node] += np.concatenate(([stores.initial[k]], _held(problem, k, fresh[node])[:-1]))
    return there


def _held(problem: ChainProblem, k: int, fresh: Floats) -> Floats:
    """Return the most that store k can hold at the end of each period (T,)."""
    held: Floats = np.minimum(problem.stores.initial[k] + np.cumsum(fresh), problem.stores.capacity[k])
    return held


def _stock(problem: ChainProblem, made: Floats, arriving: Floats) -> Floats:
    stores = problem.stores
    held = np.zeros((len(stores.node), problem.periods))
    for k in range(len(stores.node)):
        held[k] = _held(problem, k, (arriving if stores.at_head[k] else made)[stores.node[k]])
        demand = stores.at_head[k] and stores.node[k] < len(problem.demand)
        if demand:
            # What a demand has been paid for is used there, not left over: its stock ends as it began, or as it must.
            held[k, -1] = min(held[k, -1], max(stores.initial[k], stores.final[k]))
    return held


def numbered(rows: int, columns: int, first: int) -> Ints:
    """Return the numbers first, first + 1, ... as a table, row by row."""
    table: Ints = first + np.arange(rows * columns, dtype=np.int64).reshape(rows, columns)
    return table
