"""The API behind a real server and a real socket, for what an in-process transport cannot show."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import uvicorn
from starlette.applications import Starlette

from symbiosis.app import create_app
from symbiosis.market.live import Live
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph


def quick_app(settings: Settings, graph: Graph, **services: Any) -> Starlette:
    """Return the app, polling twenty times a second, with what else of its services is given."""
    app = create_app(settings, graph=graph)
    app.state.services = replace(app.state.services, **{"live": Live(graph, every_s=0.05), **services})
    return app


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    """Serve an app on a free port for as long as the block lasts; give its host and port."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[opened]))
        try:
            await until(lambda: server.started)
            yield f"127.0.0.1:{opened.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


async def until(holds: Callable[[], bool]) -> None:
    """Return once something holds; raise TimeoutError if it does not in 20 s."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - what holds has no event to wait for.
            await asyncio.sleep(0.01)
