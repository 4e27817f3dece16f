"""The limits of a chain in words: for people, with the names that the caller gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.chain.missing import CAPACITY, CARRY, Name
from optimizer.chain.plan import ChainPlan, Shortfall
from optimizer.chain.problem import ChainProblem
from optimizer.chain.rows import RowKind


@dataclass(frozen=True, slots=True)
class Names:
    """What the rows of a problem are called; arcs are called by their two ends."""

    supplies: Sequence[str]
    demands: Sequence[str]
    processors: Sequence[str]
    products: Sequence[str]
    properties: Sequence[str]

    @classmethod
    def numbers(cls, problem: ChainProblem) -> "Names":
        """Return the row numbers as names."""
        sizes = len(problem.supply), len(problem.demand), problem.processors, len(problem.product_of)
        return cls(*([str(n) for n in range(size)] for size in (*sizes, problem.properties)))


class Words:
    """The sentences about one problem; `amount` writes a number."""

    def __init__(self, problem: ChainProblem, names: Names) -> None:
        self.problem, self.names = problem, names

    def tail(self, node: int) -> str:
        """Return what an arc leaves, with its noun."""
        supplies = len(self.names.supplies)
        if node < supplies:
            return f"supply {self.names.supplies[node]}"
        return f"product {self.names.products[node - supplies]}"

    def head(self, node: int) -> str:
        """Return what an arc reaches, with its noun."""
        demands = len(self.names.demands)
        if node < demands:
            return f"demand {self.names.demands[node]}"
        return f"processor {self.names.processors[node - demands]}"

    def use(self, number: int) -> str:
        """Return an arc or a processor."""
        if number >= self.problem.arcs:
            return f"processor {self.names.processors[number - self.problem.arcs]}"
        tail, head = self.problem.arc_tail[number], self.problem.arc_head[number]
        return f"the arc from {self.tail(int(tail))} to {self.head(int(head))}"

    def when(self, period: int) -> str:
        """Return the period as an addition to a sentence; nothing where there is only one."""
        return f" in period {period + 1}" if self.problem.periods > 1 and period >= 0 else ""

    def shortfall(self, one: Shortfall) -> str:
        """Return what is missing where, as a sentence."""
        kind, node, _, t = one.limit
        lacks = f"but {one.missing:.10g} of it is missing{self.when(t)}."
        must = f"{one.wanted:.10g}"
        if kind == CARRY:
            verb = "carry" if node < self.problem.arcs else "process"
            return self._opened(f"{self.use(node)} must {verb} {must}, {lacks}")
        if kind in (RowKind.SUPPLY, RowKind.SUPPLY_LEAST):
            missing = f"{one.missing:.10g}"
            place = f"but {missing} of it finds no place{self.when(t)}."
            return f"Supply {self.names.supplies[node]} must ship {must}, {place}"
        if kind == RowKind.FINAL:
            return f"The stock of {self.store(node)} must end at {must}, {lacks}"
        if kind == RowKind.SECOND:
            return f"The second objective must reach {must}, {lacks}"
        return f"Demand {self.names.demands[node]} must be served {must}, {lacks}"

    def unreached(self, one: Shortfall) -> Iterator[str]:
        """Name a supply or a demand that falls short because it has no arc at all."""
        kind, node, _, _ = one.limit
        if kind in (RowKind.SUPPLY, RowKind.SUPPLY_LEAST) and not (self.problem.arc_tail == node).any():
            yield f"No arc leaves {self.tail(node)}."
        head = node if kind == RowKind.DEMAND else len(self.problem.demand) + node - self.problem.arcs
        processor = kind == CARRY and node >= self.problem.arcs
        if (kind == RowKind.DEMAND or processor) and not (self.problem.arc_head == head).any():
            yield f"No arc reaches {self.head(head)}."

    def obstacle(self, limit: Name) -> str:
        """Return a limit that stands in the way, as a sentence."""
        kind, node, prop, t = limit
        problem, when = self.problem, self.when(t)
        if kind == RowKind.SUPPLY:
            return f"Supply {self.names.supplies[node]} has only {problem.supply[node, t]:.10g}{when}."
        if kind == RowKind.DEMAND:
            return f"Demand {self.names.demands[node]} takes only {problem.demand[node, t]:.10g}{when}."
        if kind == CAPACITY:
            return self._opened(f"{self.use(node)} carries at most {problem.uses.capacity[node, t]:.10g}{when}.")
        if kind in (RowKind.QUALITY_MOST, RowKind.QUALITY_LEAST):
            return self._opened(f"{self.quality(kind, node, prop)}{when}.")
        return self._opened(f"{self.links(kind, node)}.")

    def quality(self, kind: str, node: int, prop: int) -> str:
        """Return a quality limit without a full stop."""
        most = kind == RowKind.QUALITY_MOST
        limit = (self.problem.quality.most if most else self.problem.quality.least)[node, prop]
        how = "most" if most else "least"
        return f"{self.head(node)} takes {self._property(prop)} at {how} at {limit:.10g}"

    def links(self, kind: str, node: int) -> str:
        """Return a limit on links without a full stop."""
        limits = self.problem.links
        if kind == RowKind.TAIL_PARTNERS:
            return f"{self.tail(node)} may have only {_links(limits.tail_most[node])}"
        if kind == RowKind.HEAD_PARTNERS:
            return f"{self.head(node)} may have only {_links(limits.head_most[node])}"
        if kind == RowKind.BUDGET:
            return f"the budget allows only {limits.budget:.10g} of {int(limits.budgeted.sum())} marked links"
        if kind == RowKind.LOT:
            return f"{self.use(node)} carries at least {self.problem.uses.lot[node]:.10g} if anything"
        return f"{self.use(node)} must carry {np.max(self.problem.uses.least[node]):.10g}"

    def store(self, k: int) -> str:
        """Return where a store stands."""
        stores = self.problem.stores
        return self.head(int(stores.node[k])) if stores.at_head[k] else self.tail(int(stores.node[k]))

    def reason(self, plan: ChainPlan) -> Iterator[str]:
        """Return why an infeasible plan is none: what is missing, then what stands in the way."""
        for one in plan.shortfalls:
            yield self.shortfall(one)
        yield from self.obstacles(plan)

    def obstacles(self, plan: ChainPlan) -> Iterator[str]:
        """Return what stands in the way of an infeasible plan, as sentences."""
        for one in plan.shortfalls:
            yield from self.unreached(one)
        for limit in plan.obstacles:
            if limit[0] not in (CARRY, RowKind.FINAL, RowKind.SUPPLY_LEAST, RowKind.SECOND):
                yield self.obstacle(limit)

    def _property(self, prop: int) -> str:
        name = self.names.properties[prop]
        return f"property {name}" if name.isdigit() else name

    def _opened(self, sentence: str) -> str:
        return sentence[0].upper() + sentence[1:]


def _links(count: float) -> str:
    return f"{count:.10g} link" if count == 1 else f"{count:.10g} links"
