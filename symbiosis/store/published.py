"""What the published plan is and what it was made from: what the next run stays near to and is compared with.

The canonical input of a run is kept compressed, in parts, until the next run is published.
"""

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString

from symbiosis.domain.changes import PairChange
from symbiosis.domain.ids import ListingId, RunId
from symbiosis.domain.runs import RunKind
from symbiosis.store.paging import every_row

if TYPE_CHECKING:  # The process that computes a run reads these facts, but never speaks to a store.
    from symbiosis.store.graph import Tx

PART_LENGTH: Final = 500_000
CHANGES_KEPT: Final = 1000
"""So many changes are kept with a run, those of the most value first; their counts are of all."""

CURRENT_RUN_ID: Final[LiteralString] = "MATCH (:Current {kind: $kind})-[:IS]->(run:Run) RETURN run.id AS run_id"

SUGGESTED: Final[LiteralString] = """
MATCH (:Run {id: $run_id})-[suggests:SUGGESTS]->(synergy:Synergy)
WHERE synergy.id > $after
MATCH (supply:Listing)<-[:TAKES_FROM]-(synergy)-[:GIVES_TO]->(demand:Listing)
RETURN synergy.id AS key, supply.id AS supply_id, demand.id AS demand_id,
       suggests.quantity_base_per_year AS quantity_base_per_year, suggests.value_cent_per_year AS value_cent_per_year
ORDER BY key LIMIT $at_most
"""

INPUT_PARTS: Final[LiteralString] = """
MATCH (part:RunInput {run_id: $run_id})
WHERE part.id > $after
RETURN part.id AS key, part.text AS text
ORDER BY key LIMIT $at_most
"""

PUT_PART: Final[LiteralString] = """
MERGE (part:RunInput {id: $id})
SET part.run_id = $run_id, part.text = $text
"""

FORGET_PARTS: Final[LiteralString] = """
MATCH (part:RunInput)
WHERE part.run_id <> $run_id
DELETE part
"""

PUT_CHANGES: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
UNWIND $rows AS row
MATCH (synergy:Synergy {id: row.synergy_id})
CREATE (run)-[changes:CHANGES]->(synergy)
SET changes += row.facts
"""


@dataclass(frozen=True, slots=True)
class PublishedPair:
    """What the published plan suggests for a pair."""

    supply_id: ListingId
    demand_id: ListingId
    quantity_base_per_year: int
    value_cent_per_year: int


@dataclass(frozen=True, slots=True)
class PublishedPlan:
    """The plan that readers see, and the canonical input it was made from (None: it is not kept)."""

    run_id: RunId
    pairs: tuple[PublishedPair, ...]
    canonical: bytes | None


async def published_plan(tx: "Tx", kind: RunKind) -> PublishedPlan | None:
    """Return the plan that readers see, or None before the first."""
    current = await tx.run(CURRENT_RUN_ID, kind=kind.value)
    if not current:
        return None
    run_id = RunId(current[0]["run_id"])
    pairs = [
        PublishedPair(
            supply_id=ListingId(row["supply_id"]),
            demand_id=ListingId(row["demand_id"]),
            quantity_base_per_year=row["quantity_base_per_year"],
            value_cent_per_year=row["value_cent_per_year"],
        )
        for row in await every_row(tx, SUGGESTED, run_id=run_id)
    ]
    text = "".join([row["text"] for row in await every_row(tx, INPUT_PARTS, run_id=run_id)])
    return PublishedPlan(run_id, tuple(pairs), zlib.decompress(base64.b64decode(text)) if text else None)


def input_parts(canonical: bytes) -> list[str]:
    """Return a canonical input in parts that fit into a message each."""
    text = base64.b64encode(zlib.compress(canonical)).decode()
    return [text[begin : begin + PART_LENGTH] for begin in range(0, len(text), PART_LENGTH)]


async def record_input(tx: "Tx", run_id: RunId, number: int, part: str) -> None:
    """Keep one part of what a run is made from; writing it twice changes nothing."""
    await tx.run(PUT_PART, id=f"{run_id}/{number:06}", run_id=run_id, text=part)


async def forget_other_inputs(tx: "Tx", run_id: RunId) -> None:
    """Let go of what other runs were made from."""
    await tx.run(FORGET_PARTS, run_id=run_id)


async def record_changes(tx: "Tx", run_id: RunId, changes: Sequence[PairChange]) -> None:
    """Write what a run changes of the plan before it, under a run that nobody reads yet; their order is kept."""
    rows = [
        {
            "synergy_id": change.synergy_id,
            "facts": {
                "place": place,
                "kind": change.kind.value,
                "cause": change.cause.value,
                "detail": change.detail,
                "before_base_per_year": change.before_base_per_year,
                "after_base_per_year": change.after_base_per_year,
                "before_cent_per_year": change.before_cent_per_year,
                "after_cent_per_year": change.after_cent_per_year,
            },
        }
        for place, change in enumerate(changes[:CHANGES_KEPT])
    ]
    await tx.run(PUT_CHANGES, run_id=run_id, rows=rows)
