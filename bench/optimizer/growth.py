"""Seconds and peak memory of the exchange as it grows from 20,000 arcs to five million."""

from collections.abc import Iterator
from statistics import median
from typing import Final

from bench.optimizer.instances import instance
from bench.optimizer.measure import exponent, in_child, timed
from bench.optimizer.report import Row, Table, at_most
from optimizer import ExchangeProblem, solve

RUNS: Final = {"1k": 3, "3k": 3, "10k": 3, "50k": 2, "100k": 1}
"""How often each size is run; the largest once, for time."""


def tables() -> Iterator[Table]:
    """Yield one table: each size in processes of its own, and the exponents of growth."""
    rows, arcs, seconds, peak = [], [], [], 0.0
    for size, runs in RUNS.items():
        children = [in_child(_solved, size) for _ in range(runs)]
        arcs.append(children[0].result[1])
        seconds.append(median(child.result[0] for child in children))
        peak = max(child.peak_mb for child in children)
        rows.append(Row.of(f"{size} x {size}", arcs[-1], runs, seconds[-1], children[0].result[2] / 1000, peak))
    goals = [
        at_most("growth of seconds in arcs, 20,000 to 2 million: exponent", exponent(arcs[:4], seconds[:4]), 1.25),
        at_most("growth of seconds in arcs, 20,000 to 5 million: exponent", exponent(arcs, seconds), 1.35),
        at_most("5 million arcs: seconds", seconds[-1], 60.0),
        at_most("5 million arcs: peak memory of the process in MB", peak, 1200.0),
    ]
    columns = ("arcs", "runs", "seconds", "value EUR", "peak MB")
    notes = "From arrays to a proven plan; the peak is that of the whole process, with instance and interpreter."
    yield Table("Growth of the exchange", columns, rows, goals, notes)


def _solved(size: str) -> tuple[float, int, int]:
    solve(instance("1k").exchange())
    given = instance(size).exchange()
    columns = (given.supply, given.demand, given.arc_supply, given.arc_demand, given.value_per_unit)
    del given
    seconds, plan = timed(lambda: solve(ExchangeProblem(*columns)))
    return seconds, len(plan.flow), plan.objective
