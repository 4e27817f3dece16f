"""Why one demand gets what it gets, in sentences: suppliers, price, what binds, the next best alternatives."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from optimizer.chain import Words
from optimizer.chain.rows import RowKind
from optimizer.forms.exchange.reply import Solution, reply
from optimizer.forms.exchange.solved import solution_of
from optimizer.forms.shape import FormError, Json, row_of, rows_of
from optimizer.linear import Floats
from optimizer.plan import SolveStatus

_NOTHING: Final = 1e-9
"""Flows, prices and regrets up to this size are rounding."""


def explain(form: Json, demand: str, alternatives: int) -> str:
    """Return why a demand of an exchange form gets what it gets; raises FormError for one that does not exist."""
    j = row_of(rows_of([one["id"] for one in form["demands"]]), demand, "--demand", "demand")
    if alternatives < 0:
        raise FormError("--alternatives", f"{alternatives} is negative; give zero or more.")
    solution = solution_of(form)
    said = reply(form, solution)
    if solution.plan.status not in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
        return f"There is no plan to explain ({solution.plan.status}): {said['reason']}\n"
    story = _Story(solution, j, alternatives)
    lines = [line for t in range(solution.chain.problem.periods) for line in story.period(t, said)]
    return "\n".join([*lines, story.standing()]) + "\n"


class _Story:
    """The sentences about one demand."""

    def __init__(self, solution: Solution, demand: int, alternatives: int) -> None:
        self.chain, self.plan, self.j = solution.chain, solution.plan, demand
        self.problem, self.alternatives = solution.chain.problem, alternatives
        self.words = Words(self.problem, self.chain.names)
        self.arcs = np.flatnonzero(self.problem.arc_head == demand)
        self.intervals = solution.intervals

    def period(self, t: int, said: Json) -> Iterator[str]:
        """Tell one period: what arrives, the price, what binds, the next best."""
        row = said["demands"][self.j]
        served = row["served"] if self.problem.periods == 1 else row["served"][t]
        name = self.chain.names.demands[self.j]
        if self.problem.periods > 1:
            yield f"Period {t + 1}"
        yield f"Demand {name} gets {_told(served)} of {_told(self.problem.demand[self.j, t])}."
        flow = self.plan.flow[self.arcs, t]
        for a in self.arcs[np.argsort(-flow * self.problem.arc_yield[self.arcs], kind="stable")].tolist():
            if self.plan.flow[a, t] > _NOTHING:
                yield f"  {self._flow(a, t)}"
        yield self._price(t)
        binding = list(dict.fromkeys(self._binding(t)))
        yield "What binds:" if binding else "Nothing binds: no more is worth having."
        yield from (f"  {one}" for one in binding)
        yield from self._next(t)

    def standing(self) -> str:
        """Return how good the whole plan is."""
        sign = -1.0 if self.chain.least_cost else 1.0
        objective, bound = (_told(sign * number) for number in (self.plan.objective, self.plan.bound))
        if self.plan.status is SolveStatus.OPTIMAL:
            return f"The plan is optimal: {objective}, and no plan can be better."
        return f"The plan is worth {objective}; no plan is better than {bound} (a gap of {self.plan.gap:.3%})."

    def _flow(self, a: int, t: int) -> str:
        problem = self.problem
        taken, rate = float(self.plan.flow[a, t]), float(problem.arc_yield[a])
        arrives = f"{_told(taken)}" if rate == 1 else f"{_told(taken * rate)} (from {_told(taken)} taken)"
        paid = float(problem.uses.once_cost[a] + problem.uses.each_cost[a])
        fixed = f", less {_told(paid)} for the link" if paid else ""
        worth = problem.uses.value[a, t]
        source = self.words.tail(int(problem.arc_tail[a]))
        return f"{arrives} from {source} at {_told(worth)} a unit{fixed}; {self._source(a, t)}"

    def _source(self, a: int, t: int) -> str:
        node, supplies = int(self.problem.arc_tail[a]), len(self.problem.supply)
        table = self.plan.price_supply if node < supplies else self.plan.price_product
        price = table[node if node < supplies else node - supplies, t]
        if price > _NOTHING:
            return f"a unit more there would be worth {_told(price)}."
        return "there is more of it." if price > -_NOTHING else f"a unit less there would be worth {_told(-price)}."

    def _price(self, t: int) -> str:
        price = float(self.plan.price_demand[self.j, t])
        between = ""
        if self.intervals is not None:
            low, high = float(self.intervals.demand_low[self.j]), float(self.intervals.demand_high[self.j])
            between = f" (anything from {_told(low)} to {_told(high)} would do)" if low != high else ""
            more = float(self.intervals.demand_more[self.j])
            if 0 < more < np.inf and low > 0:
                between += f", for {_told(more)} units more at least"
        if price < -_NOTHING:
            return f"Price: {_told(price)}: a unit less that must be served would be worth {_told(-price)}{between}."
        return f"Price: {_told(price)}: so much a unit more to be served would be worth{between}."

    def _binding(self, t: int) -> Iterator[str]:
        problem, plan, j = self.problem, self.plan, self.j
        if plan.price_demand[j, t] > _NOTHING:
            yield f"quantity: no more than {_told(problem.demand[j, t])} is needed."
        if plan.price_demand[j, t] < -_NOTHING:
            yield f"quantity: {_told(problem.demand_least[j, t])} must be served."
        for kind, worth in ((RowKind.QUALITY_MOST, plan.price_most), (RowKind.QUALITY_LEAST, plan.price_least)):
            for k in np.flatnonzero(worth[j, :, t] > _NOTHING).tolist():
                price = _told(worth[j, k, t])
                yield f"quality: {self.words.quality(kind, j, k)}; a looser limit is worth {price} per unit delivered."
        for a in self.arcs.tolist():
            yield from self._arc(a, t)
        most = problem.links.head_most[j]
        used = int(self.plan.used[self.arcs].sum())
        if used and used >= most and used < len(self.arcs):
            yield f"partners: {self.words.links(RowKind.HEAD_PARTNERS, j)}."
        marked = problem.links.budgeted
        spent = int((plan.used[: problem.arcs] & marked).sum())
        if marked[self.arcs].any() and spent >= problem.links.budget and spent < marked.sum():
            yield f"links: {self.words.links(RowKind.BUDGET, -1)}."

    def _arc(self, a: int, t: int) -> Iterator[str]:
        uses, plan = self.problem.uses, self.plan
        flow, regret = float(plan.flow[a, t]), float(plan.regret[a, t])
        source = self.words.tail(int(self.problem.arc_tail[a]))
        if flow > _NOTHING and flow >= uses.capacity[a, t] * (1 - _NOTHING) and regret < -_NOTHING:
            gain = _told(-regret)
            yield f"capacity: the arc from {source} carries no more than {_told(flow)}; more would gain {gain}."
        if flow > _NOTHING and uses.lot[a] > 0 and flow <= uses.lot[a] * (1 + _NOTHING):
            yield f"lot: the arc from {source} carries {_told(uses.lot[a])} or nothing."
        if uses.least[a, t] > 0 and regret > _NOTHING and flow <= uses.least[a, t] * (1 + _NOTHING):
            yield f"least: the arc from {source} must carry {_told(uses.least[a, t])}; less would gain {_told(regret)}."
        node, supplies = int(self.problem.arc_tail[a]), len(self.problem.supply)
        if flow > _NOTHING and node < supplies and plan.price_supply[node, t] > _NOTHING:
            yield f"supply: {source} has no more than {_told(self.problem.supply[node, t])}."
        if flow > _NOTHING and node >= supplies:
            if plan.price_product[node - supplies, t] > _NOTHING:
                yield f"supply: there is no more of {source}."
            p = int(self.problem.product_of[node - supplies])
            run = self.problem.arcs + p
            if plan.regret[run, t] < -_NOTHING and plan.flow[run, t] >= uses.capacity[run, t] * (1 - _NOTHING):
                gain = _told(-float(plan.regret[run, t]))
                limit = _told(uses.capacity[run, t])
                yield f"capacity: {self.words.use(run)} works at its limit of {limit}; a unit more would gain {gain}."

    def _next(self, t: int) -> Iterator[str]:
        """Name the arcs of this demand that carry nothing, least regret first."""
        unused = [a for a in self.arcs.tolist() if self.plan.flow[a, t] <= _NOTHING]
        unused.sort(key=lambda a: (float(self.plan.regret[a, t]), a))
        if unused and self.alternatives:
            yield "Next best:"
        for a in unused[: self.alternatives]:
            regret = float(self.plan.regret[a, t])
            verb = f"would lose {_told(regret)}" if regret >= 0 else f"would gain {_told(-regret)}, but is not allowed"
            if abs(regret) <= _NOTHING:
                verb = "would lose nothing"
            yield f"  {self.words.tail(int(self.problem.arc_tail[a]))}: a unit on this arc {verb}."


def _told(number: float | Floats) -> str:
    """Return a number for a person: up to ten digits, no zero with a sign."""
    return f"{float(number) + 0.0:.10g}"
