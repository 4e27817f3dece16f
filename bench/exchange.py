"""How fast an exchange is solved and proven: `python -m bench.exchange [1k 3k 10k]`.

Instances are made here, from a seed: territories of about 40 km with five industrial zones each and scattered sites,
240 materials in groups of six with Zipf popularity, demands that accept several materials or whole groups, lognormal
quantities, gamma costs, transport by the kilometre; the arcs with the best profit for their length are kept.

Measured on each, interleaved, medians of the rounds: OR-Tools' SimpleMinCostFlow called bare on prepared arrays (the
floor: no checks, no components, no prices, no proof), `optimizer.solve` as the product calls it, the price intervals
alone, and the independent check. Objectives are compared exactly.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.spatial import cKDTree

from optimizer import ExchangeProblem, check, solve
from optimizer.prices import price_interval
from optimizer.problem import Ints, exact_dot

SIZES: Final = {"1k": (1_000, 20_000, 250), "3k": (3_000, 75_000, 375), "10k": (10_000, 300_000, 500)}
MATERIALS: Final = 240
GROUP: Final = 6
REACH_KM: Final = 45.0
ROUNDS: Final = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of one size, medians of the rounds."""

    bare: float
    solve: float
    prices: float
    check: float


def instance(sites: int, arcs: int, per_territory: int, seed: int = 0) -> ExchangeProblem:
    """Return a problem of `sites` supplies and demands with at most `arcs` arcs; kilograms and cents per tonne."""
    rng = np.random.default_rng(seed)
    territories = max(2, sites // per_territory)
    centre = rng.uniform(0, 90.0 * np.sqrt(territories), (territories, 2))
    zone = centre[:, None, :] + rng.normal(0, 12, (territories, 5, 2))
    weight = rng.lognormal(0, 0.5, territories)
    popularity = 1.0 / (np.arange(MATERIALS) + 8.0) ** 0.9
    popularity = rng.permutation(popularity / popularity.sum())

    def place() -> np.ndarray:
        territory = rng.choice(territories, sites, p=weight / weight.sum())
        scattered = centre[territory] + rng.normal(0, 14, (sites, 2))
        zoned = zone[territory, rng.integers(0, 5, sites)] + rng.normal(0, 1.5, (sites, 2))
        return np.where(rng.random((sites, 1)) < 0.35, scattered, zoned)

    from_site, to_site = place(), place()
    material = rng.choice(MATERIALS, sites, p=popularity)
    tail, head, km = _pairs(from_site, to_site, material, _accepted(rng, sites, popularity))
    disposal = np.round(rng.gamma(4, 22, sites), 2) + 10
    virgin = np.round(rng.gamma(3, 30, sites), 2) + 10
    treatment = np.round(rng.gamma(2, 8, sites), 2)
    profit = disposal[tail] + virgin[head] * 0.8 - 4 - 0.169 * km - treatment[head]
    best = np.flatnonzero(profit > 0)
    if len(best) > arcs:
        best = best[np.argpartition(-(profit - 0.25 * km)[best], arcs)[:arcs]]
    best = best[np.lexsort((head[best], tail[best]))]
    return ExchangeProblem(
        supply=(np.round(rng.lognormal(5.5, 1.3, sites)).astype(np.int64) + 5) * 1000,
        demand=(np.round(rng.lognormal(5.7, 1.3, sites)).astype(np.int64) + 5) * 1000,
        arc_supply=tail[best],
        arc_demand=head[best],
        value_per_unit=np.rint(profit[best] * 100).astype(np.int64),
    )


def _accepted(rng: np.random.Generator, sites: int, popularity: np.ndarray) -> list[Ints]:
    """Return for each material the demands that accept it: by itself, or as one of its group."""
    patterns = rng.integers(2, 8, sites)
    owner = np.repeat(np.arange(sites), patterns)
    wanted = rng.choice(MATERIALS, len(owner), p=popularity)
    whole_group = rng.random(len(owner)) < 0.5
    alone = [owner[~whole_group & (wanted == code)] for code in range(MATERIALS)]
    grouped = [owner[whole_group & (wanted // GROUP == code // GROUP)] for code in range(MATERIALS)]
    return [np.unique(np.concatenate(both)) for both in zip(alone, grouped, strict=True)]


def _pairs(
    from_site: np.ndarray, to_site: np.ndarray, material: Ints, accepted: list[Ints]
) -> tuple[Ints, Ints, np.ndarray]:
    found = []
    for code, demands in enumerate(accepted):
        supplies = np.flatnonzero(material == code)
        if len(supplies) and len(demands):
            near = cKDTree(from_site[supplies]).sparse_distance_matrix(
                cKDTree(to_site[demands]), REACH_KM, output_type="ndarray"
            )
            found.append((supplies[near["i"]], demands[near["j"]], near["v"]))
    tail, head, km = (np.concatenate(column) for column in zip(*found, strict=True))
    return tail, head, km


def bare_flow(problem: ExchangeProblem) -> Ints:
    """Return the flow of SimpleMinCostFlow called straight, with nothing around it."""
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


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds that a call took, and its result."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def measure(problem: ExchangeProblem) -> Times:
    """Return the medians of interleaved rounds; leave with a sentence if any two answers differ."""
    rounds = []
    for _ in range(ROUNDS):
        bare_s, flow = timed(lambda: bare_flow(problem))
        solve_s, plan = timed(lambda: solve(problem))
        prices_s, _ = timed(lambda flow=flow: price_interval(problem, flow))
        check_s, verdict = timed(lambda plan=plan: check(problem, plan))
        if not verdict.passed or exact_dot(problem.value_per_unit, flow) != plan.objective:
            raise SystemExit(f"The answers differ or the check {verdict}")
        rounds.append((bare_s, solve_s, prices_s, check_s))
    return Times(*(statistics.median(column) for column in zip(*rounds, strict=True)))


def main(names: list[str]) -> None:
    """Measure the sizes named, or all, and print a table."""
    print(f"{'size':>5} {'arcs':>8} {'bare s':>8} {'solve s':>8} {'ratio':>6} {'prices s':>9} {'check s':>8}")
    for name in names or SIZES:
        problem = instance(*SIZES[name])
        seen = measure(problem)
        print(
            f"{name:>5} {problem.arcs:>8} {seen.bare:>8.3f} {seen.solve:>8.3f} {seen.solve / seen.bare:>6.2f} "
            f"{seen.prices:>9.3f} {seen.check:>8.3f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
