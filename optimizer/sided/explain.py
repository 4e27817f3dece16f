"""Why one demand gets what it gets, read from the plan of an exchange with side rows: nothing is solved again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from optimizer.problem import Ints
from optimizer.sided.plan import SidedPlan
from optimizer.sided.problem import SidedProblem

_NOTHING: Final = 1e-9
"""Flows and prices up to this size are rounding."""


@dataclass(frozen=True, slots=True)
class Link:
    """One arc of the demand: what it takes from its supply, what arrives, and what a unit more on it would lose."""

    arc: int
    supply: int
    taken: float
    delivered: float
    regret: float


@dataclass(frozen=True, slots=True)
class DemandExplained:
    """A demand's suppliers, most first; its price; what binds, in words; the next best, least regret first."""

    suppliers: tuple[Link, ...]
    price: float
    binding: tuple[str, ...]
    alternatives: tuple[Link, ...]


def explain_demand(problem: SidedProblem, plan: SidedPlan, demand: int, *, alternatives: int = 2) -> DemandExplained:
    """Return why a demand gets what it gets; a plan without a flow has nothing to explain and gives empty lists."""
    base = problem.exchange
    arcs = np.flatnonzero(base.arc_demand == demand)
    delivered = plan.flow * problem.yields()
    links = [
        Link(a, int(base.arc_supply[a]), float(plan.flow[a]), float(delivered[a]), float(plan.regret[a]))
        for a in arcs.tolist()
    ]
    used = sorted((one for one in links if one.taken > _NOTHING), key=lambda one: (-one.delivered, one.supply))
    unused = sorted((one for one in links if one.taken <= _NOTHING), key=lambda one: (one.regret, one.supply))
    return DemandExplained(
        suppliers=tuple(used),
        price=float(plan.price_demand[demand]),
        binding=(*_quantity(problem, plan, demand), *_quality(problem, plan, demand), *_arcs(problem, plan, arcs)),
        alternatives=tuple(unused[:alternatives]),
    )


def _quantity(problem: SidedProblem, plan: SidedPlan, demand: int) -> Iterator[str]:
    price = plan.price_demand[demand]
    if price > _NOTHING:
        yield f"Its quantity of {problem.exchange.demand[demand]} is served in full; a unit more is worth {price:g}."
    if price < -_NOTHING:
        least = problem.least("demand_least")[demand]
        yield f"Its least quantity of {least:g} must be served; a unit less of it is worth {-price:g}."


def _quality(problem: SidedProblem, plan: SidedPlan, demand: int) -> Iterator[str]:
    for name, limit, prices in (
        ("upper", problem.quality_most, plan.price_most),
        ("lower", problem.quality_least, plan.price_least),
    ):
        for k in np.flatnonzero(prices[demand] > _NOTHING).tolist():
            at = 0.0 if limit is None else limit[demand, k]
            worth = prices[demand, k]
            yield f"Property {k} is at its {name} limit of {at:g}; a looser one is worth {worth:g} per unit delivered."


def _arcs(problem: SidedProblem, plan: SidedPlan, arcs: Ints) -> Iterator[str]:
    base, least = problem.exchange, problem.least("arc_least")
    for a in arcs.tolist():
        if base.arc_capacity is not None and plan.regret[a] < -_NOTHING:
            gain = -plan.regret[a]
            yield f"Supply {base.arc_supply[a]} is at its arc's limit of {base.arc_capacity[a]}; more gains {gain:g}."
        if least[a] > 0 and plan.regret[a] > _NOTHING:
            loss = plan.regret[a]
            yield f"Supply {base.arc_supply[a]} must carry at least {least[a]:g}; a unit less of it gains {loss:g}."
