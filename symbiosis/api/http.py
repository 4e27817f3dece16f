"""GraphQL over HTTP: one JSON document in, one out, with a code on every error and a deadline on every answer."""

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from symbiosis.api.answers import Fault, answered, body_of, fault_of, is_refused_whole, kind_of, prepared_for
from symbiosis.api.asked import EVENT_STREAM, GRAPHQL_JSON, JSON, Asked, RequestError, asked_by, media_of, sender_of
from symbiosis.api.event_stream import event_stream
from symbiosis.api.services import Services, counted_viewer
from symbiosis.api.telemetry import Operation
from symbiosis.policy import Viewer
from symbiosis.store.deadline import deadline_in


async def answer(services: Services, request: Request) -> Response:
    """Return the response to one GraphQL request; every error in it is GraphQL-shaped and has a code."""
    media = JSON
    try:
        media = media_of(request.headers.get("accept"))
        asked = await asked_by(request)
        sender = sender_of(request)
        if media == EVENT_STREAM:
            return await event_stream(services, sender, asked)
        with services.telemetry.operation(asked, sender) as operation, deadline_in(services.deadline_s):
            async with asyncio.timeout(services.deadline_s):
                viewer = await counted_viewer(services, sender)
                response = await _executed(services, viewer, asked, media, operation)
        return _not_modified(request, response) if request.method == "GET" else response
    except ClientDisconnect:
        return Response(status_code=400)
    except Exception as failed:  # noqa: BLE001 - the last door: a bug is masked, with its traceback in the log.
        return _refusal(fault_of(failed, services), JSON if media == EVENT_STREAM else media)


async def _executed(services: Services, viewer: Viewer, asked: Asked, media: str, operation: Operation) -> Response:
    prepared = prepared_for(services, viewer, asked)
    operation.kind = kind_of(prepared, asked)
    if operation.kind == "subscription":
        message = f"A subscription is answered as {EVENT_STREAM}, which you do not accept, or over a WebSocket."
        raise RequestError(406, "NOT_ACCEPTABLE", message)
    result = await answered(services, viewer, asked, prepared)
    body = body_of(result, debug=services.settings.debug)
    operation.ended(body)
    return _response(400 if is_refused_whole(result) and media == GRAPHQL_JSON else 200, body, media)


def _not_modified(request: Request, response: Response) -> Response:
    """Return the response with its ETag, or 304 where the client has it already."""
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": response.headers["vary"]}
    if tag in {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def _refusal(fault: Fault, media: str) -> Response:
    response = _response(fault.status, {"errors": [fault.as_error()]}, media)
    response.headers.update(fault.headers)
    return response


def _response(status: int, body: Mapping[str, Any], media: str) -> Response:
    headers = {"vary": "Accept, Authorization", "cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(orjson.dumps(body), status, headers, media_type=f"{media}; charset=utf-8")
