"""A better plan by neighbourhoods: sites that meet often are freed together and planned anew, exactly.

Each round frees a set of rows that many candidate arcs join, keeps every other link, and lets branch and bound find the
best links among the freed rows. A neighbourhood grows from a row that has been freed least.

Source     P. Shaw (1998), CP98, 417-431: large neighbourhood search
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp

from optimizer.deadline import Deadline
from optimizer.errors import SolverError
from optimizer.linear import Floats
from optimizer.links.branch import Effort, branch_and_bound
from optimizer.links.construct import keep_best, planned
from optimizer.links.market import Market
from optimizer.problem import Bools, Ints

ROWS: Final = 200
"""Rows freed together."""
NODES: Final = 1
"""Nodes of one branch and bound: the cuts and heuristics of its root find most of what there is."""
FEW: Final = 5
"""Arcs of each row that are worth trying, beside those that were wanted."""
GAP: Final = 1e-3
"""Gap at which a neighbourhood is good enough."""


@dataclass(slots=True, eq=False)
class Neighbourhoods:
    """Grows sets of rows over the candidate arcs; the same seed grows the same sets."""

    meeting: sp.csr_matrix
    random: np.random.Generator
    freed: Ints

    @classmethod
    def over(cls, market: Market, candidates: Bools, seed: int) -> "Neighbourhoods":
        """Return neighbourhoods over the rows (S + D) of a market, joined by candidate arcs."""
        arcs = np.flatnonzero(candidates)
        tail, head = market.tail[arcs], market.head[arcs] + len(market.supply)
        both = np.concatenate((tail, head)), np.concatenate((head, tail))
        meeting = sp.csr_matrix((np.ones(2 * len(arcs)), both), shape=(market.rows, market.rows))
        return cls(meeting, np.random.default_rng(seed), np.zeros(market.rows, np.int64))

    def next(self, rows: int = ROWS) -> Bools:
        """Return the next set of rows (S + D,): grown from a little freed row by those that meet most of the set."""
        degree = np.diff(self.meeting.indptr)
        live = np.flatnonzero(degree)
        few = self.random.choice(live, 8)
        added = few[[int(np.argmin(self.freed[few]))]]
        inside = np.zeros(len(degree), np.bool_)
        inside[added] = True
        meets = np.zeros(len(degree))
        size = 1
        while size < rows:
            meets += np.asarray(self.meeting[added].sum(axis=0)).ravel()
            near = np.flatnonzero((meets > 0) & ~inside)
            if not len(near):
                break
            wish = meets[near] / np.sqrt(degree[near]) * np.sqrt(self.random.random(len(near)))
            more = min(max(2, size // 4), rows - size)
            added = near[np.argsort(-wish, kind="stable")[:more]]
            inside[added] = True
            size += len(added)
        self.freed[inside] += 1
        return inside


def candidates_of(market: Market, gain: Floats, used: Bools) -> Bools:
    """Return the arcs worth trying: those used before, and for each row the FEW of greatest gain (A,)."""
    chosen = used.copy()
    for node, nodes in ((market.tail, len(market.supply)), (market.head, len(market.demand))):
        kept = np.ones(market.arcs, np.bool_)
        keep_best(kept, gain, node, np.full(nodes, FEW))
        chosen |= kept
    return chosen


def replanned(market: Market, plan: Ints, rows: Bools, candidates: Bools, deadline: Deadline) -> Ints:
    """Return a plan at least as good, with new links among the freed rows (S + D,) and the same elsewhere."""
    within = rows[market.tail] & rows[market.head + len(market.supply)]
    free = np.flatnonzero(within & (candidates | (plan > 0)))
    kept = plan.copy()
    kept[free] = 0
    rest = market.beside(kept).take(free)
    open_arcs = np.flatnonzero(rest.may_pay() | (plan[free] > 0))
    small, arcs = rest.take(open_arcs), free[open_arcs]
    if len(arcs) < 2:
        return plan
    try:
        found = branch_and_bound(small, plan[arcs], Effort(GAP, NODES, deadline.left_s()))
    except SolverError:
        return plan
    if found.links is None:
        return plan
    flow = planned(small, found.links)
    if small.worth(flow) <= small.worth(plan[arcs]):
        return plan
    kept[arcs] = flow
    return kept
