"""The answer to an exchange, as JSON: the same columns whatever method solved it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizer.chain import ChainPlan, Words
from optimizer.forms.exchange.read import Chain
from optimizer.forms.quantities import plain
from optimizer.forms.shape import Json
from optimizer.linear import Floats
from optimizer.plan import SolveStatus


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Both ends of every price of a plain network flow, and for how many units more (low) or less (high) each holds at
    least, infinite for any number: supply (S,) and demand (D,).
    """

    supply_low: Floats
    supply_high: Floats
    demand_low: Floats
    demand_high: Floats
    supply_more: Floats
    supply_less: Floats
    demand_more: Floats
    demand_less: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A solved form: `method` says how, `resolution` in which units where it was counted in whole numbers."""

    chain: Chain
    plan: ChainPlan
    method: str
    resolution: Json | None = None
    intervals: Intervals | None = None


def reply(form: Json, solution: Solution) -> Json:
    """Return the answer to a form; without a plan it says why there is none and nothing else."""
    chain, plan = solution.chain, solution.plan
    sign = -1.0 if chain.least_cost else 1.0
    planned = plan.status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)
    said: Json = {
        "kind": "exchange",
        "status": plan.status.value,
        "objective": plain(sign * plan.objective) if planned else None,
        "bound": _known(sign * plan.bound),
        "gap": plain(plan.gap) if planned else None,
        "seconds": round(plan.seconds, 3),
        "method": solution.method,
        **({"resolution": solution.resolution} if solution.resolution else {}),
    }
    if not planned:
        return {**said, **_why(chain, plan)}
    writer = _Writer(form, solution)
    second = {"second_objective": plain(writer.second_sign() * plan.second)} if np.isfinite(plan.second) else {}
    if "second_objective" in form:
        second["second_objective_price"] = plain(plan.price_second)
    return {
        **said,
        **second,
        "flows": list(writer.flows()),
        "unused_arcs": list(writer.unused()),
        "supplies": list(writer.supplies()),
        "demands": list(writer.demands()),
        **({"processors": list(writer.processors())} if chain.nodes.processors else {}),
        **({"storage": list(writer.stocks())} if len(chain.problem.stores.node) else {}),
        **({"quality": list(writer.qualities())} if chain.problem.properties else {}),
        "components": list(writer.components()),
    }


def _why(chain: Chain, plan: ChainPlan) -> Json:
    if plan.status is SolveStatus.STOPPED:
        return {"reason": "The time limit struck before there was a plan."}
    words = Words(chain.problem, chain.names)
    return {
        "reason": " ".join(words.reason(plan)),
        "shortfalls": [words.shortfall(one) for one in plan.shortfalls],
        "obstacles": list(words.obstacles(plan)),
    }


class _Writer:
    """The columns of one answer."""

    def __init__(self, form: Json, solution: Solution) -> None:
        self.form, self.chain, self.plan = form, solution.chain, solution.plan
        self.problem, self.nodes = solution.chain.problem, solution.chain.nodes
        self.intervals = solution.intervals
        arcs = self.problem.arcs
        self.taken = self.plan.flow[:arcs]
        self.delivered = self.taken * self.problem.arc_yield[:, None]

    def second_sign(self) -> float:
        return -1.0 if self.form.get("second_objective", {}).get("sense") == "MINIMISE" else 1.0

    def each(self, column: Floats) -> Any:  # noqa: ANN401  # A number, or a list of numbers.
        """Return a row of periods: a number where there is only one."""
        numbers = [plain(float(number)) for number in column]
        return numbers[0] if self.problem.periods == 1 else numbers

    def ends(self, a: int) -> Json:
        arc = self.form["arcs"][a]
        return {name: arc[name] for name in ("supply", "from", "product", "demand", "to") if name in arc}

    def period(self, t: int) -> Json:
        return {"period": t + 1} if self.problem.periods > 1 else {}

    def flows(self) -> Iterator[Json]:
        """Say what each arc carries, arc by arc and period by period."""
        uses = self.problem.uses
        said, sign = ("cost", -1.0) if self.chain.least_cost else ("value", 1.0)
        for a, t in np.argwhere(self.taken > 0).tolist():
            fixed = float(uses.once_cost[a] + uses.each_cost[a])
            yield {
                **self.ends(a),
                **self.period(t),
                "quantity": plain(float(self.taken[a, t])),
                **({"delivered": plain(float(self.delivered[a, t]))} if self.problem.arc_yield[a] != 1 else {}),
                said: plain(sign * float(uses.value[a, t] * self.taken[a, t])),
                **({"fixed_cost": plain(fixed)} if fixed else {}),
                "regret": plain(float(self.plan.regret[a, t])),
            }

    def unused(self) -> Iterator[Json]:
        """Say what a unit on each arc that carries nothing would lose."""
        for a in np.flatnonzero(~self.plan.used[: self.problem.arcs]).tolist():
            yield {**self.ends(a), "regret": self.each(self.plan.regret[a])}

    def supplies(self) -> Iterator[Json]:
        problem, used = self.problem, np.zeros((self.problem.tails, self.problem.periods))
        np.add.at(used, problem.arc_tail, self.taken)
        for i, name in enumerate(self.nodes.supplies):
            yield {
                "id": name,
                "used": self.each(used[i]),
                "left": self.each(
                    np.maximum(problem.supply[i] - used[i], 0) if not self._stored(i) else self._spilt(i, used[i])
                ),
                **self._prices(self.plan.price_supply[i], "supply", i),
                "component": _home(self.plan.part_of_supply[i]),
            }

    def demands(self) -> Iterator[Json]:
        problem, plan = self.problem, self.plan
        got = self._arrived()
        for j, name in enumerate(self.nodes.demands):
            yield {
                "id": name,
                "served": self.each(got[j]),
                "missing": self.each(np.maximum(problem.demand[j] - got[j], 0)),
                **self._prices(plan.price_demand[j], "demand", j),
                "component": _home(plan.part_of_demand[j]),
            }

    def processors(self) -> Iterator[Json]:
        problem, plan = self.problem, self.plan
        supplies = len(self.nodes.supplies)
        left = np.zeros((problem.tails, problem.periods))
        np.add.at(left, problem.arc_tail, self.taken)
        for p, name in enumerate(self.nodes.processors):
            worked = plan.flow[problem.arcs + p]
            made = [
                {
                    "id": product["id"],
                    "made": self.each(worked * problem.product_yield[q]),
                    "taken": self.each(left[supplies + q]),
                    "price": self.each(plan.price_product[q]),
                }
                for q, (of, product) in enumerate(self.nodes.products)
                if of == p
            ]
            yield {
                "id": name,
                "processed": self.each(worked),
                "price_of_intake": self.each(plan.price_processor[p]),
                "price_of_capacity": self.each(np.maximum(-plan.regret[problem.arcs + p], 0)),
                "products": made,
                "component": _home(plan.part_of_processor[p]),
            }

    def stocks(self) -> Iterator[Json]:
        stores, supplies, demands = self.problem.stores, len(self.nodes.supplies), len(self.nodes.demands)
        for k, (at_head, node) in enumerate(zip(stores.at_head.tolist(), stores.node.tolist(), strict=True)):
            if at_head:
                where = {"demand": self.nodes.demands[node]} if node < demands else {}
                where = where or {"processor": self.nodes.processors[node - demands]}
            else:
                where = {"supply": self.nodes.supplies[node]} if node < supplies else {}
                where = where or {"product": self.nodes.products[node - supplies][1]["id"]}
            yield {**where, "stock": self.each(self.plan.stock[k])}

    def qualities(self) -> Iterator[Json]:
        """Say the mean concentration at each limit; None in a period in which nothing arrives."""
        problem, quality = self.problem, self.problem.quality
        for head, k in np.argwhere(np.isfinite(quality.most) | np.isfinite(quality.least)).tolist():
            arcs = problem.arc_head == head
            total = self.delivered[arcs].sum(axis=0)
            load = quality.concentration[arcs, k] @ self.delivered[arcs]
            mix = [plain(float(a / b)) if b > 0 else None for a, b in zip(load.tolist(), total.tolist(), strict=True)]
            demands = len(self.nodes.demands)
            where = {"demand": self.nodes.demands[head]} if head < demands else {}
            where = where or {"processor": self.nodes.processors[head - demands]}
            limits = {
                **({"at_least": plain(float(quality.least[head, k]))} if np.isfinite(quality.least[head, k]) else {}),
                **({"at_most": plain(float(quality.most[head, k]))} if np.isfinite(quality.most[head, k]) else {}),
            }
            worth = np.maximum(self.plan.price_most[head, k], self.plan.price_least[head, k])
            yield {
                **where,
                "property": self.chain.names.properties[k],
                **limits,
                "mix": mix[0] if problem.periods == 1 else mix,
                "price": self.each(worth),
            }

    def components(self) -> Iterator[Json]:
        """Say how each independent part ended; the parts add up to the objective."""
        plan, sign = self.plan, -1.0 if self.chain.least_cost else 1.0
        for n, part in enumerate(plan.parts):
            yield {
                "component": n,
                "status": part.status.value,
                "objective": plain(sign * part.objective),
                "bound": _known(sign * part.bound),
                "gap": _known(part.gap),
                "seconds": round(part.seconds, 3),
                "supplies": int((plan.part_of_supply == n).sum()),
                "demands": int((plan.part_of_demand == n).sum()),
            }

    def _stored(self, i: int) -> bool:
        stores = self.problem.stores
        return bool((~stores.at_head & (stores.node == i)).any())

    def _spilt(self, i: int, used: Floats) -> Floats:
        """Return what of a supply with a store is neither shipped nor kept."""
        stores = self.problem.stores
        k = int(np.flatnonzero(~stores.at_head & (stores.node == i))[0])
        stock = self.plan.stock[k]
        kept = np.concatenate(([stores.initial[k]], stock[:-1] * (1 - stores.loss[k])))
        spilt: Floats = np.maximum(self.problem.supply[i] + kept - stock - used, 0)
        return spilt

    def _arrived(self) -> Floats:
        """Return what each demand uses up in each period (D, T)."""
        problem, stores = self.problem, self.problem.stores
        got = np.zeros((problem.heads, problem.periods))
        np.add.at(got, problem.arc_head, self.delivered)
        for k in np.flatnonzero(stores.at_head).tolist():
            stock = self.plan.stock[k]
            got[stores.node[k]] += np.concatenate(([stores.initial[k]], stock[:-1] * (1 - stores.loss[k]))) - stock
        used: Floats = got[: len(self.nodes.demands)]
        return used

    def _prices(self, price: Floats, side: str, n: int) -> Json:
        said: Json = {"price": self.each(price)}
        if self.intervals is not None:
            for end, way in (("low", "more"), ("high", "less")):
                said[f"price_{end}"] = plain(float(getattr(self.intervals, f"{side}_{end}")[n]))
                said[f"price_{end}_holds_for"] = _known(float(getattr(self.intervals, f"{side}_{way}")[n]))
        return said


def _known(number: float) -> int | float | None:
    """Return a number as JSON shows it; None for one that is not known."""
    return plain(number) if np.isfinite(number) else None


def _home(part: int) -> int | None:
    return None if part < 0 else int(part)
