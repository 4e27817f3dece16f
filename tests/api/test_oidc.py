"""Access tokens of an issuer: signature, then claims; keys from a file or a URL."""

import base64
import hmac
import json
import threading
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from symbiosis.api import oidc
from symbiosis.app import create_app
from symbiosis.settings import Settings, SettingsError

ISSUER, AUDIENCE = "https://id.example.org", "symbiosis"
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "rsa-1"})
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    WEAK = RSAKey.generate_key(1024, {"kid": "weak", "use": "sig"})
FOR_ENCRYPTION = RSAKey.generate_key(2048, {"kid": "enc"})


def published(*keys: Any) -> bytes:
    uses = {"enc": {"use": "enc"}}
    return json.dumps({"keys": [key.as_dict(private=False) | uses.get(key.kid, {}) for key in keys]}).encode()


def signed(key: Any = RSA, alg: str = "RS256", header: dict[str, Any] | None = None, **claims: Any) -> str:
    now = int(time.time())
    good = {"iss": ISSUER, "aud": AUDIENCE, "sub": "manager-a", "exp": now + 60}
    stated = {name: value for name, value in (good | claims).items() if value is not None}
    named = {"alg": alg, "kid": key.kid} | (header or {})
    return jwt.encode({name: value for name, value in named.items() if value is not None}, stated, key, [alg])


@pytest.fixture
async def me(api: Any, tmp_path: Path) -> AsyncIterator[Any]:
    """Give a function that says who a token signs in, or the status and code of the refusal."""
    jwks = tmp_path / "jwks.json"
    jwks.write_bytes(published(RSA, EC, WEAK, FOR_ENCRYPTION))
    settings = Settings(
        data_dir=tmp_path, dev_tokens=True, oidc_issuer=ISSUER, oidc_audience=AUDIENCE, oidc_jwks=str(jwks)
    )
    transport = httpx.ASGITransport(create_app(settings, graph=api.graph))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:

        async def ask(token: str) -> Any:
            answer = await client.post(
                "/graphql", json={"query": "{ me { name } }"}, headers={"authorization": f"Bearer {token}"}
            )
            body = answer.json()
            if "errors" in body:
                return answer.status_code, body["errors"][0]["extensions"]["code"]
            return body["data"]["me"]["name"]

        yield ask


@pytest.mark.parametrize(("key", "alg"), [(RSA, "RS256"), (EC, "ES256")], ids=["RS256", "ES256"])
async def test_a_token_of_the_issuer_signs_in(me: Any, key: Any, alg: str) -> None:
    assert await me(signed(key, alg)) == "manager-a"


async def test_one_of_several_audiences_and_a_clock_that_is_20_s_late_will_do(me: Any) -> None:
    assert await me(signed(aud=["other", AUDIENCE], exp=int(time.time()) - 20)) == "manager-a"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(time.time()) - 40},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": int(time.time()) + 600},
        {"iss": "https://evil.example.org"},
        {"iss": None},
        {"aud": "other"},
        {"aud": ["other"]},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_or_missing_claim_is_nobody_s(me: Any, claims: dict[str, Any]) -> None:
    assert await me(signed(**claims)) == (401, "UNAUTHENTICATED")


def _unsigned() -> str:
    return "eyJhbGciOiJub25lIiwia2lkIjoicnNhLTEifQ.eyJzdWIiOiJtYW5hZ2VyLWEifQ."


