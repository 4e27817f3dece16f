"""What the published plan is and what it was made from: what the next run stays near to and is compared with.

The canonical input of a run is kept compressed, in parts, until the next run is published; `run_notes.py` writes it.
"""

import base64
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString

from symbiosis.domain.ids import ListingId, RunId
from symbiosis.domain.runs import RunKind
from symbiosis.store.paging import every_row

if TYPE_CHECKING:  # The process that computes a run reads these facts, but never speaks to a store.
    from symbiosis.store.graph import Tx

PART_LENGTH: Final = 500_000

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
