"""Good choices of sites where a proof is out of reach: open, close and swap, each choice judged by its exact flow.

Method     start from the sites that gain under the prices of the bound; then the first of these that is better is taken
           until none is: open one more, close one, swap one for another, swap two for two others. Choices are tried in
           the order of what the prices say that they are worth at most; one that is worth no more than the best so far
           is passed over, so that few flows are solved and none is missed
Source     A. A. Kuehn, M. J. Hamburger (1963), Management Sci. 9, 643-666
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from optimizer.deadline import Deadline
from optimizer.linear import Floats
from optimizer.problem import Bools, Ints
from optimizer.siting.bound import SitingBound
from optimizer.siting.flow import best_service
from optimizer.siting.problem import SitingProblem

PAIRS: Final = 200
"""How many choices two swaps away are looked at, the most promising first."""


@dataclass(slots=True, eq=False)
class Search:
    """The best choice so far and every choice already judged."""

    problem: SitingProblem
    deadline: Deadline
    objective: int | None = None
    opened: Bools | None = None
    service: tuple[Ints, Ints] | None = None
    _seen: set[bytes] = field(default_factory=set)

    def judge(self, opened: Bools) -> bool:
        """Return whether a choice is better than the best so far, and keep it if it is; no choice is judged twice."""
        key = opened.tobytes()
        if key in self._seen or int(opened.sum()) > self.problem.most_open:
            return False
        self._seen.add(key)
        service = best_service(self.problem, opened)
        if service is None:
            return False
        used = np.zeros(self.problem.sites, np.bool_)
        used[self.problem.arc_site[service[0] > 0]] = True
        worth = self.problem.objective(used, *service)
        if self.objective is not None and worth <= self.objective:
            return False
        self.objective, self.opened, self.service = worth, used, service
        return True

    def begin(self, chosen: Bools, gain: Floats) -> None:
        """Judge a choice; where its sites cannot hold all demand, sites are added in the order of their gain."""
        problem, opened = self.problem, chosen.copy()
        if problem.serve_all:
            needed = int(problem.demand.sum())
            for i in np.argsort(-gain, kind="stable"):
                if int(problem.capacity[opened].sum()) >= needed or int(opened.sum()) >= problem.most_open:
                    break
                opened[i] = True
        self.judge(opened)

    def improve(self, bound: SitingBound) -> None:
        """Take the first better neighbour of the best choice until there is none, or until it is late."""
        better = self.opened is not None
        while better:
            better = any(self.judge(neighbour) for neighbour in self._neighbours(bound))

    def _neighbours(self, bound: SitingBound) -> Iterator[Bools]:
        """Yield the choices that the bound does not exclude: one change away first, then two."""
        for changes in (_single_changes, _double_swaps):
            if self.opened is None or self.objective is None:
                return
            here = bound.of(self.opened)
            for more, change in changes(self.opened, bound.gain):
                if (here + more) // bound.unit <= self.objective or self.deadline.passed():
                    break
                neighbour = self.opened.copy()
                neighbour[list(change)] ^= True
                yield neighbour


Change = tuple[int, tuple[int, ...]]
"""By how much the prices say that a choice gains at most, and the sites that open or close."""


def _single_changes(opened: Bools, gain: Ints) -> list[Change]:
    """Return every opening, closing and swap, the most promising first."""
    changes: list[Change] = [(int(-gain[i] if opened[i] else gain[i]), (i,)) for i in range(len(gain))]
    return sorted(changes + _swaps(opened, gain), reverse=True)


def _double_swaps(opened: Bools, gain: Ints) -> list[Change]:
    """Return the most promising pairs of swaps that have no site in common."""
    swaps = sorted(_swaps(opened, gain), reverse=True)[: int((2 * PAIRS) ** 0.5) + 1]
    pairs = [
        (first[0] + second[0], first[1] + second[1])
        for first, second in itertools.combinations(swaps, 2)
        if not set(first[1]) & set(second[1])
    ]
    return sorted(pairs, reverse=True)


def _swaps(opened: Bools, gain: Ints) -> list[Change]:
    inside, outside = np.flatnonzero(opened).tolist(), np.flatnonzero(~opened).tolist()
    return [(int(gain[i] - gain[o]), (i, o)) for i in outside for o in inside]
