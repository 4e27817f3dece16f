"""Independent components on a Dask cluster of processes on this machine: the same plan, also when a worker is lost."""

import dataclasses
import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest
from distributed import LocalCluster

from optimizer import ExchangeProblem
from optimizer.exchange import solve
from symbiosis.domain.ids import RunId
from symbiosis.matching import cluster as cluster_room
from symbiosis.matching.cluster import Cluster, ClusterError, workers_of
from symbiosis.matching.compute import compute
from symbiosis.matching.snapshot import snapshot_of
from tests.matching.markets import listing, market

PARTS, SUPPLIES, DEMANDS = 6, 180, 120


@pytest.fixture(scope="module")
def local() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        yield cluster


def several_parts() -> ExchangeProblem:
    """Return a problem of six components with 21,600 arcs each, more than share a solve."""
    rng = np.random.default_rng(3)
    i, j = np.divmod(np.arange(SUPPLIES * DEMANDS), DEMANDS)
    return ExchangeProblem(
        supply=rng.integers(1, 1000, PARTS * SUPPLIES),
        demand=rng.integers(1, 1000, PARTS * DEMANDS),
        arc_supply=np.concatenate([i + part * SUPPLIES for part in range(PARTS)]),
        arc_demand=np.concatenate([j + part * DEMANDS for part in range(PARTS)]),
        value_per_unit=rng.integers(1, 500, PARTS * SUPPLIES * DEMANDS),
    )


def test_a_plan_is_the_same_with_a_cluster_and_when_a_worker_is_killed_under_it(local: LocalCluster) -> None:
    problem = several_parts()
    alone = solve(problem)
    killed: list[int] = []

    def kill_one(done: float) -> None:
        if not killed:
            killed.append(local.workers[0].process.pid)
            os.kill(killed[0], signal.SIGKILL)

    with workers_of(Cluster(local.scheduler_address)) as workers:
        together = solve(problem, processes=workers, on_progress=kill_one)
    assert killed
    assert alone.components == PARTS
    for field in dataclasses.fields(alone):
        if not field.name.endswith("seconds"):
            assert np.array_equal(getattr(alone, field.name), getattr(together, field.name)), field.name


def test_a_run_on_a_cluster_has_the_plan_of_a_run_without(local: LocalCluster) -> None:
    snapshot = snapshot_of(market(listing("s1", "slag", 5_000), listing("d1", "aggregates", 4_000, km=1)))
    alone = compute(snapshot, RunId("r"), lambda *_: None)
    together = compute(snapshot, RunId("r"), lambda *_: None, Cluster(local.scheduler_address))
    assert alone.rows
    assert (together.plan_sha256, together.rows[:]) == (alone.plan_sha256, alone.rows[:])


def test_a_cluster_that_does_not_answer_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_room, "CONNECT_S", 0.2)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(ClusterError, match="does not answer"), workers_of(Cluster(address)):
            pass
