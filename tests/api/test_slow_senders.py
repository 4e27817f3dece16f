"""Who sends slowly is cut off, and keeps nobody else from being answered."""

import asyncio
from typing import Any, Final

import httpx
import pytest

from symbiosis.api import asked
from symbiosis.store.graph import Graph
from tests.api.served import quick_app, served

HEAD: Final = (
    b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 60\r\n\r\n"
)


async def test_a_body_that_drips_in_is_given_up_and_others_are_answered_meanwhile(
    api: Any, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "BODY_S", 0.5)
    async with served(quick_app(api.settings, graph)) as where:
        host, _, port = where.partition(":")
        slow = [await asyncio.open_connection(host, int(port)) for _ in range(20)]
        for _, writer in slow:
            writer.write(HEAD + b"{")
        drips = asyncio.gather(_drip([writer for _, writer in slow]))
        async with httpx.AsyncClient(base_url=f"http://{where}", trust_env=False) as client:
            answer = await client.post("/graphql", json={"query": "{ me { name } }"})
        assert answer.json() == {"data": {"me": None}}
        async with asyncio.timeout(20):
            heads = [await reader.readuntil(b"BODY_TIMEOUT") for reader, _ in slow]
        assert {head.split(b"\r\n")[0] for head in heads} == {b"HTTP/1.1 408 Request Timeout"}
        drips.cancel()
        for _, writer in slow:
            writer.close()


async def _drip(writers: list[asyncio.StreamWriter]) -> None:
    while True:
        await asyncio.sleep(0.1)
        for writer in writers:
            writer.write(b" ")
