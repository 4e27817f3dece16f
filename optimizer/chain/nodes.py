"""The rows at the nodes of a chain: what is there, what is needed, what a mix may hold, what is left at the end."""

import numpy as np

from optimizer.chain.problem import ChainProblem
from optimizer.chain.rows import Columns, Draft, RowKind, Term, flat, names_of
from optimizer.linear import Floats
from optimizer.problem import Bools, Ints


def supply_rows(problem: ChainProblem, columns: Columns, draft: Draft) -> None:
    """Add what each supply has, and what must leave it; with a store the two are rows apart."""
    periods, supplies = problem.periods, len(problem.supply)
    leaving = np.flatnonzero(problem.arc_tail < supplies)
    row = flat(problem.arc_tail[leaving][:, None] * periods + np.arange(periods))
    flow = flat(columns.flow[leaving])
    stocks, initial = _kept(problem, columns, np.arange(supplies), at_head=False)
    stored = _stored(problem, supplies, at_head=False)
    least = np.where(stored[:, None] | (problem.supply_least <= 0), -np.inf, problem.supply_least)
    names, ones = names_of(np.arange(supplies), periods), np.ones(len(row))
    most = (problem.supply + initial).ravel()
    draft.add(RowKind.SUPPLY, names, [(row, flow, ones), *stocks], least.ravel(), most)
    must = np.flatnonzero(np.repeat(stored, periods) & (problem.supply_least.ravel() > 0))
    place = np.full(supplies * periods, -1, np.int64)
    place[must] = np.arange(len(must))
    chosen = place[row] >= 0
    terms = [(place[row][chosen], flow[chosen], ones[chosen])]
    draft.add(RowKind.SUPPLY_LEAST, names[must], terms, problem.supply_least.ravel()[must], np.full(len(must), np.inf))


def product_rows(problem: ChainProblem, columns: Columns, draft: Draft) -> None:
    """Add that of each product no more leaves than is made and kept, or all of it."""
    periods, supplies = problem.periods, len(problem.supply)
    products = np.arange(len(problem.product_of))
    leaving = np.flatnonzero(problem.arc_tail >= supplies)
    row = flat((problem.arc_tail[leaving] - supplies)[:, None] * periods + np.arange(periods))
    out = (row, flat(columns.flow[leaving]), np.ones(len(row)))
    worked = flat(columns.flow[problem.arcs + problem.product_of])
    made = (np.arange(len(worked)), worked, -np.repeat(problem.product_yield, periods))
    stocks, initial = _kept(problem, columns, products + supplies, at_head=False)
    least = np.where(problem.product_all[:, None], initial, -np.inf)
    names = names_of(products, periods)
    draft.add(RowKind.PRODUCT, names, [out, made, *stocks], least.ravel(), initial.ravel())


def demand_rows(problem: ChainProblem, columns: Columns, draft: Draft) -> None:
    """Add what each demand takes at most and at least."""
    periods, demands = problem.periods, len(problem.demand)
    arrives = _arrivals(problem, columns, (0, demands))
    stocks, initial = _kept(problem, columns, np.arange(demands), at_head=True)
    taken = [(row, column, -entry) for row, column, entry in stocks]
    least = np.where(problem.demand_least > 0, problem.demand_least - initial, -np.inf)
    # What a store holds back must not make a consumption below zero.
    least = np.where(_stored(problem, demands, at_head=True)[:, None], np.maximum(least, -initial), least)
    names = names_of(np.arange(demands), periods)
    draft.add(RowKind.DEMAND, names, [arrives, *taken], least.ravel(), (problem.demand - initial).ravel())


