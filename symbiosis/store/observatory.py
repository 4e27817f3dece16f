"""What a run has published for everybody: written once, never again."""

from dataclasses import dataclass
from typing import Final, LiteralString

from symbiosis.domain.ids import RunId
from symbiosis.store.graph import Tx

KEEP_OBSERVATORY: Final[LiteralString] = """
MERGE (kept:Observatory {id: $run_id})
ON CREATE SET kept.text = $text, kept.made_at = $made_at
RETURN kept.text AS text, kept.made_at AS made_at
"""

OBSERVATORY: Final[LiteralString] = """
MATCH (kept:Observatory {id: $run_id})
RETURN kept.text AS text, kept.made_at AS made_at
"""


@dataclass(frozen=True, slots=True)
class KeptObservatory:
    """The cells of a run as one text, and when they were made (UTC, ISO-8601)."""

    text: str
    made_at: str


async def keep_observatory(tx: Tx, run_id: RunId, made: KeptObservatory) -> KeptObservatory:
    """Keep what a run publishes, if nothing is kept yet; return what is kept."""
    rows = await tx.run(KEEP_OBSERVATORY, run_id=run_id, text=made.text, made_at=made.made_at)
    return KeptObservatory(rows[0]["text"], rows[0]["made_at"])


async def observatory_of(tx: Tx, run_id: RunId) -> KeptObservatory | None:
    """Return what a run has published, or None."""
    rows = await tx.run(OBSERVATORY, run_id=run_id)
    return KeptObservatory(rows[0]["text"], rows[0]["made_at"]) if rows else None
