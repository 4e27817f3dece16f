"""The best links of a small market, by branch and bound: HiGHS through MathOpt.

Model      share[a] in 0..1 of what an arc can carry and link[a] binary, lot / most link <= share <= link;
           rows are divided by their limits and money by its greatest amount, so that all numbers are near 1
"""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from optimizer.ended import status_of
from optimizer.errors import SolverError
from optimizer.linear import Floats
from optimizer.links.market import Market, count
from optimizer.plan import SolveStatus
from optimizer.problem import Bools, Ints

SCALE: Final = 1e4
"""Greatest coefficient of the model's objective."""
ROUNDING: Final = 1e-9
"""Share of a bound that the solver's floating-point sums may be off."""
LONGEST_S: Final = 1e9


@dataclass(frozen=True, slots=True)
class Effort:
    """When a branch and bound ends: by its gap, its nodes, or the clock."""

    gap: float = 0.0
    nodes: int | None = None
    time_limit_s: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Branched:
    """The links of the best solution found (None: none) and a bound in whole money units (None: none)."""

    links: Bools | None
    bound: int | None


@dataclass(slots=True, eq=False)
class _Rows:
    """Rows of the model, filled column by column: sum of coefficients times variables, at most a limit."""

    row: list[Ints]
    column: list[Ints]
    entry: list[Floats]
    limit: list[Floats]
    rows: int = 0

    def add(self, row: Ints, terms: list[tuple[Ints, Floats]], limit: Floats) -> None:
        """Add rows, one per limit; `row` says in which of them each term stands."""
        for column, entry in terms:
            self.row.append(row + self.rows)
            self.column.append(column)
            self.entry.append(entry)
        self.limit.append(limit)
        self.rows += len(limit)


def branch_and_bound(market: Market, start: Ints, effort: Effort) -> Branched:
    """Return the best links, begun from the plan `start`; raises SolverError when the solver fails.

    The same market, start and effort give the same links unless the clock ends the search.
    """
    unit = max(float((market.value * market.most).max(initial=1)), float(market.fixed.max(initial=1))) / SCALE
    model = mathopt.Model.from_model_proto(links_model(market, unit))
    variables = list(model.variables())
    shares = start / market.most
    hint = dict(zip(variables, np.concatenate((shares, start > 0)).tolist(), strict=True))
    limit = None if effort.time_limit_s is None else dt.timedelta(seconds=min(effort.time_limit_s, LONGEST_S))
    wishes = mathopt.SolveParameters(
        time_limit=limit, node_limit=effort.nodes, relative_gap_tolerance=effort.gap, absolute_gap_tolerance=0.0
    )
    given = mathopt.ModelSolveParameters(solution_hints=[mathopt.SolutionHint(variable_values=hint)])
    try:
        result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=wishes, model_params=given)
    except (RuntimeError, ValueError, AttributeError) as failed:
        # MathOpt turns a status of the solver into one of these, depending on the status.
        raise SolverError(f"The branch and bound over links failed: {failed}") from failed
    if status_of(result.termination.reason) is SolveStatus.INFEASIBLE:
        raise SolverError("The branch and bound over links calls them infeasible, though to use none is a plan.")
    links = None
    if result.has_primal_feasible_solution():
        links = np.array(result.variable_values(variables[: market.arcs])) * market.most > 0.5
    bound = result.termination.objective_bounds.dual_bound * unit
    return Branched(links, math.floor(bound + ROUNDING * max(1.0, abs(bound))) if math.isfinite(bound) else None)


def links_model(market: Market, unit: float) -> model_pb2.ModelProto:
    """Return the model as MathOpt's message, its objective in `unit` money units: filled from arrays, for speed."""
    arcs = np.arange(market.arcs)
    links = arcs + market.arcs
    ones, most = np.ones(market.arcs), market.most.astype(np.float64)
    rows = _Rows([], [], [], [])
    for node, limit, partners in (
        (market.tail, market.supply, market.supply_partners),
        (market.head, market.demand, market.demand_partners),
    ):
        whole = np.maximum(limit, 1).astype(np.float64)
        rows.add(node, [(arcs, most / whole[node])], np.ones(len(limit)))
        scarce = count(node, len(limit)) > partners
        chosen = np.flatnonzero(scarce[node])
        place = np.cumsum(scarce) - 1
        rows.add(place[node[chosen]], [(links[chosen], ones[chosen])], partners[scarce].astype(np.float64))
    rows.add(arcs, [(arcs, ones), (links, -ones)], np.zeros(market.arcs))
    lots = np.flatnonzero(market.lot > 1)
    rows.add(np.arange(len(lots)), [(lots, -ones[lots]), (links[lots], (market.lot / most)[lots])], np.zeros(len(lots)))
    marked = np.flatnonzero(market.budgeted)
    if len(marked) > market.budget:
        rows.add(np.zeros(len(marked), np.int64), [(links[marked], ones[marked])], np.array([float(market.budget)]))
    worth = np.concatenate((market.value * most, -market.fixed.astype(np.float64))) / unit
    return _message(market.arcs, worth, rows)


def _message(arcs: int, worth: Floats, rows: _Rows) -> model_pb2.ModelProto:
    message = model_pb2.ModelProto()
    variables, limits, matrix = message.variables, message.linear_constraints, message.linear_constraint_matrix
    variables.ids.extend(range(2 * arcs))
    variables.lower_bounds.extend([0.0] * (2 * arcs))
    variables.upper_bounds.extend([1.0] * (2 * arcs))
    variables.integers.extend([False] * arcs + [True] * arcs)
    message.objective.maximize = True
    message.objective.linear_coefficients.ids.extend(range(2 * arcs))
    message.objective.linear_coefficients.values.extend(worth.tolist())
    limits.ids.extend(range(rows.rows))
    limits.lower_bounds.extend([-math.inf] * rows.rows)
    limits.upper_bounds.extend(np.concatenate(rows.limit).tolist())
    row, column, entry = (np.concatenate(part) for part in (rows.row, rows.column, rows.entry))
    order = np.lexsort((column, row))
    matrix.row_ids.extend(row[order].tolist())
    matrix.column_ids.extend(column[order].tolist())
    matrix.coefficients.extend(entry[order].tolist())
    return message
