"""Who sends heat to whom between sites: an exchange of segments of temperature, with losses on the way.

Data       a HeatNetwork (network.py)
Variables  sent (A,), over pairs of a hot and a cold segment that a route joins
Model      maximise sum_a worth[a] sent[a], where what a hot segment sends is at most its heat, and what arrives at a
           cold one, retained[a] sent[a], at most its need; a pair is joined where the cold segment lies below the hot
           one, the drop of the link allowed for
Bound      the same with every pair joined of which any two points are: what no finer cut can beat. Without drops both
           are one model. Its prices v give the bound: u = max(worth - retained v, 0) per hot segment, heat u + need v
Source     S. A. Papoulias, I. E. Grossmann (1983), Comput. Chem. Eng. 7, 707-721 (the transhipment of heat)
"""

import itertools
import time
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp

from optimizer.errors import SolverError
from optimizer.heat.network import HeatNetwork, Routes, Segments, levels, routes, segments
from optimizer.linear import Floats, LinearProgram, solve_linear
from optimizer.plan import SolveStatus
from optimizer.problem import Bools, Ints

TOLERANCE: Final = 1e-9
"""Share of all heat, or of what all of it could be worth, below which a difference means nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class HeatPlan:
    """What passes between segments (F,), and per stream (N,) what it sends or receives.

    hot_upper .. cold_lower   temperatures of the two segments as the streams have them, in degrees
    sent, delivered           at the hot and at the cold end
    exchanged                 heat that each stream gives to or gets from another; the rest needs a utility
    """

    status: SolveStatus
    hot: Ints
    cold: Ints
    link: Ints
    hot_upper: Floats
    hot_lower: Floats
    cold_upper: Floats
    cold_lower: Floats
    sent: Floats
    delivered: Floats
    exchanged: Floats
    objective: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """Return how much may be missing, as a share of the bound; 0 where that is zero."""
        return max(0.0, self.bound - self.objective) / self.bound if self.bound > 0 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Pairs of segments: the hot one, the cold one, and the route they use."""

    hot: Ints
    cold: Ints
    route: Ints


def exchange_heat(network: HeatNetwork) -> HeatPlan:
    """Return the best exchange of heat and a bound on any; FEASIBLE where drops and the width of segments leave a gap.

    Raises SolverError.
    """
    began = time.perf_counter()
    ways = routes(network)
    hot, cold = segments(network, ways)
    sure, thinkable = _pairs(ways, hot, cold)
    sent, price = _solved(ways, hot, cold, sure)
    worth = ways.worth[sure.route]
    objective = float(worth @ sent)
    if len(thinkable.route) > len(sure.route):
        _, price = _solved(ways, hot, cold, thinkable)
    bound = max(_bound(ways, hot, cold, thinkable, price), objective)
    size = float(np.abs(worth) @ sent) + bound
    used = np.flatnonzero(sent > TOLERANCE * float(hot.heat.sum()))
    pairs = _Pairs(sure.hot[used], sure.cold[used], sure.route[used])
    delivered = ways.retained[pairs.route] * sent[used]
    streams, exchanged = network.streams, np.zeros(len(network.site))
    np.add.at(exchanged, hot.stream[pairs.hot], sent[used])
    np.add.at(exchanged, cold.stream[pairs.cold], delivered)
    return HeatPlan(
        status=SolveStatus.OPTIMAL if bound - objective <= TOLERANCE * size else SolveStatus.FEASIBLE,
        hot=hot.stream[pairs.hot],
        cold=cold.stream[pairs.cold],
        link=ways.link[pairs.route],
        hot_upper=hot.upper[pairs.hot] + streams.dt_min,
        hot_lower=hot.lower[pairs.hot] + streams.dt_min,
        cold_upper=cold.upper[pairs.cold],
        cold_lower=cold.lower[pairs.cold],
        sent=sent[used],
        delivered=delivered,
        exchanged=exchanged,
        objective=float(ways.worth[pairs.route] @ sent[used]),
        bound=bound,
        seconds=time.perf_counter() - began,
    )


def _pairs(ways: Routes, hot: Segments, cold: Segments) -> tuple[_Pairs, _Pairs]:
    """Return the pairs of which all heat may pass, and those of which some may."""
    sure: list[tuple[Ints, Ints, Ints]] = []
    thinkable: list[tuple[Ints, Ints, Ints]] = []
    for n in np.flatnonzero(ways.worth > 0).tolist():
        h, c = np.flatnonzero(hot.stream == ways.hot[n]), np.flatnonzero(cold.stream == ways.cold[n])
        high, low = np.round((hot.upper[h, None], hot.lower[h, None]) - ways.drop[n], 9)
        point = (high == low) & (cold.upper[c] == cold.lower[c])
        some = (high > cold.lower[c]) | (point & (high == cold.lower[c]))
        every = some & (high >= cold.upper[c]) & (low >= cold.lower[c])
        for kept, found in ((every, sure), (some, thinkable)):
            i, j = np.nonzero(kept)
            found.append((h[i], c[j], np.full(len(i), n)))
    return _joined(sure), _joined(thinkable)


