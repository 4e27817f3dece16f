"""Results over a WebSocket: the graphql-transport-ws protocol, with bounds on all that a client may hold or send.

Who listens signs in with the `Authorization` header, or with `authorization` in the payload of `connection_init`, is
looked at again now and then, and is shown out when the token or the key has ended.
"""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any, Final

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from symbiosis.api.answers import fault_of
from symbiosis.api.asked import MAX_BODY, Asked, RequestError, asked_of, sender_of
from symbiosis.api.rates import Rates
from symbiosis.api.seats import MAX_OPERATIONS
from symbiosis.api.services import Services, account_of, counted_viewer, still_signed_in
from symbiosis.api.streams import bodies, ended
from symbiosis.errors import SymbiosisError
from symbiosis.policy import Viewer

PROTOCOL: Final = "graphql-transport-ws"
INIT_S: Final = 10.0
IDLE_S: Final = 60.0
RECHECK_S: Final = 30.0
SEND_S: Final = 10.0
MAX_MESSAGES_A_MINUTE: Final = 600
LONGEST_REASON: Final = 120


class ClosedError(Exception):
    """The socket is to be closed with this code; not for people: outside the tree."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


async def speak(services: Services, socket: WebSocket) -> None:
    """Speak with one client until either side ends it."""
    if not _is_welcome(services, socket):
        await socket.close(1008)
        return
    is_known = PROTOCOL in socket.scope.get("subprotocols", [])
    await socket.accept(PROTOCOL if is_known else None)
    talk = Talk(services, socket)
    try:
        if not is_known:
            raise ClosedError(4406, f"Subprotocol not acceptable; speak {PROTOCOL}")
        await talk.held()
    except ClosedError as closed:
        with suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
            async with asyncio.timeout(SEND_S):
                await socket.close(closed.code, closed.reason[:LONGEST_REASON])
    except WebSocketDisconnect:
        return


def _is_welcome(services: Services, socket: WebSocket) -> bool:
    """Say whether the page that opens a socket, if a page does, is one of ours or of the origins that are named."""
    origin = socket.headers.get("origin")
    own = socket.headers.get("host", "")
    origins = services.settings.origins
    return origin is None or "*" in origins or origin in origins or origin.partition("://")[2] == own


class Talk:
    """One socket: who is at the other end, and the operations that are under way."""

    def __init__(self, services: Services, socket: WebSocket) -> None:
        self._services, self._socket = services, socket
        self._sender = sender_of(socket)
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._sending, self._rates = asyncio.Lock(), Rates()
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def held(self) -> None:
        """Return when the client has left; raise ClosedError where it has to go."""
        try:
            async with asyncio.timeout(INIT_S):
                viewer = await self._initialised()
        except TimeoutError as slow:
            raise ClosedError(4408, "Connection initialisation timeout") from slow
        try:
            with self._services.seats.taken_by(account_of(viewer, self._sender)):
                await self._served()
        except RequestError as refused:
            raise ClosedError(4429, f"{refused.rule}: {refused}") from refused

    async def _served(self) -> None:
        await self._send({"type": "connection_ack"})
        ways = [asyncio.ensure_future(self._read()), asyncio.ensure_future(self._watch()), self._over]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                if way.done():
                    way.result()
        finally:
            for task in (*ways, *self._operations.values()):
                await ended(task)

    async def _initialised(self) -> Viewer:
        """Return who the first message signs in; a visitor has nothing to listen to."""
        first = await self._message()
        if first["type"] != "connection_init":
            raise ClosedError(4401, "Unauthorized")
        payload = first.get("payload")
        given = payload if isinstance(payload, Mapping) else {}
        told = next((given[key] for key in given if str(key).lower() == "authorization"), None)
        if isinstance(told, str):
            self._sender = replace(self._sender, authorization=told)
        try:
            viewer = await counted_viewer(self._services, self._sender)
        except RequestError as refused:
            raise ClosedError(4429 if refused.status == 429 else 4403, refused.rule) from refused
        except SymbiosisError as failed:
            raise ClosedError(1013, failed.code) from failed
        if viewer.person is None:
            raise ClosedError(4403, "UNAUTHENTICATED")
        return viewer

    async def _watch(self) -> None:
        """Raise ClosedError when whoever signed in no longer may, or has listened to nothing for too long."""
        idle_s = 0.0
        while True:
            await asyncio.sleep(RECHECK_S)
            try:
                await still_signed_in(self._services, self._sender)
            except RequestError as refused:
                raise ClosedError(4403, refused.rule) from refused
            idle_s = 0.0 if self._operations else idle_s + RECHECK_S
            if idle_s >= IDLE_S:
                raise ClosedError(4408, "Idle")

    async def _read(self) -> None:
        while True:
            message = await self._message()
            kind, key = message["type"], message.get("id")
            if kind == "ping":
                await self._send({"type": "pong"})
            elif kind == "connection_init":
                raise ClosedError(4429, "Too many initialisation requests")
            elif kind == "subscribe" and isinstance(key, str) and key:
                await self._subscribe(key, message.get("payload"))
            elif kind == "complete" and isinstance(key, str):
                await ended(self._operations.pop(key, None))
            elif kind != "pong":
                raise ClosedError(4400, "Invalid message")

    async def _subscribe(self, key: str, payload: object) -> None:
        if key in self._operations:
            raise ClosedError(4409, f"Subscriber for {key[:50]} already exists")
        try:
            if len(self._operations) >= MAX_OPERATIONS:
                message = f"{MAX_OPERATIONS} operations a socket is the most; complete one first."
                raise RequestError(429, "TOO_MANY_STREAMS", message)
            asked = asked_of(payload)
        except RequestError as refused:
            await self._send({"id": key, "type": "error", "payload": [fault_of(refused, self._services).as_error()]})
            return
        self._operations[key] = asyncio.ensure_future(self._answer(key, asked))

    async def _answer(self, key: str, asked: Asked) -> None:
        """Send what an operation results in, one after the other, and its end."""
        end: dict[str, Any] = {"id": key, "type": "complete"}
        try:
            viewer = await counted_viewer(self._services, self._sender)
            async with aclosing(bodies(self._services, self._sender, viewer, asked)) as results:
                async for body in results:
                    if "data" not in body:
                        end = {"id": key, "type": "error", "payload": body["errors"]}
                        break
                    await self._send({"id": key, "type": "next", "payload": body})
        except ClosedError as closed:
            self._end(closed)
            return
        except Exception as failed:  # noqa: BLE001 - whatever ends an operation is told, a bug as a number.
            end = {"id": key, "type": "error", "payload": [fault_of(failed, self._services).as_error()]}
        self._operations.pop(key, None)
        try:
            await self._send(end)
        except ClosedError as closed:
            self._end(closed)

    def _end(self, closed: ClosedError) -> None:
        if not self._over.done():
            self._over.set_exception(closed)

    async def _message(self) -> dict[str, Any]:
        """Return the next message; raise ClosedError where it is none."""
        try:
            text = await self._socket.receive_text()
        except KeyError as binary:
            raise ClosedError(4400, "Invalid message") from binary
        if len(text) > MAX_BODY:
            raise ClosedError(1009, "Message too big")
        if self._rates.wait_s("messages", MAX_MESSAGES_A_MINUTE):
            raise ClosedError(4429, "RATE_LIMIT")
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError as wrong:
            raise ClosedError(4400, "Invalid message") from wrong
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise ClosedError(4400, "Invalid message")
        return message

    async def _send(self, message: Mapping[str, Any]) -> None:
        """Send a message within the time for it; raise ClosedError where the client does not take it up."""
        try:
            async with asyncio.timeout(SEND_S), self._sending:
                await self._socket.send_text(orjson.dumps(message).decode())
        except TimeoutError as slow:
            raise ClosedError(1013, "TOO_SLOW") from slow
        except (RuntimeError, WebSocketDisconnect, OSError) as gone:
            raise ClosedError(1001, "Gone") from gone
