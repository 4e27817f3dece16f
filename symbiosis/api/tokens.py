"""Development tokens: short-lived, signed with a key of this machine, accepted on a loopback address only.

A token says who (`sub`) and until when; roles and mandates come from the store at each request.
"""

import contextlib
import hashlib
import ipaddress
import os
import secrets
import time
from pathlib import Path
from typing import Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from symbiosis.errors import InputError, StoreError
from symbiosis.settings import Settings

ISSUER: Final = "symbiosis-development"
AUDIENCE: Final = "symbiosis-api"
KEY_FILE: Final = "development-key"
MAX_TTL_S: Final = 7 * 24 * 3600
MAX_TOKEN: Final = 4096
_ALGORITHMS: Final = ("HS256",)
_KEY_BYTES: Final = 32


class TokenError(InputError):
    """The token is not one that is accepted here; who sent it is nobody."""

    code = "UNAUTHENTICATED"


class KeyFileError(StoreError):
    """The development key cannot be read or written."""

    code = "KEY_FILE"


def development_token(settings: Settings, subject: str, ttl: int) -> str:
    """Return a token for a subject, good for `ttl` seconds on this machine; the key is made if there is none yet."""
    if not 0 < ttl <= MAX_TTL_S:
        raise InputError(f"A development token lives 1 to {MAX_TTL_S} seconds, not {ttl}.")
    key = _key(settings.data_dir)
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + ttl}
    return jwt.encode({"alg": "HS256", "kid": _kid(key)}, claims, key, algorithms=_ALGORITHMS)


class DevelopmentTokens:
    """Reads development tokens, if the settings let it."""

    def __init__(self, settings: Settings) -> None:
        self._key = _key(settings.data_dir) if settings.dev_tokens and _is_loopback(settings.host) else None
        self._claims = jwt.JWTClaimsRegistry(
            leeway=0,
            exp={"essential": True},
            iat={"essential": True},
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            sub={"essential": True, "allow_blank": False},
        )

    @property
    def accepted(self) -> bool:
        """Say whether development tokens are accepted at all."""
        return self._key is not None

    def subject(self, token: str) -> str:
        """Return the subject of a token, or raise TokenError."""
        if self._key is None:
            raise TokenError("Tokens are not accepted here: start with `symbiosis serve --dev-tokens` on 127.0.0.1.")
        if len(token) > MAX_TOKEN:
            raise TokenError("The token is too long to be one of ours; take a fresh one.")
        try:
            decoded = jwt.decode(token, self._key, algorithms=_ALGORITHMS)
            self._claims.validate(decoded.claims)
        except (JoseError, ValueError, TypeError) as wrong:
            raise TokenError("The token is not valid, or no longer; take a fresh one.") from wrong
        subject = decoded.claims["sub"]
        if decoded.header.get("kid") != _kid(self._key) or not isinstance(subject, str):
            raise TokenError("The token is of another key; take a fresh one.")
        return subject


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _kid(key: OctKey) -> str:
    return hashlib.sha256(key.raw_value).hexdigest()[:16]


def _key(data_dir: Path) -> OctKey:
    """Return the key of this machine from its 0600 file, made once; two that make it at once agree on one."""
    path = data_dir / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        value = path.read_bytes()
    except OSError as failed:
        raise KeyFileError(
            f"The development key {path} cannot be used ({failed.strerror}); check the folder."
        ) from failed
    if len(value) != _KEY_BYTES:
        raise KeyFileError(f"The development key {path} is damaged; delete it, and a new one is made.")
    return OctKey.import_key(value)


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)
