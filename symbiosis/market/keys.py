"""API keys: made by a person for a program of theirs, shown once, revoked at once."""

import hashlib
import hmac
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from symbiosis.domain.ids import PersonId
from symbiosis.domain.keys import MAX_DAYS, ApiKey, KeyId, KeyScope, new_key_id
from symbiosis.domain.times import utc_now, utc_text
from symbiosis.errors import InputError, NotFoundError, RuleError, StaleVersionError
from symbiosis.market.inputs import FieldError, line
from symbiosis.market.once import Once, once
from symbiosis.policy import Action, Viewer, require, signed_in, viewer_of
from symbiosis.store import keys as store
from symbiosis.store.events import Event, record_event
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.people import person_of

MAX_LIVE: Final = 20
LABEL_LENGTH: Final = 100
PREFIX: Final = "sbk_"
_KEY: Final = re.compile(PREFIX + r"([0-9a-f]{32})_([A-Za-z0-9_-]{43})", re.ASCII)


class KeyRefusedError(InputError):
    """The API key is unknown, revoked, expired or mistyped: the four answer alike."""

    code = "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__("The API key is not valid, or no longer; make another (`createApiKey`).")


class TooManyKeysError(RuleError):
    """A person has as many live keys as one may have."""

    code = "TOO_MANY_KEYS"

    def __init__(self) -> None:
        super().__init__(f"You have {MAX_LIVE} keys that are live; revoke one first.")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as a person asks for it."""

    label: str
    scopes: tuple[KeyScope, ...]
    days: int
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key and its text, which is told this once; None where the same request comes again."""

    key: ApiKey
    text: str | None


@dataclass(frozen=True, slots=True)
class Revocation:
    """Which key to revoke, at the version that was read."""

    key_id: KeyId
    version: int
    idempotency_key: str | None = None


async def create_key(graph: Graph, viewer: Viewer, new: NewKey) -> MadeKey:
    """Return the new key with its text; raise NotAllowed-, Field-, TooManyKeys- or KeyReusedError."""
    require(viewer, Action.MANAGE_KEYS, None, noun="key", key="")
    label = line(new.label, "label", at_most=LABEL_LENGTH)
    if not 1 <= new.days <= MAX_DAYS:
        raise FieldError("days", message=f"A key lives 1 to {MAX_DAYS} days, not {new.days}.")
    key_id, secret, now = new_key_id(), secrets.token_urlsafe(32), datetime.now(UTC)
    key = ApiKey(
        key_id=key_id,
        person_id=signed_in(viewer),
        label=label,
        scopes=frozenset(new.scopes),
        created_at=utc_text(now),
        expires_at=utc_text(now + timedelta(days=new.days)),
    )
    made = await graph.write(_create, key, _hash(secret), once("create-key", new.idempotency_key, asdict(new)))
    return MadeKey(made, f"{PREFIX}{key_id.removeprefix('key-')}_{secret}" if made.key_id == key_id else None)


async def _create(tx: Tx, key: ApiKey, secret_sha256: str, sent: Once) -> ApiKey:
    if not await store.lock_person(tx, key.person_id):
        raise NotFoundError("person", key.person_id)
    if earlier := await sent.earlier(tx, key.person_id, key.key_id, key.created_at):
        return await _own(tx, key.person_id, KeyId(earlier))
    if await store.live_keys(tx, key.person_id, key.created_at) >= MAX_LIVE:
        raise TooManyKeysError
    await store.save_key(tx, key, secret_sha256)
    scopes = " ".join(sorted(key.scopes)) or None
    await record_event(tx, Event(key.created_at, key.person_id, "MAKE_KEY", key.key_id, 1, scopes))
    return key


async def revoke_key(graph: Graph, viewer: Viewer, stated: Revocation) -> ApiKey:
    """Return the key, revoked from now on; raise NotAllowed-, NotFound-, StaleVersion- or KeyReusedError."""
    require(viewer, Action.MANAGE_KEYS, None, noun="key", key=stated.key_id)
    sent = once("revoke-key", stated.idempotency_key, asdict(stated))
    return await graph.write(_revoke, signed_in(viewer), stated, sent)


async def _revoke(tx: Tx, person_id: PersonId, stated: Revocation, sent: Once) -> ApiKey:
    key_id, at = stated.key_id, utc_now()
    if not await store.lock_key(tx, key_id):
        raise NotFoundError("key", key_id)
    key = await _own(tx, person_id, key_id)
    if await sent.earlier(tx, person_id, key_id, at):
        return key
    if key.version != stated.version:
        raise StaleVersionError("key", key_id, expected=stated.version, found=key.version)
    await store.revoke_key(tx, key_id, at)
    await record_event(tx, Event(at, person_id, "REVOKE_KEY", key_id, key.version + 1))
    return await _own(tx, person_id, key_id)


async def keys(graph: Graph, viewer: Viewer, page: PageRequest) -> Page[ApiKey]:
    """Return one page of the viewer's own keys, newest first; raise NotAllowedError."""
    require(viewer, Action.MANAGE_KEYS, None, noun="key", key="")
    return await graph.read(store.keys_page, signed_in(viewer), page)


async def viewer_for_key(graph: Graph, text: str) -> Viewer:
    """Return the person behind a key with the mandates of today, narrowed to its scopes; raise KeyRefusedError."""
    shape = _KEY.fullmatch(text)
    if shape is None:
        raise KeyRefusedError
    return await graph.read(_signed_in, KeyId(f"key-{shape[1]}"), _hash(shape[2]))


async def _signed_in(tx: Tx, key_id: KeyId, secret_sha256: str) -> Viewer:
    found = await store.key_by_id(tx, key_id)
    now = utc_now()
    if found is None or not hmac.compare_digest(found[1], secret_sha256) or not found[0].is_live(now):
        raise KeyRefusedError
    registered = await person_of(tx, found[2])
    if registered is None:
        raise KeyRefusedError
    return viewer_of(registered, now[:10], key=found[0])


async def _own(tx: Tx, person_id: PersonId, key_id: KeyId) -> ApiKey:
    found = await store.key_by_id(tx, key_id)
    if found is None or found[0].person_id != person_id:
        raise NotFoundError("key", key_id)
    return found[0]


def _hash(secret: str) -> str:
    """Return the SHA-256 of a secret of 256 random bits, for which no slower hash is needed."""
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
