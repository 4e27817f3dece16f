"""Seeded territories: supplies and demands as they cluster around industrial zones, and the pairs that may meet.

Territories of about 40 km, five industrial zones each and scattered sites between; 240 materials in 40 groups of six
and 10 chapters, with Zipf popularity; a demand accepts two to seven materials or whole groups; four properties per
supply and their limits per demand (a pair may exceed them threefold: blending is for that); lognormal quantities in
tonnes, gamma costs in euros per tonne; arcs with a profit within 45 km, the best for their length where there are more
than asked for. Same seed, same instance.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from optimizer import ExchangeProblem
from optimizer.linear import Floats
from optimizer.problem import Ints

MATERIALS: Final = 240
GROUP: Final = 6
CHAPTER: Final = 24
PROPERTIES: Final = 4
REACH_KM: Final = 45.0
SIZES: Final[Mapping[str, tuple[int, int, int]]] = {
    "1k": (1_000, 20_000, 250),
    "3k": (3_000, 75_000, 375),
    "10k": (10_000, 300_000, 500),
    "50k": (50_000, 2_000_000, 1_000),
    "100k": (100_000, 5_000_000, 1_000),
}
"""Name -> supplies (and as many demands), arcs at most, sites per territory."""
TENTHS: Final = 10
"""Quantities of an exchange are counted in tenths of a tonne, money in cents per tonne."""


@dataclass(frozen=True, slots=True, eq=False)
class Territories:
    """One instance; tonnes, euros per tonne, kilometres, tonnes of CO2e per tonne, concentrations in any one unit.

    supply_t, demand_t (S,), (D,); content (S, P), content_limit (D, P); arc_supply, arc_demand, profit, km, co2 (A,)
    """

    supply_t: Floats
    demand_t: Floats
    content: Floats
    content_limit: Floats
    arc_supply: Ints
    arc_demand: Ints
    profit: Floats
    km: Floats
    co2: Floats

    def exchange(self) -> ExchangeProblem:
        """Return the exchange of it, in tenths of a tonne and cents per tonne: its values are in 0.1 cents."""
        return ExchangeProblem(
            supply=np.rint(self.supply_t * TENTHS).astype(np.int64),
            demand=np.rint(self.demand_t * TENTHS).astype(np.int64),
            arc_supply=self.arc_supply,
            arc_demand=self.arc_demand,
            value_per_unit=np.rint(self.profit * 100).astype(np.int64),
        )


def instance(name: str) -> Territories:
    """Return the instance of that name, from a file beside the other temporary ones once it was made."""
    path = stored(name)
    with np.load(path) as columns:
        return Territories(**{field.name: columns[field.name] for field in fields(Territories)})


def stored(name: str) -> Path:
    """Return the file (.npz) that holds the instance, made if it is not there: what a peer's process reads."""
    path = Path(tempfile.gettempdir()) / "symbiosis-bench" / f"territories-1-{name}.npz"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        made = generate(*SIZES[name])
        half = path.with_suffix(".half.npz")
        np.savez(half, **{field.name: getattr(made, field.name) for field in fields(Territories)})
        half.rename(path)
    return path


