"""`symbiosis serve` and `symbiosis schema`."""

import asyncio
import errno
import socket
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Annotated, Final

import typer
import uvicorn
from starlette.types import ASGIApp

from symbiosis.api.asked import MAX_BODY
from symbiosis.api.schema import sdl
from symbiosis.app import create_app
from symbiosis.cli.screen import ERR, OUT, Shell
from symbiosis.errors import InputError
from symbiosis.ingest.receivers import learn_receivers
from symbiosis.settings import Settings
from symbiosis.store.opening import open_graph

SCHEMA_FILE: Final = Path("graphql/schema.graphql")
KEEP_ALIVE_S: Final = 15
SHUTDOWN_S: Final = 5


class PortInUseError(InputError):
    """Another program listens where we wanted to."""

    code = "PORT_IN_USE"


class NoCheckoutError(InputError):
    """`schema --write` needs the checkout's graphql folder."""

    code = "NO_CHECKOUT"


@dataclass(frozen=True, slots=True)
class Listening:
    """A socket that is already ours, so that a taken port is known before any work is done."""

    opened: socket.socket
    host: str

    @property
    def url(self) -> str:
        """Return the address a browser on this machine takes."""
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104 - compared, not bound.
        return f"http://{f'[{host}]' if ':' in host else host}:{self.opened.getsockname()[1]}"

    async def serve(self, application: ASGIApp) -> None:
        """Serve until Ctrl-C or SIGTERM; what `suggestReceivers` knows is learnt meanwhile."""
        Thread(target=learn_receivers, name="learn-receivers", daemon=True).start()
        config = uvicorn.Config(
            application,
            log_level="warning",
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=SHUTDOWN_S,
            server_header=False,
            ws_max_size=MAX_BODY,
        )
        await uvicorn.Server(config).serve(sockets=[self.opened])

    def close(self) -> None:
        """Give the port back."""
        self.opened.close()


def listen(host: str, port: int) -> Listening:
    """Return a listening socket on host and port, or raise PortInUseError or InputError in words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Its connections inherit this. Without it a client that keeps one waits 40 ms for each answer.
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        opened.bind((host, port))
        opened.listen(128)
    except OSError as refused:
        opened.close()
        if refused.errno == errno.EADDRINUSE:
            raise PortInUseError(
                f"Port {port} on {host} is in use by another program: stop it, or choose another with --port "
                "(--port 0 takes a free one)."
            ) from refused
        if refused.errno == errno.EACCES:
            raise InputError(
                f"Port {port} needs more rights than you have: choose one above 1023 with --port."
            ) from refused
        raise InputError(f"{host} is not an address of this machine: set SYMBIOSIS_HOST to 127.0.0.1.") from refused
    return Listening(opened, host)


def serve(
    ctx: typer.Context,
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.  [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.  [default: 8000]")] = None,
    dev_tokens: Annotated[
        bool, typer.Option("--dev-tokens", help="Accept development tokens (loopback addresses only).")
    ] = False,
) -> None:
    """Serve the GraphQL API until Ctrl-C."""
    shell: Shell = ctx.obj
    settings = shell.settings(host=host, port=port, dev_tokens=dev_tokens or None)
    listening = listen(settings.host, settings.port)
    try:
        asyncio.run(_serve(settings, listening))
    finally:
        listening.close()


async def _serve(settings: Settings, listening: Listening) -> None:
    async with open_graph(settings) as graph:
        ERR.print(f"GraphQL at [bold]{listening.url}/graphql[/]   (Ctrl-C stops)", soft_wrap=True)
        await listening.serve(create_app(settings, graph=graph))


def schema(
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Write graphql/schema.graphql of this checkout instead.")
    ] = False,
) -> None:
    """Print the GraphQL schema (SDL)."""
    if not write:
        OUT.out(sdl(), end="")
        return
    if not SCHEMA_FILE.parent.is_dir():
        raise NoCheckoutError(
            "There is no graphql folder here: run `symbiosis schema --write` in the root of a checkout."
        )
    SCHEMA_FILE.write_text(sdl(), "utf-8")
    ERR.print(f"Wrote {SCHEMA_FILE}.")
