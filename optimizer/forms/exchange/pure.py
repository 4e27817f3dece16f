"""The form of a pure exchange: supplies, demands, and what a unit is worth on each arc between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from optimizer.check import check
from optimizer.errors import NotProvenError
from optimizer.exchange import solve
from optimizer.forms.common import VALUE
from optimizer.forms.quantities import Extent, Scale, scale_for
from optimizer.forms.shape import Json, Number, Record, Text, once, row_of, rows_of
from optimizer.plan import ExchangePlan
from optimizer.problem import ExchangeProblem

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


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """An exchange problem with the ids of its rows and the scale of its numbers."""

    problem: ExchangeProblem
    scale: Scale
    supplies: list[str]
    demands: list[str]


def exchange_of(
    form: Json, path: str = "", *, moneys: Sequence[Decimal] = (), lots: Sequence[Decimal] = ()
) -> Exchange:
    """Return the problem of a form that has been read; raises FormError for an id that does not exist.

    The scale of its numbers holds the sums of money and the quantities `lots` as well.
    """
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
    extent = Extent(
        total + max(limited, default=Decimal()),
        greatest,
        total * greatest + sum(moneys, Decimal()),
        len(supply) + len(demand),
    )
    scale = scale_for([*supply, *demand, *limited, *lots], value, list(moneys), extent)
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
