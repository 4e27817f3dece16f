"""API keys, each belonging to one person; of the secret only its SHA-256 is kept, as hexadecimal text."""

from collections.abc import Mapping
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import PersonId
from symbiosis.domain.keys import ApiKey, KeyId, KeyScope
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest, page_of

LOCK_PERSON: Final[LiteralString] = """
MATCH (person:Person {id: $person_id}) SET person._lock = timestamp() RETURN person.id AS person_id
"""

LIVE_KEYS: Final[LiteralString] = """
MATCH (key:ApiKey)-[:SIGNS_IN]->(:Person {id: $person_id})
WHERE key.revoked_at IS NULL AND key.expires_at > $now
RETURN count(key) AS live
"""

SAVE_KEY: Final[LiteralString] = """
MATCH (person:Person {id: $person_id})
CREATE (key:ApiKey {id: $key_id, secret_sha256: $secret_sha256, label: $label, scopes: $scopes,
        created_at: $created_at, expires_at: $expires_at, version: 1})-[:SIGNS_IN]->(person)
RETURN key.id AS key_id
"""

LOCK_KEY: Final[LiteralString] = """
MATCH (key:ApiKey {id: $key_id}) SET key._lock = timestamp() RETURN key.id AS key_id
"""

REVOKE_KEY: Final[LiteralString] = """
MATCH (key:ApiKey {id: $key_id})
SET key.revoked_at = $at, key.version = key.version + 1
RETURN key.version AS version
"""

KEY_BY_ID: Final[LiteralString] = """
MATCH (key:ApiKey {id: $key_id})-[:SIGNS_IN]->(person:Person)
RETURN key.id AS key_id, person.id AS person_id, person.subject AS subject, key.secret_sha256 AS secret_sha256,
       key.label AS label, key.scopes AS scopes, key.created_at AS created_at, key.expires_at AS expires_at,
       key.revoked_at AS revoked_at, key.version AS version
"""

KEYS_BY_NEWEST_PAGE: Final[LiteralString] = """
MATCH (key:ApiKey)-[:SIGNS_IN]->(person:Person {id: $person_id})
WHERE $after_id IS NULL OR key.created_at < $after_key OR (key.created_at = $after_key AND key.id > $after_id)
RETURN key.id AS key_id, person.id AS person_id, key.label AS label, key.scopes AS scopes,
       key.created_at AS created_at, key.expires_at AS expires_at, key.revoked_at AS revoked_at,
       key.version AS version, key.created_at AS sort_key
ORDER BY sort_key DESC, key_id LIMIT $at_most
"""

NEWEST_ORDER: Final = "NEWEST"


async def lock_person(tx: Tx, person_id: PersonId) -> bool:
    """Take the lock of a person; say whether there is one."""
    return bool(await tx.run(LOCK_PERSON, person_id=person_id))


async def live_keys(tx: Tx, person_id: PersonId, now: str) -> int:
    """Return how many keys of a person sign in at a time."""
    rows = await tx.run(LIVE_KEYS, person_id=person_id, now=now)
    live: int = rows[0]["live"]
    return live


async def save_key(tx: Tx, key: ApiKey, secret_sha256: str) -> bool:
    """Write a new key; say whether its person is there."""
    rows = await tx.run(
        SAVE_KEY,
        key_id=key.key_id,
        person_id=key.person_id,
        secret_sha256=secret_sha256,
        label=key.label,
        scopes=sorted(scope.value for scope in key.scopes),
        created_at=key.created_at,
        expires_at=key.expires_at,
    )
    return bool(rows)


async def lock_key(tx: Tx, key_id: KeyId) -> bool:
    """Take the lock of a key; say whether there is one."""
    return bool(await tx.run(LOCK_KEY, key_id=key_id))


async def revoke_key(tx: Tx, key_id: KeyId, at: str) -> None:
    """Mark a key, locked before, as revoked and count its version up."""
    await tx.run(REVOKE_KEY, key_id=key_id, at=at)


async def key_by_id(tx: Tx, key_id: KeyId) -> tuple[ApiKey, str, str] | None:
    """Return a key, the hash of its secret and the subject of its person; or None."""
    rows = await tx.run(KEY_BY_ID, key_id=key_id)
    return (_key(rows[0]), rows[0]["secret_sha256"], rows[0]["subject"]) if rows else None


async def keys_page(tx: Tx, person_id: PersonId, page: PageRequest) -> Page[ApiKey]:
    """Return one page of a person's keys, newest first, revoked and expired ones too."""
    rows = await tx.run(KEYS_BY_NEWEST_PAGE, person_id=person_id, **page.parameters(NEWEST_ORDER, str))
    return page_of(rows, page, NEWEST_ORDER, "key_id", _key)


def _key(row: Mapping[str, Any]) -> ApiKey:
    return ApiKey(
        key_id=KeyId(row["key_id"]),
        person_id=PersonId(row["person_id"]),
        label=row["label"],
        scopes=frozenset(KeyScope(scope) for scope in row["scopes"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        version=row["version"],
    )
