"""The way of each candidate: by which vehicle, and how far.

vehicle   by the kind of the supply's resource and the most that its two listings could exchange in a year
road      where a routing server gave the distance between the two sites, that; else straight line x detour factor
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from symbiosis.domain.roads import place_of
from symbiosis.domain.transport import TRANSPORT, Vehicle
from symbiosis.matching.candidates import Candidates, Shorts
from symbiosis.matching.snapshot import Ints, Side, Snapshot

VEHICLES: Final[tuple[Vehicle, ...]] = tuple(vehicle for way in TRANSPORT.values() for vehicle in way.vehicles)
"""What the numbers of a vehicle column mean."""

NO_ROAD: Final = -1
ON_ROADS: Final = np.array([way.on_roads for way in TRANSPORT.values() for _ in way.vehicles], dtype=np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """The way of candidates; (P,) each. `road_m` is NO_ROAD where no distance by road is known."""

    vehicle: NDArray[np.int8]
    straight_m: Shorts
    road_m: Shorts

    @property
    def on_roads(self) -> int:
        """Return how many of them go on roads, whether or not the road is known."""
        return sum(self.going_by(number) for number in np.flatnonzero(ON_ROADS).tolist())

    def going_by(self, number: int) -> int:
        """Return how many of them go by a vehicle of VEHICLES."""
        return int(np.count_nonzero(self.vehicle == number))

    def of(self, rows: Ints) -> "Ways":
        """Return those of some candidates."""
        return Ways(self.vehicle[rows], self.straight_m[rows], self.road_m[rows])


def ways_of(snapshot: Snapshot, candidates: Candidates) -> Ways:
    """Return the way of each candidate."""
    return ways_by(snapshot, candidates, vehicles_of(snapshot, candidates.supply, candidates.demand))


def ways_by(snapshot: Snapshot, candidates: Candidates, vehicle: NDArray[np.int8]) -> Ways:
    """Return the way of each candidate by the vehicle that is given (P,)."""
    road_m: Shorts = np.broadcast_to(np.int32(NO_ROAD), len(vehicle))
    if snapshot.roads:
        road_m = road_m.copy()
        rows = np.flatnonzero(ON_ROADS[vehicle])
        road_m[rows] = _roads(snapshot, candidates.supply[rows], candidates.demand[rows])
    return Ways(vehicle, candidates.distance_m, road_m)


def vehicles_of(snapshot: Snapshot, supply: Ints, demand: Ints) -> NDArray[np.int8]:
    """Return by which vehicle, as a number in VEHICLES, what these pairs of rows exchange would travel."""
    most = np.minimum(snapshot.supplies.quantity[supply], snapshot.demands.quantity[demand])
    kind = [snapshot.resources[code].kind for code in snapshot.supplies.codes]
    vehicle = np.zeros(len(supply), np.int8)
    for name, way in TRANSPORT.items():
        of_kind = np.array([each == name for each in kind], dtype=np.bool_)[snapshot.supplies.resource]
        rows = np.flatnonzero(of_kind[supply])
        from_base = np.array([each.from_base_per_year for each in way.vehicles], dtype=np.int64)
        first = VEHICLES.index(way.vehicles[0])
        vehicle[rows] = first + np.searchsorted(from_base, most[rows], side="right") - 1
    return vehicle


def _roads(snapshot: Snapshot, supply: Ints, demand: Ints) -> Ints:
    """Return the distance by road of pairs, whole metres, or NO_ROAD."""
    origins = {road.origin: number for number, road in enumerate(snapshot.roads)}
    places = {place: number for number, place in enumerate({p: 0 for r in snapshot.roads for p in r.destinations})}
    keys = np.array(
        [origins[road.origin] * len(places) + places[to] for road in snapshot.roads for to in road.destinations],
        dtype=np.int64,
    )
    metres = np.array([far for road in snapshot.roads for far in road.metres], dtype=np.int64)
    order = np.argsort(keys)
    keys, metres = keys[order], metres[order]
    start, end = _numbers(snapshot.supplies, origins)[supply], _numbers(snapshot.demands, places)[demand]
    wanted = np.where((start >= 0) & (end >= 0), start * len(places) + end, NO_ROAD)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: Ints = np.where(keys[at] == wanted, metres[at], NO_ROAD)
    return found


def _numbers(side: Side, places: dict[str, int]) -> Ints:
    names = [place_of(x.lat, x.lon, x.geo_precision) for x in side.listings]
    return np.array([NO_ROAD if name is None else places.get(name, NO_ROAD) for name in names], dtype=np.int64)
