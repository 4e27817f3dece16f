"""One exchange of many components on Dask workers of this machine: `make bench-cluster`.

The instance is seeded: 64 components of 300 supplies and 200 demands, every pair an arc (60,000 each, so each is a
task of its own), values and quantities at random. It is solved alone, on 1, 2 and 4 workers of one thread, and on 4 of
which one is killed as soon as the first part is back. All must give the same plan, byte for byte. Times include the
way of the arrays to the workers and back; the workers are there before. A country whose candidates hang together in
one component gains nothing: that share is measured too, as the same number of arcs in a single component.
"""

import hashlib
import os
import signal
import sys
import time

import numpy as np
from distributed import LocalCluster

from optimizer import ExchangePlan, ExchangeProblem
from optimizer.exchange import Solving, solve
from symbiosis.matching.cluster import Cluster, workers_of

PARTS, SUPPLIES, DEMANDS = 64, 300, 200
WORKERS = (1, 2, 4)


def instance(parts: int, supplies: int, demands: int, arcs: int) -> ExchangeProblem:
    """Return a problem of that many components, each with that many arcs."""
    rng = np.random.default_rng(11)
    pair = np.sort(rng.choice(supplies * demands, arcs, replace=False))
    i, j = np.divmod(pair, demands)
    return ExchangeProblem(
        supply=rng.integers(1, 100_000, parts * supplies),
        demand=rng.integers(1, 100_000, parts * demands),
        arc_supply=np.concatenate([i + part * supplies for part in range(parts)]),
        arc_demand=np.concatenate([j + part * demands for part in range(parts)]),
        value_per_unit=rng.integers(1, 50_000, parts * arcs),
    )


def plan_hash(plan: ExchangePlan) -> str:
    """Return the hash of flows and prices."""
    columns = (plan.flow, plan.price_supply_low, plan.price_supply_high, plan.price_demand_low, plan.price_demand_high)
    return hashlib.sha256(b"".join(column.tobytes() for column in columns)).hexdigest()[:16]


def on_cluster(problem: ExchangeProblem, workers: int, *, killing: bool) -> tuple[ExchangePlan, float]:
    """Return the plan and the seconds on so many workers, one of them killed on the way if asked for."""
    with LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None) as local:
        victims = [local.workers[0].process.pid] if killing else []

        def progress(solved: Solving) -> None:
            if victims:
                os.kill(victims.pop(), signal.SIGKILL)

        with workers_of(Cluster(local.scheduler_address)) as pool:
            began = time.perf_counter()
            return solve(problem, processes=pool, on_progress=progress), time.perf_counter() - began


def main() -> int:
    """Print one line for each way to solve and return 0 if all plans are the same, else 1."""
    print(f"{os.cpu_count()} cores; {PARTS} components of {SUPPLIES * DEMANDS:,} arcs")
    problem = instance(PARTS, SUPPLIES, DEMANDS, SUPPLIES * DEMANDS)
    hashes = []
    began = time.perf_counter()
    alone = solve(problem)
    hashes.append(plan_hash(alone))
    print(f"no cluster            {time.perf_counter() - began:7.2f} s  {hashes[-1]}")
    for workers, killing in (*((n, False) for n in WORKERS), (max(WORKERS), True)):
        plan, seconds = on_cluster(problem, workers, killing=killing)
        hashes.append(plan_hash(plan))
        print(f"{workers} workers{', 1 killed' if killing else '          '}   {seconds:7.2f} s  {hashes[-1]}")
    giant = instance(1, 20 * SUPPLIES, 20 * DEMANDS, PARTS * SUPPLIES * DEMANDS // 4)
    began = time.perf_counter()
    one = plan_hash(solve(giant))
    print(f"one giant component of {giant.arcs:,} arcs, no cluster {time.perf_counter() - began:7.2f} s")
    plan, seconds = on_cluster(giant, 2, killing=False)
    print(f"the same on 2 workers {seconds:7.2f} s")
    same = len(set(hashes)) == 1 and plan_hash(plan) == one
    print("all plans are the same" if same else "PLANS DIFFER")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
