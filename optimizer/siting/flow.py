"""Who goes to which open site: a transport problem, solved exactly as a minimum-cost flow, and why there is none.

Network    site i (+capacity[i]) -> customer j (-demand[j]) at cost -value[a]; a slack node takes what capacity is left
           and, unless every customer must be served, gives what is missing
Source     as in network.py; here costs may have any sign and demands may have to be met
"""

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from optimizer.errors import ProblemTooLargeError, SolverError
from optimizer.problem import Bools, Ints
from optimizer.siting.problem import SitingProblem


def best_service(problem: SitingProblem, opened: Bools) -> Ints | None:
    """Return the flow (A,) of the greatest value through the open sites, or None where it cannot serve everybody."""
    wanted = opened[problem.arc_site] & (problem.size() > 0)
    if not problem.serve_all:
        wanted &= problem.value_per_unit > 0
    arcs, sites = np.flatnonzero(wanted), np.flatnonzero(opened)
    flow = np.zeros(problem.arcs, np.int64)
    total = int(problem.demand.sum())
    capacity = np.minimum(problem.capacity[sites], total)
    if problem.serve_all and int(capacity.sum()) < total:
        return None
    if len(arcs) and total:
        found = _solve(problem, arcs, sites, capacity)
        if found is None:
            return None
        flow[arcs] = found
    return None if problem.serve_all and int(flow.sum()) < total else flow


def unserved(problem: SitingProblem) -> Ints:
    """Return what stays unserved of each customer (J,) when every site is open and as much as possible is served."""
    easy = SitingProblem(
        fixed_cost=np.zeros_like(problem.fixed_cost),
        capacity=problem.capacity,
        demand=problem.demand,
        arc_site=problem.arc_site,
        arc_customer=problem.arc_customer,
        value_per_unit=np.ones_like(problem.value_per_unit),
        serve_all=False,
    )
    left = problem.demand.copy()
    flow = best_service(easy, np.ones(problem.sites, np.bool_))
    if flow is not None:
        np.subtract.at(left, problem.arc_customer, flow)
    return left


def _solve(problem: SitingProblem, arcs: Ints, sites: Ints, capacity: Ints) -> Ints | None:
    customers, slack = len(problem.demand), len(sites) + len(problem.demand)
    row = np.zeros(problem.sites, np.int64)
    row[sites] = np.arange(len(sites))
    gaps = 0 if problem.serve_all else customers
    tails = np.concatenate((row[problem.arc_site[arcs]], np.arange(len(sites)), np.full(gaps, slack)))
    heads = np.concatenate(
        (problem.arc_customer[arcs] + len(sites), np.full(len(sites), slack), np.arange(gaps) + len(sites))
    )
    limits = np.concatenate((problem.size()[arcs], capacity, problem.demand[:gaps]))
    costs = np.concatenate((-problem.value_per_unit[arcs], np.zeros(len(sites) + gaps, np.int64)))
    balance = np.concatenate((capacity, -problem.demand, [problem.demand.sum() - capacity.sum()]))
    solver = SimpleMinCostFlow()
    numbers = solver.add_arcs_with_capacity_and_unit_cost(tails.astype(np.int32), heads.astype(np.int32), limits, costs)
    solver.set_nodes_supplies(np.arange(slack + 1, dtype=np.int32), balance)
    ended = solver.solve()
    if ended == SimpleMinCostFlow.INFEASIBLE:
        return None
    if ended in (SimpleMinCostFlow.BAD_COST_RANGE, SimpleMinCostFlow.BAD_CAPACITY_RANGE):
        raise ProblemTooLargeError("Values or quantities leave the range of the flow solver; state coarser units.")
    if ended != SimpleMinCostFlow.OPTIMAL:
        raise SolverError(f"The flow to the open sites ended as {ended.name} instead of OPTIMAL.")
    flow: Ints = solver.flows(numbers)[: len(arcs)].astype(np.int64)
    return flow
