"""One block of an exchange problem as a minimum-cost flow, solved exactly by cost scaling.

Network    supply i (+supply[i]) -> demand j (-demand[j]) at cost -value[a], capacity of the arc; one slack node Z
           balances: i -> Z takes what stays, Z -> j gives what is missing, both at cost 0
Source     A. V. Goldberg (1997), J. Algorithms 22, 1-29, as in OR-Tools' SimpleMinCostFlow
"""

from typing import Final

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from optimizer.errors import ProblemTooLargeError, SolverError
from optimizer.problem import ExchangeProblem, Ints

_TOO_LARGE: Final = {
    SimpleMinCostFlow.BAD_COST_RANGE: "values times rows leave 64 bits; use a coarser money unit",
    SimpleMinCostFlow.BAD_CAPACITY_RANGE: "capacities add up beyond 64 bits; use a coarser unit of quantity",
}


def best_flow(block: ExchangeProblem) -> Ints:
    """Return a flow (A,) of the greatest value; every arc of the block must be useful.

    The same block gives the same flow. Raises ProblemTooLargeError when the solver cannot count that far, and
    SolverError when it ends in any other way than with an optimum.
    """
    rows, columns, arcs = len(block.supply), len(block.demand), block.arcs
    slack = rows + columns
    supplies, demands = np.arange(rows), np.arange(rows, slack)
    tails = np.concatenate((block.arc_supply, supplies, np.full(columns, slack)))
    heads = np.concatenate((block.arc_demand + rows, np.full(rows, slack), demands))
    capacities = np.concatenate((block.capacity(), block.supply, block.demand))
    costs = np.concatenate((-block.value_per_unit, np.zeros(slack, np.int64)))
    balance = np.concatenate((block.supply, -block.demand, [block.demand.sum() - block.supply.sum()]))
    return network_flow((tails, heads), capacities, costs, balance)[:arcs]


def network_flow(ends: tuple[Ints, Ints], capacity: Ints, cost: Ints, balance: Ints) -> Ints:
    """Return a flow of least cost over the arcs of any network, (tails, heads) of each; balance (nodes,) adds up to 0.

    There must be a flow. Raises as `best_flow` does.
    """
    solver = SimpleMinCostFlow()
    numbers = solver.add_arcs_with_capacity_and_unit_cost(
        ends[0].astype(np.int32), ends[1].astype(np.int32), capacity, cost
    )
    solver.set_nodes_supplies(np.arange(len(balance), dtype=np.int32), balance)
    ended = solver.solve()
    if ended in _TOO_LARGE:
        raise ProblemTooLargeError(f"The exchange is too large to be solved exactly: {_TOO_LARGE[ended]}.")
    if ended != SimpleMinCostFlow.OPTIMAL:
        raise SolverError(f"The network flow over {len(cost)} arcs ended as {ended.name} instead of OPTIMAL.")
    flow: Ints = solver.flows(numbers).astype(np.int64)
    return flow
