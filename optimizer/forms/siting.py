"""The form of a siting: where to put shared plants."""

from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Final

import numpy as np

from optimizer.errors import NotProvenError
from optimizer.forms.common import COMMON, GAP, QUANTITY, TIME_LIMIT, common
from optimizer.forms.quantities import Extent, Scale, decimals, plain, scale_for
from optimizer.forms.shape import Choice, FormError, Json, Many, Number, Record, Text, once, row_of, rows_of
from optimizer.problem import ExchangeProblem
from optimizer.siting import SitingPlan, SitingProblem, check_siting, locate

FINE: Final = 3
"""Decimals at least to which the quantity that must be treated for a product is counted."""
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
OUTLET: Final = Record(
    "A buyer of what the sites make.",
    {"id": Text("The id of the outlet."), "quantity": QUANTITY},
)
SALE: Final = Record(
    "An outlet that a site may sell to.",
    {
        "site": Text("The id of the site."),
        "outlet": Text("The id of the outlet."),
        "value_per_unit": Number("What selling one unit of product earns, whatever the goal; may be negative."),
    },
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
        "yield": Number("Units of product made of one unit treated, the same at all sites; absent: 1.", above=0),
        "outlets": Many("The buyers of what the sites make; what nobody buys is worth nothing.", OUTLET, unique="id"),
        "sales": Many("Which site may sell to which outlet, each pair at most once.", SALE),
        "time_limit_seconds": TIME_LIMIT,
        "gap": GAP,
    },
    COMMON | {"at_most", "yield", "outlets", "sales", "time_limit_seconds", "gap"},
)


@dataclass(frozen=True, slots=True, eq=False)
class _Siting:
    """A siting problem with the ids of its rows, the scale of its numbers, and the sign its money is shown with."""

    problem: SitingProblem
    scale: Scale
    sites: list[str]
    customers: list[str]
    outlets: list[str]
    made: Decimal
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
        "sales": _sales(siting, plan),
    }


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of a form in the caller's units: quantities as what is treated, money as what is earned."""

    demand: list[Decimal]
    capacity: list[Decimal]
    wanted: list[Decimal]
    fixed: list[Decimal]
    value: list[Decimal]
    price: list[Decimal]

    def scale(self, ends: list[tuple[int, int]], sales: list[tuple[int, int]]) -> Scale:
        """Return the scale at which arcs and sales can be counted."""
        size = [min(self.capacity[i], self.demand[j]) for i, j in ends]
        size += [min(self.capacity[i], self.wanted[d]) for i, d in sales]
        earned, total = [abs(v) for v in self.value + self.price], sum(self.demand, Decimal())
        greatest = max(earned, default=Decimal())
        worth = sum((v * s for v, s in zip(earned, size, strict=True)), sum(self.fixed, Decimal()))
        extent = Extent(
            quantity=max(total, *(sum(column, Decimal()) for column in (self.capacity, size, self.wanted))),
            value=greatest,
            money=max(worth, total * greatest),
            rows=2 * len(self.capacity) + len(self.demand) + len(self.wanted),
        )
        return scale_for([*self.demand, *self.capacity, *self.wanted], self.value + self.price, self.fixed, extent)


def _siting(form: Json) -> _Siting:
    sites, customers = ([one["id"] for one in form[side]] for side in ("sites", "customers"))
    outlets, made = [one["id"] for one in form.get("outlets", [])], form.get("yield", Decimal(1))
    ends, sales = _ends(form, sites, customers), _sale_ends(form, sites, outlets)
    sign = -1 if form["goal"] == LEAST_COST else 1
    numbers = _numbers(form, made, sign)
    scale = numbers.scale(ends, sales)
    capacity = scale.quantities(numbers.capacity)
    problem = SitingProblem(
        fixed_cost=scale.moneys(numbers.fixed),
        capacity=capacity,
        demand=scale.quantities(numbers.demand),
        arc_site=np.array([i for i, _ in ends], np.int64),
        arc_customer=np.array([j for _, j in ends], np.int64),
        value_per_unit=scale.values(numbers.value),
        serve_all=form["goal"] == LEAST_COST,
        at_most=int(form["at_most"]) if "at_most" in form else None,
        products=ExchangeProblem(
            supply=capacity,
            demand=scale.quantities(numbers.wanted),
            arc_supply=np.array([i for i, _ in sales], np.int64),
            arc_demand=np.array([d for _, d in sales], np.int64),
            value_per_unit=scale.values(numbers.price),
        ),
    )
    rounded = any(_treated(one["quantity"], made) * made != one["quantity"] for one in form.get("outlets", []))
    return _Siting(problem, replace(scale, exact=scale.exact and not rounded), sites, customers, outlets, made, sign)


def _numbers(form: Json, made: Decimal, sign: int) -> _Numbers:
    demand = [one["quantity"] for one in form["customers"]]
    total = sum(demand, Decimal())
    return _Numbers(
        demand=demand,
        capacity=[min(one.get("capacity", total), total) for one in form["sites"]],
        wanted=[min(_treated(one["quantity"], made), total) for one in form.get("outlets", [])],
        fixed=[one["fixed_cost"] for one in form["sites"]],
        value=[sign * arc[MONEY[form["goal"]]] for arc in form["arcs"]],
        price=[sale["value_per_unit"] * made for sale in form.get("sales", [])],
    )


def _treated(product: Decimal, made: Decimal) -> Decimal:
    """Return what must be treated for a quantity of product, rounded down to what can be counted."""
    treated = product / made
    finest = Decimal(1).scaleb(-max(decimals([product]), FINE))
    return treated.quantize(finest, rounding=ROUND_FLOOR).normalize()


def _sale_ends(form: Json, sites: list[str], outlets: list[str]) -> list[tuple[int, int]]:
    """Return the site and the outlet of each sale, as rows."""
    site_row, outlet_row = rows_of(sites), rows_of(outlets)
    ends = [
        (
            row_of(site_row, sale["site"], f"sales[{n}].site", "site"),
            row_of(outlet_row, sale["outlet"], f"sales[{n}].outlet", "outlet"),
        )
        for n, sale in enumerate(form.get("sales", []))
    ]
    once(ends, "sales", "site and outlet")
    return ends


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


def _sales(siting: _Siting, plan: SitingPlan) -> list[Json]:
    """Return who sells how much product to whom."""
    market, scale = siting.problem.sales, siting.scale
    return [
        {
            "site": siting.sites[market.arc_supply[b]],
            "outlet": siting.outlets[market.arc_demand[b]],
            "quantity": plain(Fraction(siting.made) * int(plan.sold[b]) / 10**scale.quantity),
        }
        for b in np.flatnonzero(plan.sold)
    ]
