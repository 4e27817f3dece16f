"""A form of an exchange that has been read, as a chain problem in the caller's units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizer.chain import ChainProblem, Links, Names, Quality, Stores, Uses
from optimizer.forms.exchange.ends import Nodes, nodes_of
from optimizer.forms.shape import FormError, Json, rows_of
from optimizer.linear import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """The problem of a form with its names; `least_cost` says that the answer speaks of costs."""

    problem: ChainProblem
    nodes: Nodes
    names: Names
    least_cost: bool


def chain_of(form: Json) -> Chain:
    """Return the chain problem of a form; raises FormError with the path of what does not fit together."""
    nodes = nodes_of(form)
    columns = Columns(int(form.get("periods", 1)))
    least_cost = form.get("goal") == "LEAST_COST"
    properties = sorted(
        {name for head in (*form["demands"], *form.get("processors", [])) for name in head.get("quality", {})}
    )
    supply = columns.table(form["supplies"], "quantity", "supplies", 0)
    demand = columns.table(form["demands"], "quantity", "demands", 0)
    must_serve = columns.table(form["demands"], "must_serve", "demands", 0)
    if least_cost:
        unsaid = np.array(["must_serve" not in one for one in form["demands"]], np.bool_)
        must_serve[unsaid] = demand[unsaid]
    must_ship = columns.table(form["supplies"], "must_ship", "supplies", 0)
    unstored = np.array(["storage" not in one for one in form["supplies"]], np.bool_)
    not_above("supplies", "must_ship", must_ship * unstored[:, None], ("the quantity", supply))
    not_above("demands", "must_serve", must_serve, ("the quantity", demand))
    uses = _uses(form, nodes, columns)
    arcs = len(form["arcs"])
    not_above("arcs", "must_carry", uses.least[:arcs], ("the capacity", uses.capacity[:arcs]))
    not_above("processors", "must_process", uses.least[arcs:], ("the capacity", uses.capacity[arcs:]))
    problem = ChainProblem(
        supply=supply,
        supply_least=must_ship,
        demand=demand,
        demand_least=must_serve,
        arc_tail=nodes.tail,
        arc_head=nodes.head,
        arc_yield=column(form["arcs"], "yield", 1),
        product_of=np.array([n for n, _ in nodes.products], np.int64),
        product_yield=column([product for _, product in nodes.products], "yield", 1),
        product_all=np.array([bool(product.get("must_leave")) for _, product in nodes.products], np.bool_),
        uses=uses,
        stores=_stores(form, nodes),
        quality=_quality(form, nodes, properties),
        links=_links(form, nodes),
        second_least=_second_least(form),
    )
    names = Names(nodes.supplies, nodes.demands, nodes.processors, [p["id"] for _, p in nodes.products], properties)
    return Chain(problem, nodes, names, least_cost)


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a form with one number for each period."""

    periods: int

    def table(self, rows: Sequence[Json], name: str, path: str, absent: float) -> Floats:
        """Return a column (rows, periods); raises FormError where a list has another number of periods."""
        found = np.full((len(rows), self.periods), float(absent))
        for n, one in enumerate(rows):
            given = one.get(name)
            if isinstance(given, list) and len(given) != self.periods:
                told = "period" if self.periods == 1 else "periods"
                raise FormError(f"{path}[{n}].{name}", f"has {len(given)} numbers for {self.periods} {told}.")
            if given is not None:
                found[n] = given
        return found


def column(rows: Sequence[Json], name: str, absent: float) -> Floats:
    """Return a column (rows,) of plain numbers."""
    return np.array([float(one.get(name, absent)) for one in rows], np.float64)


def not_above(side: str, name: str, least: Floats, most: tuple[str, Floats]) -> None:
    """Raise FormError where a least quantity is above the most there may be."""
    noun, limit = most
    for n, t in np.argwhere(least > limit)[:1].tolist():
        raise FormError(f"{side}[{n}].{name}", f"{least[n, t]:.10g} is more than {noun}, {limit[n, t]:.10g}.")


