"""Streams at sites, the links that carry heat between sites, and the segments of temperature that are matched.

Data       streams: a HeatProblem (N); site (N,) int64; value (N,) float64, what a unit of heat is worth to its stream:
           to a cold one what it no longer has to buy, to a hot one what it no longer has to get rid of
Links      (L,) one way each: from_site, to_site; retained in (0, 1], the share of the heat that arrives; drop >= 0, the
           degrees lost on the way; cost per unit sent. Within a site heat passes without loss, drop or cost
Segments   each stream is cut wherever an end of another stream, seen through a link, falls into it, and at multiples of
           `step` where links have a drop
"""

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np

from optimizer.errors import ProblemError, ProblemTooLargeError
from optimizer.heat.targets import DECIMALS, HeatProblem
from optimizer.linear import Floats, vector
from optimizer.problem import Ints

STEP: Final = 5.0
"""Degrees of a segment at most where links have a drop."""
MAX_PIECES: Final = 4_000
"""Segments of one step that all streams may span together."""


@dataclass(frozen=True, slots=True, eq=False)
class HeatLinks:
    """Checked links; raises ProblemError where one is none."""

    from_site: Ints
    to_site: Ints
    retained: Floats
    drop: Floats
    cost: Floats

    def __post_init__(self) -> None:
        for name in ("retained", "drop", "cost"):
            object.__setattr__(self, name, vector(name, getattr(self, name)))
        columns = (self.from_site, self.to_site, self.retained, self.drop, self.cost)
        if len({column.shape for column in columns}) > 1:
            raise ProblemError("Every column of the links must have one entry per link.")
        for row in np.flatnonzero(self.from_site == self.to_site).tolist():
            raise ProblemError(f"Link {row} leads from site {self.from_site[row]} to itself; that needs no link.")
        for row in np.flatnonzero(~((self.retained > 0) & (self.retained <= 1))).tolist():
            raise ProblemError(f"retained[{row}] is {self.retained[row]}; a share is above 0 and at most 1.")
        for name in ("drop", "cost"):
            for row in np.flatnonzero(getattr(self, name) < 0).tolist():
                raise ProblemError(f"{name}[{row}] is {getattr(self, name)[row]}; it is zero or more.")
        pairs = list(zip(self.from_site.tolist(), self.to_site.tolist(), strict=True))
        for row, pair in enumerate(pairs):
            if pair in pairs[:row]:
                raise ProblemError(f"Link {row} from site {pair[0]} to site {pair[1]} is given twice.")


@dataclass(frozen=True, slots=True, eq=False)
class HeatNetwork:
    """Checked streams, sites and links; raises ProblemError."""

    streams: HeatProblem
    site: Ints
    value: Floats
    links: HeatLinks
    step: float = STEP

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", vector("value", self.value))
        if not len(self.streams.heat) == len(self.site) == len(self.value) or self.site.dtype != np.int64:
            raise ProblemError("site (int64) and value must have one entry per stream.")
        if not 0 < self.step < np.inf:
            raise ProblemError(f"step is {self.step}; segments are some degrees wide, more than zero.")


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Pieces of streams, of hot ones in temperatures lowered by dt_min: from there heat may pass to any lower one."""

    stream: Ints
    upper: Floats
    lower: Floats
    heat: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Routes:
    """The ways from a hot stream to a cold one, one each: by a link, or within a site (link -1)."""

    hot: Ints
    cold: Ints
    link: Ints
    retained: Floats
    drop: Floats
    worth: Floats


def routes(network: HeatNetwork) -> Routes:
    """Return every way by which a hot stream may send heat to a cold one; `worth` is that of a unit sent."""
    hot, cold = np.flatnonzero(network.streams.heat > 0), np.flatnonzero(network.streams.heat < 0)
    links = network.links
    way = {(i, j): n for n, (i, j) in enumerate(zip(links.from_site.tolist(), links.to_site.tolist(), strict=True))}
    found = [
        (h, c, -1 if network.site[h] == network.site[c] else way[int(network.site[h]), int(network.site[c])])
        for h in hot
        for c in cold
        if network.site[h] == network.site[c] or (int(network.site[h]), int(network.site[c])) in way
    ]
    columns = np.array(found, np.int64).reshape(-1, 3)
    link = columns[:, 2]
    # One entry more than there are links: -1 reads the last, which is that of heat that stays within its site.
    retained, drop, cost = (
        np.append(column, own)[link] for column, own in ((links.retained, 1.0), (links.drop, 0.0), (links.cost, 0.0))
    )
    worth = network.value[columns[:, 0]] + retained * network.value[columns[:, 1]] - cost
    return Routes(columns[:, 0], columns[:, 1], link, retained, drop, worth)


def segments(network: HeatNetwork, ways: Routes) -> tuple[Segments, Segments]:
    """Return the pieces of hot streams and of cold ones."""
    upper, lower = levels(network.streams)
    cuts: list[set[float]] = [{float(upper[n]), float(lower[n])} for n in range(len(upper))]
    ends = [set(own) for own in cuts]
    for hot, cold, drop in zip(ways.hot.tolist(), ways.cold.tolist(), ways.drop.tolist(), strict=True):
        cuts[hot] |= {round(end + drop, DECIMALS) for end in ends[cold]}
        cuts[cold] |= {round(end - drop, DECIMALS) for end in ends[hot]}
    if (ways.drop > 0).any():
        pieces = float((upper - lower).sum()) / network.step
        if pieces > MAX_PIECES:
            raise ProblemTooLargeError(
                f"The streams span {pieces:.3g} pieces of {network.step:g} degrees, more than {MAX_PIECES}; "
                "give a larger step."
            )
        for n, own in enumerate(cuts):
            inside = np.arange(np.ceil(lower[n] / network.step), upper[n] / network.step) * network.step
            own |= set(inside.tolist())
    else:
        everywhere = set().union(*cuts)
        cuts = [everywhere for _ in cuts]
    hot, cold = (_pieces(network.streams, cuts, (upper, lower), side) for side in (1, -1))
    return hot, cold


def levels(streams: HeatProblem) -> tuple[Floats, Floats]:
    """Return the upper and the lower end of each stream, hot ones lowered by dt_min."""
    shift = np.where(streams.heat > 0, 1.0, 0.0) * streams.dt_min
    begin: Floats = streams.supply_temperature - shift
    end: Floats = streams.target_temperature - shift
    return np.maximum(begin, end).round(DECIMALS), np.minimum(begin, end).round(DECIMALS)


def _pieces(streams: HeatProblem, cuts: list[set[float]], ends: tuple[Floats, Floats], side: int) -> Segments:
    rows: list[tuple[int, float, float, float]] = []
    upper, lower = ends
    for n in np.flatnonzero(np.sign(streams.heat) == side).tolist():
        heat, top, bottom = abs(float(streams.heat[n])), float(upper[n]), float(lower[n])
        if top == bottom:
            rows.append((n, top, bottom, heat))
            continue
        inside = sorted(cut for cut in cuts[n] if bottom <= cut <= top)
        rows += [(n, high, low, heat * (high - low) / (top - bottom)) for low, high in itertools.pairwise(inside)]
    stream, high, low, heat_of = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Segments(np.array(stream, np.int64), *(np.array(c, np.float64) for c in (high, low, heat_of)))
