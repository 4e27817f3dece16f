"""A chain problem as one programme from sparse arrays, each row and column with its name.

Columns    flow (N, T), stock (K, T), then each (N, T) and once (N,) for the uses that need them; with a single period
           the two are the same column
Rows       in the order of RowKind; a limit that a lone quantity has is the column's own
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from optimizer.chain.extent import Extent, extent_of, numbered
from optimizer.chain.nodes import demand_rows, final_rows, processor_rows, product_rows, quality_rows, supply_rows
from optimizer.chain.problem import ChainProblem
from optimizer.chain.rows import Columns, Draft, RowKind, Rows, flat
from optimizer.linear import Floats, LinearProgram
from optimizer.problem import Bools


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """The programme, its names, which columns are whole, and the most that each column can be (n,), always finite."""

    linear: LinearProgram
    columns: Columns
    rows: tuple[Rows, ...]
    whole: Bools
    most: Floats

    def of(self, kind: RowKind) -> Rows | None:
        """Return the rows of a kind, or None where there are none."""
        return next((rows for rows in self.rows if rows.kind is kind), None)


def program_of(problem: ChainProblem) -> Program:
    """Return the programme of a problem; raises ProblemError where nothing limits a flow."""
    extent = extent_of(problem)
    columns = _columns(problem)
    draft = Draft(columns.count)
    for add in (supply_rows, product_rows, demand_rows, processor_rows, quality_rows, final_rows):
        add(problem, columns, draft)
    _link_rows(problem, columns, extent, draft)
    _partner_rows(problem, columns, draft)
    _second_row(problem, columns, draft)
    return Program(_linear(problem, columns, extent, draft), columns, tuple(draft.rows), *_whole(columns, extent))


def _columns(problem: ChainProblem) -> Columns:
    uses, periods, stores = len(problem.uses.value), problem.periods, len(problem.stores.node)
    flow = numbered(uses, periods, 0)
    stock = numbered(stores, periods, uses * periods)
    count = (uses + stores) * periods
    each, once = np.full((uses, periods), -1, np.int64), np.full(uses, -1, np.int64)
    by_period = (problem.uses.lot > 0) | (problem.uses.each_cost > 0)
    at_all = problem.uses.once_cost > 0
    at_all[: problem.arcs] |= problem.scarce_arcs()
    if periods == 1:
        by_period |= at_all
    each[by_period] = numbered(int(by_period.sum()), periods, count)
    count += int(by_period.sum()) * periods
    if periods == 1:
        return Columns(flow, stock, each, np.where(at_all, each[:, 0], -1), count)
    once[at_all] = count + np.arange(int(at_all.sum()))
    return Columns(flow, stock, each, once, count + int(at_all.sum()))


def _link_rows(problem: ChainProblem, columns: Columns, extent: Extent, draft: Draft) -> None:
    uses, periods, each, once = problem.uses, problem.periods, columns.each, columns.once
    use, t = np.nonzero((each >= 0) | (once >= 0)[:, None])
    # The flow is held by the column of its period, where there is one, else by that of the whole horizon.
    binary = np.where(each[use, t] >= 0, each[use, t], once[use])
    count, ones = np.arange(len(use)), np.ones(len(use))
    where = np.column_stack((use, np.full(len(use), -1), t)).astype(np.int64)
    flow = columns.flow[use, t]
    terms = [(count, flow, ones), (count, binary, -extent.flow[use, t])]
    draft.add(RowKind.LINKED, where, terms, np.full(len(use), -np.inf), np.zeros(len(use)))
    lots = np.flatnonzero(uses.lot[use] > 0)
    row = np.arange(len(lots))
    terms = [(row, flow[lots], np.ones(len(lots))), (row, binary[lots], -uses.lot[use[lots]])]
    draft.add(RowKind.LOT, where[lots], terms, np.zeros(len(lots)), np.full(len(lots), np.inf))
    both = np.flatnonzero((each[use, t] >= 0) & (once[use] >= 0) & (periods > 1))
    row = np.arange(len(both))
    terms = [
        (row, each[use[both], t[both]], np.ones(len(both))),
        (row, once[use[both]], -np.ones(len(both))),
    ]
    draft.add(RowKind.ONCE, where[both], terms, np.full(len(both), -np.inf), np.zeros(len(both)))


def _partner_rows(problem: ChainProblem, columns: Columns, draft: Draft) -> None:
    links, once = problem.links, columns.once[: problem.arcs]
    for kind, node, most in (
        (RowKind.TAIL_PARTNERS, problem.arc_tail, links.tail_most),
        (RowKind.HEAD_PARTNERS, problem.arc_head, links.head_most),
    ):
        scarce = np.flatnonzero(np.bincount(node, minlength=len(most)) > most)
        place = np.full(len(most), -1, np.int64)
        place[scarce] = np.arange(len(scarce))
        arcs = np.flatnonzero(place[node] >= 0)
        where = np.full((len(scarce), 3), -1, np.int64)
        where[:, 0] = scarce
        terms = [(place[node[arcs]], once[arcs], np.ones(len(arcs)))]
        draft.add(kind, where, terms, np.full(len(scarce), -np.inf), most[scarce])
    marked = np.flatnonzero(links.budgeted)
    if len(marked) > links.budget:
        terms = [(np.zeros(len(marked), np.int64), once[marked], np.ones(len(marked)))]
        nowhere = np.full((1, 3), -1, np.int64)
        draft.add(RowKind.BUDGET, nowhere, terms, np.array([-np.inf]), np.array([links.budget]))


def _second_row(problem: ChainProblem, columns: Columns, draft: Draft) -> None:
    if problem.second_least == -np.inf or problem.uses.second is None:
        return
    second = problem.uses.second.ravel()
    terms = [(np.zeros(len(second), np.int64), flat(columns.flow), second)]
    nowhere = np.full((1, 3), -1, np.int64)
    draft.add(RowKind.SECOND, nowhere, terms, np.array([problem.second_least]), np.array([np.inf]))


def _linear(problem: ChainProblem, columns: Columns, extent: Extent, draft: Draft) -> LinearProgram:
    uses, stores = problem.uses, problem.stores
    objective = np.zeros(columns.count)
    objective[columns.flow] = uses.value
    objective[columns.stock] = -stores.cost[:, None]
    for t in range(problem.periods):
        np.subtract.at(objective, columns.each[columns.each[:, t] >= 0, t], uses.each_cost[columns.each[:, t] >= 0])
    np.subtract.at(objective, columns.once[columns.once >= 0], uses.once_cost[columns.once >= 0])
    lower, upper = np.zeros(columns.count), np.ones(columns.count)
    lower[columns.flow] = uses.least
    # Limits that bind only where the own capacity does, so that the prices of the nodes are theirs alone.
    upper[columns.flow] = np.where(uses.capacity < extent.implied, uses.capacity, 2 * extent.implied + 1)
    upper[columns.stock] = np.minimum(2 * extent.stock + 1, stores.capacity[:, None])
    ends = stores.at_head & (stores.node < len(problem.demand))
    upper[columns.stock[ends, -1]] = extent.stock[ends, -1]
    rows = draft.rows[-1].end if draft.rows else 0
    matrix = sp.vstack(draft.blocks, format="csr") if rows else sp.csr_matrix((0, columns.count))
    return LinearProgram(
        objective=objective,
        matrix=sp.csr_matrix(matrix),
        row_lower=np.concatenate([np.zeros(0), *draft.lower]),
        row_upper=np.concatenate([np.zeros(0), *draft.upper]),
        lower=lower,
        upper=upper,
        maximise=True,
    )


def _whole(columns: Columns, extent: Extent) -> tuple[Bools, Floats]:
    whole = np.zeros(columns.count, np.bool_)
    whole[columns.each[columns.each >= 0]] = True
    whole[columns.once[columns.once >= 0]] = True
    most = np.ones(columns.count)
    most[columns.flow] = extent.flow
    most[columns.stock] = extent.stock
    return whole, most
