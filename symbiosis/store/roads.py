"""Distances by road, kept as they were learnt: one node for each place that ways start from, with its destinations."""

from collections.abc import Sequence
from typing import Any, Final, LiteralString

from symbiosis.domain.roads import Roads
from symbiosis.store.graph import Tx
from symbiosis.store.snapshot import roads_of

LOCK_ROADS: Final[LiteralString] = """
UNWIND $origins AS origin
MERGE (roads:Roads {id: origin})
SET roads.learnt_at = $at, roads.source = $source
"""

ROADS_FROM: Final[LiteralString] = """
UNWIND $origins AS origin
MATCH (roads:Roads {id: origin})
RETURN roads.id AS key, roads.destinations AS destinations, roads.metres AS metres
ORDER BY key LIMIT $at_most
"""

PUT_ROADS: Final[LiteralString] = """
UNWIND $rows AS row
MATCH (roads:Roads {id: row.origin})
SET roads.destinations = row.destinations, roads.metres = row.metres
"""

FORGET_ROADS: Final[LiteralString] = """
MATCH (roads:Roads)
WITH roads, roads.id AS key
ORDER BY key LIMIT $at_most
DELETE roads
RETURN count(*) AS forgotten
"""


async def put_roads(tx: Tx, learnt: Sequence[Roads], source: str, at: str) -> None:
    """Keep distances beside those that are known from the same places; `source` is the server they came from."""
    origins = sorted(road.origin for road in learnt)
    await tx.run(LOCK_ROADS, origins=origins, source=source, at=at)
    known = {road.origin: road for road in await roads_from(tx, origins)}
    rows: list[dict[str, Any]] = []
    for road in learnt:
        before = known.get(road.origin, Roads(road.origin, (), ()))
        ways = dict(zip(before.destinations, before.metres, strict=True))
        ways |= dict(zip(road.destinations, road.metres, strict=True))
        ends = sorted(ways)
        rows.append({"origin": road.origin, "destinations": ends, "metres": [ways[end] for end in ends]})
    await tx.run(PUT_ROADS, rows=rows)


async def roads_from(tx: Tx, origins: Sequence[str]) -> tuple[Roads, ...]:
    """Return what is known from these places."""
    rows = await tx.run(ROADS_FROM, origins=list(origins), at_most=max(1, len(origins)))
    return tuple(road for road in map(roads_of, rows) if road.destinations)


async def forget_roads(tx: Tx, at_most: int) -> int:
    """Forget what is known from some places; return from how many, less than `at_most` when all is forgotten."""
    return int((await tx.run(FORGET_ROADS, at_most=at_most))[0]["forgotten"])
