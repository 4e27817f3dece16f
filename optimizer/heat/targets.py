"""Heat targets by the problem table: the least hot and cold utility of a set of streams, and where it pinches.

Data       supply_temperature, target_temperature (N,), heat (N,) > 0 where the stream gives heat (hot), < 0 where it
           takes heat (cold); dt_min >= 0, the least temperature difference at which heat is handed over.
           A stream whose two temperatures are equal condenses or evaporates: all its heat is at that temperature.
           Temperatures and heat flows in the caller's units, one each throughout; float64.
Shifted    hot temperatures down and cold temperatures up by dt_min / 2: then heat may pass where hot >= cold
Method     surplus of each interval between shifted temperatures, cascaded from the top; the least hot utility is what
           keeps the cascade from going below zero, the pinch is where it touches zero
Source     B. Linnhoff, J. R. Flower (1978), AIChE J. 24, 633-642; pinch location of the check: M. A. Duran,
           I. E. Grossmann (1986), AIChE J. 32, 123-138
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from optimizer.errors import ProblemError
from optimizer.linear import Floats, vector

TOLERANCE: Final = 1e-9
"""Share of the whole heat below which a heat flow counts as zero: what floating-point sums may leave behind."""
DECIMALS: Final = 9
"""Shifted temperatures that agree to this many decimals are one temperature."""


@dataclass(frozen=True, slots=True, eq=False)
class HeatProblem:
    """Checked streams; raises ProblemError when one is not a stream."""

    supply_temperature: Floats
    target_temperature: Floats
    heat: Floats
    dt_min: float

    def __post_init__(self) -> None:
        for name in ("supply_temperature", "target_temperature", "heat"):
            object.__setattr__(self, name, vector(name, getattr(self, name)))
        lengths = {len(self.supply_temperature), len(self.target_temperature), len(self.heat)}
        if len(lengths) > 1 or 0 in lengths:
            raise ProblemError(
                f"There must be as many temperatures as heats, and at least one; found {sorted(lengths)}."
            )
        if not 0 <= self.dt_min < np.inf:
            raise ProblemError(f"dt_min is {self.dt_min}; the least difference is a number of zero or more.")
        for row in np.flatnonzero(self.heat == 0):
            raise ProblemError(f"heat[{row}] is 0; a stream gives heat (above zero) or takes it (below zero).")
        falls = self.supply_temperature - self.target_temperature
        for row in np.flatnonzero(falls * np.sign(self.heat) < 0):
            does, runs = ("gives", "warmer") if self.heat[row] > 0 else ("takes", "colder")
            raise ProblemError(f"Stream {row} {does} heat, but it runs to a {runs} temperature.")

    @property
    def tolerance(self) -> float:
        """Return the heat flow below which a difference means nothing."""
        return TOLERANCE * float(np.abs(self.heat).sum())

    def shifted(self) -> tuple[Floats, Floats]:
        """Return the upper and lower shifted temperature of each stream."""
        shift = np.where(self.heat > 0, -0.5, 0.5) * self.dt_min
        upper = np.maximum(self.supply_temperature, self.target_temperature) + shift
        lower = np.minimum(self.supply_temperature, self.target_temperature) + shift
        return np.round(upper, DECIMALS), np.round(lower, DECIMALS)


@dataclass(frozen=True, slots=True, eq=False)
class HeatTargets:
    """What no network of exchangers can beat.

    hot_utility, cold_utility   the least heat to be added from outside, and to be taken away
    recovered                   the heat that streams hand to each other
    pinch (P,)                  shifted temperatures at which no heat passes down, warmest first; hot streams pinch at
                                + dt_min / 2, cold ones at - dt_min / 2. Empty for a threshold problem without one
    curve_temperature, curve_heat (C,)
        the grand composite curve: heat passing each shifted temperature, warmest first. A temperature stands twice
        where a stream gives or takes its heat at that one temperature
    """

    hot_utility: float
    cold_utility: float
    recovered: float
    pinch: Floats
    curve_temperature: Floats
    curve_heat: Floats

    @property
    def threshold(self) -> bool:
        """Return whether one of the two utilities is not needed at all."""
        return self.hot_utility == 0 or self.cold_utility == 0


def heat_targets(problem: HeatProblem) -> HeatTargets:
    """Return the targets of a set of streams; there are always some."""
    upper, lower = problem.shifted()
    level = np.unique(np.concatenate((upper, lower)))[::-1]
    steps, kept = _steps(problem, level)
    passing = np.cumsum(steps)
    passing -= min(0.0, float(passing.min()))
    passing[np.abs(passing) <= problem.tolerance] = 0.0
    node = np.flatnonzero(kept)
    temperature, heat = np.repeat(level, 2)[node], passing[node]
    # The first and the last point are the utilities themselves: zero there means that one is not needed, not a pinch.
    closed = temperature[1:-1][heat[1:-1] == 0]
    given = float(problem.heat[problem.heat > 0].sum())
    return HeatTargets(
        hot_utility=float(heat[0]),
        cold_utility=float(heat[-1]),
        recovered=given - float(heat[-1]),
        pinch=np.unique(closed)[::-1],
        curve_temperature=temperature,
        curve_heat=heat,
    )


def check_heat(problem: HeatProblem, targets: HeatTargets) -> tuple[str, ...]:
    """Return what is wrong with the targets, in sentences; empty when they hold.

    Independent of the cascade: the hot utility is the greatest deficit above any one temperature, computed stream by
    stream; the curve is recomputed the same way at each of its points.
    """
    faults: list[str] = []
    near = 10 * problem.tolerance
    deficit = [-_surplus_above(problem, t, at=at) for t in np.unique(problem.shifted()) for at in (False, True)]
    hot = max(0.0, *deficit)
    cold = hot + float(problem.heat.sum())
    wanted = {
        "hot utility": (targets.hot_utility, hot),
        "cold utility": (targets.cold_utility, cold),
        "recovered heat": (targets.recovered, float(problem.heat[problem.heat > 0].sum()) - cold),
    }
    faults += [
        f"The {name} is {said}, not {found}." for name, (said, found) in wanted.items() if abs(said - found) > near
    ]
    for t, heat in zip(targets.curve_temperature, targets.curve_heat, strict=True):
        passing = [hot + _surplus_above(problem, t, at=at) for at in (False, True)]
        if min(abs(heat - p) for p in passing) > near:
            faults.append(f"At {t} the curve says {heat}, not {passing[0]}.")
    for t in targets.pinch:
        passing = [hot + _surplus_above(problem, t, at=at) for at in (False, True)]
        if min(passing) > near:
            faults.append(f"{t} is no pinch: {min(passing)} passes there.")
    return tuple(faults)


def _steps(problem: HeatProblem, level: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return what each half-step down the levels adds to the cascade, and which half-steps are points of the curve.

    Half-step 2k is the interval above level k, half-step 2k + 1 what is given and taken exactly at level k.
    """
    upper, lower = problem.shifted()
    top = np.searchsorted(-level, -upper)
    bottom = np.searchsorted(-level, -lower)
    at_once = top == bottom
    rate = np.divide(problem.heat, upper - lower, out=np.zeros_like(problem.heat), where=~at_once)
    # Summed interval by interval: a running sum would keep the rounding of a steep stream in all intervals below it.
    net = np.array([rate[(top <= k) & (bottom > k)].sum() for k in range(len(level) - 1)])
    steps = np.zeros(2 * len(level))
    steps[2::2] = net * -np.diff(level)
    np.add.at(steps, 2 * top[at_once] + 1, problem.heat[at_once])
    kept = np.zeros(2 * len(level), np.bool_)
    kept[0::2] = True
    kept[2 * top[at_once] + 1] = True
    return steps, kept


def _surplus_above(problem: HeatProblem, temperature: float, *, at: bool) -> float:
    """Return the heat given minus taken above a shifted temperature; `at`: what is given or taken there counts too."""
    upper, lower = problem.shifted()
    span = upper - lower
    reached = (upper >= temperature) if at else (upper > temperature)
    share = np.where(span > 0, (upper - temperature) / np.where(span > 0, span, 1.0), reached)
    return float(problem.heat @ np.clip(share, 0.0, 1.0))
