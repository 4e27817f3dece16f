"""The answer on two objectives: one point of the front, or several."""

from dataclasses import dataclass

from optimizer.fronts.problem import Weights
from optimizer.linear import Floats
from optimizer.plan import SolveStatus
from optimizer.problem import Ints


@dataclass(frozen=True, slots=True, eq=False)
class PointPlan:
    """The most value with at least `second_least` of the second objective; without a plan, objective is NaN.
    It is OPTIMAL where the objective is within 1e-7 of the bound.

    flow (A,)                  a mix of two plans in whole units, so that the second objective is met to the unit; it is
                               not whole and has a few links more than either
    whole_flow (A,), whole_objective, whole_second
                               the one of the two that keeps second_least, in whole units; it is worth a little less
    second_most                the most of the second objective that any plan reaches
    price_second               what one unit less of second_least is worth: the marginal cost of the second objective
    price_supply (S,), price_demand (D,)  what one unit more of a row is worth at that price; they and price_second
                               prove the bound
    weights                    (q, p) in whole numbers, price_second = p / q
    solves                     how many flows were solved for this point; in a front, beside those that were known
    """

    status: SolveStatus
    second_least: int
    second_most: int
    flow: Floats
    objective: float
    second: float
    bound: float
    whole_flow: Ints
    whole_objective: int
    whole_second: int
    price_second: float
    price_supply: Floats
    price_demand: Floats
    weights: Weights
    solves: int
    seconds: float

    @property
    def gap(self) -> float:
        """Return (bound - objective) over the larger of the two in size; 0 where both are zero."""
        larger = max(abs(self.bound), abs(self.objective))
        return max(0.0, self.bound - self.objective) / larger if larger > 0 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class FrontPlan:
    """Points from the most value to the most of the second objective, evenly spaced in the second objective.

    `solves` is the number of flows solved for all of them: neighbours share their plans.
    """

    points: tuple[PointPlan, ...]
    solves: int
    seconds: float
