"""Results as server-sent events: the "distinct connections" mode of GraphQL over SSE, one operation a request.

`next` carries a result, `complete` ends the stream; between them, an empty comment now and then shows both ends that
the other is there, and whoever signed in is looked at again.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import ExitStack, aclosing, suppress
from typing import Any, Final

import orjson
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from symbiosis.api.answers import fault_of, prepared_for
from symbiosis.api.asked import EVENT_STREAM, Asked, Sender
from symbiosis.api.services import Services, account_of, counted_viewer, still_signed_in
from symbiosis.api.streams import bodies, ended
from symbiosis.policy import Viewer
from symbiosis.store.deadline import deadline_in

SEND_S: Final = 10.0
COMMENT_S: Final = 15.0
COMPLETE: Final = b"event: complete\ndata:\n\n"
COMMENT: Final = b":\n\n"
_HEADERS: Final = {
    "cache-control": "no-store",
    "vary": "Accept, Authorization",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
}


class EventStream(StreamingResponse):
    """A response that is given up where its reader stops reading; it keeps its seat until then."""

    def __init__(self, parts: AsyncGenerator[bytes], seat: ExitStack) -> None:
        super().__init__(parts, headers=_HEADERS, media_type=EVENT_STREAM)
        self._parts, self._seat = parts, seat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response, each part within the time for it."""

        async def in_time(message: Message) -> None:
            async with asyncio.timeout(SEND_S):
                await send(message)

        with self._seat, suppress(TimeoutError):
            async with aclosing(self._parts):
                await super().__call__(scope, receive, in_time)


async def event_stream(services: Services, sender: Sender, asked: Asked) -> EventStream:
    """Return the response that carries the results of an operation as they come; raise RequestError."""
    with deadline_in(services.deadline_s):
        async with asyncio.timeout(services.deadline_s):
            viewer = await counted_viewer(services, sender)
    prepared_for(services, viewer, asked)
    seat = ExitStack()
    seat.enter_context(services.seats.taken_by(account_of(viewer, sender)))
    return EventStream(_parts(services, sender, viewer, asked), seat)


async def _parts(services: Services, sender: Sender, viewer: Viewer, asked: Asked) -> AsyncGenerator[bytes]:
    """Yield the stream part by part."""
    async with aclosing(bodies(services, sender, viewer, asked)) as results:
        waiting: asyncio.Future[dict[str, Any] | None] | None = None
        try:
            while True:
                waiting = waiting or asyncio.ensure_future(anext(results, None))
                await asyncio.wait({waiting}, timeout=COMMENT_S)
                if not waiting.done():
                    await still_signed_in(services, sender)
                    yield COMMENT
                    continue
                body, waiting = waiting.result(), None
                if body is None:
                    break
                yield _next(body)
        except Exception as failed:  # noqa: BLE001 - whatever ends the stream is told, a bug as a number.
            yield _next({"errors": [fault_of(failed, services).as_error()]})
        finally:
            await ended(waiting)
    yield COMPLETE


def _next(body: dict[str, Any]) -> bytes:
    return b"event: next\ndata: " + orjson.dumps(body) + b"\n\n"
