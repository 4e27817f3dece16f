"""Measure the optimiser against its goals: `python -m bench.optimizer [--only exchange,links] [--list]`."""

import argparse
import sys
from importlib import import_module
from typing import Final

from bench.optimizer.measure import timed
from bench.optimizer.report import Goal

PARTS: Final = {
    "exchange": "an exchange with prices against the bare flow",
    "solvers": "the same against four other solvers",
    "growth": "seconds and memory from 20,000 to 5 million arcs",
    "processes": "two processes against one",
    "blending": "limits on the quality of mixes, large",
    "links": "fixed costs, lots, partner limits",
    "fronts": "one point of a front of money and emissions",
    "siting": "where to put shared plants",
    "periods": "periods with storage",
}
"""Module of this package -> what it measures. Each has `tables()`, which yields its tables as they are ready."""


def main(arguments: list[str]) -> int:
    """Print the tables that were asked for, then every goal once more; return how many goals were missed, at most 1."""
    parser = argparse.ArgumentParser(prog="python -m bench.optimizer", description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS), help="names, separated by commas")
    parser.add_argument("--list", action="store_true", help="say what can be measured, and leave")
    given = parser.parse_args(arguments)
    if given.list:
        print("\n".join(f"{name:<10} {what}" for name, what in PARTS.items()))
        return 0
    names = given.only.split(",")
    if unknown := [name for name in names if name not in PARTS]:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    seconds, goals = timed(lambda: [goal for name in names for goal in _part(name)])
    print(f"## Goals ({seconds / 60:.1f} minutes)\n")
    print("\n".join(goal.line() for goal in goals))
    return int(not all(goal.reached for goal in goals))


def _part(name: str) -> list[Goal]:
    goals: list[Goal] = []
    for table in import_module(f"bench.optimizer.{name}").tables():
        print(table.text(), end="\n\n", flush=True)
        goals += table.goals
    return goals


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
