"""Which rows of a problem hang together: parts without a common arc are solved apart."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from optimizer.problem import Bools, ExchangeProblem, Ints

BLOCK_ARCS: Final = 20_000
"""Small components share a solve until together they have this many arcs: a call costs more than they do."""


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """The connected components over the useful arcs, numbered by their smallest supply.

    `arcs` are the useful arcs sorted by component, then supply, then demand; `starts` (count + 1,) cut them.
    """

    count: int
    of_supply: Ints
    of_demand: Ints
    arcs: Ints
    starts: Ints


def split(problem: ExchangeProblem) -> Components:
    """Return the components of a problem; the answer does not depend on the order in which arcs are given."""
    rows, columns = len(problem.supply), len(problem.demand)
    useful = np.flatnonzero(problem.useful())
    tail, head = problem.arc_supply[useful], problem.arc_demand[useful]
    graph = sp.coo_matrix((np.ones(len(useful), np.int8), (tail, head + rows)), shape=(rows + columns, rows + columns))
    labels, label = connected_components(graph.tocsr(), directed=False)
    smallest = np.full(labels, rows, np.int64)
    np.minimum.at(smallest, label[tail], tail)
    met = np.flatnonzero(smallest < rows)
    number = np.full(rows + columns + 1, -1, np.int64)
    number[met[np.argsort(smallest[met])]] = np.arange(len(met))
    of_row = number[label]
    part = of_row[tail]
    order = _order(part, tail * columns + head)
    starts = np.searchsorted(part[order], np.arange(len(met) + 1))
    return Components(
        count=len(met),
        of_supply=of_row[:rows],
        of_demand=of_row[rows:],
        arcs=useful[order],
        starts=starts.astype(np.int64),
    )


def numbered(of_supply: Ints, of_demand: Ints) -> tuple[Ints, Ints, int]:
    """Return components of rows, whatever their numbers, by their smallest supply, and how many there are; -1 stays.
    Each has a supply.
    """
    found, first = np.unique(of_supply, return_index=True)
    found, first = found[found >= 0], first[found >= 0]
    number = np.full(int(found.max(initial=-1)) + 2, -1, np.int64)
    number[found[np.argsort(first)]] = np.arange(len(found))
    return number[of_supply], number[of_demand], len(found)


def chosen(components: Components, wanted: Bools) -> Components:
    """Return the components with the arcs of some of them only; their numbers stay."""
    length = np.where(wanted, np.diff(components.starts), 0)
    of_arc = np.repeat(wanted, np.diff(components.starts))
    starts = np.concatenate(([0], np.cumsum(length))).astype(np.int64)
    return replace(components, arcs=components.arcs[of_arc], starts=starts)


def _order(part: Ints, pair: Ints) -> Ints:
    """Return the order by part, then pair; in most problems the pairs stand in order already."""
    if (pair[1:] > pair[:-1]).all():
        return np.argsort(part.astype(np.int16) if part.max(initial=0) < 2**15 else part, kind="stable")
    return np.lexsort((pair, part))


def blocks(components: Components, block_arcs: int = BLOCK_ARCS) -> list[Ints]:
    """Return the arcs of each solve, largest solve first: a large component alone, small ones together.

    The cut depends on the problem only, never on time or on workers, so that a plan is the same everywhere.
    """
    cuts: list[tuple[int, int]] = []
    begin = 0
    for k in range(components.count):
        start, end = int(components.starts[k]), int(components.starts[k + 1])
        if end - begin > block_arcs and start > begin:
            cuts.append((begin, start))
            begin = start
    if len(components.arcs):
        cuts.append((begin, int(components.starts[-1])))
    cuts.sort(key=lambda cut: (cut[0] - cut[1], cut[0]))
    return [components.arcs[start:end] for start, end in cuts]
