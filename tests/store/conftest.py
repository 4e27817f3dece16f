"""A second process with its own graph, for what one process cannot show."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final, Self

import pytest

APP: Final = Path(__file__).with_name("app_process.py")

StartApp = Callable[[Path], Awaitable["AppProcess"]]


class AppProcess:
    """An app of its own on a data directory; it does one thing a line and answers one line of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def on(cls, data_dir: Path) -> Self:
        """Return an app process whose graph is open."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(APP), str(data_dir), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        app = cls(process)
        assert await app._answer() == "open"
        return app

    async def ask(self, *words: str) -> Any:
        """Return the answer to one command."""
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(words).encode() + b"\n")
        await self.process.stdin.drain()
        return await self._answer()

    async def leave(self) -> None:
        """End the app in good order."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()

    async def kill(self) -> None:
        """End the app with SIGKILL."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()

    async def _answer(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(await self.process.stdout.readline())


@pytest.fixture
async def start_app() -> AsyncIterator[StartApp]:
    """Give a way to start app processes; all are gone afterwards."""
    started: list[AppProcess] = []

    async def start(data_dir: Path) -> AppProcess:
        app = await AppProcess.on(data_dir)
        started.append(app)
        return app

    yield start
    for app in started:
        await app.kill()
