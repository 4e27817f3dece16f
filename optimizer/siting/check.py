"""Recompute a siting plan: every limit, the objective, and the bound that the customers' prices prove."""

from optimizer.siting.plan import SitingPlan
from optimizer.siting.problem import SitingProblem


def check_siting(problem: SitingProblem, plan: SitingPlan) -> tuple[str, ...]:
    """Return what is wrong with a plan, in sentences; empty when it holds. Plain integers, no solver, no numpy sums."""
    shapes = plan.opened.shape, plan.flow.shape, plan.sold.shape
    if shapes != ((problem.sites,), (problem.arcs,), (problem.sales.arcs,)):
        return (f"The plan has {shapes[0]} sites, {shapes[1]} arcs and {shapes[2]} sales.",)
    faults = []
    if plan.objective is not None:
        faults += _limits(problem, plan) + _sales(problem, plan)
        worth = sum(v * f for v, f in zip(problem.value_per_unit.tolist(), plan.flow.tolist(), strict=True))
        worth += sum(v * f for v, f in zip(problem.sales.value_per_unit.tolist(), plan.sold.tolist(), strict=True))
        worth -= sum(cost for cost, is_open in zip(problem.fixed_cost.tolist(), plan.opened, strict=True) if is_open)
        if worth != plan.objective:
            faults.append(f"The plan is worth {worth}, but it says {plan.objective}.")
        if plan.bound is not None and plan.objective > plan.bound:
            faults.append(f"The objective {plan.objective} is above the bound {plan.bound}.")
    if plan.price is not None and plan.bound is not None:
        proven = _proven(problem, plan.price.tolist(), plan.price_unit)
        free = plan.price[len(problem.demand) :] if problem.serve_all else plan.price
        if proven != plan.bound or min(free.tolist(), default=0) < 0:
            faults.append(f"The prices prove a bound of {proven}, but the plan says {plan.bound}.")
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


def _sales(problem: SitingProblem, plan: SitingPlan) -> list[str]:
    faults = []
    made, market = [0] * problem.sites, problem.sales
    for i, flow in zip(problem.arc_site.tolist(), plan.flow.tolist(), strict=True):
        made[i] += flow
    left = market.demand.tolist()
    rows = zip(market.arc_supply.tolist(), market.arc_demand.tolist(), plan.sold.tolist(), strict=True)
    for b, (i, d, sold) in enumerate(rows):
        made[i] -= sold
        left[d] -= sold
        if sold < 0:
            faults.append(f"Sale {b} carries {sold}.")
    faults += [f"Site {i} sells {-rest} more than it makes." for i, rest in enumerate(made) if rest < 0]
    return faults + [f"Outlet {d} is sold {-rest} more than it wants." for d, rest in enumerate(left) if rest < 0]


def _proven(problem: SitingProblem, price: list[int], unit: int) -> int:
    """Return the bound that prices prove: what is paid, and what the best sites gain beyond it."""
    market, customers = problem.sales, len(problem.demand)
    quantity = problem.demand.tolist() + market.demand.tolist()
    coming: list[list[tuple[int, int]]] = [[] for _ in range(problem.sites)]
    going: list[list[tuple[int, int]]] = [[] for _ in range(problem.sites)]
    rows = zip(problem.arc_site.tolist(), problem.arc_customer.tolist(), problem.value_per_unit.tolist(), strict=True)
    for i, j, value in rows:
        coming[i].append((value * unit - price[j], quantity[j]))
    sales = zip(market.arc_supply.tolist(), market.arc_demand.tolist(), market.value_per_unit.tolist(), strict=True)
    for i, d, value in sales:
        going[i].append((value * unit - price[customers + d], quantity[customers + d]))
    gains = [
        _most(coming[i], going[i], int(problem.capacity[i])) - unit * int(problem.fixed_cost[i])
        for i in range(problem.sites)
    ]
    gains.sort(reverse=True)
    best = [gain for n, gain in enumerate(gains[: problem.most_open]) if gain > 0 or n < problem.least_open]
    paid: int = sum(p * q for p, q in zip(price, quantity, strict=True))
    return (paid + sum(best)) // unit


def _most(coming: list[tuple[int, int]], going: list[tuple[int, int]], left: int) -> int:
    """Return the most that a site earns: its best arrivals meet its best sales until that no longer pays."""
    supply, sales = sorted(coming), [(0, left), *sorted((worth, size) for worth, size in going if worth > 0)]
    earned = 0
    while supply and left:
        (bring, much), (take, wanted) = supply.pop(), sales.pop()
        if bring + take <= 0:
            break
        moved = min(much, wanted, left)
        earned += (bring + take) * moved
        left -= moved
        if much > moved:
            supply.append((bring, much - moved))
        if wanted > moved:
            sales.append((take, wanted - moved))
    return earned
