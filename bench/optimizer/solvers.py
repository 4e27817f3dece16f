"""The exchange of 300,000 arcs, with prices and proof, against four other ways to solve it.

All are timed from arrays to an array, imports aside: build, solve, read-out. Ours builds a checked problem and gives
prices, a bound and the parts that hang together; the others give a flow.
"""

from collections.abc import Iterator
from statistics import median
from typing import Final

from bench.optimizer.instances import instance
from bench.optimizer.measure import ROUNDS, in_child, timed
from bench.optimizer.peers import PeerAnswer, ask
from bench.optimizer.report import Goal, Row, Table, at_least
from optimizer import solve

SIZE: Final = "10k"
GOALS: Final = {"glop": 6.0, "pulp_cbc": 14.0, "scipy_ipm": 15.0, "networkx": 200.0}
"""How many times our seconds each other solver should need at least."""
ONCE: Final = "networkx"
"""So slow that it is run once."""
LIMIT_S: Final = 600.0


def tables() -> Iterator[Table]:
    """Yield one table: seconds, ratio to ours, value and memory of each solver."""
    ours: list[PeerAnswer] = []
    others: dict[str, list[PeerAnswer]] = {name: [] for name in GOALS}
    for turn in range(ROUNDS):
        child = in_child(_ours, SIZE)
        seconds, objective = child.result
        ours.append(PeerAnswer(seconds, objective, child.peak_mb))
        for name, answers in others.items():
            if turn == 0 or name != ONCE:
                answers.append(ask(name, SIZE, LIMIT_S))
    best = median(answer.seconds for answer in ours)
    rows, goals = [_row("ours, with prices and proof", ours, best)], []
    for name, answers in others.items():
        ratio = median(answer.seconds for answer in answers) / best
        rows.append(_row(name, answers, best))
        goals.append(at_least(f"exchange of 300,000 arcs: times our seconds that {name} needs", ratio, GOALS[name]))
        same = all(_same(answer, ours[0]) for answer in answers)
        goals.append(Goal(f"exchange of 300,000 arcs: {name} finds the same value to the cent", str(same), same))
    columns = ("seconds", "x ours", "value EUR", "runs", "peak MB")
    yield Table("Exchange against other solvers, 300,000 arcs", columns, rows, goals, "Interleaved, medians.")


def _ours(size: str) -> tuple[float, float]:
    """Return the seconds from arrays to the plan, and its objective."""
    territories = instance(size)
    solve(instance("1k").exchange())
    seconds, plan = timed(lambda: solve(territories.exchange()))
    return seconds, float(plan.objective)


def _row(name: str, answers: list[PeerAnswer], best: float) -> Row:
    seconds = median(answer.seconds for answer in answers)
    value = answers[0].objective
    euros = None if value is None else f"{value / 1000:,.2f}"
    return Row.of(name, seconds, seconds / best, euros, len(answers), max(answer.peak_mb for answer in answers))


def _same(one: PeerAnswer, other: PeerAnswer) -> bool:
    """Return whether two values agree to the cent: our unit is a tenth of it."""
    return one.objective is not None and other.objective is not None and abs(one.objective - other.objective) <= 10