def _uses(form: Json, nodes: Nodes, columns: Columns) -> Uses:
    arcs, processors = form["arcs"], form.get("processors", [])
    capacity = columns.table(arcs, "capacity", "arcs", np.inf)
    least = columns.table(arcs, "must_carry", "arcs", 0)
    _check_arcs(form, priced=_priced_elsewhere(form))
    pinned = columns.table(arcs, "fixed_quantity", "arcs", np.nan)
    capacity, least = np.where(np.isnan(pinned), capacity, pinned), np.where(np.isnan(pinned), least, pinned)
    capacity[[bool(arc.get("forbidden")) for arc in arcs]] = 0
    value = columns.table(arcs, "value_per_unit", "arcs", 0) - columns.table(arcs, "cost_per_unit", "arcs", 0)
    from_supply = nodes.tail < len(nodes.supplies)
    cost = columns.table(form["supplies"], "cost_per_unit", "supplies", 0)
    value[from_supply] -= cost[nodes.tail[from_supply]]
    to_demand = nodes.head < len(nodes.demands)
    worth = columns.table(form["demands"], "value_per_unit", "demands", 0)
    rate = column(arcs, "yield", 1)
    value[to_demand] += worth[nodes.head[to_demand]] * rate[to_demand, None]
    both = [*arcs, *processors]
    second = None
    if "second_objective" in form or "front" in form:
        sign = -1.0 if form.get("second_objective", {}).get("sense") == "MINIMISE" else 1.0
        parts = [
            columns.table(rows, "second_value_per_unit", name, 0)
            for rows, name in ((arcs, "arcs"), (processors, "processors"))
        ]
        second = sign * np.vstack(parts)
    return Uses(
        value=np.vstack((value, -columns.table(processors, "cost_per_unit", "processors", 0))),
        capacity=np.vstack((capacity, columns.table(processors, "capacity", "processors", np.inf))),
        least=np.vstack((least, columns.table(processors, "must_process", "processors", 0))),
        lot=column(both, "lot", 0),
        once_cost=column(both, "fixed_cost", 0),
        each_cost=column(both, "fixed_cost_per_period", 0),
        second=second,
    )


def _priced_elsewhere(form: Json) -> bool:
    rows = [*form["supplies"], *form["demands"], *form.get("processors", [])]
    return any("cost_per_unit" in one or "value_per_unit" in one for one in rows)


def _check_arcs(form: Json, *, priced: bool) -> None:
    for n, arc in enumerate(form["arcs"]):
        if "value_per_unit" in arc and "cost_per_unit" in arc:
            raise FormError(f"arcs[{n}]", "give value_per_unit or cost_per_unit, not both.")
        if not priced and "value_per_unit" not in arc and "cost_per_unit" not in arc and not arc.get("forbidden"):
            raise FormError(f"arcs[{n}].value_per_unit", "is missing; give it, or cost_per_unit.")
        for name in ("capacity", "must_carry", "forbidden"):
            if "fixed_quantity" in arc and arc.get(name):
                raise FormError(f"arcs[{n}].{name}", "does not go with fixed_quantity.")
        if arc.get("forbidden") and "must_carry" in arc:
            raise FormError(f"arcs[{n}].must_carry", "does not go with forbidden.")


