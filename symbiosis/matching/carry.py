"""What one run leaves on disk for the next: its candidates, what they are worth, its plan and the prices that prove it.

A cache that may be deleted at any time: what it holds could be found again from the input, and a run that finds none,
a damaged one, one of other code or one of other figures finds everything itself. Listings are known by the hash of the
row that counts in the input's hash; all else that candidates and values depend on is in one hash, and where that is
another, nothing is carried over. Decisions of people are compared pair by pair, roads candidate by candidate.
"""

import hashlib
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

import optimizer
import symbiosis.domain
import symbiosis.matching
import symbiosis.units
from symbiosis.domain.ids import RunId
from symbiosis.matching.carry_file import DamagedFileError, read_arrays, write_arrays
from symbiosis.matching.snapshot import Side, Snapshot, listing_row
from symbiosis.matching.ways import NO_ROAD

FILE: Final = "exchange.carried"
HASH: Final = 16
"""Bytes of the hash of a listing's row."""

Column = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Carried:
    """What an older run has left; S supplies, D demands, P candidates in its own order.

    supply_hash, demand_hash (n, HASH)      its listings
    first (S + 1,)                          where the candidates of each supply begin
    demand, distance_m, vehicle, value_cent, small, emits (P,)
                                            its candidates and what they are worth (`Candidates`, `ArcValues`)
    by_road, road_m                         candidates of which the way by road is known, and how long it is
    supply_left, demand_left (n,)           quantities that its locks left
    arcs, flow                              where the best plan carries something, and how much
    supply_low, supply_high, demand_low, demand_high, of_supply, of_demand (n,)
                                            its prices and components
    near_arcs, near_flow, near_supply, near_demand, leant
                                            the same of the plan that was published, its prices where the candidates
                                            `leant` have the advantage of those that are in a plan already
    """

    run_id: RunId
    refused: frozenset[tuple[str, str]]
    supply_hash: Column
    demand_hash: Column
    first: Column
    demand: Column
    distance_m: Column
    vehicle: Column
    by_road: Column
    road_m: Column
    value_cent: Column
    small: Column
    emits: Column
    supply_left: Column
    demand_left: Column
    arcs: Column
    flow: Column
    supply_low: Column
    supply_high: Column
    demand_low: Column
    demand_high: Column
    of_supply: Column
    of_demand: Column
    near_arcs: Column
    near_flow: Column
    near_supply: Column
    near_demand: Column
    leant: Column

    def supply_of(self, rows: Column) -> Column:
        """Return the supplies of some candidates (n,)."""
        return np.searchsorted(self.first, rows, side="right") - 1

    def roads(self) -> Column:
        """Return the way by road of each candidate in metres, NO_ROAD where it is not known (P,)."""
        roads = np.full(len(self.demand), NO_ROAD, np.int32)
        roads[self.by_road] = self.road_m
        return roads


_COLUMNS: Final = tuple(field.name for field in fields(Carried) if field.name not in {"run_id", "refused"})


class NotCarriedError(Exception):
    """Nothing can be carried over; the message says why. Not for people but in the notes of a run."""


def keep(folder: Path, snapshot: Snapshot, carried: Carried) -> None:
    """Leave for the next run what this one has found; raise OSError."""
    facts = {
        "code": code_sha256(),
        "rest": rest_sha256(snapshot),
        "run_id": carried.run_id,
        "refused": sorted(carried.refused),
    }
    write_arrays(folder / FILE, facts, {name: getattr(carried, name) for name in _COLUMNS})


def kept(folder: Path, snapshot: Snapshot) -> Carried:
    """Return what an older run has left, if it is of use for this input; raise NotCarriedError."""
    try:
        facts, arrays = read_arrays(folder / FILE)
    except FileNotFoundError as none:
        raise NotCarriedError("no older run has left anything") from none
    except (DamagedFileError, OSError) as wrong:
        raise NotCarriedError("what an older run has left is damaged") from wrong
    if facts.get("code") != code_sha256():
        raise NotCarriedError("the older run was made by another version")
    if facts.get("rest") != rest_sha256(snapshot):
        raise NotCarriedError("factors, resources, substitutions or rules have changed")
    refused = frozenset((supply, demand) for supply, demand in facts["refused"])
    return Carried(RunId(facts["run_id"]), refused, **{name: arrays[name] for name in _COLUMNS})


def row_hashes(side: Side) -> Column:
    """Return the hashes of what counts of listings (n, HASH)."""
    rows = [hashlib.blake2b(orjson.dumps(listing_row(x)), digest_size=HASH).digest() for x in side.listings]
    return np.frombuffer(b"".join(rows), np.uint8).reshape(-1, HASH)


def rest_sha256(snapshot: Snapshot) -> str:
    """Return the hash of the input without its listings, what people decided, and roads."""
    none = ()
    bare = replace(
        snapshot,
        supplies=replace(snapshot.supplies, listings=none),
        demands=replace(snapshot.demands, listings=none),
        refused=none,
        locks=none,
        roads=none,
    )
    return bare.sha256()


@cache
def code_sha256() -> str:
    """Return the hash of the code that decides: any other code finds everything itself."""
    digest = hashlib.sha256()
    for package in (optimizer, symbiosis.domain, symbiosis.matching):
        for folder in package.__path__:
            for file in sorted(Path(folder).rglob("*.py")):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    digest.update(Path(symbiosis.units.__file__).read_bytes())
    return digest.hexdigest()
