"""Requests that carry an idempotency key: what was asked under it, and what came of it."""

from dataclasses import dataclass
from typing import Final, LiteralString

from symbiosis.store.graph import Tx

CLAIM_REQUEST: Final[LiteralString] = """
MERGE (request:Request {id: $request_id})
ON CREATE SET request.fingerprint = $fingerprint, request.object = $object, request.at = $at
RETURN request.fingerprint AS fingerprint, request.object AS object
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """What stands under a key: ours if `object_id` is the one we came with."""

    fingerprint: str
    object_id: str


async def claim_request(tx: Tx, request_id: str, *, fingerprint: str, object_id: str, at: str) -> Claim:
    """Return what stands under this key, which is this request itself if it is the first."""
    rows = await tx.run(CLAIM_REQUEST, request_id=request_id, fingerprint=fingerprint, object=object_id, at=at)
    return Claim(rows[0]["fingerprint"], rows[0]["object"])
