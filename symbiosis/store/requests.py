"""Requests that carry an idempotency key: what was asked under it, and what came of it."""

from dataclasses import dataclass
from typing import Final, LiteralString

from symbiosis.store.graph import Tx

CLAIM_REQUEST: Final[LiteralString] = """
MERGE (request:Request {id: $request_id})
ON CREATE SET request.fingerprint = $fingerprint, request.object = $object, request.sending = $sending,
    request.at = $at
RETURN request.fingerprint AS fingerprint, request.object AS object, request.sending AS sending
"""


@dataclass(frozen=True, slots=True)
class Sending:
    """One sending of a request: `sending` is its own, `fingerprint` that of all sendings of the same request."""

    request_id: str
    fingerprint: str
    sending: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What stands under a key, and whether an earlier sending put it there."""

    fingerprint: str
    object_id: str
    repeated: bool


async def claim_request(tx: Tx, sent: Sending, *, object_id: str, at: str) -> Claim:
    """Return what stands under this key, which is this sending itself if it is the first."""
    rows = await tx.run(
        CLAIM_REQUEST,
        request_id=sent.request_id,
        fingerprint=sent.fingerprint,
        sending=sent.sending,
        object=object_id,
        at=at,
    )
    return Claim(rows[0]["fingerprint"], rows[0]["object"], repeated=rows[0]["sending"] != sent.sending)
