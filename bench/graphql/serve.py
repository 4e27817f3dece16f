"""Serve the page in one of three ways: `python -m bench.graphql.serve ours|stock|plain`; the first line is its address.

ours    the product's own view, from body to bytes, over rows that are held instead of read
stock   the same schema and rows under Strawberry's own ASGI app, as its documentation sets it up
plain   a Starlette route that writes the answer by hand from the same rows, without GraphQL
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp
from strawberry.asgi import GraphQL

from bench.graphql.page import answer, page
from symbiosis.api.context import Context, context_for
from symbiosis.api.schema import schema
from symbiosis.app import create_app
from symbiosis.cli.serving import listen
from symbiosis.policy import VISITOR
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph

PAGE: Final = page()


class HeldGraph:
    """A store that has read its only page before anybody asks."""

    async def read(self, work: Callable[..., object], *_: object, **__: object) -> object:
        if work.__name__ != "listings_page":
            raise SystemExit(f"The page took another query, {work.__name__}; look-ahead has missed something.")
        return PAGE


def ours() -> Starlette:
    settings = Settings(data_dir=Path(tempfile.gettempdir()), visitor_rate_per_minute=10**9)
    return create_app(settings, graph=cast("Graph", HeldGraph()))


def stock() -> GraphQL[Any, Any]:
    graph = cast("Graph", HeldGraph())

    class Stock(GraphQL[Any, Any]):
        async def get_context(self, *_: object, **__: object) -> Context:
            return context_for(graph, VISITOR, cast("Any", None), cast("Any", None))

    return Stock(schema())


def plain() -> Starlette:
    async def listings(request: Request) -> Response:
        orjson.loads(await request.body())
        return Response(orjson.dumps(answer(PAGE)), media_type="application/json")

    return Starlette(routes=[Route("/graphql", listings, methods=["POST"])])


async def main() -> None:
    apps: dict[str, Callable[[], ASGIApp]] = {"ours": ours, "stock": stock, "plain": plain}
    app = apps[sys.argv[1]]()
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
    print(listening.url, flush=True)
    await server.serve(sockets=[listening.opened])


if __name__ == "__main__":
    asyncio.run(main())