def processor_rows(problem: ChainProblem, columns: Columns, draft: Draft) -> None:
    """Add that each processor works through what has arrived and is not kept."""
    demands, processors = len(problem.demand), np.arange(problem.processors)
    row, column, rate = _arrivals(problem, columns, (demands, problem.heads))
    worked = flat(columns.flow[problem.arcs :])
    works = (np.arange(len(worked)), worked, np.ones(len(worked)))
    stocks, initial = _kept(problem, columns, processors + demands, at_head=True)
    names, start = names_of(processors, problem.periods), initial.ravel()
    draft.add(RowKind.PROCESSOR, names, [(row, column, -rate), works, *stocks], start, start)


def _arrivals(problem: ChainProblem, columns: Columns, heads: tuple[int, int]) -> Term:
    """Return what arrives at the heads from one number to before another, in rows head by head."""
    first, end = heads
    arcs = np.flatnonzero((problem.arc_head >= first) & (problem.arc_head < end))
    row = (problem.arc_head[arcs] - first)[:, None] * problem.periods + np.arange(problem.periods)
    return flat(row), flat(columns.flow[arcs]), np.repeat(problem.arc_yield[arcs], problem.periods)


def _stored(problem: ChainProblem, rows: int, *, at_head: bool) -> Bools:
    """Return which of the first rows of a side have a store."""
    stored = np.zeros(rows, np.bool_)
    nodes = problem.stores.node[problem.stores.at_head == at_head]
    stored[nodes[nodes < rows]] = True
    return stored


def quality_rows(problem: ChainProblem, columns: Columns, draft: Draft) -> None:
    """Add the limits on the mix that arrives at each head."""
    quality, periods = problem.quality, problem.periods
    for kind, limit, sign in (
        (RowKind.QUALITY_MOST, quality.most, 1.0),
        (RowKind.QUALITY_LEAST, quality.least, -1.0),
    ):
        head, prop = np.nonzero(np.isfinite(limit))
        number = np.full(limit.shape, -1, np.int64)
        number[head, prop] = np.arange(len(head))
        arc, k = np.nonzero(number[problem.arc_head] >= 0)
        of = problem.arc_head[arc]
        over = sign * (quality.concentration[arc, k] - limit[of, k]) * problem.arc_yield[arc]
        row = number[of, k][:, None] * periods + np.arange(periods)
        terms = [(flat(row), flat(columns.flow[arc]), np.repeat(over, periods))]
        names = names_of(head.astype(np.int64), periods)
        names[:, 1] = np.repeat(prop, periods)
        draft.add(kind, names, terms, np.full(len(names), -np.inf), np.zeros(len(names)))


def final_rows(problem: ChainProblem, columns: Columns, draft: Draft) -> None:
    """Add what the stores must hold after the last period."""
    must = np.flatnonzero(problem.stores.final > 0)
    where = np.column_stack((must, np.full(len(must), -1), np.full(len(must), problem.periods - 1))).astype(np.int64)
    terms = [(np.arange(len(must)), columns.stock[must, -1], np.ones(len(must)))]
    draft.add(RowKind.FINAL, where, terms, problem.stores.final[must], np.full(len(must), np.inf))


def _kept(problem: ChainProblem, columns: Columns, nodes: Ints, *, at_head: bool) -> tuple[list[Term], Floats]:
    """Return the terms stock - kept of the stores of some nodes, in rows node by node, and what is there at first."""
    periods, stores = problem.periods, problem.stores
    place = np.full(max(problem.tails, problem.heads), -1, np.int64)
    place[nodes] = np.arange(len(nodes))
    chosen = np.flatnonzero((stores.at_head == at_head) & (place[stores.node] >= 0))
    initial = np.zeros((len(nodes), periods))
    row = place[stores.node[chosen]][:, None] * periods + np.arange(periods)
    stock = columns.stock[chosen]
    keep = 1 - np.repeat(stores.loss[chosen][:, None], periods, axis=1)
    if len(chosen):
        initial[place[stores.node[chosen]], 0] = stores.initial[chosen]
    terms = [
        (flat(row), flat(stock), np.ones(row.size)),
        (flat(row[:, 1:]), flat(stock[:, :-1]), -keep[:, 1:].ravel()),
    ]
    return terms, initial
