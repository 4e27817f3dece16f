"""A chain problem as one programme from sparse arrays, each row and column with its name.

Columns    flow (N, T), stock (K, T), then each (N, T) and once (N,) for the uses that need them; with a single period
           the two are the same column
Rows       in the order of RowKind; a limit that a lone quantity has is the column's own
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import scipy.sparse as sp

from optimizer.chain.extent import Extent, extent_of, numbered
from optimizer.chain.problem import ChainProblem
from optimizer.linear import Floats, LinearProgram
from optimizer.problem import Bools, Ints


class RowKind(StrEnum):
    """Which limit a row is; `where` (m, 3) then holds its node, its property and its period, -1 for none."""

    SUPPLY = "SUPPLY"
    SUPPLY_LEAST = "SUPPLY_LEAST"
    PRODUCT = "PRODUCT"
    DEMAND = "DEMAND"
    PROCESSOR = "PROCESSOR"
    QUALITY_MOST = "QUALITY_MOST"
    QUALITY_LEAST = "QUALITY_LEAST"
    FINAL = "FINAL"
    LINKED = "LINKED"
    LOT = "LOT"
    ONCE = "ONCE"
    TAIL_PARTNERS = "TAIL_PARTNERS"
    HEAD_PARTNERS = "HEAD_PARTNERS"
    BUDGET = "BUDGET"
    SECOND = "SECOND"


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """All rows of one kind: from `start`, with their names (m, 3) and the factor they were multiplied by."""

    kind: RowKind
    start: int
    where: Ints
    factor: Floats

    @property
    def end(self) -> int:
        """Return the number after the last row."""
        return self.start + len(self.where)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The numbers of the columns; -1 where a use has no such column."""

    flow: Ints
    stock: Ints
    each: Ints
    once: Ints
    count: int


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


Term = tuple[Ints, Ints, Floats]
"""Row within its kind, column, coefficient; one entry each."""


@dataclass(slots=True, eq=False)
class _Draft:
    """The programme while it is put together."""

    width: int
    rows: list[Rows] = field(default_factory=list)
    blocks: list[sp.csr_matrix] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)

    def add(self, kind: RowKind, where: Ints, terms: list[Term], lower: Floats, upper: Floats) -> None:
        """Add rows of one kind, each divided by its greatest coefficient."""
        if not len(where):
            return
        row, column, entry = (np.concatenate(part) for part in zip(*terms, strict=True))
        block = sp.csr_matrix((entry, (row, column)), shape=(len(where), self.width))
        factor = np.ones(len(where))
        if kind in (RowKind.QUALITY_MOST, RowKind.QUALITY_LEAST, RowKind.SECOND):
            greatest = np.zeros(len(where))
            np.maximum.at(greatest, row, np.abs(entry))
            factor = 1 / np.where(greatest > 0, greatest, 1.0)
            block = sp.csr_matrix(sp.diags(factor) @ block)
        start = self.rows[-1].end if self.rows else 0
        self.rows.append(Rows(kind, start, where, factor))
        self.blocks.append(block)
        self.lower.append(lower * factor)
        self.upper.append(upper * factor)


def program_of(problem: ChainProblem) -> Program:
    """Return the programme of a problem; raises ProblemError where nothing limits a flow."""
    extent = extent_of(problem)
    columns = _columns(problem)
    draft = _Draft(columns.count)
    _tail_rows(problem, columns, draft)
    _head_rows(problem, columns, draft)
    _quality_rows(problem, columns, draft)
    _final_rows(problem, columns, draft)
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


def _names(nodes: Ints, periods: int) -> Ints:
    """Return the names of one row per node and period, node by node."""
    where = np.full((len(nodes) * periods, 3), -1, np.int64)
    where[:, 0], where[:, 2] = np.repeat(nodes, periods), np.tile(np.arange(periods), len(nodes))
    return where


def _flat(table: Ints) -> Ints:
    return table.ravel()


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
        (_flat(row), _flat(stock), np.ones(row.size)),
        (_flat(row[:, 1:]), _flat(stock[:, :-1]), -keep[:, 1:].ravel()),
    ]
    return terms, initial


def _tail_rows(problem: ChainProblem, columns: Columns, draft: _Draft) -> None:
    periods, supplies = problem.periods, len(problem.supply)
    every = np.arange(periods)
    arcs = np.arange(problem.arcs)
    row = problem.arc_tail[:, None] * periods + every
    flow = columns.flow[arcs]
    from_supply = problem.arc_tail < supplies
    taken = (_flat(row[from_supply]), _flat(flow[from_supply]), np.ones(int(from_supply.sum()) * periods))
    stocks, initial = _kept(problem, columns, np.arange(supplies), at_head=False)
    stored = np.zeros(supplies, np.bool_)
    at_tail = problem.stores.node[~problem.stores.at_head]
    stored[at_tail[at_tail < supplies]] = True
    least = np.where(stored[:, None], -np.inf, problem.supply_least)
    least = np.where(least > 0, least, -np.inf)
    names = _names(np.arange(supplies), periods)
    draft.add(RowKind.SUPPLY, names, [taken, *stocks], least.ravel(), (problem.supply + initial).ravel())
    must = np.flatnonzero(np.repeat(stored, periods) & (problem.supply_least.ravel() > 0))
    place = np.full(supplies * periods, -1, np.int64)
    place[must] = np.arange(len(must))
    chosen = place[taken[0]] >= 0
    picked = (place[taken[0]][chosen], taken[1][chosen], taken[2][chosen])
    draft.add(
        RowKind.SUPPLY_LEAST, names[must], [picked], problem.supply_least.ravel()[must], np.full(len(must), np.inf)
    )
    products = np.arange(len(problem.product_of))
    out = (
        _flat(row[~from_supply]) - supplies * periods,
        _flat(flow[~from_supply]),
        np.ones(int((~from_supply).sum()) * periods),
    )
    worked = columns.flow[problem.arcs + problem.product_of]
    made = (
        _flat(products[:, None] * periods + every),
        _flat(worked),
        -np.repeat(problem.product_yield, periods),
    )
    stocks, initial = _kept(problem, columns, products + supplies, at_head=False)
    least = np.where(problem.product_all[:, None], initial, -np.inf)
    draft.add(RowKind.PRODUCT, _names(products, periods), [out, made, *stocks], least.ravel(), initial.ravel())


