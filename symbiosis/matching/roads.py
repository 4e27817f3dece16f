"""Learn distances by road from a routing server: the table service of OSRM, in blocks, kept in the store.

Only the ways of candidates that go on roads are asked for, and only between places that are known better than by their
commune. What the server does not give stays great circle x detour factor; when it does not answer, the run goes on
with what is known and says so. (OSRM HTTP API v1, table: coordinates are longitude,latitude; `distances` in metres,
null where there is no way.)
"""

import asyncio
import json
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from symbiosis.domain.ids import RunId
from symbiosis.domain.roads import Roads, place_of
from symbiosis.domain.times import utc_now
from symbiosis.domain.transport import TRANSPORT
from symbiosis.matching.candidates import find_candidates
from symbiosis.matching.snapshot import Ints, Snapshot
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.roads import put_roads
from symbiosis.store.runs import hold_run

SIDE: Final = 50
"""Places on each side of one question: together the 100 that OSRM answers unless told otherwise."""
ANSWER_S: Final = 20.0
ANSWER_BYTES: Final = 4_000_000
METRES_MOST: Final = 40_000_000
"""A way longer than around the Earth is an error of the server."""

Wanted = Mapping[str, frozenset[str]]


class RoutingServerError(Exception):
    """The routing server did not answer, or not with a table. Never leaves this module: the run goes on without."""


async def learn_roads(graph: Graph, run_id: RunId, snapshot: Snapshot, url: str) -> str | None:
    """Ask for the ways that are not known yet and keep them; return why that ended early, or None.

    Raises RunLostError, and keeps nothing more, once the run that asks was taken over.
    """
    wanted = await asyncio.to_thread(_wanted, snapshot)
    for origins, destinations in _blocks(wanted):
        try:
            learnt = await asyncio.to_thread(_table, url, origins, destinations)
        except RoutingServerError as failure:
            return str(failure)
        if learnt:
            await graph.write(keep_roads, run_id, learnt, url)
    return None


async def keep_roads(tx: Tx, run_id: RunId, learnt: Sequence[Roads], url: str) -> None:
    """Keep what was learnt for a run, or raise RunLostError if another one has taken it over."""
    at = utc_now()
    await hold_run(tx, run_id, at)
    await put_roads(tx, learnt, url, at)


def _wanted(snapshot: Snapshot) -> Wanted:
    """Return from which place to which the distance is not known: of candidates whose resource goes on roads."""
    candidates = find_candidates(snapshot)
    supplies, demands = snapshot.supplies.listings, snapshot.demands.listings
    on_roads = [TRANSPORT[snapshot.resources[x.resource_code].kind].on_roads for x in supplies]
    starts = [place_of(x.lat, x.lon, x.geo_precision) if on else None for x, on in zip(supplies, on_roads, strict=True)]
    ends = [place_of(x.lat, x.lon, x.geo_precision) for x in demands]
    start_number, start_names = _numbered(starts)
    end_number, end_names = _numbered(ends)
    pairs = np.unique(start_number[candidates.supply] * (len(end_names) + 1) + end_number[candidates.demand])
    known = {road.origin: frozenset(road.destinations) for road in snapshot.roads}
    wanted: dict[str, set[str]] = defaultdict(set)
    for pair in pairs.tolist():
        start, end = divmod(pair, len(end_names) + 1)
        if start < len(start_names) and end < len(end_names):
            name = start_names[start]
            if end_names[end] not in known.get(name, frozenset()):
                wanted[name].add(end_names[end])
    return {name: frozenset(ends_of) for name, ends_of in sorted(wanted.items())}


def _numbered(names: Sequence[str | None]) -> tuple[Ints, list[str]]:
    """Return the number of each name and the names by number; None has the number after the last."""
    found = sorted({name for name in names if name is not None})
    number = {name: place for place, name in enumerate(found)}
    return np.array([len(found) if name is None else number[name] for name in names], dtype=np.int64), found


def _blocks(wanted: Wanted) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield origins and destinations of the questions that cover what is wanted."""
    for origins in _batched(sorted(wanted)):
        ends = sorted({end for origin in origins for end in wanted[origin]})
        for destinations in _batched(ends):
            yield origins, destinations


def _batched(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + SIDE] for start in range(0, len(names), SIDE))


def _table(url: str, origins: Sequence[str], destinations: Sequence[str]) -> list[Roads]:
    """Return the distances that the server gives; raise RoutingServerError if it gives no table."""
    places = ";".join(",".join(reversed(place.split(","))) for place in (*origins, *destinations))
    sources = ";".join(str(number) for number in range(len(origins)))
    ends = ";".join(str(len(origins) + number) for number in range(len(destinations)))
    question = f"{url.rstrip('/')}/table/v1/driving/{places}?sources={sources}&destinations={ends}&annotations=distance"
    try:
        with urllib.request.urlopen(question, timeout=ANSWER_S) as answer:  # noqa: S310  Settings allow http(s) only.
            said = json.loads(answer.read(ANSWER_BYTES))
    except urllib.error.HTTPError as wrong:
        raise RoutingServerError(f"the routing server answered {wrong.code}") from wrong
    except (OSError, ValueError) as wrong:
        raise RoutingServerError(f"the routing server did not answer with a table ({type(wrong).__name__})") from wrong
    return _learnt(said, origins, destinations)


def _learnt(said: object, origins: Sequence[str], destinations: Sequence[str]) -> list[Roads]:
    table = said.get("distances") if isinstance(said, dict) and said.get("code") == "Ok" else None
    if not isinstance(table, list) or [len(row) for row in table if isinstance(row, list)] != [len(destinations)] * len(
        origins
    ):
        raise RoutingServerError("the routing server answered without a table of the size that was asked for")
    learnt = []
    for origin, row in zip(origins, table, strict=True):
        ways = [(end, round(far)) for end, far in zip(destinations, row, strict=True) if _is_way(far)]
        if ways:
            learnt.append(Roads(origin, tuple(end for end, _ in ways), tuple(far for _, far in ways)))
    return learnt


def _is_way(far: object) -> bool:
    return isinstance(far, int | float) and not isinstance(far, bool) and 0 <= far <= METRES_MOST
