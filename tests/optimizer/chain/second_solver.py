"""The form of an exchange written out row by row for scipy's own HiGHS: slow, plain, and nothing of ours."""

import math
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

Json = dict[str, Any]
BIG = 1000.0


class Model:
    """Variables by name, rows as dictionaries."""

    def __init__(self, periods: int) -> None:
        self.periods = periods
        self.numbers: dict[tuple[Any, ...], int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.cost: list[float] = []
        self.whole: list[int] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def variable(self, *name: Any, low: float = 0, high: float = math.inf, value: float = 0, whole: int = 0) -> int:
        number = self.numbers.setdefault(name, len(self.low))
        if number == len(self.low):
            self.low.append(low)
            self.high.append(high)
            self.cost.append(-value)
            self.whole.append(whole)
        return number

    def row(self, terms: list[tuple[int, float]], low: float, high: float) -> None:
        summed: dict[int, float] = {}
        for number, factor in terms:
            summed[number] = summed.get(number, 0.0) + factor
        self.rows.append((summed, low, high))

    def best(self) -> float | None:
        """Return the greatest value, or None where no point keeps every row."""
        matrix = np.zeros((len(self.rows), len(self.low)))
        for n, (terms, _, _) in enumerate(self.rows):
            for column, factor in terms.items():
                matrix[n, column] = factor
        limits = LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows])
        found = milp(
            self.cost,
            constraints=limits,
            bounds=Bounds(self.low, self.high),
            integrality=self.whole,
            options={"mip_rel_gap": 0.0},
        )
        return -found.fun if found.status == 0 else None


def best_of(form: Json) -> float | None:
    """Return the best objective of a form (a cost where its goal is one), or None where it is infeasible."""
    found = model_of(form).best()
    return found if found is None or form.get("goal") != "LEAST_COST" else -found


def at(one: Json, name: str, t: int, absent: float = 0.0) -> float:
    given = one.get(name, absent)
    return float(given[t] if isinstance(given, list) else given)


def model_of(form: Json) -> Model:
    model = Model(form.get("periods", 1))
    model.variable("none")
    sketch = Sketch(model, form)
    sketch.uses()
    for t in range(model.periods):
        sketch.supplies(t)
        sketch.demands(t)
        sketch.processors(t)
    sketch.partners()
    sketch.second()
    return model


