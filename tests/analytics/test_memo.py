"""What was worked out lately is not worked out again, until something changes."""

import asyncio
from typing import Final, LiteralString

import pytest

from symbiosis.analytics.memo import MOST, Memo
from symbiosis.domain.times import utc_now
from symbiosis.errors import InputError
from symbiosis.store.graph import Graph, Tx

pytestmark = pytest.mark.store

EVENT: Final[LiteralString] = "CREATE (:Event {id: 'evt-new', at: $at, action: 'UPDATE_LISTING', object: 'lst-1'})"
PUBLISH: Final[LiteralString] = """
CREATE (run:Run {id: 'run-new', kind: 'EXCHANGE'})
MERGE (current:Current {kind: 'EXCHANGE'})
MERGE (current)-[:IS]->(run)
"""


class Counting:
    """Makes a number each time it is asked: how often it was."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> int:
        """Return how often it was asked."""
        self.times += 1
        await asyncio.sleep(0)
        return self.times


async def test_a_value_is_made_once_until_somebody_changes_something(graph: Graph) -> None:
    memo, make = Memo(), Counting()
    assert [await memo.value(graph, "key", make) for _ in range(3)] == [1, 1, 1]
    assert await memo.value(graph, "other", make) == 2

    async def write(tx: Tx) -> None:
        await tx.run(EVENT, at=utc_now())

    await graph.write(write)
    assert [await memo.value(graph, "key", make) for _ in range(2)] == [3, 3]


async def test_a_new_plan_ends_what_was_kept(graph: Graph) -> None:
    memo, make = Memo(), Counting()
    assert await memo.value(graph, "key", make) == 1

    async def write(tx: Tx) -> None:
        await tx.run(PUBLISH)

    await graph.write(write)
    assert await memo.value(graph, "key", make) == 2


async def test_nothing_is_kept_longer_than_its_time(graph: Graph) -> None:
    memo, make = Memo(life_s=0.0), Counting()
    assert [await memo.value(graph, "key", make) for _ in range(2)] == [1, 2]


async def test_who_asks_at_the_same_time_waits_for_one_making(graph: Graph) -> None:
    memo, make = Memo(), Counting()
    assert await asyncio.gather(*(memo.value(graph, "key", make) for _ in range(5))) == [1] * 5


async def test_the_oldest_values_are_let_go_of(graph: Graph) -> None:
    memo, make = Memo(), Counting()
    for number in range(MOST + 1):
        await memo.value(graph, number, make)
    assert await memo.value(graph, MOST, make) == MOST + 1
    assert await memo.value(graph, 0, make) == MOST + 2


async def test_a_failure_is_told_and_not_kept(graph: Graph) -> None:
    async def fail() -> int:
        raise InputError("no")

    memo = Memo()
    with pytest.raises(InputError, match="no"):
        await memo.value(graph, "key", fail)
    assert await memo.value(graph, "key", Counting()) == 1
