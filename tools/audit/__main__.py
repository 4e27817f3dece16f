"""Serve the API on loopback and audit it: the npm package `graphql-http`, then checks as `graphql-cop` makes them.

    python -m tools.audit

Needs node and npm for the first part, which fetches the package into a folder of its own; without them it says so and
goes on. Exit code 1 if an audit is not `ok` or a check fails.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import uvicorn

from symbiosis.api.tokens import development_token
from symbiosis.app import create_app
from symbiosis.cli.serving import listen
from symbiosis.domain.ids import PersonId
from symbiosis.domain.people import Person
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.local import LocalServer
from symbiosis.store.migrate import migrate
from symbiosis.store.people import save_person
from tools.audit.checks import CHECKS

PACKAGE = "graphql-http@1.23.1"
SCRIPT = Path(__file__).with_name("graphql_http.mjs")


async def main() -> int:
    """Print the result of every audit and check; return 1 if any is not as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), dev_tokens=True, rate_per_minute=10_000)
        async with Graph(LocalServer(settings.data_dir)) as graph:
            await migrate(graph)
            await graph.write(_register)
            listening = listen("127.0.0.1", 0)
            server = uvicorn.Server(uvicorn.Config(create_app(settings, graph=graph), log_level="warning"))
            serving = asyncio.create_task(server.serve(sockets=[listening.opened]))
            try:
                return await _audited(listening.url, development_token(settings, "auditor", 3600))
            finally:
                server.should_exit = True
                await serving


async def _register(tx: Tx) -> None:
    await save_person(tx, Person(PersonId("per-auditor"), "auditor", "Auditor"))


async def _audited(url: str, token: str) -> int:
    await _up(url)
    found = await asyncio.to_thread(_graphql_http, f"{url}/graphql", token)
    bad = 0
    if found is None:
        print("graphql-http: not run, for there is no node or npm")
    else:
        bad = sum(row["status"] != "ok" for row in found)
        print(f"graphql-http: {len(found) - bad} of {len(found)} audits ok")
        for row in found:
            if row["status"] != "ok":
                print(f"  {row['status']:<6} {row['id']} {row['name']}: {row.get('reason')}")
    print("\nas graphql-cop checks, as a visitor:")
    async with httpx.AsyncClient(base_url=url) as client:
        for name, check in CHECKS.items():
            fault = await check(client)
            bad += fault is not None
            print(f"  {'ok' if fault is None else 'FAULT':<6} {name}{'' if fault is None else f': {fault}'}")
    return 1 if bad else 0


async def _up(url: str) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(100):
            try:
                await client.get(f"{url}/health/live")
            except httpx.ConnectError:
                await asyncio.sleep(0.05)
            else:
                return


def _graphql_http(url: str, token: str) -> list[dict[str, str]] | None:
    """Return the result of each audit, or None where there is no node or npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        install = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent", PACKAGE, "graphql@16"]
        subprocess.run(install, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        script = Path(folder) / SCRIPT.name
        script.write_text(SCRIPT.read_text("utf-8"), "utf-8")
        done = subprocess.run([node, str(script), url, token], check=True, capture_output=True, text=True)
    told: list[dict[str, str]] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
