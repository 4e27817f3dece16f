"""The trade-off between two objectives: the best plan for each of several levels of the second one.

Method     epsilon constraint: V. Chankong, Y. Y. Haimes (1983), Multiobjective Decision Making. The levels lie at equal
           distances from what the best plan of the first objective reaches to the most of the second objective
"""

from dataclasses import replace
from typing import Final

import numpy as np

from optimizer.chain import ChainPlan, ChainProblem
from optimizer.forms.exchange.read import Chain
from optimizer.forms.exchange.solved import by_programme
from optimizer.forms.quantities import plain
from optimizer.forms.shape import Json
from optimizer.plan import SolveStatus

_ROOM: Final = 1e-9
"""How much the last level stays below the most of the second objective, as a share: a solver's rounding."""


def front_of(form: Json, chain: Chain) -> list[Json]:
    """Return one point per level, best first objective first; no point where there is no plan at all."""
    problem = chain.problem
    best = _solved(form, chain, -np.inf)
    greenest = _solved(form, replace(chain, problem=_swapped(problem)), -np.inf)
    if best is None or greenest is None:
        return []
    levels = np.linspace(best.second, greenest.objective, int(form["front"]["points"]))
    levels[-1] -= _ROOM * max(1.0, abs(levels[-1]))
    found: list[ChainPlan | None] = [best, *(_solved(form, chain, float(level)) for level in levels[1:])]
    return [_point(form, chain, plan) for plan in found if plan is not None]


def _solved(form: Json, chain: Chain, least: float) -> ChainPlan | None:
    plan = by_programme(form, replace(chain, problem=replace(chain.problem, second_least=least)))
    return plan if plan.status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE) else None


def _swapped(problem: ChainProblem) -> ChainProblem:
    """Return the problem whose only objective is the second one."""
    uses, nothing = problem.uses, np.zeros(len(problem.uses.lot))
    second = np.zeros(uses.value.shape) if uses.second is None else uses.second
    stores = replace(problem.stores, cost=np.zeros(len(problem.stores.cost)))
    lone = replace(uses, value=second, once_cost=nothing, each_cost=nothing, second=None)
    return replace(problem, uses=lone, stores=stores, second_least=-np.inf)


def _point(form: Json, chain: Chain, plan: ChainPlan) -> Json:
    minimise = form.get("second_objective", {}).get("sense") == "MINIMISE"
    first, second = (-1.0 if chain.least_cost else 1.0), (-1.0 if minimise else 1.0)
    return {
        "status": plan.status.value,
        "objective": plain(first * plan.objective),
        "second_objective": plain(second * plan.second),
        "second_objective_price": plain(plan.price_second),
        "gap": plain(plan.gap),
    }
