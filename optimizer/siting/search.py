"""Good choices of sites where a proof is out of reach: open, close and swap, each choice judged by its exact flow.

Method     start from the sites that gain under the customers' prices; then the first of these that is better is taken
           until none is: open one more, close one, swap one for another. Sites are tried in the order of their gain
Source     A. A. Kuehn, M. J. Hamburger (1963), Management Sci. 9, 643-666
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from optimizer.deadline import Deadline
from optimizer.linear import Floats
from optimizer.problem import Bools, Ints
from optimizer.siting.flow import best_service
from optimizer.siting.problem import SitingProblem

ENTRANTS: Final = 12
"""How many closed sites are tried as the one to open, those with the greatest gain first."""


@dataclass(slots=True, eq=False)
class Search:
    """The best choice so far and every choice already judged."""

    problem: SitingProblem
    deadline: Deadline
    objective: int | None = None
    opened: Bools | None = None
    flow: Ints | None = None
    _seen: set[bytes] = field(default_factory=set)

    def judge(self, opened: Bools) -> bool:
        """Return whether a choice is better than the best so far, and keep it if it is; no choice is judged twice."""
        key = opened.tobytes()
        if key in self._seen or int(opened.sum()) > self.problem.most_open:
            return False
        self._seen.add(key)
        flow = best_service(self.problem, opened)
        if flow is None:
            return False
        used = np.zeros(self.problem.sites, np.bool_)
        used[self.problem.arc_site[flow > 0]] = True
        worth = self.problem.objective(used, flow)
        if self.objective is not None and worth <= self.objective:
            return False
        self.objective, self.opened, self.flow = worth, used, flow
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

    def improve(self, gain: Floats | Ints) -> None:
        """Take the first better neighbour of the best choice until there is none, or until it is late."""
        better = self.opened is not None
        while better:
            better = any(self.judge(neighbour) for neighbour in self._neighbours(gain))

    def _neighbours(self, gain: Floats | Ints) -> Iterator[Bools]:
        if self.opened is None:
            return
        around = self.opened
        order = np.argsort(-gain, kind="stable")
        entrants = order[~around[order]][:ENTRANTS].tolist()
        leavers = order[around[order]][::-1].tolist()
        changes = [[i] for i in entrants] + [[o] for o in leavers] + [[i, o] for i in entrants for o in leavers]
        for change in changes:
            if self.deadline.passed():
                return
            neighbour = around.copy()
            neighbour[change] ^= True
            yield neighbour
