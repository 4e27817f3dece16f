"""GraphQL over HTTP: one JSON document in, one out, with a code on every error and a deadline on every answer."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from symbiosis.api.asked import GRAPHQL_JSON, JSON, Asked, RequestError, asked_by, media_of
from symbiosis.api.context import context_for
from symbiosis.api.faults import masked, told
from symbiosis.api.rates import Rates
from symbiosis.api.schema import documents, executed
from symbiosis.api.sign_in import SignIn
from symbiosis.api.tokens import TokenError
from symbiosis.errors import StoreError, SymbiosisError
from symbiosis.market.keys import KeyRefusedError
from symbiosis.market.people import UnknownPersonError
from symbiosis.market.runs import RunLauncher
from symbiosis.policy import Viewer
from symbiosis.settings import Settings
from symbiosis.store.deadline import deadline_in
from symbiosis.store.graph import Graph

DEADLINE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Services:
    """What the view needs of the app."""

    graph: Graph
    launcher: RunLauncher
    sign_in: SignIn
    settings: Settings
    deadline_s: float = DEADLINE_S
    rates: Rates = field(default_factory=Rates)


async def answer(services: Services, request: Request) -> Response:
    """Return the response to one GraphQL request; every error in it is GraphQL-shaped and has a code."""
    media = JSON
    try:
        media = media_of(request.headers.get("accept"))
        asked = await asked_by(request)
        with deadline_in(services.deadline_s):
            async with asyncio.timeout(services.deadline_s):
                viewer = await _viewer(services, request)
                response = await _executed(services, viewer, asked, media)
        return _not_modified(request, response) if request.method == "GET" else response
    except RequestError as wrong:
        return _refusal(wrong.status, str(wrong), {"code": wrong.rule}, media, wrong.headers)
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
        fault = masked(bug, debug=services.settings.debug)
        return _refusal(500, fault["message"], fault["extensions"], media)


async def _executed(services: Services, viewer: Viewer, asked: Asked, media: str) -> Response:
    settings, is_visitor = services.settings, viewer.person is None
    if is_visitor and settings.is_production and not asked.is_trusted:
        message = "Visitors ask trusted documents (`documentId`); sign in to ask anything else."
        raise RequestError(403, "TRUSTED_DOCUMENTS_ONLY", message)
    curious = not is_visitor or settings.debug
    prepared = documents().prepared(asked.query, curious=curious)
    if asked.is_read_only and not prepared.errors and not prepared.is_query(asked.operation_name):
        raise RequestError(405, "METHOD_NOT_ALLOWED", "What changes something is POSTed, never read.", allow="POST")
    context = context_for(services.graph, viewer, services.launcher)
    result = await executed(prepared, asked.operation_name, asked.variables, context, curious=curious)
    body: dict[str, Any] = {}
    errors = result.errors or []
    if errors:
        body["errors"] = told(errors, debug=settings.debug)
    refused_whole = result.data is None and bool(errors) and all(error.path is None for error in errors)
    if not refused_whole:
        body["data"] = result.data
    return _response(400 if refused_whole and media == GRAPHQL_JSON else 200, body, media)


async def _viewer(services: Services, request: Request) -> Viewer:
    """Return who asks; a token that is not good is refused, never taken for a visitor's. Counts the request."""
    address = request.client.host if request.client else "unknown"
    try:
        viewer = await services.sign_in.viewer(services.graph, request.headers.get("authorization"))
    except (TokenError, KeyRefusedError, UnknownPersonError) as nobody:
        _count(services, f"address {address}", services.settings.visitor_rate_per_minute)
        raise RequestError(401, nobody.code, str(nobody), **{"www-authenticate": "Bearer"}) from nobody
    if viewer.person is None:
        _count(services, f"address {address}", services.settings.visitor_rate_per_minute)
    else:
        account = viewer.person.person_id if viewer.key is None else viewer.key.key_id
        _count(services, f"account {account}", services.settings.rate_per_minute)
    return viewer


def _count(services: Services, who: str, a_minute: int) -> None:
    wait_s = services.rates.wait_s(who, a_minute)
    if wait_s:
        message = f"That is more than {a_minute} requests a minute; go on in {wait_s} s."
        raise RequestError(429, "RATE_LIMIT", message, **{"retry-after": str(wait_s)})


def _not_modified(request: Request, response: Response) -> Response:
    """Return the response with its ETag, or 304 where the client has it already."""
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": response.headers["vary"]}
    if tag in {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def _refusal(
    status: int, message: str, extensions: Mapping[str, Any], media: str, headers: Mapping[str, str] | None = None
) -> Response:
    response = _response(status, {"errors": [{"message": message, "extensions": dict(extensions)}]}, media)
    response.headers.update(headers or {})
    return response


def _response(status: int, body: Mapping[str, Any], media: str) -> Response:
    headers = {"vary": "Accept, Authorization", "cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(orjson.dumps(body), status, headers, media_type=f"{media}; charset=utf-8")
