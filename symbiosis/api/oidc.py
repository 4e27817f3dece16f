"""OIDC access tokens: signature first, then claims; the issuer's keys from a file or a URL, kept in memory.

Accepted are RS256 and ES256 with the `kid` of a key that the issuer publishes. `iss`, `aud`, `exp` and `sub` must be
there; clocks may differ by 30 s. With a file of keys nothing leaves the machine.
"""

import asyncio
import json
import logging
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from symbiosis.api.tokens import MAX_TOKEN, TokenError
from symbiosis.errors import StoreError
from symbiosis.settings import LOOPBACK, SettingsError

ALGORITHMS: Final = ("RS256", "ES256")
LEEWAY_S: Final = 30
KEYS_LIVE_S: Final = 3600.0
RETRY_S: Final = 30.0
FETCH_S: Final = 5.0
MAX_KEYS_BYTES: Final = 256 * 1024
SHORTEST_MODULUS: Final = 342  # 2048 bits in base64url.

_log: Final = logging.getLogger(__name__)


class KeysUnavailableError(StoreError):
    """The issuer's keys cannot be read, so nobody can sign in with a token of it."""

    code = "SIGN_IN_KEYS"
    retryable = True


class IssuerKeys:
    """The public keys of the issuer by `kid`; read when one is asked for, again when they are old or it is unknown."""

    def __init__(self, where: str, *, read: Callable[[str], bytes] | None = None) -> None:
        self._where, self._read = _checked(where), read or _bytes_at
        self._keys: dict[str, RSAKey | ECKey] = {}
        self._read_at = self._tried_at = -KEYS_LIVE_S
        self._reading = asyncio.Lock()

    async def key(self, kid: str) -> RSAKey | ECKey | None:
        """Return the key of this name, or None; raise KeysUnavailableError if no keys were ever read."""
        if self._is_due(kid):
            async with self._reading:
                if self._is_due(kid):
                    await self._refresh()
        if not self._keys:
            raise KeysUnavailableError("The keys of the sign-in service cannot be read now; try again in a minute.")
        return self._keys.get(kid)

    def _is_due(self, kid: str) -> bool:
        now = time.monotonic()
        wanted = now - self._read_at >= KEYS_LIVE_S or kid not in self._keys
        return wanted and now - self._tried_at >= RETRY_S

    async def _refresh(self) -> None:
        """Read the keys again; a failure leaves the ones that are known, and is logged."""
        self._tried_at = time.monotonic()
        try:
            self._keys = _public_keys(await asyncio.to_thread(self._read, self._where))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, JoseError) as failed:
            _log.warning("The keys at %s cannot be read: %s", self._where, type(failed).__name__)
        else:
            self._read_at = self._tried_at


class AccessTokens:
    """Reads the access tokens of one issuer for one audience."""

    def __init__(self, issuer: str, audience: str, keys: IssuerKeys) -> None:
        self._keys = keys
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True, "allow_blank": False},
        )

    async def subject(self, token: str) -> str:
        """Return the subject of a token; raise TokenError, or KeysUnavailableError."""
        if len(token) > MAX_TOKEN:
            raise TokenError("The token is too long; take a fresh one.")
        key = await self._keys.key(_kid(token))
        if key is None:
            raise TokenError("The token is signed with a key that its issuer does not publish; take a fresh one.")
        try:
            decoded = jwt.decode(token, key, algorithms=ALGORITHMS)
            self._claims.validate(decoded.claims)
        except (JoseError, ValueError, TypeError) as wrong:
            raise TokenError("The token is not valid, or no longer; take a fresh one.") from wrong
        subject = decoded.claims["sub"]
        if not isinstance(subject, str):
            raise TokenError("The token names no subject; take a fresh one.")
        return subject


def is_access_token(token: str) -> bool:
    """Say whether a token claims to be signed as an issuer's are; nothing of it is believed for that."""
    return _header(token).get("alg") in ALGORITHMS


def _kid(token: str) -> str:
    kid = _header(token).get("kid")
    if not isinstance(kid, str) or not kid:
        raise TokenError("The token does not say which key signed it (`kid`); take a fresh one.")
    return kid


def _header(token: str) -> dict[str, object]:
    try:
        return dict(jws.extract_compact(token.encode()).headers())
    except (JoseError, ValueError, TypeError):
        return {}


def _public_keys(raw: bytes) -> dict[str, RSAKey | ECKey]:
    """Return the RSA (2048 bits or more) and EC keys of a JWKS that have a `kid` and are for signatures."""
    usable = [entry for entry in json.loads(raw)["keys"] if _is_usable(entry)]
    found: dict[str, RSAKey | ECKey] = {}
    for key in KeySet.import_key_set({"keys": usable}).keys:
        if isinstance(key, RSAKey | ECKey) and key.kid is not None:
            found[key.kid] = key
    if not found:
        raise ValueError("no usable key")
    return found


def _is_usable(entry: Mapping[str, Any]) -> bool:
    if not entry.get("kid") or entry.get("use", "sig") != "sig":
        return False
    return entry.get("kty") == "EC" or (entry.get("kty") == "RSA" and len(entry["n"]) >= SHORTEST_MODULUS)


def _checked(where: str) -> str:
    """Return a place that keys may come from, or raise SettingsError."""
    parts = urlsplit(where)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return where
    if parts.scheme in {"", "file"} and Path(parts.path).is_file():
        return parts.path
    raise SettingsError(f"SYMBIOSIS_OIDC_JWKS: {where} is neither an https URL nor a file that is there.")


def _bytes_at(where: str) -> bytes:
    if not urlsplit(where).scheme:
        return Path(where).read_bytes()
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(where, timeout=FETCH_S) as response:
        raw: bytes = response.read(MAX_KEYS_BYTES)
    return raw


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the keys are where the operator said, or nowhere."""

    def redirect_request(self, *_: object) -> None:
        """Refuse."""
