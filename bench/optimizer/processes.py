"""The exchange of two million arcs in two processes against one."""

from collections.abc import Iterator
from typing import Final

from bench.optimizer.instances import instance
from bench.optimizer.measure import interleaved
from bench.optimizer.report import Goal, Row, Table, at_least
from optimizer.exchange import solve

SIZE: Final = "50k"
ROUNDS: Final = 2


def tables() -> Iterator[Table]:
    """Yield one table: seconds of one and of two processes, and whether both give the same plan."""
    problem = instance(SIZE).exchange()
    works = {"one": lambda: solve(problem), "two": lambda: solve(problem, processes=2)}
    (one_s, one), (two_s, two) = interleaved(works, ROUNDS).values()
    same = one.objective == two.objective and (one.flow == two.flow).all()
    rows = [
        Row.of("one process", one_s, 1.0, one.components),
        Row.of("two processes", two_s, one_s / two_s, two.components),
    ]
    goals = [
        at_least("two processes on 2 million arcs: times as fast as one", one_s / two_s, 1.8),
        Goal("two processes give the plan of one", str(bool(same)), bool(same)),
    ]
    yield Table("Two processes against one, 2 million arcs", ("seconds", "x one", "components"), rows, goals)
