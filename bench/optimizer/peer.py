"""One exchange by one other solver, in a process of its own: `python peer.py SOLVER FILE.npz [SECONDS]` prints JSON.

The file is one of `instances.stored`. This script runs in the environment of the peers too, so it imports nothing of
ours, and highspy and ortools only one at a time: they cannot share a process. Quantities are tenths of a tonne, values
cents per tonne, as our own exchange has them; the clock starts when the arrays are there and stops when the flow is an
array again.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Exchange(NamedTuple):
    """Supplies, demands, arcs and values in whole units, as numpy arrays, and the seconds a solver may take."""

    supply: NDArray[np.int64]
    demand: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    value: NDArray[np.int64]
    seconds: float


def rows(given: Exchange) -> tuple[Any, Floats]:
    """Return the matrix of all rows (supplies, then demands) by arcs, and their limits."""
    import scipy.sparse as sp

    arcs = len(given.tail)
    row = np.column_stack((given.tail, given.head + len(given.supply))).ravel()
    shape = (len(given.supply) + len(given.demand), arcs)
    matrix = sp.csc_matrix((np.ones(2 * arcs), row, np.arange(0, 2 * arcs + 1, 2)), shape=shape)
    return matrix, np.concatenate((given.supply, given.demand)).astype(float)


def glop(given: Exchange) -> Floats:
    from ortools.linear_solver.python import model_builder_helper as helper

    matrix, limit = rows(given)
    arcs = len(given.tail)
    model = helper.ModelBuilderHelper()
    free = np.full(arcs, np.inf)
    model.fill_model_from_sparse_data(
        np.zeros(arcs), free, given.value.astype(float), np.full(len(limit), -np.inf), limit, matrix.tocsr()
    )
    model.set_maximize(True)
    solver = helper.ModelSolverHelper("GLOP")
    solver.set_time_limit_in_seconds(given.seconds)
    solver.solve(model)
    return np.asarray(solver.variable_values())


def pulp_cbc(given: Exchange) -> Floats:
    import pulp

    model = pulp.LpProblem("exchange", pulp.LpMaximize)
    flow = [pulp.LpVariable(f"x{a}", 0) for a in range(len(given.tail))]
    model += pulp.LpAffineExpression(list(zip(flow, given.value.tolist(), strict=True)))
    for side, limit in ((given.tail, given.supply), (given.head, given.demand)):
        terms: list[list[Any]] = [[] for _ in limit]
        for a, row in enumerate(side.tolist()):
            terms[row].append((flow[a], 1))
        for row, most in zip(terms, limit.tolist(), strict=True):
            if row:
                model += pulp.LpAffineExpression(row) <= most
    model.solve(pulp.PULP_CBC_CMD(msg=0, timeLimit=given.seconds))
    return np.array([one.value() or 0.0 for one in flow])


def scipy_with(method: str) -> Callable[[Exchange], Floats]:
    def solve(given: Exchange) -> Floats:
        from scipy.optimize import linprog

        matrix, limit = rows(given)
        options = {"time_limit": given.seconds}
        return linprog(-given.value.astype(float), A_ub=matrix, b_ub=limit, method=method, options=options).x

    return solve


def highs(given: Exchange) -> Floats:
    import highspy

    matrix, limit = rows(given)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(given.tail), len(limit)
    model.col_cost_, model.sense_ = given.value.astype(float), highspy.ObjSense.kMaximize
    model.col_lower_, model.col_upper_ = np.zeros(len(given.tail)), np.full(len(given.tail), highspy.kHighsInf)
    model.row_lower_, model.row_upper_ = np.full(len(limit), -highspy.kHighsInf), limit
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", "off")
    solver.setOptionValue("time_limit", given.seconds)
    solver.passModel(model)
    solver.run()
    return np.array(solver.getSolution().col_value)


def networkx_simplex(given: Exchange) -> Floats:
    import networkx as nx

    graph, supplies, slack = nx.DiGraph(), len(given.supply), -1
    graph.add_nodes_from((i, {"demand": -int(s)}) for i, s in enumerate(given.supply))
    graph.add_nodes_from((supplies + j, {"demand": int(d)}) for j, d in enumerate(given.demand))
    graph.add_node(slack, demand=int(given.supply.sum() - given.demand.sum()))
    graph.add_weighted_edges_from(
        zip(given.tail.tolist(), (given.head + supplies).tolist(), (-given.value).tolist(), strict=True)
    )
    graph.add_weighted_edges_from((i, slack, 0) for i in range(supplies))
    graph.add_weighted_edges_from((slack, supplies + j, 0) for j in range(len(given.demand)))
    _, flow = nx.network_simplex(graph)
    pairs = zip(given.tail.tolist(), (given.head + supplies).tolist(), strict=True)
    return np.array([flow[i][j] for i, j in pairs], float)


SOLVERS: Final[dict[str, Callable[[Exchange], Floats]]] = {
    "glop": glop,
    "pulp_cbc": pulp_cbc,
    "scipy_ipm": scipy_with("highs-ipm"),
    "scipy_simplex": scipy_with("highs-ds"),
    "highs": highs,
    "networkx": networkx_simplex,
}


MODULES: Final = {
    "glop": ("scipy.sparse", "ortools.linear_solver.python.model_builder_helper"),
    "pulp_cbc": ("pulp",),
    "scipy_ipm": ("scipy.sparse", "scipy.optimize"),
    "scipy_simplex": ("scipy.sparse", "scipy.optimize"),
    "highs": ("scipy.sparse", "highspy"),
    "networkx": ("networkx",),
}
"""What is imported before the clock starts."""


def main(name: str, path: str, seconds: float) -> None:
    with np.load(path) as file:
        columns = {key: file[key] for key in ("supply_t", "demand_t", "arc_supply", "arc_demand", "profit")}
    tenths = [np.rint(columns[key] * 10).astype(np.int64) for key in ("supply_t", "demand_t")]
    value = np.rint(columns["profit"] * 100).astype(np.int64)
    given = Exchange(tenths[0], tenths[1], columns["arc_supply"], columns["arc_demand"], value, seconds)
    for module in MODULES[name]:
        import_module(module)
    began = time.perf_counter()
    flow = SOLVERS[name](given)
    took = time.perf_counter() - began
    peak = (
        next(
            int(line.split()[1])
            for line in Path("/proc/self/status").read_text().splitlines()
            if line.startswith("VmHWM")
        )
        * 1024
        / 1e6
    )
    objective = None if flow is None or len(flow) != len(value) else float(value @ flow)
    print(json.dumps({"seconds": took, "objective": objective, "peak_mb": peak}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 600.0)