def _head_rows(problem: ChainProblem, columns: Columns, draft: _Draft) -> None:
    periods, demands = problem.periods, len(problem.demand)
    every = np.arange(periods)
    row = problem.arc_head[:, None] * periods + every
    flow = columns.flow[: problem.arcs]
    rate = np.repeat(problem.arc_yield[:, None], periods, axis=1)
    served = problem.arc_head < demands
    arrives = (_flat(row[served]), _flat(flow[served]), rate[served].ravel())
    stocks, initial = _kept(problem, columns, np.arange(demands), at_head=True)
    stocks = [(r, c, -v) for r, c, v in stocks]
    least = np.where(problem.demand_least > 0, problem.demand_least - initial, -np.inf)
    # What a store holds back must not make a consumption below zero.
    stored = np.zeros(demands, np.bool_)
    at_head = problem.stores.node[problem.stores.at_head]
    stored[at_head[at_head < demands]] = True
    least = np.where(stored[:, None], np.maximum(least, -initial), least)
    names = _names(np.arange(demands), periods)
    draft.add(RowKind.DEMAND, names, [arrives, *stocks], least.ravel(), (problem.demand - initial).ravel())
    processors = np.arange(problem.processors)
    into = (_flat(row[~served]) - demands * periods, _flat(flow[~served]), -rate[~served].ravel())
    worked = columns.flow[problem.arcs :]
    works = (_flat(processors[:, None] * periods + every), _flat(worked), np.ones(worked.size))
    stocks, initial = _kept(problem, columns, processors + demands, at_head=True)
    start = initial.ravel()
    draft.add(RowKind.PROCESSOR, _names(processors, periods), [into, works, *stocks], start, start)


def _quality_rows(problem: ChainProblem, columns: Columns, draft: _Draft) -> None:
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
        terms = [(_flat(row), _flat(columns.flow[arc]), np.repeat(over, periods))]
        names = _names(head.astype(np.int64), periods)
        names[:, 1] = np.repeat(prop, periods)
        draft.add(kind, names, terms, np.full(len(names), -np.inf), np.zeros(len(names)))


def _final_rows(problem: ChainProblem, columns: Columns, draft: _Draft) -> None:
    must = np.flatnonzero(problem.stores.final > 0)
    where = np.column_stack((must, np.full(len(must), -1), np.full(len(must), problem.periods - 1))).astype(np.int64)
    terms = [(np.arange(len(must)), columns.stock[must, -1], np.ones(len(must)))]
    draft.add(RowKind.FINAL, where, terms, problem.stores.final[must], np.full(len(must), np.inf))


def _link_rows(problem: ChainProblem, columns: Columns, extent: Extent, draft: _Draft) -> None:
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


def _partner_rows(problem: ChainProblem, columns: Columns, draft: _Draft) -> None:
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


def _second_row(problem: ChainProblem, columns: Columns, draft: _Draft) -> None:
    if problem.second_least == -np.inf or problem.uses.second is None:
        return
    second = problem.uses.second.ravel()
    terms = [(np.zeros(len(second), np.int64), _flat(columns.flow), second)]
    nowhere = np.full((1, 3), -1, np.int64)
    draft.add(RowKind.SECOND, nowhere, terms, np.array([problem.second_least]), np.array([np.inf]))


def _linear(problem: ChainProblem, columns: Columns, extent: Extent, draft: _Draft) -> LinearProgram:
    uses, stores = problem.uses, problem.stores
    objective = np.zeros(columns.count)
    objective[columns.flow] = uses.value
    objective[columns.stock] = -stores.cost[:, None]
    for t in range(problem.periods):
        np.subtract.at(objective, columns.each[columns.each[:, t] >= 0, t], uses.each_cost[columns.each[:, t] >= 0])
    np.subtract.at(objective, columns.once[columns.once >= 0], uses.once_cost[columns.once >= 0])
    lower, upper = np.zeros(columns.count), np.ones(columns.count)
    lower[columns.flow] = uses.least
    # A limit that binds only where the use's own capacity does, so that the prices of the nodes are theirs alone.
    upper[columns.flow] = np.where(uses.capacity < extent.implied, uses.capacity, 2 * extent.implied + 1)
    upper[columns.stock] = extent.stock
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