class Sketch:
    """One form on its way into a model."""

    def __init__(self, model: Model, form: Json) -> None:
        self.model, self.form = model, form
        self.made_by = {
            p["id"]: p.get("products", [{**p, "yield": p.get("yield", 1)}]) for p in self.rows("processors")
        }
        self.by_id = {one["id"]: one for side in ("supplies", "demands", "processors") for one in self.rows(side)}
        self.ends = [self.ends_of(arc) for arc in form["arcs"]]

    def rows(self, side: str) -> list[Json]:
        found: list[Json] = self.form.get(side, [])
        return found

    def ends_of(self, arc: Json) -> tuple[str, str, Json | None]:
        tail, head = arc.get("supply", arc.get("from")), arc.get("demand", arc.get("to"))
        products = self.made_by.get(tail, [])
        return tail, head, next((q for q in products if arc.get("product", q["id"]) == q["id"]), None)

    def uses(self) -> None:
        demands = {d["id"] for d in self.rows("demands")}
        for a, arc in enumerate(self.form["arcs"]):
            tail, head, made = self.ends[a]
            worth = []
            for t in range(self.model.periods):
                value = at(arc, "value_per_unit", t) - at(arc, "cost_per_unit", t)
                value -= at(self.by_id[tail], "cost_per_unit", t) if made is None else 0
                value += at(self.by_id[head], "value_per_unit", t) * arc.get("yield", 1) if head in demands else 0
                worth.append(value)
            used(self.model, ("arc", a), arc, worth)
        for p in self.rows("processors"):
            used(self.model, ("run", p["id"]), p, [-at(p, "cost_per_unit", t) for t in range(self.model.periods)])

    def leaving(self, tail: str, product: Json | None, t: int) -> list[tuple[int, float]]:
        chosen = [a for a, (of, _, made) in enumerate(self.ends) if of == tail and made is product]
        return [(self.model.variable("arc", a, t), 1.0) for a in chosen]

    def arriving(self, head: str, t: int, sign: float) -> list[tuple[int, float]]:
        chosen = [a for a, (_, to, _) in enumerate(self.ends) if to == head]
        return [(self.model.variable("arc", a, t), sign * self.form["arcs"][a].get("yield", 1)) for a in chosen]

    def supplies(self, t: int) -> None:
        for one in self.rows("supplies"):
            out = self.leaving(one["id"], None, t)
            self.model.row(out, at(one, "must_ship", t), math.inf)
            stock = kept(self.model, one, t, ("s", one["id"]))
            self.model.row([*out, *stock], -math.inf, at(one, "quantity", t) + first(one, t))

    def demands(self, t: int) -> None:
        least_cost = self.form.get("goal") == "LEAST_COST"
        for one in self.rows("demands"):
            stock = [(n, -f) for n, f in kept(self.model, one, t, ("d", one["id"]), ends_as_it_began=True)]
            unsaid = at(one, "quantity", t) if least_cost and "must_serve" not in one else 0
            least, most = at(one, "must_serve", t, unsaid), at(one, "quantity", t)
            terms = [*self.arriving(one["id"], t, 1.0), *stock]
            self.model.row(terms, least - first(one, t), most - first(one, t))
            self.mix(one, t)

    def processors(self, t: int) -> None:
        for p in self.rows("processors"):
            run = self.model.variable("run", p["id"], t)
            stock = kept(self.model, p, t, ("p", p["id"]))
            self.model.row([(run, 1.0), *self.arriving(p["id"], t, -1.0), *stock], first(p, t), first(p, t))
            self.mix(p, t)
            for q in self.made_by[p["id"]]:
                several = "products" in p
                store = kept(self.model, q, t, ("q", p["id"], q["id"])) if several else []
                start = first(q, t) if several else 0.0
                least = start if q.get("must_leave") else -math.inf
                self.model.row([*self.leaving(p["id"], q, t), (run, -q["yield"]), *store], least, start)

    def mix(self, one: Json, t: int) -> None:
        """Add the limits on what arrives."""
        for name, limits in one.get("quality", {}).items():
            for key, sign in (("at_most", 1.0), ("at_least", -1.0)):
                terms = []
                for a, (tail, head, made) in enumerate(self.ends):
                    if head == one["id"] and key in limits:
                        arc, source = self.form["arcs"][a], self.by_id[tail] if made is None else made
                        has = {**source.get("properties", {}), **arc.get("properties", {})}[name]
                        over = sign * (has - limits[key]) * arc.get("yield", 1)
                        terms.append((self.model.variable("arc", a, t), over))
                self.model.row(terms, -math.inf, 0)

    def partners(self) -> None:
        """Count links at every node, and those of the budget."""
        for place, limit, rows in (
            (0, "max_partners", self.rows("supplies")),
            (1, "max_partners", self.rows("demands")),
            (1, "max_suppliers", self.rows("processors")),
        ):
            for one in rows:
                self.count([a for a, end in enumerate(self.ends) if end[place] == one["id"]], one.get(limit, BIG))
        for p in self.rows("processors"):
            for q in p.get("products", []):
                self.count([a for a, end in enumerate(self.ends) if end[2] is q], q.get("max_partners", BIG))
        marked = [a for a, arc in enumerate(self.form["arcs"]) if arc.get("in_link_budget")]
        self.count(marked or list(range(len(self.ends))), self.form.get("link_budget", BIG))

    def count(self, arcs: list[int], most: float) -> None:
        self.model.row([(self.model.variable("once", "arc", a), 1.0) for a in arcs], -math.inf, most)

    def second(self) -> None:
        limits, periods = self.form.get("second_objective", {}), range(self.model.periods)
        uses = [(("arc", a), arc) for a, arc in enumerate(self.form["arcs"])]
        uses += [(("run", p["id"]), p) for p in self.rows("processors")]
        terms = [
            (self.model.variable(*name, t), at(one, "second_value_per_unit", t)) for name, one in uses for t in periods
        ]
        self.model.row(terms, limits.get("at_least", -math.inf), limits.get("at_most", math.inf))


def used(model: Model, name: tuple[Any, ...], one: Json, worth: list[float]) -> None:
    """Add the flow of an arc or a processor with its limits, its lot and what using it costs."""
    once = model.variable("once", *name, high=1, value=-one.get("fixed_cost", 0), whole=1)
    for t, value in enumerate(worth):
        low, high = at(one, "must_carry", t, one.get("must_process", 0)), at(one, "capacity", t, BIG)
        if "fixed_quantity" in one:
            low = high = at(one, "fixed_quantity", t)
        if one.get("forbidden"):
            high = 0.0
        flow = model.variable(*name, t, low=low, high=max(low, high), value=value)
        each = model.variable("each", *name, t, high=1, value=-one.get("fixed_cost_per_period", 0), whole=1)
        model.row([(flow, 1.0), (each, -BIG)], -math.inf, 0)
        model.row([(flow, 1.0), (each, -one.get("lot", 0))], 0, math.inf)
        model.row([(each, 1.0), (once, -1.0)], -math.inf, 0)


def kept(
    model: Model, one: Json, t: int, name: tuple[Any, ...], *, ends_as_it_began: bool = False
) -> list[tuple[int, float]]:
    """Return stock less what was kept, in a period."""
    if "storage" not in one:
        return []
    store, last = one["storage"], t == model.periods - 1
    low, high = (store.get("final", 0) if last else 0), store.get("capacity", BIG)
    if last and ends_as_it_began:
        high = min(high, max(store.get("initial", 0), store.get("final", 0)))
    stock = model.variable("stock", *name, t, low=low, high=max(low, high), value=-store.get("cost_per_unit", 0))
    if last and low > high:
        model.row([(stock, 1.0)], 1, 0)
    before = [(model.numbers["stock", *name, t - 1], store.get("loss_per_period", 0) - 1.0)] if t else []
    return [(stock, 1.0), *before]


def first(one: Json, t: int) -> float:
    return one.get("storage", {}).get("initial", 0.0) if t == 0 else 0.0
