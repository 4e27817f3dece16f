"""What goes where through the open sites: a transport problem, solved exactly as a minimum-cost flow.

Network    customer j (+demand[j]) -> site i at cost -value[a] -> the other side of site i, within capacity[i] -> outlet
           d (-wanted[d]) at cost -price[b]; a slack node takes what is not sold and gives what outlets miss and, unless
           every customer must be served, takes what is not treated
Source     as in network.py; here costs may have any sign and demands may have to be met
"""

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from optimizer.errors import ProblemTooLargeError, SolverError
from optimizer.problem import Bools, Ints
from optimizer.siting.problem import SitingProblem

Ints32 = NDArray[np.int32]


def best_service(problem: SitingProblem, opened: Bools) -> tuple[Ints, Ints] | None:
    """Return the flow (A,) and what is sold (B,), of the greatest value through the open sites; None where they cannot
    serve everybody who must be served.
    """
    wanted = opened[problem.arc_site] & (problem.size() > 0)
    if not problem.serve_all:
        wanted &= problem.value_per_unit + problem.best_sale()[problem.arc_site] > 0
    sales = problem.sales
    treats = np.zeros(problem.sites, np.bool_)
    treats[problem.arc_site[wanted]] = True
    selling = treats[sales.arc_supply] & (sales.value_per_unit > 0) & (sales.capacity() > 0)
    flow, sold = np.zeros(problem.arcs, np.int64), np.zeros(sales.arcs, np.int64)
    total = int(problem.demand.sum())
    if problem.serve_all and int(np.minimum(problem.capacity[opened], total).sum()) < total:
        return None
    if wanted.any() and total:
        found = _solve(problem, np.flatnonzero(wanted), np.flatnonzero(selling))
        if found is None:
            return None
        flow[wanted], sold[selling] = found
    return None if problem.serve_all and int(flow.sum()) < total else (flow, sold)


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
    served = best_service(easy, np.ones(problem.sites, np.bool_))
    if served is not None:
        np.subtract.at(left, problem.arc_customer, served[0])
    return left


def _solve(problem: SitingProblem, arcs: Ints, sales: Ints) -> tuple[Ints, Ints] | None:
    """Return what the arcs and the sales carry, all of them of open sites; None where not everybody can be served."""
    tails, heads, limits, costs, balance = _network(problem, arcs, sales)
    solver = SimpleMinCostFlow()
    numbers = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, limits, costs)
    solver.set_nodes_supplies(np.arange(len(balance), dtype=np.int32), balance)
    ended = solver.solve()
    if ended == SimpleMinCostFlow.INFEASIBLE:
        return None
    if ended in (SimpleMinCostFlow.BAD_COST_RANGE, SimpleMinCostFlow.BAD_CAPACITY_RANGE):
        raise ProblemTooLargeError("Values or quantities leave the range of the flow solver; state coarser units.")
    if ended != SimpleMinCostFlow.OPTIMAL:
        raise SolverError(f"The flow to the open sites ended as {ended.name} instead of OPTIMAL.")
    flow: Ints = solver.flows(numbers).astype(np.int64)
    return flow[: len(arcs)], flow[len(arcs) : len(arcs) + len(sales)]


def _network(problem: SitingProblem, arcs: Ints, sales: Ints) -> tuple[Ints32, Ints32, Ints, Ints, Ints]:
    """Return tail, head, limit and cost of each arc, first those asked for, and the balance of each node: customers,
    both sides of each site, outlets, and the slack node.
    """
    market, total = problem.sales, int(problem.demand.sum())
    sites, outlets = np.unique(problem.arc_site[arcs]), np.unique(market.arc_demand[sales])
    customers = len(problem.demand)
    entry, buyer = np.zeros(problem.sites, np.int64), np.zeros(len(market.demand), np.int64)
    entry[sites] = customers + np.arange(len(sites))
    leave = entry + len(sites)
    buyer[outlets] = customers + 2 * len(sites) + np.arange(len(outlets))
    slack = customers + 2 * len(sites) + len(outlets)
    idle = 0 if problem.serve_all else customers
    capacity, bought = np.minimum(problem.capacity[sites], total), np.minimum(market.demand[outlets], total)
    free = np.zeros(2 * len(sites) + len(outlets) + idle, np.int64)
    to_slack = (leave[sites], np.full(len(outlets), slack), np.arange(idle))
    from_slack = (np.full(len(sites), slack), buyer[outlets], np.full(idle, slack))
    tails = (problem.arc_customer[arcs], leave[market.arc_supply[sales]], entry[sites], *to_slack)
    heads = (entry[problem.arc_site[arcs]], buyer[market.arc_demand[sales]], leave[sites], *from_slack)
    sold = np.minimum(market.capacity()[sales], total)
    limits = (problem.size()[arcs], sold, capacity, capacity, bought, problem.demand[:idle])
    balance = np.zeros(slack + 1, np.int64)
    balance[:customers], balance[buyer[outlets]] = problem.demand, -bought
    balance[slack] = -balance.sum()
    costs = np.concatenate((-problem.value_per_unit[arcs], -market.value_per_unit[sales], free))
    return (
        np.concatenate(tails).astype(np.int32),
        np.concatenate(heads).astype(np.int32),
        np.concatenate(limits),
        costs,
        balance,
    )
