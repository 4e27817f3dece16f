"""Heat: the least that streams in one place need from outside, and what sites hand to each other over distances.

targets.py   `heat_targets`: least hot and cold utility, pinch, grand composite curve
network.py   streams at sites and the links between them, checked, and cut into segments of temperature
between.py   `exchange_heat`: who sends heat to whom, with a bound
"""

from optimizer.heat.between import HeatPlan, check_heat_plan, exchange_heat
from optimizer.heat.network import HeatLinks, HeatNetwork
from optimizer.heat.targets import HeatProblem, HeatTargets, check_heat, heat_targets

__all__ = [
    "HeatLinks",
    "HeatNetwork",
    "HeatPlan",
    "HeatProblem",
    "HeatTargets",
    "check_heat",
    "check_heat_plan",
    "exchange_heat",
    "heat_targets",
]
