"""Random exchanges with every feature mixed: the form finds what scipy's HiGHS finds over plain rows."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.optimizer.chain.second_solver import best_of
from tests.optimizer.form_examples import solved

Json = dict[str, Any]
MOST = 30


class Draw:
    """Draws of numbers, often absent."""

    def __init__(self, draw: st.DrawFn, periods: int) -> None:
        self.draw, self.periods = draw, periods

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def maybe(self, one: Json, share: int, **fields: Any) -> None:
        """Put each field into a row in one of `share` cases; a range is drawn from, for each period or once."""
        for name, given_value in fields.items():
            if self.number(1, share) == 1:
                one[name] = given_value() if callable(given_value) else given_value

    def series(self, low: int, high: int) -> int | list[int]:
        if self.periods > 1 and self.number(0, 1):
            return [self.number(low, high) for _ in range(self.periods)]
        return self.number(low, high)

    def storage(self) -> Json:
        store: Json = {}
        self.maybe(store, 2, capacity=lambda: self.number(3, 20), loss_per_period=0.25)
        self.maybe(store, 2, cost_per_unit=lambda: self.number(0, 2))
        self.maybe(store, 3, initial=lambda: self.number(0, 3), final=lambda: self.number(0, 3))
        return store

    def quality(self) -> Json:
        limits: Json = {"at_most": self.number(2, 9)}
        self.maybe(limits, 4, at_least=lambda: self.number(0, 2))
        return {"dirt": limits}

    def links(self, one: Json) -> None:
        self.maybe(one, 4, fixed_cost=lambda: self.number(0, 40), fixed_cost_per_period=lambda: self.number(0, 15))
        self.maybe(one, 5, lot=lambda: self.number(1, 9))


@st.composite
def forms(draw: st.DrawFn) -> Json:
    """Draw up to 3 supplies, 3 demands and 2 processors, with anything on them; some are infeasible."""
    of = Draw(draw, draw(st.sampled_from([1, 1, 2, 3])))
    form: Json = {"kind": "exchange"}
    if of.periods > 1:
        form["periods"] = of.periods
    of.maybe(form, 5, goal="LEAST_COST", link_budget=lambda: of.number(0, 4))
    form["supplies"] = [supply(of, n) for n in range(of.number(1, 3))]
    form["demands"] = [demand(of, n) for n in range(of.number(1, 3))]
    form["processors"] = [processor(of, n) for n in range(of.number(0, 2))]
    form["arcs"] = arcs(of, form)
    if of.number(1, 4) == 1:
        form["second_objective"] = {"at_least": of.number(-10, 30)}
        for arc in form["arcs"]:
            of.maybe(arc, 2, second_value_per_unit=lambda: of.number(-3, 5))
    return form


def supply(of: Draw, n: int) -> Json:
    one: Json = {"id": f"s{n}", "quantity": of.series(0, MOST), "properties": {"dirt": of.number(0, 9)}}
    of.maybe(one, 4, cost_per_unit=lambda: of.series(0, 5), max_partners=lambda: of.number(0, 2))
    of.maybe(one, 6, must_ship=lambda: of.number(0, 4))
    of.maybe(one, 3 if of.periods > 1 else 9, storage=of.storage)
    least = min(one["quantity"]) if isinstance(one["quantity"], list) else one["quantity"]
    if "storage" not in one and one.get("must_ship", 0) > least:
        one["must_ship"] = least
    return one


def demand(of: Draw, n: int) -> Json:
    one: Json = {"id": f"d{n}", "quantity": of.series(4, MOST)}
    of.maybe(one, 4, value_per_unit=lambda: of.series(0, 9), max_partners=lambda: of.number(0, 2))
    of.maybe(one, 3, must_serve=lambda: of.number(0, 4), quality=of.quality)
    of.maybe(one, 4 if of.periods > 1 else 9, storage=of.storage)
    return one


def processor(of: Draw, n: int) -> Json:
    one: Json = {"id": f"p{n}", "capacity": of.series(0, MOST)}
    of.maybe(one, 3, cost_per_unit=lambda: of.number(0, 4), quality=of.quality, max_suppliers=lambda: of.number(0, 2))
    of.maybe(one, 6, storage=of.storage)
    of.links(one)
    dirt = {"dirt": of.number(0, 9)}
    if of.number(0, 1):
        return {**one, "yield": 0.5, "properties": dirt}
    both = [
        {"id": f"p{n}a", "yield": 0.5, "properties": dirt},
        {"id": f"p{n}b", "yield": 0.25, "properties": {"dirt": 1}},
    ]
    of.maybe(both[1], 3, must_leave=True, max_partners=lambda: of.number(0, 1))
    of.maybe(both[0], 4, storage=of.storage)
    return {**one, "products": both}


def arcs(of: Draw, form: Json) -> list[Json]:
    """Draw arcs between anything; processors only feed later ones."""
    tails: list[tuple[str, str | None, int]] = [(s["id"], None, -1) for s in form["supplies"]]
    for n, one in enumerate(form["processors"]):
        tails += [(one["id"], q.get("id"), n) for q in one.get("products", [{}])]
    heads = [(d["id"], 9) for d in form["demands"]] + [(p["id"], n) for n, p in enumerate(form["processors"])]
    found = []
    for tail, product, rank in tails:
        for head, after in heads:
            if rank >= after or of.number(0, 3) == 0:
                continue
            arc: Json = {"from": tail, "to": head, "value_per_unit": of.series(-6, 12)}
            if product is not None:
                arc["product"] = product
            of.maybe(arc, 4, capacity=lambda: of.series(0, 20), properties=lambda: {"dirt": of.number(0, 9)})
            of.maybe(arc, 6, in_link_budget=True, forbidden=True)
            of.maybe(arc, 4, **{"yield": lambda: of.draw(st.sampled_from([0.5, 0.75, 2.0]))})
            if not arc.get("forbidden"):
                of.maybe(arc, 12, fixed_quantity=lambda: of.number(0, 5))
            if "fixed_quantity" in arc:
                arc.pop("capacity", None)
            of.links(arc)
            if "link_budget" not in form:
                arc.pop("in_link_budget", None)
            found.append(arc)
    return found


@given(forms())
@settings(max_examples=120, deadline=None)
def test_scipys_highs_finds_the_same_objective_with_every_feature_mixed(form: Json) -> None:
    best = best_of(form)
    found = solved(form)
    if best is None:
        assert found["status"] == "INFEASIBLE"
        assert found["reason"]
        return
    assert found["status"] == "OPTIMAL"
    assert found["objective"] == pytest.approx(best, rel=1e-6, abs=1e-5)
    assert found["bound"] == pytest.approx(best, rel=1e-5, abs=1e-4)
