"""What a request asks, read from its body or its address; and the media type that its sender takes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson
from starlette.requests import HTTPConnection, Request

from symbiosis.api.trusted import document_id, trusted
from symbiosis.errors import InputError

MAX_BODY: Final = 256 * 1024
BODY_S: Final = 10.0
GRAPHQL_JSON: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENT_STREAM: Final = "text/event-stream"
TRACE_HEADERS: Final = ("traceparent", "tracestate")
_MEDIA: Final = {
    GRAPHQL_JSON: GRAPHQL_JSON,
    JSON: JSON,
    EVENT_STREAM: EVENT_STREAM,
    "application/*": JSON,
    "*/*": JSON,
}


class RequestError(InputError):
    """A request that is not GraphQL over HTTP; `status` is its answer."""

    code = "BAD_REQUEST"

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.rule, self.headers = status, code, headers


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked; a trusted query is one of the shipped operations, a read-only request may change nothing.

    `document` is the id that the query has, or would have, as a trusted one.
    """

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None
    is_trusted: bool
    document: str
    is_read_only: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a request comes from, the `Authorization` it came with, and the headers of a trace it belongs to."""

    address: str
    authorization: str | None
    trace: Mapping[str, str] = field(default_factory=dict)


def sender_of(connection: HTTPConnection) -> Sender:
    """Return who sends a request, as far as the request says."""
    address = connection.client.host if connection.client else "unknown"
    trace = {name: value for name in TRACE_HEADERS if (value := connection.headers.get(name)) is not None}
    return Sender(address, connection.headers.get("authorization"), trace)


def media_of(accept: str | None) -> str:
    """Return the media type that the client likes best; without a wish it is plain JSON. Raises RequestError."""
    if not accept or not accept.strip():
        return JSON
    wishes = [_wish(part) for part in accept.lower().split(",")]
    liked = [(quality, media) for quality, media in wishes if media in _MEDIA and quality > 0]
    if not liked:
        raise RequestError(
            406, "NOT_ACCEPTABLE", f"The answer is {GRAPHQL_JSON}, {JSON} or {EVENT_STREAM}; accept one."
        )
    return _MEDIA[max(liked, key=lambda wish: wish[0])[1]]


def _wish(part: str) -> tuple[float, str]:
    media, *parameters = (piece.strip() for piece in part.split(";"))
    quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    try:
        return float(quality), media
    except ValueError:
        return 0.0, media


async def asked_by(request: Request) -> Asked:
    """Return what a request asks, or raise RequestError."""
    if request.method == "POST":
        return asked_of(await _posted(request))
    given: dict[str, Any] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = _json(given[name].encode())
    asked = asked_of(given)
    if not asked.is_trusted:
        raise RequestError(
            405, "METHOD_NOT_ALLOWED", "Only trusted documents are read by GET; POST this.", allow="POST"
        )
    return replace(asked, is_read_only=True)


def asked_of(body: object) -> Asked:
    """Return what a JSON object asks, or raise RequestError."""
    if not isinstance(body, Mapping):
        raise RequestError(400, "BAD_REQUEST", 'The body is one JSON object with the query as text: {"query": "…"}.')
    variables, name, extensions = body.get("variables"), body.get("operationName"), body.get("extensions")
    if not isinstance(variables, dict | None):
        raise RequestError(400, "BAD_REQUEST", "`variables` is a JSON object or null.")
    if not isinstance(name, str | None):
        raise RequestError(400, "BAD_REQUEST", "`operationName` is text or null.")
    if not isinstance(extensions, dict | None):
        raise RequestError(400, "BAD_REQUEST", "`extensions` is a JSON object or null.")
    query, wanted = body.get("query"), body.get("documentId")
    if wanted is not None:
        known = trusted().get(wanted) if isinstance(wanted, str) else None
        if known is None:
            raise RequestError(400, "UNKNOWN_DOCUMENT", "There is no such trusted document; send the query itself.")
        return Asked(known, variables, name or None, is_trusted=True, document=wanted)
    if not isinstance(query, str) or not query.strip():
        raise RequestError(400, "BAD_REQUEST", 'The body is one JSON object with the query as text: {"query": "…"}.')
    document = document_id(query.strip())
    return Asked(query, variables, name or None, is_trusted=document in trusted(), document=document)


async def _posted(request: Request) -> object:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise RequestError(415, "UNSUPPORTED_MEDIA_TYPE", f"Send the request as {JSON}.")
    try:
        async with asyncio.timeout(BODY_S):
            raw = await _body(request)
    except TimeoutError as slow:
        raise RequestError(408, "BODY_TIMEOUT", f"The body took longer than {BODY_S:g} s.") from slow
    return _json(raw)


def _json(raw: bytes) -> object:
    try:
        read: object = orjson.loads(raw)
    except (orjson.JSONDecodeError, UnicodeError) as wrong:
        raise RequestError(400, "BAD_JSON", "What was sent is not JSON.") from wrong
    return read


async def _body(request: Request) -> bytes:
    length = request.headers.get("content-length", "")
    too_large = RequestError(413, "BODY_TOO_LARGE", f"The body is larger than {MAX_BODY // 1024} KiB.")
    if length.isdecimal() and int(length) > MAX_BODY:
        raise too_large
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise too_large
        chunks.append(chunk)
    return b"".join(chunks)
