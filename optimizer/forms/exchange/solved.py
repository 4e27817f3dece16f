"""A form of an exchange, solved by the cheapest exact method: a network flow in whole numbers where nothing else is
asked for, a search over links where only links cost or are scarce, one programme for everything else.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Final

import numpy as np

from optimizer.chain import ChainPlan, Part, check_chain, settle_links, solve_chain
from optimizer.chain.extent import extent_of
from optimizer.chain.parts import PROOF
from optimizer.chain.plan import empty_plan
from optimizer.check import Verdict
from optimizer.errors import EndlessFlowError, NotProvenError
from optimizer.forms.exchange.form import LINKS, PURE
from optimizer.forms.exchange.pure import Exchange, exchange_of, proven_plan
from optimizer.forms.exchange.read import Chain, chain_of
from optimizer.forms.exchange.reply import Intervals, Solution
from optimizer.forms.shape import FormError, Json
from optimizer.linear import Floats
from optimizer.links import LinksProblem, check_links, solve_links
from optimizer.plan import ExchangePlan, SolveStatus
from optimizer.prices import rents
from optimizer.problem import Ints
from optimizer.ranges import NO_END, price_ranges

SMALL: Final = 400
"""Arcs up to which links are proven by one branch and bound."""
PROVABLE: Final = 20_000
"""Arcs up to which a search over links is followed by a branch and bound, while there is time."""
LONGEST_S: Final = 300.0
"""How long a branch and bound takes at most where no time limit is given."""


def solution_of(form: Json) -> Solution:
    """Return the best plan of a form that has been read, checked without the solver."""
    chain = chain_of(form)
    try:
        extent_of(chain.problem)
    except EndlessFlowError as endless:
        text = "is missing: the processor stands in a circle where nothing limits the flow."
        raise FormError(f"processors[{endless.processor}].capacity", text) from endless
    if _within(form, PURE):
        return _by_flow(form, chain)
    if _within(form, LINKS) and len(form["arcs"]) > SMALL:
        return _by_links(form, chain)
    return _by_programme(form, chain)


def by_programme(form: Json, chain: Chain) -> ChainPlan:
    """Return the plan of the one programme, checked."""
    limit = form.get("time_limit_seconds")
    branches = _has_links(form)
    wanted = LONGEST_S if branches and limit is None else None if limit is None else float(limit)
    plan = solve_chain(chain.problem, time_limit_s=wanted, gap=float(form.get("gap", 0)))
    _must_pass(check_chain(chain.problem, plan))
    return plan


def _by_programme(form: Json, chain: Chain) -> Solution:
    method = "BRANCH_AND_BOUND" if _has_links(form) else "LINEAR_PROGRAMME"
    return Solution(chain, by_programme(form, chain), method)


def _within(form: Json, known: dict[str, frozenset[str]]) -> bool:
    """Return whether a form says nothing beyond some fields."""
    if form.get("goal") == "LEAST_COST" or not form.keys() - {"goal"} <= known["form"]:
        return False
    rows = all(one.keys() <= known[side] for side in ("supplies", "demands", "arcs") for one in form[side])
    return rows and not any(
        isinstance(v, list) for side in ("supplies", "demands", "arcs") for one in form[side] for v in one.values()
    )


def _has_links(form: Json) -> bool:
    rows = [*form["supplies"], *form["demands"], *form["arcs"], *form.get("processors", [])]
    rows += [product for one in form.get("processors", []) for product in one.get("products", [])]
    asks = {"fixed_cost", "fixed_cost_per_period", "lot", "max_partners", "max_suppliers"}
    return "link_budget" in form or any(asks & one.keys() for one in rows)


def _plain(form: Json) -> Json:
    """Return a form with its arcs as supply, demand and value_per_unit."""
    arcs = [
        {
            "supply": arc.get("supply", arc.get("from")),
            "demand": arc.get("demand", arc.get("to")),
            "value_per_unit": arc["value_per_unit"] if "value_per_unit" in arc else -arc["cost_per_unit"],
            **({"capacity": arc["capacity"]} if "capacity" in arc else {}),
        }
        for arc in form["arcs"]
    ]
    return {**form, "arcs": arcs}


def _by_flow(form: Json, chain: Chain) -> Solution:
    exchange = exchange_of(_plain(form))
    plan = proven_plan(exchange, form)
    value, money = 10.0**exchange.scale.value, 10.0 ** (exchange.scale.quantity + exchange.scale.value)
    ends = (plan.price_supply_low, plan.price_supply_high, plan.price_demand_low, plan.price_demand_high)
    quantity = 10.0**exchange.scale.quantity
    intervals = Intervals(*(end / value for end in ends), *(units / quantity for units in _reach(exchange, plan)))
    supply = (intervals.supply_low + intervals.supply_high) / 2
    demand = (intervals.demand_low + intervals.demand_high) / 2
    problem = chain.problem
    flow = (plan.flow / quantity)[:, None]
    regret = supply[problem.arc_tail] + demand[problem.arc_head] - problem.uses.value[:, 0]
    found = replace(
        empty_plan(problem, plan.status),
        flow=flow,
        used=plan.flow > 0,
        objective=float(exchange.scale.money_of(plan.objective)),
        bound=float(exchange.scale.money_of(plan.bound)),
        price_supply=supply[:, None],
        price_demand=demand[:, None],
        regret=regret[:, None],
        part_of_supply=plan.component_of_supply,
        part_of_demand=plan.component_of_demand,
        parts=_parts(exchange, plan, money),
        proven_by_prices=True,
        seconds=plan.seconds,
    )
    return Solution(chain, found, "NETWORK_FLOW", exchange.scale.as_json(), intervals)


def _reach(exchange: Exchange, plan: ExchangePlan) -> tuple[Floats, Floats, Floats, Floats]:
    """Return for how many whole units each price holds at least; none where the plan is not proven."""
    problem = exchange.problem
    if plan.status is not SolveStatus.OPTIMAL:
        supply, demand = np.zeros(len(problem.supply)), np.zeros(len(problem.demand))
        return supply, supply, demand, demand
    ranges = price_ranges(problem, plan)
    told = (ranges.supply_more, ranges.supply_less, ranges.demand_more, ranges.demand_less)
    more, less, wanted, spared = (np.where(units >= NO_END, np.inf, units.astype(np.float64)) for units in told)
    return more, less, wanted, spared


def _parts(exchange: Exchange, plan: ExchangePlan, money: float) -> tuple[Part, ...]:
    """Return what each independent part is worth, and at most could be by its own prices; its time is its share of
    the arcs.
    """
    problem = exchange.problem
    of_arc = plan.component_of_supply[problem.arc_supply]
    known = of_arc >= 0
    count = plan.components
    worth = np.bincount(of_arc[known], (problem.value_per_unit * plan.flow)[known], count) / money
    rent = rents(problem, plan.price_supply_low, plan.price_demand_high) * problem.capacity()
    bound = np.bincount(of_arc[known], rent[known], count)
    for part, price, quantity in (
        (plan.component_of_supply, plan.price_supply_low, problem.supply),
        (plan.component_of_demand, plan.price_demand_high, problem.demand),
    ):
        met = part >= 0
        bound += np.bincount(part[met], (price * quantity)[met].astype(np.float64), count)
    share = plan.seconds * np.bincount(of_arc[known], minlength=count) / max(1, int(known.sum()))
    optimal = plan.status is SolveStatus.OPTIMAL
    rows = zip(worth.tolist(), (bound / money).tolist(), share.tolist(), strict=True)
    return tuple(
        Part(SolveStatus.OPTIMAL if optimal or most == least else plan.status, least, least if optimal else most, took)
        for least, most, took in rows
    )


def _by_links(form: Json, chain: Chain) -> Solution:
    moneys = [arc.get(name, Decimal()) for arc in form["arcs"] for name in ("fixed_cost", "fixed_cost_per_period")]
    exchange = exchange_of(_plain(form), moneys=moneys, lots=[arc.get("lot", Decimal()) for arc in form["arcs"]])
    problem, scale = exchange.problem, exchange.scale
    fixed = [arc.get("fixed_cost", Decimal()) + arc.get("fixed_cost_per_period", Decimal()) for arc in form["arcs"]]
    links = chain.problem.links
    budget = int(links.budget) if "link_budget" in form else None
    given = LinksProblem(
        exchange=problem,
        fixed_cost=scale.moneys(fixed),
        lot=scale.quantities(arc.get("lot", Decimal()) for arc in form["arcs"]),
        supply_partners=_most(links.tail_most, problem.arcs),
        demand_partners=_most(links.head_most, problem.arcs),
        budget=budget,
        budgeted=None if budget is None else links.budgeted,
    )
    limit = form.get("time_limit_seconds")
    plan = solve_links(given, time_limit_s=None if limit is None else float(limit), gap=float(form.get("gap", 0)))
    _must_pass(check_links(given, plan))
    money = 10.0 ** (scale.quantity + scale.value)
    flow = (plan.flow / 10.0**scale.quantity)[:, None]
    found = settle_links(chain.problem, flow, plan.bound / money, plan.status)
    if len(found.parts) == 1:
        found = replace(found, parts=(replace(found.parts[0], bound=found.bound),))
    found, method = _proven_further(form, chain, replace(found, seconds=plan.seconds))
    _must_pass(check_chain(chain.problem, found))
    return Solution(chain, found, method, scale.as_json())


def _proven_further(form: Json, chain: Chain, found: ChainPlan) -> tuple[ChainPlan, str]:
    """Return a plan of links after a branch and bound that begins with it, where it is small enough and there is time
    left, and by which method it was found.
    """
    left = float(form.get("time_limit_seconds", LONGEST_S)) - found.seconds
    enough = found.status is SolveStatus.OPTIMAL or found.gap <= float(form.get("gap", 0))
    if enough or left <= 0 or len(form["arcs"]) > PROVABLE:
        return found, "LINK_SEARCH"
    gap = float(form.get("gap", 0))
    further = solve_chain(chain.problem, time_limit_s=left, gap=gap, start=found.flow)
    seconds = found.seconds + further.seconds
    bound = min(found.bound, further.bound)
    better = further.objective >= found.objective
    best = replace(further if better else found, bound=bound, seconds=seconds)
    status = SolveStatus.OPTIMAL if best.gap <= PROOF else SolveStatus.FEASIBLE
    best = replace(best, bound=max(bound, best.objective), status=status)
    return best, "BRANCH_AND_BOUND" if better else "LINK_SEARCH"


def _most(limit: np.ndarray[tuple[int, ...], np.dtype[np.float64]], arcs: int) -> Ints:
    most: Ints = np.minimum(limit, arcs).astype(np.int64)
    return most


def _must_pass(verdict: Verdict) -> None:
    if not verdict.passed:
        raise NotProvenError(f"The plan did not pass its own check and is not shown: {verdict}")
