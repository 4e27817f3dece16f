"""Recompute a siting plan: every limit, the objective, and the bound that the customers' prices prove."""

from optimizer.siting.plan import SitingPlan
from optimizer.siting.problem import SitingProblem


def check_siting(problem: SitingProblem, plan: SitingPlan) -> tuple[str, ...]:
    """Return what is wrong with a plan, in sentences; empty when it holds. Plain integers, no solver, no numpy sums."""
    if plan.opened.shape != (problem.sites,) or plan.flow.shape != (problem.arcs,):
        return (f"The plan has {plan.opened.shape} sites and {plan.flow.shape} arcs.",)
    faults = []
    if plan.objective is not None:
        faults += _limits(problem, plan)
        worth = sum(v * f for v, f in zip(problem.value_per_unit.tolist(), plan.flow.tolist(), strict=True))
        worth -= sum(cost for cost, is_open in zip(problem.fixed_cost.tolist(), plan.opened, strict=True) if is_open)
        if worth != plan.objective:
            faults.append(f"The plan is worth {worth}, but it says {plan.objective}.")
        if plan.bound is not None and plan.objective > plan.bound:
            faults.append(f"The objective {plan.objective} is above the bound {plan.bound}.")
    if plan.customer_price is not None and plan.bound is not None:
        proven = _proven(problem, plan.customer_price.tolist())
        if proven != plan.bound or (not problem.serve_all and min(plan.customer_price, default=0) < 0):
            faults.append(f"The customers' prices prove a bound of {proven}, but the plan says {plan.bound}.")
    return tuple(faults)


def _limits(problem: SitingProblem, plan: SitingPlan) -> list[str]:
    faults = []
    treated, served = [0] * problem.sites, [0] * len(problem.demand)
    for a, (i, j, flow) in enumerate(
        zip(problem.arc_site.tolist(), problem.arc_customer.tolist(), plan.flow.tolist(), strict=True)
    ):
        treated[i] += flow
        served[j] += flow
        if flow < 0:
            faults.append(f"Arc {a} carries {flow}.")
    for i, used in enumerate(treated):
        limit = int(problem.capacity[i]) if plan.opened[i] else 0
        if used > limit:
            faults.append(f"Site {i} may treat {limit}, but {used} goes there.")
    for j, used in enumerate(served):
        wanted = int(problem.demand[j])
        if used > wanted or (problem.serve_all and used < wanted):
            faults.append(f"Customer {j} has {wanted}, but {used} is served.")
    if int(plan.opened.sum()) > problem.most_open:
        faults.append(f"{int(plan.opened.sum())} sites are open, but at most {problem.most_open} may be.")
    return faults


def _proven(problem: SitingProblem, price: list[int]) -> int:
    """Return the bound that customers' prices prove: what they pay, and what the best sites gain beyond it."""
    arcs_of: list[list[tuple[int, int]]] = [[] for _ in range(problem.sites)]
    rows = zip(problem.arc_site.tolist(), problem.arc_customer.tolist(), problem.value_per_unit.tolist(), strict=True)
    for i, j, value in rows:
        arcs_of[i].append((value - price[j], int(problem.demand[j])))
    gains = []
    for i, arcs in enumerate(arcs_of):
        left, gain = int(problem.capacity[i]), -int(problem.fixed_cost[i])
        for reduced, demand in sorted(arcs, reverse=True):
            if reduced > 0:
                gain += reduced * min(left, demand)
                left -= min(left, demand)
        gains.append(gain)
    gains.sort(reverse=True)
    best = [gain for n, gain in enumerate(gains[: problem.most_open]) if gain > 0 or n < problem.least_open]
    paid: int = sum(p * d for p, d in zip(price, problem.demand.tolist(), strict=True))
    return paid + sum(best)
