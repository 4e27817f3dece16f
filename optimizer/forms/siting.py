"""The form of a siting: where to put shared plants."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from optimizer.errors import NotProvenError
from optimizer.forms.common import COMMON, GAP, QUANTITY, TIME_LIMIT, common
from optimizer.forms.quantities import Extent, Scale, plain, scale_for
from optimizer.forms.shape import Choice, FormError, Json, Many, Number, Record, Text, once, row_of, rows_of
from optimizer.siting import SitingPlan, SitingProblem, check_siting, locate

LEAST_COST: Final = "LEAST_COST"
MOST_VALUE: Final = "MOST_VALUE"
MONEY: Final = {LEAST_COST: "cost_per_unit", MOST_VALUE: "value_per_unit"}
"""The field of an arc that each goal reads."""

SITE: Final = Record(
    "A candidate site.",
    {
        "id": Text("The id of the site."),
        "fixed_cost": Number("What it costs to open it, whatever it treats.", at_least=0),
        "capacity": Number("How much it can treat; absent: no limit.", at_least=0),
    },
    frozenset({"capacity"}),
)
CUSTOMER: Final = Record(
    "A customer, that is a demand or a supply to be treated.",
    {"id": Text("The id of the customer."), "quantity": QUANTITY},
)
ARC: Final = Record(
    "A customer that a site may serve.",
    {
        "site": Text("The id of the site."),
        "customer": Text("The id of the customer."),
        "cost_per_unit": Number("With the goal LEAST_COST: what serving one unit costs; may be negative."),
        "value_per_unit": Number("With the goal MOST_VALUE: what serving one unit is worth; may be negative."),
    },
    one_of=(tuple(MONEY.values()),),
)
FORM: Final = Record(
    "Which sites to open, and which customers each serves.",
    {
        **common("siting"),
        "goal": Choice(
            "LEAST_COST: every customer is served in full, at the least cost. MOST_VALUE: customers are served as far "
            "as it pays.",
            (LEAST_COST, MOST_VALUE),
        ),
        "at_most": Number("How many sites may be opened; absent: all.", at_least=1, whole=True),
        "sites": Many("The candidate sites.", SITE, unique="id"),
        "customers": Many("The customers.", CUSTOMER, unique="id"),
        "arcs": Many("Which site may serve which customer, each pair at most once.", ARC),
        "time_limit_seconds": TIME_LIMIT,
        "gap": GAP,
    },
    COMMON | {"at_most", "time_limit_seconds", "gap"},
)


@dataclass(frozen=True, slots=True, eq=False)
class _Siting:
    """A siting problem with the ids of its rows, the scale of its numbers, and the sign its money is shown with."""

    problem: SitingProblem
    scale: Scale
    sites: list[str]
    customers: list[str]
    sign: int


def answer(form: Json) -> Json:
    """Return the best sites of a siting form."""
    siting = _siting(form)
    limit = form.get("time_limit_seconds")
    plan = locate(siting.problem, time_limit_s=None if limit is None else float(limit), gap=float(form.get("gap", 0)))
    faults = check_siting(siting.problem, plan)
    if faults:
        raise NotProvenError(f"The plan did not pass its own check and is not shown: {' '.join(faults)}")
    scale = siting.scale
    money = [None if whole is None else scale.money_of(siting.sign * whole) for whole in (plan.objective, plan.bound)]
    return {
        "kind": "siting",
        "status": plan.status.value,
        "reason": _reason(siting, plan),
        "goal": form["goal"],
        "objective": money[0],
        "bound": money[1],
        "gap": None if plan.gap is None else plain(plan.gap),
        "seconds": round(plan.seconds, 3),
        "resolution": scale.as_json(),
        "sites": _sites(siting, plan),
        "flows": _flows(siting, plan),
    }


def _siting(form: Json) -> _Siting:
    sites, customers = ([one["id"] for one in form[side]] for side in ("sites", "customers"))
    ends = _ends(form, sites, customers)
    sign = -1 if form["goal"] == LEAST_COST else 1
    demand = [one["quantity"] for one in form["customers"]]
    total = sum(demand, Decimal())
    capacity = [min(one.get("capacity", total), total) for one in form["sites"]]
    fixed = [one["fixed_cost"] for one in form["sites"]]
    value = [sign * arc[MONEY[form["goal"]]] for arc in form["arcs"]]
    size = [min(capacity[i], demand[j]) for i, j in ends]
    worth = sum((abs(v) * s for v, s in zip(value, size, strict=True)), sum(fixed, Decimal()))
    greatest = max((abs(v) for v in value), default=Decimal())
    extent = Extent(
        quantity=max(total, sum(capacity, Decimal()), sum(size, Decimal())),
        value=greatest,
        money=max(worth, total * greatest),
        rows=len(sites) + len(customers),
    )
    scale = scale_for([*demand, *capacity], value, fixed, extent)
    problem = SitingProblem(
        fixed_cost=scale.moneys(fixed),
        capacity=scale.quantities(capacity),
        demand=scale.quantities(demand),
        arc_site=np.array([i for i, _ in ends], np.int64),
        arc_customer=np.array([j for _, j in ends], np.int64),
        value_per_unit=scale.values(value),
        serve_all=form["goal"] == LEAST_COST,
        at_most=int(form["at_most"]) if "at_most" in form else None,
    )
    return _Siting(problem, scale, sites, customers, sign)


def _ends(form: Json, sites: list[str], customers: list[str]) -> list[tuple[int, int]]:
    """Return the site and the customer of each arc, as rows."""
    site_row, customer_row = rows_of(sites), rows_of(customers)
    money = MONEY[form["goal"]]
    ends = []
    for n, arc in enumerate(form["arcs"]):
        if money not in arc:
            raise FormError(f"arcs[{n}].{money}", f"is missing; the goal {form['goal']} asks for it.")
        site = row_of(site_row, arc["site"], f"arcs[{n}].site", "site")
        ends.append((site, row_of(customer_row, arc["customer"], f"arcs[{n}].customer", "customer")))
    once(ends, "arcs", "site and customer")
    return ends


def _reason(siting: _Siting, plan: SitingPlan) -> str | None:
    if plan.obstacle is not None:
        row = plan.obstacle.customer
        name = "" if row is None else f'customers[{row}] "{siting.customers[row]}"'
        return plan.obstacle.sentence(name, lambda whole: str(siting.scale.quantity_of(whole)))
    if plan.objective is None:
        return "No choice of sites that serves every customer was found, and none was excluded; allow more time."
    return None


def _sites(siting: _Siting, plan: SitingPlan) -> list[Json]:
    """Return the sites that are opened, with what they treat."""
    problem, scale = siting.problem, siting.scale
    treated = np.zeros(problem.sites, np.int64)
    np.add.at(treated, problem.arc_site, plan.flow)
    return [
        {
            "id": siting.sites[i],
            "treated": scale.quantity_of(treated[i]),
            "fixed_cost": scale.money_of(int(problem.fixed_cost[i])),
        }
        for i in np.flatnonzero(plan.opened)
    ]


def _flows(siting: _Siting, plan: SitingPlan) -> list[Json]:
    problem, scale = siting.problem, siting.scale
    return [
        {
            "site": siting.sites[problem.arc_site[a]],
            "customer": siting.customers[problem.arc_customer[a]],
            "quantity": scale.quantity_of(plan.flow[a]),
        }
        for a in np.flatnonzero(plan.flow)
    ]
