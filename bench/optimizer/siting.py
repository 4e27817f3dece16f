"""Where to put shared plants whose product is sold: how near to the bound, and how soon.

Supplies, candidate sites and outlets scattered over a square of 200 km; a supply reaches sites within 60 km, a site
outlets within 90 km; lognormal quantities, gamma disposal costs and product prices; a yield of 0.7 at every site, a
capacity of 0.6 of an even share, fixed costs of 150 to 300 thousand euros a year.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from bench.optimizer.measure import in_child
from bench.optimizer.report import Goal, Row, Table, at_most
from optimizer import ExchangeProblem
from optimizer.linear import Floats
from optimizer.siting import SitingProblem, check_siting, locate
from optimizer.siting.exact import branch_and_bound
from optimizer.siting.flow import best_service
from optimizer.siting.plan import relative_gap

CASES: Final = ((1_000, 60, 8, 15.0, 0.0015), (3_000, 100, 10, 60.0, 0.005))
"""Supplies, candidate sites, sites at most, seconds, the gap that is the goal."""
YIELD: Final = 0.7
TENTHS: Final = 10


def instance(supplies: int, sites: int, at_most: int, seed: int = 5) -> SitingProblem:
    """Return a problem in tenths of a tonne and cents per tonne."""
    rng = np.random.default_rng(seed)
    supply_at, outlet_at, site_at = (rng.uniform(0, 200.0, (n, 2)) for n in (supplies, supplies // 3, sites))
    supply_t = np.round(rng.lognormal(5.5, 1, supplies))
    outlet_t = np.round(rng.lognormal(6.2, 1, supplies // 3))
    disposal, price = rng.gamma(4, 22, supplies) + 10, rng.gamma(4, 40, supplies // 3) + 30
    capacity = np.rint(np.full(sites, supply_t.sum() / at_most * 0.6) * TENTHS).astype(np.int64)
    fixed = rng.uniform(0.6, 1.2, sites) * 250_000
    km = _distances(supply_at, site_at)
    i, j = np.nonzero(km < 60)
    value = disposal[i] - 4 - 0.17 * km[i, j] - 45
    dear = value > -60
    i, j, value = i[dear], j[dear], value[dear]
    km = _distances(site_at, outlet_at)
    seller, outlet = np.nonzero(km < 90)
    earned = price[outlet] * 0.8 - 4 - 0.17 * km[seller, outlet]
    pays = earned > 0
    seller, outlet, earned = seller[pays], outlet[pays], earned[pays]
    wanted = np.floor(outlet_t * TENTHS / YIELD + 1e-9).astype(np.int64)
    return SitingProblem(
        fixed_cost=np.rint(fixed * 100 * TENTHS).astype(np.int64),
        capacity=capacity,
        demand=(supply_t * TENTHS).astype(np.int64),
        arc_site=j,
        arc_customer=i,
        value_per_unit=np.rint(value * 100).astype(np.int64),
        serve_all=False,
        at_most=at_most,
        products=ExchangeProblem(capacity, wanted, seller, outlet, np.rint(earned * 100 * YIELD).astype(np.int64)),
    )


def tables() -> Iterator[Table]:
    """Yield one table: both sizes, with and without outlets, and HiGHS given the whole model of the smaller one."""
    rows, goals = [], []
    for supplies, sites, most, limit_s, wanted in CASES:
        name = f"{supplies:,} x {sites}, k {most}"
        for outlets in (True, False):
            ours = in_child(_ours, (supplies, sites, most), limit_s, outlets)
            objective, bound, arcs, status = ours.result
            gap = relative_gap(objective, bound)
            label = name if outlets else f"{name}, nothing sold"
            rows.append(Row.of(label, arcs, limit_s, ours.seconds, objective / 1e9, 100 * gap, status, ours.peak_mb))
            if outlets:
                goals.append(at_most(f"siting {name}: gap in % in {limit_s:.0f} s", 100 * gap, 100 * wanted))
                late = ours.seconds - limit_s
                goals.append(Goal(f"siting {name}: ends in time", f"{late:+.1f} s", late < 1.0))
    supplies, sites, most, limit_s, _ = CASES[0]
    alone = in_child(_highs, (supplies, sites, most), limit_s)
    objective, bound, arcs = alone.result
    gap_percent = None if objective is None else 100 * relative_gap(objective, bound)
    value = None if objective is None else objective / 1e9
    label = f"HiGHS alone, {supplies:,} x {sites}, k {most}"
    rows.append(Row.of(label, arcs, limit_s, alone.seconds, value, gap_percent, "-", alone.peak_mb))
    columns = ("arcs", "limit s", "seconds", "value M EUR", "gap %", "status", "peak MB")
    yield Table(
        "Siting: where to put shared plants", columns, rows, goals, "One run each: the time limit is the measure."
    )


def _ours(size: tuple[int, int, int], limit_s: float, outlets: bool) -> tuple[int, int, int, str]:  # noqa: FBT001
    problem = instance(*size)
    if not outlets:
        problem = replace(problem, products=None)
    plan = locate(problem, time_limit_s=limit_s)
    if faults := check_siting(problem, plan):
        raise SystemExit(" ".join(faults))
    if plan.objective is None or plan.bound is None:
        raise SystemExit("There is no plan, though to build nothing is one.")
    return plan.objective, plan.bound, problem.arcs + problem.sales.arcs, plan.status.value


def _highs(size: tuple[int, int, int], limit_s: float) -> tuple[int | None, int, int]:
    """Return what the branch and bound finds without search, bound or anything decided."""
    problem = instance(*size)
    free = np.zeros(problem.sites, np.bool_), np.ones(problem.sites, np.bool_)
    found = branch_and_bound(problem, free, time_limit_s=limit_s, gap=0.0)
    objective = None
    if found.opened is not None:
        service = best_service(problem, found.opened)
        objective = None if service is None else problem.objective(found.opened, *service)
    return objective, found.bound or 0, problem.arcs + problem.sales.arcs


def _distances(one: Floats, other: Floats) -> Floats:
    away: Floats = np.sqrt(((one[:, None] - other[None]) ** 2).sum(axis=-1))
    return away