def generate(sites: int, arcs: int, per_territory: int, seed: int = 0) -> Territories:
    """Return `sites` supplies and demands with at most `arcs` arcs."""
    rng = np.random.default_rng(seed)
    places = _Places(rng, max(2, sites // per_territory))
    rank = np.arange(MATERIALS, dtype=np.float64) + 8.0
    popularity: Floats = 1.0 / rank**0.9
    popularity = popularity[rng.permutation(MATERIALS)]
    popularity /= popularity.sum()
    from_x, from_y = places.draw(rng, sites)
    to_x, to_y = places.draw(rng, sites)
    material = rng.choice(MATERIALS, sites, p=popularity)
    typical = rng.lognormal(0, 0.6, (MATERIALS, PROPERTIES))
    content = typical[material] * rng.lognormal(0, 0.35, (sites, PROPERTIES))
    main, accepted = _accepted(rng, sites, popularity)
    limit = typical[main] * rng.lognormal(0.6, 0.5, (sites, PROPERTIES))
    supply_t = np.round(rng.lognormal(5.5, 1.3, sites)) + 5
    demand_t = np.round(rng.lognormal(5.7, 1.3, sites)) + 5
    disposal = np.round(rng.gamma(4, 22, sites), 2) + 10
    virgin = np.round(rng.gamma(3, 30, sites), 2) + 10
    disposal_co2, virgin_co2 = rng.gamma(2, 0.05, sites), rng.gamma(2, 0.25, sites)
    treatment = np.round(rng.gamma(2, 8, sites), 2)
    reach, tail = REACH_KM, np.zeros(0, np.int64)
    while len(tail) < arcs and reach <= 400:
        tail, head, km = _meeting(Points(from_x, from_y, material), Points(to_x, to_y, accepted), reach)
        profit = disposal[tail] + virgin[head] * 0.8 - (4.0 + 0.13 * km * 1.3) - treatment[head]
        good = (profit > 0) & (content[tail] <= limit[head] * 3.0).all(axis=1)
        tail, head, km, profit = tail[good], head[good], km[good], profit[good]
        reach *= 1.25
    if len(tail) > arcs:
        best = np.argpartition(-(profit - 0.25 * km), arcs)[:arcs]
        tail, head, km, profit = tail[best], head[best], km[best], profit[best]
    order = np.lexsort((head, tail))
    tail, head, km = tail[order], head[order], km[order]
    co2 = disposal_co2[tail] + virgin_co2[head] * 0.8 - 1.1e-4 * km * 1.3
    return Territories(supply_t, demand_t, content, limit, tail, head, np.round(profit[order], 2), km, co2)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Places in kilometres, and of each the material it has (N,), or all pairs (2, M) of a place and a material."""

    x: Floats
    y: Floats
    material: Ints


class _Places:
    """Where the territories and their zones are; draws places of sites."""

    def __init__(self, rng: np.random.Generator, territories: int) -> None:
        self.centre = rng.uniform(0, 90.0 * np.sqrt(territories), (2, territories))
        weight = rng.lognormal(0, 0.5, territories)
        self.weight = weight / weight.sum()
        self.zone = np.stack([axis[:, None] + rng.normal(0, 12.0, (territories, 5)) for axis in self.centre])

    def draw(self, rng: np.random.Generator, count: int) -> tuple[Floats, Floats]:
        territory = rng.choice(len(self.weight), count, p=self.weight)
        zone, scattered = rng.integers(0, 5, count), rng.random(count) < 0.35
        x, y = (
            np.where(
                scattered,
                centre[territory] + rng.normal(0, 14.0, count),
                at[territory, zone] + rng.normal(0, 1.5, count),
            )
            for centre, at in zip(self.centre, self.zone, strict=True)
        )
        return x, y


def _accepted(rng: np.random.Generator, sites: int, popularity: Floats) -> tuple[Ints, Ints]:
    """Return the main material of each demand (D,) and all (demand, material) it accepts, as pairs (2, M)."""
    patterns = rng.integers(2, 8, sites)
    first = np.concatenate(([0], np.cumsum(patterns)))
    main, owner = rng.choice(MATERIALS, sites, p=popularity), np.repeat(np.arange(sites), patterns)
    akin = rng.random(first[-1]) < 0.5
    chapter = np.repeat(main, patterns) // CHAPTER * CHAPTER + rng.integers(0, CHAPTER, first[-1])
    wanted = np.where(akin, chapter, rng.choice(MATERIALS, first[-1], p=popularity))
    wanted[first[:-1]] = main
    whole_group = rng.random(first[-1]) < 0.5
    members = (wanted[whole_group, None] // GROUP * GROUP + np.arange(GROUP)).ravel()
    owners = np.concatenate((owner[~whole_group], np.repeat(owner[whole_group], GROUP)))
    keys = np.unique(owners * MATERIALS + np.concatenate((wanted[~whole_group], members)))
    return main, np.stack((keys // MATERIALS, keys % MATERIALS))


def _meeting(supplies: Points, demands: Points, reach: float) -> tuple[Ints, Ints, Floats]:
    """Return the pairs of one material within reach, by a sort-merge join over cells as wide as the reach."""
    west, south = min(supplies.x.min(), demands.x.min()), min(supplies.y.min(), demands.y.min())
    across, up = (
        int((max(a.max(), b.max()) - low) / reach) + 3
        for a, b, low in ((supplies.x, demands.x, west), (supplies.y, demands.y, south))
    )
    column, row = _cells(supplies.x - west, reach), _cells(supplies.y - south, reach)
    key = (supplies.material * across + column + 1) * up + row + 1
    order = np.argsort(key, kind="stable")
    owner, material = demands.material
    column, row = _cells(demands.x - west, reach)[owner], _cells(demands.y - south, reach)[owner]
    found = []
    for beside in (-1, 0, 1):
        # The three cells of a column are neighbours in the order of keys, so each column is one range.
        low = (material * across + column + 1 + beside) * up + row
        begin, end = np.searchsorted(key[order], low, "left"), np.searchsorted(key[order], low + 2, "right")
        many = end - begin
        own = np.repeat(np.arange(len(low)), many)
        nth = np.arange(len(own)) - np.repeat(np.cumsum(many) - many, many)
        tail, head = order[np.repeat(begin, many) + nth], owner[own]
        squared = (supplies.x[tail] - demands.x[head]) ** 2 + (supplies.y[tail] - demands.y[head]) ** 2
        near = squared <= reach * reach
        found.append((tail[near], head[near], np.sqrt(squared[near])))
    tail, head, km = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return tail, head, km


def _cells(offset: Floats, width: float) -> NDArray[np.int64]:
    cells: NDArray[np.int64] = (offset / width).astype(np.int64)
    return cells
