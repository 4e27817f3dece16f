"""The form of a pure exchange: supplies, demands, and what a unit is worth on each arc between them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from optimizer.check import check
from optimizer.errors import NotProvenError
from optimizer.exchange import solve
from optimizer.forms.common import COMMON, GAP, TIME_LIMIT, VALUE, common, row
from optimizer.forms.quantities import Extent, Scale, plain, scale_for
from optimizer.forms.shape import Json, Many, Number, Record, Text, once, row_of, rows_of
from optimizer.plan import ExchangePlan
from optimizer.problem import ExchangeProblem, Ints

ARC: Final = Record(
    "A supply that may go to a demand.",
    {
        "supply": Text("The id of the supply."),
        "demand": Text("The id of the demand."),
        "value_per_unit": VALUE,
        "capacity": Number("How much this arc carries at most; absent: no limit of its own.", at_least=0),
    },
    frozenset({"capacity"}),
)

FORM: Final = Record(
    "Who gives how much to whom, so that all together gain the most.",
    {
        **common("exchange"),
        "supplies": Many("What is there.", row("supply"), unique="id"),
        "demands": Many("What is needed.", row("demand"), unique="id"),
        "arcs": Many("Which supply may go to which demand, each pair at most once.", ARC),
        "time_limit_seconds": TIME_LIMIT,
        "gap": GAP,
    },
    COMMON | {"time_limit_seconds", "gap"},
)


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """An exchange problem with the ids of its rows and the scale of its numbers."""

    problem: ExchangeProblem
    scale: Scale
    supplies: list[str]
    demands: list[str]


def exchange_of(form: Json, path: str = "") -> Exchange:
    """Return the problem of a form that has been read; raises FormError for an id that does not exist."""
    supplies, demands = ([one["id"] for one in form[side]] for side in ("supplies", "demands"))
    arcs, where = form["arcs"], f"{path}.arcs" if path else "arcs"
    supply_row, demand_row = rows_of(supplies), rows_of(demands)
    ends = [
        (
            row_of(supply_row, arc["supply"], f"{where}[{n}].supply", "supply"),
            row_of(demand_row, arc["demand"], f"{where}[{n}].demand", "demand"),
        )
        for n, arc in enumerate(arcs)
    ]
    once(ends, where, "supply and demand")
    supply, demand = ([one["quantity"] for one in form[side]] for side in ("supplies", "demands"))
    value = [arc["value_per_unit"] for arc in arcs]
    limited = [arc["capacity"] for arc in arcs if "capacity" in arc]
    total = max(sum(supply, Decimal()), sum(demand, Decimal()))
    greatest = max((abs(v) for v in value), default=Decimal())
    extent = Extent(total + max(limited, default=Decimal()), greatest, total * greatest, len(supply) + len(demand))
    scale = scale_for([*supply, *demand, *limited], value, [], extent)
    return Exchange(
        problem=ExchangeProblem(
            supply=scale.quantities(supply),
            demand=scale.quantities(demand),
            arc_supply=np.array([i for i, _ in ends], np.int64),
            arc_demand=np.array([j for _, j in ends], np.int64),
            value_per_unit=scale.values(value),
            arc_capacity=scale.quantities(arc.get("capacity", total) for arc in arcs) if limited else None,
        ),
        scale=scale,
        supplies=supplies,
        demands=demands,
    )


def proven_plan(exchange: Exchange, form: Json) -> ExchangePlan:
    """Return the plan of an exchange, checked without the solver; raises NotProvenError if it does not hold."""
    limit = form.get("time_limit_seconds")
    plan = solve(exchange.problem, time_limit_s=None if limit is None else float(limit), gap=float(form.get("gap", 0)))
    verdict = check(exchange.problem, plan)
    if not verdict.passed:
        raise NotProvenError(f"The plan did not pass its own check and is not shown: {verdict}")
    return plan


def answer(form: Json) -> Json:
    """Return the best plan of an exchange form."""
    exchange = exchange_of(form)
    plan = proven_plan(exchange, form)
    problem, scale = exchange.problem, exchange.scale
    used, served = np.zeros(len(problem.supply), np.int64), np.zeros(len(problem.demand), np.int64)
    np.add.at(used, problem.arc_supply, plan.flow)
    np.add.at(served, problem.arc_demand, plan.flow)
    supplies = {"used": used, "left": problem.supply - used}
    supply_price = {"price_low": plan.price_supply_low, "price_high": plan.price_supply_high}
    demands = {"served": served, "missing": problem.demand - served}
    demand_price = {"price_low": plan.price_demand_low, "price_high": plan.price_demand_high}
    return {
        "kind": "exchange",
        "status": plan.status.value,
        "objective": scale.money_of(plan.objective),
        "bound": scale.money_of(plan.bound),
        "gap": plain(plan.gap),
        "seconds": round(plan.seconds, 3),
        "resolution": scale.as_json(),
        "flows": _flows(exchange, plan),
        "supplies": _rows(exchange.supplies, scale, supplies, supply_price, plan.component_of_supply),
        "demands": _rows(exchange.demands, scale, demands, demand_price, plan.component_of_demand),
        "components": _components(exchange, plan),
    }


def _flows(exchange: Exchange, plan: ExchangePlan) -> list[Json]:
    problem, scale = exchange.problem, exchange.scale
    return [
        {
            "supply": exchange.supplies[problem.arc_supply[a]],
            "demand": exchange.demands[problem.arc_demand[a]],
            "quantity": scale.quantity_of(plan.flow[a]),
            "value": scale.money_of(int(problem.value_per_unit[a]) * int(plan.flow[a])),
        }
        for a in np.flatnonzero(plan.flow)
    ]


def _rows(
    ids: list[str], scale: Scale, quantities: dict[str, Ints], prices: dict[str, Ints], component: Ints
) -> list[Json]:
    return [
        {
            "id": name,
            **{said: scale.quantity_of(column[n]) for said, column in quantities.items()},
            **{said: scale.value_of(column[n]) for said, column in prices.items()},
            "component": None if component[n] < 0 else int(component[n]),
        }
        for n, name in enumerate(ids)
    ]


def _components(exchange: Exchange, plan: ExchangePlan) -> list[Json]:
    """Return what each independent part of the exchange is worth; the parts add up to the objective."""
    worth = [0] * plan.components
    problem = exchange.problem
    for a in np.flatnonzero(plan.flow):
        worth[plan.component_of_supply[problem.arc_supply[a]]] += int(problem.value_per_unit[a]) * int(plan.flow[a])
    supplies, demands = (
        np.bincount(column[column >= 0], minlength=plan.components).tolist()
        for column in (plan.component_of_supply, plan.component_of_demand)
    )
    return [
        {
            "component": n,
            "objective": exchange.scale.money_of(value),
            "supplies": supplies[n],
            "demands": demands[n],
        }
        for n, value in enumerate(worth)
    ]