def _stores(form: Json, nodes: Nodes) -> Stores:
    places: list[tuple[bool, int, Json, str]] = []
    for side, at_head in (("supplies", False), ("demands", True)):
        places += [(at_head, n, one, f"{side}[{n}]") for n, one in enumerate(form[side])]
    for n, one in enumerate(form.get("processors", [])):
        places.append((True, len(nodes.demands) + n, one, f"processors[{n}]"))
    for n, (processor, product) in enumerate(nodes.products):
        places.append((False, len(nodes.supplies) + n, product, f"processors[{processor}].products"))
    found = [(at_head, node, one["storage"], path) for at_head, node, one, path in places if "storage" in one]
    for _, _, storage, path in found:
        if storage.get("initial", 0) > storage.get("capacity", np.inf):
            raise FormError(f"{path}.storage.initial", "is more than the capacity.")
    rows = [storage for _, _, storage, _ in found]
    return Stores(
        at_head=np.array([at_head for at_head, *_ in found], np.bool_),
        node=np.array([node for _, node, *_ in found], np.int64),
        capacity=column(rows, "capacity", np.inf),
        loss=column(rows, "loss_per_period", 0),
        cost=column(rows, "cost_per_unit", 0),
        initial=column(rows, "initial", 0),
        final=column(rows, "final", 0),
    )


def _quality(form: Json, nodes: Nodes, properties: list[str]) -> Quality:
    """Return concentrations and limits; a property that a head limits must be known for whatever arrives there."""
    heads = [*form["demands"], *form.get("processors", [])]
    tails = [*form["supplies"], *(product for _, product in nodes.products)]
    most, least = (np.full((len(heads), len(properties)), limit) for limit in (np.inf, -np.inf))
    number = rows_of(properties)
    for n, head in enumerate(heads):
        for name, limits in head.get("quality", {}).items():
            most[n, number[name]] = limits.get("at_most", np.inf)
            least[n, number[name]] = limits.get("at_least", -np.inf)
            if not limits:
                side = f"demands[{n}]" if n < len(nodes.demands) else f"processors[{n - len(nodes.demands)}]"
                raise FormError(f"{side}.quality.{name}", "give at_least, at_most or both.")
    concentration = np.zeros((len(form["arcs"]), len(properties)))
    ends = zip(form["arcs"], nodes.tail.tolist(), nodes.head.tolist(), strict=True)
    for a, (arc, tail, head) in enumerate(ends):
        stated: dict[str, Any] = {**tails[tail].get("properties", {}), **arc.get("properties", {})}
        for name in heads[head].get("quality", {}):
            if name not in stated:
                source, target = tails[tail]["id"], heads[head]["id"]
                text = (
                    f"of {source} is not given, but {target} limits {name}; give it there, or in arcs[{a}].properties."
                )
                raise FormError(f"arcs[{a}]", f"the {name} {text}")
            concentration[a, number[name]] = stated[name]
    return Quality(concentration, most, least)


def _links(form: Json, nodes: Nodes) -> Links:
    tails = [*form["supplies"], *(product for _, product in nodes.products)]
    suppliers = [{"max_partners": one.get("max_suppliers", np.inf)} for one in form.get("processors", [])]
    marked = np.array([bool(arc.get("in_link_budget")) for arc in form["arcs"]], np.bool_)
    budget = float(form.get("link_budget", np.inf))
    if marked.any() and "link_budget" not in form:
        raise FormError("link_budget", "is missing, but arcs are marked as in_link_budget.")
    return Links(
        tail_most=column(tails, "max_partners", np.inf),
        head_most=column([*form["demands"], *suppliers], "max_partners", np.inf),
        budget=budget if np.isfinite(budget) else 0.0,
        budgeted=np.zeros(len(marked), np.bool_) if not np.isfinite(budget) else marked if marked.any() else ~marked,
    )


def _second_least(form: Json) -> float:
    second = form.get("second_objective", {})
    minimise = second.get("sense") == "MINIMISE"
    wanted, other = ("at_most", "at_least") if minimise else ("at_least", "at_most")
    if other in second:
        sense = "MINIMISE" if minimise else "MAXIMISE"
        raise FormError(f"second_objective.{other}", f"does not go with the sense {sense}; give {wanted}.")
    limit = float(second.get(wanted, -np.inf if not minimise else np.inf))
    return -limit if minimise else limit
