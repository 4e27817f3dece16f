"""The two ways to listen, as far as they are protocols: WebSocket (graphql-transport-ws) and event stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from symbiosis.api import event_stream, sockets
from symbiosis.api.asked import MAX_BODY, RequestError
from symbiosis.api.seats import Seats
from symbiosis.api.tokens import development_token
from symbiosis.market.live import MAX_WAITING, Listener, NewPlan, TooSlowError, Topic
from symbiosis.store.graph import Graph
from tests.api.served import quick_app, served, until

INIT: Final = {"type": "connection_init"}
STEPS: Final = "subscription { synergySteps { at } }"
STREAM: Final = {"accept": "text/event-stream"}
WITHIN_S: Final = 20.0


@pytest.fixture
async def server(api: Any, graph: Graph) -> AsyncIterator[tuple[Any, str]]:
    """Give the app and where it is served."""
    app = quick_app(api.settings, graph, seats=Seats(of_account=2))
    async with served(app) as where:
        yield app, where
    await app.state.services.live.stop()


@asynccontextmanager
async def opened(where: str, **given: Any) -> AsyncIterator[ClientConnection]:
    """Give a socket that has said nothing yet."""
    protocols = [Subprotocol("graphql-transport-ws")]
    async with connect(f"ws://{where}/graphql", **{"subprotocols": protocols, "proxy": None, **given}) as socket:
        yield socket


async def say(socket: ClientConnection, *messages: object) -> None:
    """Send messages; what is not text or bytes as JSON."""
    for message in messages:
        await socket.send(message if isinstance(message, str | bytes) else json.dumps(message))


async def hear(socket: ClientConnection) -> dict[str, Any]:
    """Return the next message."""
    async with asyncio.timeout(WITHIN_S):
        heard: dict[str, Any] = json.loads(await socket.recv())
        return heard


async def closing(socket: ClientConnection) -> tuple[int, str]:
    """Return the code and reason that the socket is closed with, whatever is said before."""
    async with asyncio.timeout(WITHIN_S):
        with suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code or 0, socket.close_reason or ""


def subscribe(key: str, query: str, **variables: Any) -> dict[str, Any]:
    """Return the message that subscribes."""
    return {"id": key, "type": "subscribe", "payload": {"query": query, "variables": variables}}


def init(api: Any, subject: str) -> dict[str, Any]:
    """Return the message that signs in."""
    return {**INIT, "payload": api.headers(subject)}


async def test_a_query_and_a_ping_are_answered_on_the_socket_too(api: Any, server: Any) -> None:
    async with opened(server[1], additional_headers=api.headers("analyst")) as socket:
        await say(socket, INIT, {"type": "ping"}, subscribe("a", "{ me { name } }"))
        assert [await hear(socket) for _ in range(4)] == [
            {"type": "connection_ack"},
            {"type": "pong"},
            {"id": "a", "type": "next", "payload": {"data": {"me": {"name": "analyst"}}}},
            {"id": "a", "type": "complete"},
        ]


@pytest.mark.parametrize(
    ("messages", "code", "reason"),
    [
        ([INIT], 4403, "UNAUTHENTICATED"),
        ([{**INIT, "payload": {"authorization": "Bearer nonsense"}}], 4403, "UNAUTHENTICATED"),
        ([subscribe("a", STEPS)], 4401, "Unauthorized"),
        (["not json"], 4400, "Invalid message"),
        ([b"\x00"], 4400, "Invalid message"),
        (["[]"], 4400, "Invalid message"),
        (['{"type": 5}'], 4400, "Invalid message"),
        (['"' + "x" * MAX_BODY + '"'], 1009, "Message too big"),
        (["SIGN IN", INIT], 4429, "Too many initialisation requests"),
        (["SIGN IN", subscribe("a", STEPS), subscribe("a", STEPS)], 4409, "Subscriber for a already exists"),
        (["SIGN IN", {"type": "subscribe", "id": "a", "payload": {}}, {"type": "dance"}], 4400, "Invalid message"),
        (["SIGN IN", *[{"type": "ping"}] * 700], 4429, "RATE_LIMIT"),
    ],
)
async def test_who_breaks_the_protocol_is_shown_out_with_its_code(
    api: Any, server: Any, messages: list[object], code: int, reason: str
) -> None:
    async with opened(server[1], max_size=None) as socket:
        said = [init(api, "analyst") if message == "SIGN IN" else message for message in messages]
        with suppress(ConnectionClosed):
            await say(socket, *said)
        assert await closing(socket) == (code, reason)


async def test_who_says_nothing_or_listens_to_nothing_is_shown_out(
    api: Any, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "INIT_S", 0.05)
    async with opened(server[1]) as silent:
        assert await closing(silent) == (4408, "Connection initialisation timeout")
    monkeypatch.setattr(sockets, "INIT_S", 10.0)
    monkeypatch.setattr(sockets, "RECHECK_S", 0.05)
    monkeypatch.setattr(sockets, "IDLE_S", 0.1)
    async with opened(server[1]) as idle:
        await say(idle, init(api, "analyst"))
        assert await closing(idle) == (4408, "Idle")


async def test_another_subprotocol_and_another_origin_are_turned_away(api: Any, server: Any) -> None:
    async with opened(server[1], subprotocols=None) as socket:
        assert (await closing(socket))[0] == 4406
    with pytest.raises(InvalidStatus, match="403"):
        async with opened(server[1], origin="https://elsewhere.example"):
            pass
    async with opened(server[1], origin=f"http://{server[1]}") as own:
        await say(own, init(api, "analyst"))
        assert await hear(own) == {"type": "connection_ack"}


async def test_a_token_that_ends_ends_the_socket_and_the_event_stream(
    api: Any, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "RECHECK_S", 0.1)
    monkeypatch.setattr(event_stream, "COMMENT_S", 0.1)
    token = development_token(api.settings, "analyst", 2)
    headers = {"authorization": f"Bearer {token}"}
    async with opened(server[1]) as socket:
        await say(socket, {**INIT, "payload": headers}, subscribe("a", STEPS))
        assert await hear(socket) == {"type": "connection_ack"}
        async with listening(server[1], {**headers, **STREAM}, {"query": STEPS}) as response:
            parts = [json.loads(line[6:]) async for line in response.aiter_lines() if line.startswith("data: ")]
        assert [error["extensions"] for part in parts for error in part["errors"]] == [{"code": "UNAUTHENTICATED"}]
        assert await closing(socket) == (4403, "UNAUTHENTICATED")
    assert server[0].state.services.seats.taken == 0


async def test_an_account_has_so_many_seats_and_a_socket_so_many_operations(
    api: Any, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MAX_OPERATIONS", 2)
    headers = api.headers("analyst")
    async with opened(server[1]) as first, opened(server[1]) as second:
        await say(first, init(api, "analyst"))
        await say(second, init(api, "analyst"))
        assert [(await hear(one))["type"] for one in (first, second)] == ["connection_ack"] * 2
        async with opened(server[1]) as third:
            await say(third, init(api, "analyst"))
            code, reason = await closing(third)
            assert (code, reason.partition(":")[0]) == (4429, "TOO_MANY_STREAMS")
        async with listening(server[1], {**headers, **STREAM}, {"query": STEPS}) as refused:
            assert refused.status_code == 429
            assert json.loads(await refused.aread())["errors"][0]["extensions"] == {"code": "TOO_MANY_STREAMS"}
        async with opened(server[1]) as other:
            await say(other, init(api, "facilitator"))
            assert await hear(other) == {"type": "connection_ack"}
        await say(first, subscribe("a", STEPS), subscribe("b", STEPS), subscribe("c", STEPS))
        told = await hear(first)
        assert (told["id"], told["type"]) == ("c", "error")
        assert told["payload"][0]["extensions"] == {"code": "TOO_MANY_STREAMS"}
        await say(first, {"type": "complete", "id": "a"}, subscribe("d", "{ me { name } }"))
        assert [(await hear(first))["type"] for _ in range(2)] == ["next", "complete"]


async def test_who_listens_too_slowly_is_dropped_and_told_to_come_again() -> None:
    listener = Listener(Topic.PLANS)
    for _ in range(MAX_WAITING):
        listener.tell(NewPlan("run-a", None))  # type: ignore[arg-type]
    assert await listener.next() == NewPlan("run-a", None)  # type: ignore[arg-type]
    for _ in range(2):
        listener.tell(NewPlan("run-b", None))  # type: ignore[arg-type]
    with pytest.raises(TooSlowError, match="listen again, and read faster"):
        await listener.next()


def test_a_seat_is_given_back_and_there_is_a_most_in_all() -> None:
    seats = Seats(of_account=1, in_all=2)
    with seats.taken_by("a"):
        with pytest.raises(RequestError), seats.taken_by("a"):
            pass
        with seats.taken_by("b"), pytest.raises(RequestError), seats.taken_by("c"):
            pass
    assert seats.taken == 0


@asynccontextmanager
async def listening(where: str, headers: dict[str, str], body: dict[str, Any]) -> AsyncIterator[httpx.Response]:
    """Give the response to a POST while it comes in."""
    async with (
        httpx.AsyncClient(base_url=f"http://{where}", timeout=WITHIN_S, trust_env=False) as client,
        client.stream("POST", "/graphql", json=body, headers=headers) as response,
    ):
        yield response


async def test_an_event_stream_carries_results_and_ends(api: Any, server: Any) -> None:
    headers = {**api.headers("analyst"), **STREAM}
    async with listening(server[1], headers, {"query": "{ me { name } }"}) as response:
        assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (200, "text/event-stream")
        assert await response.aread() == (
            b'event: next\ndata: {"data":{"me":{"name":"analyst"}}}\n\nevent: complete\ndata:\n\n'
        )
    async with listening(server[1], headers, {"query": "subscription { nothing }"}) as response:
        assert b"GRAPHQL_VALIDATION_FAILED" in await response.aread()


async def test_a_subscription_needs_a_client_that_takes_a_stream(api: Any, server: Any) -> None:
    answer = await api.post("analyst", STEPS)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (406, "NOT_ACCEPTABLE")
    async with listening(server[1], STREAM, {"query": STEPS}) as visitor:
        text = (await visitor.aread()).decode()
        assert '"code":"NOT_ALLOWED"' in text


async def test_the_listener_of_a_stream_that_its_reader_leaves_is_gone_without_an_error(
    api: Any, server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app, where = server
    live = app.state.services.live
    for _ in range(3):
        async with listening(where, {**api.headers("analyst"), **STREAM}, {"query": STEPS}):
            await until(lambda: len(live._listeners) == 1)
        await until(lambda: not live._listeners and app.state.services.seats.taken == 0)
    assert [record.getMessage() for record in caplog.records if record.name == "uvicorn.error"] == []