def _joined(parts: list[tuple[Ints, Ints, Ints]]) -> _Pairs:
    none = np.zeros(0, np.int64)
    hot, cold, route = ([none, *column] for column in zip(*parts, strict=True)) if parts else ([none],) * 3
    return _Pairs(np.concatenate(hot), np.concatenate(cold), np.concatenate(route))


def _solved(ways: Routes, hot: Segments, cold: Segments, pairs: _Pairs) -> tuple[Floats, Floats]:
    """Return what each pair sends, within its limits, and the price of each cold segment."""
    rows, arcs = len(hot.heat) + len(cold.heat), len(pairs.route)
    if not arcs:
        return np.zeros(0), np.zeros(len(cold.heat))
    entry = np.concatenate((np.ones(arcs), ways.retained[pairs.route]))
    place = np.concatenate((pairs.hot, pairs.cold + len(hot.heat))), np.tile(np.arange(arcs), 2)
    heat = np.concatenate((hot.heat, cold.heat))
    unit = float(heat.max(initial=0.0)) or 1.0
    answer = solve_linear(
        LinearProgram(
            objective=ways.worth[pairs.route],
            matrix=sp.csr_matrix((entry, place), (rows, arcs)),
            row_lower=np.full(rows, -np.inf),
            row_upper=heat / unit,
            lower=np.zeros(arcs),
            upper=np.full(arcs, np.inf),
            maximise=True,
        )
    )
    if answer.x is None or answer.dual is None:
        raise SolverError(f"The exchange of heat ended as {answer.status.value}, though sending nothing is allowed.")
    return np.maximum(answer.x, 0.0) * unit, np.maximum(answer.dual[len(hot.heat) :], 0.0)


def _bound(ways: Routes, hot: Segments, cold: Segments, pairs: _Pairs, price: Floats) -> float:
    """Return the bound that prices of cold segments prove, whatever they are."""
    rent = np.zeros(len(hot.heat))
    np.maximum.at(rent, pairs.hot, ways.worth[pairs.route] - ways.retained[pairs.route] * price[pairs.cold])
    return float(rent @ hot.heat + price @ cold.heat)


def check_heat_plan(network: HeatNetwork, plan: HeatPlan) -> tuple[str, ...]:
    """Return what is wrong with a plan, in sentences; empty when it holds. Looks at flows and streams alone."""
    faults: list[str] = []
    streams, near = network.streams, TOLERANCE * 10 * float(np.abs(network.streams.heat).sum())
    way = routes(network)
    found = {(h, c): n for n, (h, c) in enumerate(zip(way.hot.tolist(), way.cold.tolist(), strict=True))}
    for f, (h, c) in enumerate(zip(plan.hot.tolist(), plan.cold.tolist(), strict=True)):
        n = found.get((h, c))
        if n is None or way.link[n] != plan.link[f]:
            faults.append(f"No link leads from stream {h} to stream {c}.")
            continue
        spare = streams.dt_min + way.drop[n] - 1e-6
        if plan.hot_upper[f] - plan.cold_upper[f] < spare or plan.hot_lower[f] - plan.cold_lower[f] < spare:
            faults.append(f"Flow {f} from stream {h} is not warm enough for stream {c}.")
        if abs(plan.sent[f] * way.retained[n] - plan.delivered[f]) > near:
            faults.append(f"Flow {f} delivers {plan.delivered[f]} of {plan.sent[f]} sent.")
    upper, lower = levels(streams)
    shift = np.where(streams.heat > 0, streams.dt_min, 0.0)
    hot = (plan.hot, plan.hot_upper, plan.hot_lower, plan.sent)
    cold = (plan.cold, plan.cold_upper, plan.cold_lower, plan.delivered)
    for n, heat in enumerate(np.abs(streams.heat).tolist()):
        row, high, low, amount = hot if streams.heat[n] > 0 else cold
        own = row == n
        ends = float(upper[n] + shift[n]), float(lower[n] + shift[n])
        if _overfull((high[own], low[own], amount[own]), ends, heat, near):
            faults.append(f"Stream {n} has {heat}, but a part of it exchanges more than it holds.")
    worth = [float(way.worth[found[h, c]]) for h, c in zip(plan.hot, plan.cold, strict=True) if (h, c) in found]
    value = float(np.dot(worth, plan.sent)) if len(worth) == len(plan.sent) else plan.objective
    if abs(value - plan.objective) > TOLERANCE * 10 * max(abs(value), 1.0):
        faults.append(f"The plan is worth {value}, but it says {plan.objective}.")
    return tuple(faults)


def _overfull(used: tuple[Floats, Floats, Floats], ends: tuple[float, float], heat: float, near: float) -> bool:
    """Return whether any part of a stream exchanges more than it holds: flows spread evenly over their segments."""
    high, low, amount = used
    top, bottom = ends
    if top == bottom:
        return float(amount.sum()) > heat + near
    points = np.unique(np.concatenate((high, low, (top, bottom))))
    if points[-1] > top + 1e-6 or points[0] < bottom - 1e-6:
        return True
    for under, over in itertools.pairwise(points.tolist()):
        inside: Bools = (low <= under) & (high >= over)
        share = amount[inside] * (over - under) / (high[inside] - low[inside])
        if float(share.sum()) > heat * (over - under) / (top - bottom) + near:
            return True
    return False
