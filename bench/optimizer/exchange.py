"""The exchange as the product calls it, with checks, components, prices and proof, beside the bare flow solver."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from bench.optimizer.instances import instance
from bench.optimizer.measure import interleaved
from bench.optimizer.report import Row, Table, at_most
from optimizer import ExchangeProblem, check, solve
from optimizer.prices import price_interval
from optimizer.problem import Ints, exact_dot

SIZES: Final = ("1k", "3k", "10k")
GOAL: Final = 1.2
"""How many times the seconds of the bare flow a proven exchange may take, on the largest of them."""


def tables() -> Iterator[Table]:
    """Yield one table: seconds of the bare flow, of `solve`, of its prices alone and of the check, for each size."""
    rows, ratio = [], 0.0
    for size in SIZES:
        problem = instance(size).exchange()
        flow = bare_flow(problem)
        plan = solve(problem)
        verdict = check(problem, plan)
        if not verdict.passed or exact_dot(problem.value_per_unit, flow) != plan.objective:
            raise SystemExit(f"The answers differ or the check {verdict}")
        seconds = interleaved(
            {
                "bare": lambda problem=problem: bare_flow(problem),
                "solve": lambda problem=problem: solve(problem),
                "prices": lambda problem=problem, flow=flow: price_interval(problem, flow),
                "check": lambda problem=problem, plan=plan: check(problem, plan),
            }
        )
        bare_s, solve_s, prices_s, check_s = (seconds[name][0] for name in ("bare", "solve", "prices", "check"))
        ratio = solve_s / bare_s
        rows.append(Row.of(f"{size} x {size}", problem.arcs, bare_s, solve_s, ratio, prices_s, check_s))
    columns = ("arcs", "bare s", "solve s", "ratio", "prices s", "check s")
    goals = [at_most(f"exchange of {rows[-1].cells[0]:,} arcs: times the bare flow", ratio, GOAL)]
    yield Table("Exchange with prices against the bare flow", columns, rows, goals, "Interleaved, medians of three.")


def bare_flow(problem: ExchangeProblem) -> Ints:
    """Return the flow of SimpleMinCostFlow called straight: no checks, no components, no prices, no proof."""
    rows, columns, arcs = len(problem.supply), len(problem.demand), problem.arcs
    slack = rows + columns
    solver = SimpleMinCostFlow()
    numbers = solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate((problem.arc_supply, np.arange(rows), np.full(columns, slack))).astype(np.int32),
        np.concatenate((problem.arc_demand + rows, np.full(rows, slack), np.arange(rows, slack))).astype(np.int32),
        np.concatenate((problem.capacity(), problem.supply, problem.demand)),
        np.concatenate((-problem.value_per_unit, np.zeros(slack, np.int64))),
    )
    balance = np.concatenate((problem.supply, -problem.demand, [problem.demand.sum() - problem.supply.sum()]))
    solver.set_nodes_supplies(np.arange(slack + 1, dtype=np.int32), balance)
    if solver.solve() != SimpleMinCostFlow.OPTIMAL:
        raise SystemExit("SimpleMinCostFlow found no optimum; the instance is not one.")
    flow: Ints = solver.flows(numbers)[:arcs]
    return flow
