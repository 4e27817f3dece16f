"""GraphQL over HTTP: POST of one JSON document, at most 256 KiB, answered within a deadline."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError

from symbiosis.api.context import context_for
from symbiosis.api.faults import masked, told
from symbiosis.api.schema import schema
from symbiosis.api.sign_in import SignIn
from symbiosis.api.tokens import TokenError
from symbiosis.errors import InputError, StoreError, SymbiosisError
from symbiosis.market.keys import KeyRefusedError
from symbiosis.market.people import UnknownPersonError
from symbiosis.market.runs import RunLauncher
from symbiosis.policy import Viewer
from symbiosis.store.graph import Graph

MAX_BODY: Final = 256 * 1024
BODY_S: Final = 10.0
DEADLINE_S: Final = 20.0
GRAPHQL_JSON: Final = "application/graphql-response+json"
JSON: Final = "application/json"


class RequestError(InputError):
    """A request that is not GraphQL over HTTP; `status` is its answer."""

    code = "BAD_REQUEST"

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.rule = status, code


@dataclass(frozen=True, slots=True)
class Services:
    """What the view needs of the app."""

    graph: Graph
    launcher: RunLauncher
    sign_in: SignIn
    deadline_s: float = DEADLINE_S


@dataclass(frozen=True, slots=True)
class Asked:
    """The body of a request."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


async def answer(services: Services, request: Request) -> Response:
    """Return the response to one GraphQL request; every error in it is GraphQL-shaped and has a code."""
    media = _media(request.headers.get("accept"))
    try:
        asked = await _asked(request)
        async with asyncio.timeout(services.deadline_s):
            viewer = await _viewer(services, request)
            return await _executed(services, viewer, asked, media)
    except RequestError as wrong:
        return _refusal(wrong.status, str(wrong), {"code": wrong.rule}, media)
    except TimeoutError:
        message = f"The answer took longer than {services.deadline_s:g} s and was given up; ask for less at once."
        return _refusal(503, message, {"code": "DEADLINE", "retryable": True}, media)
    except StoreError as failed:
        return _refusal(503, str(failed), {"code": failed.code, "retryable": failed.retryable}, media)
    except SymbiosisError as refused:
        return _refusal(400, str(refused), {"code": refused.code}, media)
    except ClientDisconnect:
        return Response(status_code=400)
    except Exception as bug:  # noqa: BLE001 - the last door: a bug is masked, with its traceback in the log.
        fault = masked(bug)
        return _refusal(500, fault["message"], fault["extensions"], media)


async def _executed(services: Services, viewer: Viewer, asked: Asked, media: str) -> Response:
    context = context_for(services.graph, viewer, services.launcher)
    try:
        result = await schema().execute(
            asked.query,
            variable_values=asked.variables,
            context_value=context,
            operation_name=asked.operation_name,
        )
    except (MissingQueryError, CannotGetOperationTypeError) as wrong:
        message = "There is no such operation in the query; name one of its operations in `operationName`."
        raise RequestError(400, "OPERATION_NAME", message) from wrong
    body: dict[str, Any] = {}
    errors: list[GraphQLError] = result.errors or []
    if errors:
        body["errors"] = told(errors)
    refused_whole = result.data is None and bool(errors) and all(error.path is None for error in errors)
    if not refused_whole:
        body["data"] = result.data
    return _response(400 if refused_whole and media == GRAPHQL_JSON else 200, body, media)


async def _viewer(services: Services, request: Request) -> Viewer:
    """Return who asks; a token that is not good is refused, never taken for a visitor's."""
    try:
        return await services.sign_in.viewer(services.graph, request.headers.get("authorization"))
    except (TokenError, KeyRefusedError, UnknownPersonError) as nobody:
        raise RequestError(401, nobody.code, str(nobody)) from nobody


async def _asked(request: Request) -> Asked:
    """Return what the body asks, or raise RequestError."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise RequestError(415, "UNSUPPORTED_MEDIA_TYPE", f"Send the request as {JSON}.")
    try:
        async with asyncio.timeout(BODY_S):
            raw = await _body(request)
    except TimeoutError as slow:
        raise RequestError(408, "BODY_TIMEOUT", f"The body took longer than {BODY_S:g} s.") from slow
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as wrong:
        raise RequestError(400, "BAD_JSON", f"The body is not JSON: {wrong.msg}.") from wrong
    if not isinstance(body, dict) or not isinstance(body.get("query"), str) or not body["query"].strip():
        raise RequestError(400, "BAD_REQUEST", 'The body is one JSON object with the query as text: {"query": "…"}.')
    variables, name = body.get("variables"), body.get("operationName")
    if not isinstance(variables, dict | None):
        raise RequestError(400, "BAD_REQUEST", "`variables` is a JSON object or null.")
    if not isinstance(name, str | None):
        raise RequestError(400, "BAD_REQUEST", "`operationName` is text or null.")
    return Asked(body["query"], variables, name or None)


async def _body(request: Request) -> bytes:
    length = request.headers.get("content-length", "")
    chunks, size = [], int(length) if length.isdecimal() else 0
    too_large = RequestError(413, "BODY_TOO_LARGE", f"The body is larger than {MAX_BODY // 1024} KiB.")
    if size > MAX_BODY:
        raise too_large
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise too_large
        chunks.append(chunk)
    return b"".join(chunks)


def _media(accept: str | None) -> str:
    """Return the media type of the answer: GraphQL's own where the client names it, else plain JSON."""
    return GRAPHQL_JSON if GRAPHQL_JSON in (accept or "").lower() else JSON


def _refusal(status: int, message: str, extensions: Mapping[str, Any], media: str) -> Response:
    response = _response(status, {"errors": [{"message": message, "extensions": dict(extensions)}]}, media)
    if status == 401:
        response.headers["www-authenticate"] = "Bearer"
    return response


def _response(status: int, body: Mapping[str, Any], media: str) -> Response:
    headers = {"vary": "Accept, Authorization", "cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(orjson.dumps(body), status, headers, media_type=f"{media}; charset=utf-8")
