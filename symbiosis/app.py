"""The composition root: settings and a store become a Starlette app."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.resources import files
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from symbiosis.analytics.jobs.working import AnalysisQueue, job_options
from symbiosis.analytics.viewed import Analyses
from symbiosis.api.http import answer
from symbiosis.api.schema import schema
from symbiosis.api.services import Services
from symbiosis.api.sign_in import SignIn
from symbiosis.api.sockets import speak
from symbiosis.api.telemetry import lines_written
from symbiosis.api.trusted import trusted_names
from symbiosis.console.pages import console_routes
from symbiosis.errors import StoreError
from symbiosis.market.live import Live
from symbiosis.market.runs import Beside, RunLauncher
from symbiosis.market.schedules import schedule_kept
from symbiosis.matching.limits import run_options
from symbiosis.matching.previews import run_preview
from symbiosis.matching.run import run_exchange
from symbiosis.matching.scenarios import run_scenario
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph
from symbiosis.store.opening import open_graph

READY_S: Final = 3.0


def create_app(settings: Settings, graph: Graph | None = None) -> Starlette:
    """Return the app. A given graph stays the caller's to close; without one the app opens and closes its own."""
    schema()
    sign_in = SignIn(settings)
    launcher = _launcher(settings)

    analyses = Analyses(AnalysisQueue(job_options(settings)))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if graph is None:
                opened = await stack.enter_async_context(open_graph(settings))
                app.state.services = Services(opened, launcher, sign_in, settings, Live(opened), analyses=analyses)
            if settings.log_operations:
                stack.enter_context(lines_written(sys.stderr))
            stack.push_async_callback(app.state.services.live.stop)
            stack.push_async_callback(launcher.stop)
            stack.push_async_callback(analyses.queue.stop)
            await stack.enter_async_context(analyses.publisher.ahead(app.state.services.graph))
            if settings.keep_schedule:
                await stack.enter_async_context(schedule_kept(app.state.services.graph, launcher))
            yield

    app = Starlette(
        routes=[
            *console_routes({name: document for document, name in trusted_names().items()}),
            Route("/graphql", _ask, methods=["POST"]),
            Route("/graphql", _get, methods=["GET"]),
            WebSocketRoute("/graphql", _speak),
            Route("/metrics", _metrics, methods=["GET"]),
            Route("/health/live", _live, methods=["GET"]),
            Route("/health/ready", _ready, methods=["GET"]),
        ],
        middleware=[_cross_origin(settings)] if settings.origins else [],
        lifespan=lifespan,
    )
    if graph is not None:
        app.state.services = Services(graph, launcher, sign_in, settings, Live(graph), analyses=analyses)
    return app


def _launcher(settings: Settings) -> RunLauncher:
    """Return what computes runs, previews and scenarios, as the settings have it."""
    options = run_options(settings)
    beside = Beside(partial(run_preview, options=options), partial(run_scenario, options=options))
    return RunLauncher(partial(run_exchange, options=options), beside)


def _cross_origin(settings: Settings) -> Middleware:
    """Return what lets pages of the named origins ask; a token has to be given by them, for no cookie is read."""
    headers = ["authorization", "content-type"]
    return Middleware(
        CORSMiddleware, allow_origins=settings.origins, allow_methods=["GET", "POST"], allow_headers=headers
    )


async def _ask(request: Request) -> Response:
    return await answer(request.app.state.services, request)


async def _speak(socket: WebSocket) -> None:
    await speak(socket.app.state.services, socket)


async def _get(request: Request) -> Response:
    """Return the answer to a trusted document, or a page to ask from, or one sentence where that is not shown."""
    services: Services = request.app.state.services
    if request.query_params:
        return await answer(services, request)
    if not services.sign_in.is_for_development:
        return PlainTextResponse("This is a GraphQL API: POST a query to /graphql.\n", 405, {"allow": "POST"})
    nonce = secrets.token_urlsafe(16)
    policy = f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; connect-src 'self'"
    headers = {
        "content-security-policy": f"{policy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
    }
    text = files("symbiosis.api").joinpath("page.html").read_text("utf-8")
    return HTMLResponse(text.replace("NONCE", nonce), headers=headers)


async def _metrics(request: Request) -> Response:
    """Return the numbers for Prometheus to who knows the token; without one, on a development machine only."""
    services: Services = request.app.state.services
    token = services.settings.metrics_token
    if token is None and services.settings.is_production:
        return PlainTextResponse("Set SYMBIOSIS_METRICS_TOKEN to have metrics.\n", 404)
    given = request.headers.get("authorization", "")
    if token is not None and not secrets.compare_digest(f"Bearer {token.get_secret_value()}".encode(), given.encode()):
        return PlainTextResponse("Send the metrics token.\n", 401, {"www-authenticate": "Bearer"})
    services.telemetry.numbers.streams.set(services.seats.taken)
    text, media = services.telemetry.numbers.as_text()
    return Response(text, media_type=media, headers={"cache-control": "no-store"})


async def _live(request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _ready(request: Request) -> Response:
    """Return 200 if the store answers within three seconds, else 503."""
    services: Services = request.app.state.services
    try:
        async with asyncio.timeout(READY_S):
            await services.graph.ping()
    except (StoreError, TimeoutError):
        return JSONResponse({"ready": False, "reason": "the store does not answer"}, 503)
    return JSONResponse({"ready": True})