def _signed_with_the_public_key_as_a_secret() -> str:
    _, claims, _ = signed().split(".")
    signed_part = f"{_base64(json.dumps({'alg': 'HS256', 'kid': 'rsa-1'}).encode())}.{claims}"
    return f"{signed_part}.{_base64(hmac.digest(RSA.as_pem(private=False), signed_part.encode(), 'sha256'))}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "token",
    [
        lambda: signed(OTHER),
        lambda: signed(header={"kid": "unknown"}),
        lambda: signed(FOR_ENCRYPTION),
        lambda: signed(WEAK),
        lambda: signed(alg="RS512"),
        lambda: signed(EC, "ES256", {"kid": "rsa-1"}),
        _unsigned,
        _signed_with_the_public_key_as_a_secret,
        lambda: signed()[:-8] + "AAAAAAAA",
        lambda: "x" * 5000,
        lambda: "a.b.c",
    ],
    ids=[
        "other key",
        "unknown kid",
        "encryption key",
        "weak",
        "RS512",
        "crossed",
        "none",
        "HS256",
        "cut",
        "long",
        "garbage",
    ],
)
async def test_a_token_of_another_key_or_algorithm_is_nobody_s(me: Any, token: Any) -> None:
    assert await me(token()) == (401, "UNAUTHENTICATED")


async def test_a_token_that_does_not_say_which_key_signed_it_is_refused(tmp_path: Path) -> None:
    jwks = tmp_path / "jwks.json"
    jwks.write_bytes(published(RSA))
    tokens = oidc.AccessTokens(ISSUER, AUDIENCE, oidc.IssuerKeys(str(jwks)))
    with pytest.raises(oidc.TokenError, match="which key signed it"):
        await tokens.subject(signed(header={"kid": None}))


async def test_a_subject_that_nobody_registered_is_refused_in_words(me: Any) -> None:
    assert await me(signed(sub="stranger")) == (401, "UNKNOWN_PERSON")


async def test_development_tokens_still_sign_in_where_both_are_open(api: Any, me: Any, settings: Settings) -> None:
    assert await me(api.headers("manager-b")["authorization"].removeprefix("Bearer ")) == "manager-b"


@pytest.fixture
def issuer() -> Iterator[Any]:
    """Give a server that publishes keys on loopback: `served` is what it serves, `asked` how often."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked += 1
            self.send_response(server.status)
            if server.status == 302:
                self.send_header("location", "/elsewhere")
            self.end_headers()
            self.wfile.write(server.served)

        def log_message(self, *_: object) -> None:
            pass

    class Server(HTTPServer):
        served, status, asked = published(RSA), 200, 0

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _keys_of(issuer: Any) -> oidc.IssuerKeys:
    return oidc.IssuerKeys(f"http://127.0.0.1:{issuer.server_port}/jwks")


async def test_keys_are_fetched_once_and_a_flood_of_unknown_ones_asks_no_more(issuer: Any) -> None:
    keys = _keys_of(issuer)
    assert await keys.key("rsa-1") is not None
    for number in range(50):
        assert await keys.key(f"unknown-{number}") is None
    assert issuer.asked == 1


async def test_a_new_key_of_the_issuer_is_found_and_an_old_one_forgotten(
    issuer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "RETRY_S", 0.0)
    keys = _keys_of(issuer)
    assert await keys.key("ec-1") is None
    issuer.served = published(EC)
    assert await keys.key("ec-1") is not None
    assert await keys.key("rsa-1") is None


@pytest.mark.parametrize(("status", "served"), [(500, b""), (200, b"<html>"), (200, b'{"keys": []}'), (302, b"")])
async def test_an_issuer_that_fails_leaves_the_keys_that_are_known(
    issuer: Any, monkeypatch: pytest.MonkeyPatch, status: int, served: bytes
) -> None:
    monkeypatch.setattr(oidc, "RETRY_S", 0.0)
    keys = _keys_of(issuer)
    assert await keys.key("rsa-1") is not None
    issuer.status, issuer.served = status, served
    assert await keys.key("unknown") is None
    assert await keys.key("rsa-1") is not None
    with pytest.raises(oidc.KeysUnavailableError):
        await _keys_of(issuer).key("rsa-1")


@pytest.mark.parametrize("where", ["http://id.example.org/jwks", "ftp://127.0.0.1/jwks", "nowhere.json"])
def test_keys_come_over_https_or_from_a_file_that_is_there(where: str) -> None:
    with pytest.raises(SettingsError, match="neither an https URL nor a file"):
        oidc.IssuerKeys(where)
