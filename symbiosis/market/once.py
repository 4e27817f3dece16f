"""What a person sends twice is done once: the idempotency key is kept in the transaction of the effect."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any, Final

from symbiosis.domain.ids import PersonId
from symbiosis.errors import RuleError
from symbiosis.market.inputs import line
from symbiosis.store.graph import Tx
from symbiosis.store.requests import Sending, claim_request

KEY_LENGTH: Final = 200


class KeyReusedError(RuleError):
    """An idempotency key came back with something else to do; nothing was written."""

    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self) -> None:
        super().__init__("This idempotency key was used for something else; take a new key for each intention.")


@dataclass(frozen=True, slots=True)
class Once:
    """One request under a person's idempotency key; without a key it is always the first of its kind."""

    verb: str
    key: str | None
    fingerprint: str
    sending: str

    async def earlier(self, tx: Tx, actor: PersonId, object_id: str, at: str) -> str | None:
        """Return the object of the same request made before, or None for the first; raise KeyReusedError."""
        if self.key is None:
            return None
        sent = Sending(f"{actor}|{self.verb}|{self.key}", self.fingerprint, self.sending)
        claim = await claim_request(tx, sent, object_id=object_id, at=at)
        if claim.fingerprint != self.fingerprint:
            raise KeyReusedError
        return claim.object_id if claim.repeated else None


def once(verb: str, key: str | None, stated: dict[str, Any]) -> Once:
    """Return the request that states these facts under a key; raise FieldError if the key is not one line of text."""
    if key is not None:
        line(key, "idempotency_key", at_most=KEY_LENGTH)
    facts = {name: value for name, value in stated.items() if name != "idempotency_key"}
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=sorted)
    fingerprint = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Once(verb, key, fingerprint, uuid.uuid4().hex)
