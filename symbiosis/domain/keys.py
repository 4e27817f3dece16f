"""API keys: how a program of a person's signs in, for what, and until when."""

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

from symbiosis.domain.ids import PersonId

KeyId = NewType("KeyId", str)

MAX_DAYS: Final = 366


class KeyScope(StrEnum):
    """What a key may change. Every key reads what its person may read, and none makes or revokes keys."""

    LISTINGS = "LISTINGS"
    REVIEWS = "REVIEWS"
    DELIVERIES = "DELIVERIES"
    RUNS = "RUNS"


def new_key_id() -> KeyId:
    """Return a fresh key id."""
    return KeyId(f"key-{uuid.uuid4().hex}")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept: what it is for, never its secret. Times are UTC, ISO-8601."""

    key_id: KeyId
    person_id: PersonId
    label: str
    scopes: frozenset[KeyScope]
    created_at: str
    expires_at: str
    revoked_at: str | None = None
    version: int = 1

    def is_live(self, now: str) -> bool:
        """Say whether the key signs in at a time: neither revoked nor expired."""
        return self.revoked_at is None and now < self.expires_at
