"""`symbiosis doctor`: is this machine, this store and this data fit to work, and if not, what to do."""

import asyncio
import platform
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Final

import psutil
import typer
from rich.markup import escape

from symbiosis.analytics.overview import overview
from symbiosis.cli.screen import OUT, Shell
from symbiosis.errors import SymbiosisError
from symbiosis.ingest import tables
from symbiosis.settings import Settings
from symbiosis.store.opening import open_graph
from symbiosis.store.status import store_status

MIN_PYTHON: Final = (3, 11)
MIN_MEMORY_BYTES: Final = 1_500_000_000
MIN_DISK_BYTES: Final = 1_000_000_000
MIN_GLIBC: Final = (2, 34)
LIBRARIES: Final = ("arcadedb-embedded", "graphql-core", "neo4j", "ortools", "starlette", "strawberry-graphql")
LOW_CODES: Final = 842


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `remedy` is empty where all is well."""

    what: str
    seen: str
    remedy: str = ""


def doctor(ctx: typer.Context) -> None:
    """Check the machine, the data and the store, and say in words what is wrong; exit 3 if anything is."""
    shell: Shell = ctx.obj
    settings = shell.settings()
    sick = 0
    for finding in _findings(settings):
        mark = "[bold red]✗[/]" if finding.remedy else "[green]✓[/]"
        OUT.print(f"{mark} {finding.what:<12} {escape(finding.seen)}", soft_wrap=True)
        if finding.remedy:
            sick += 1
            OUT.print(f"  → {escape(finding.remedy)}", soft_wrap=True)
    OUT.print("All is well." if not sick else f"{sick} finding(s) to mend.")
    raise typer.Exit(3 if sick else 0)


def _findings(settings: Settings) -> Iterator[Finding]:
    for look in LOOKS:
        yield look(settings)


def _python(_settings: Settings) -> Finding:
    seen = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding("Python", seen, "" if sys.version_info >= MIN_PYTHON else "Install Python 3.11 or later.")


def _libraries(_settings: Settings) -> Finding:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            return Finding("libraries", f"{name} is missing", "Run `make demo` or install from requirements.lock.")
    return Finding("libraries", ", ".join(f"{name} {version}" for name, version in found.items()))


def _system(settings: Settings) -> Finding:
    if settings.neo4j_uri is not None:
        return Finding("system", "not asked: the store is a Neo4j elsewhere")
    library, version = platform.libc_ver()
    if library != "glibc":
        return Finding(
            "system",
            f"{platform.system()} without glibc",
            "The embedded store needs Linux with glibc 2.34 or later: set SYMBIOSIS_NEO4J_URI to a Neo4j instead.",
        )
    old = tuple(int(part) for part in version.split(".")[:2]) < MIN_GLIBC
    remedy = "The embedded store needs glibc 2.34: set SYMBIOSIS_NEO4J_URI to a Neo4j instead." if old else ""
    return Finding("system", f"glibc {version}", remedy)


def _memory(_settings: Settings) -> Finding:
    free = psutil.virtual_memory().available
    few = free < MIN_MEMORY_BYTES
    return Finding("memory", f"{free / 1e9:.1f} GB free", "Free some memory: 1.5 GB are wanted." if few else "")


def _disk(settings: Settings) -> Finding:
    place = settings.data_dir
    while not place.exists():
        place = place.parent
    free = psutil.disk_usage(str(place)).free
    remedy = "" if free >= MIN_DISK_BYTES else "Free 1 GB, or set SYMBIOSIS_DATA_DIR to a larger disk."
    return Finding("disk", f"{free / 1e9:.1f} GB free at {settings.data_dir}", remedy)


def _folder(settings: Settings) -> Finding:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        probe = settings.data_dir / ".doctor"
        probe.write_bytes(b"ok")
        probe.unlink()
    except OSError as refused:
        return Finding("data folder", str(refused), "Set SYMBIOSIS_DATA_DIR to a folder that you can write to.")
    return Finding("data folder", f"{settings.data_dir} can be written to")


def _data(_settings: Settings) -> Finding:
    try:
        codes, sites = len(tables.waste_codes()), len(tables.sites())
    except (SymbiosisError, OSError, ValueError) as broken:
        return Finding("data", str(broken), "The installation is damaged: install it again.")
    remedy = "" if codes == LOW_CODES else "The installation is damaged: install it again."
    return Finding("data", f"{codes} waste codes, {sites} real sites, {len(tables.factors())} factors", remedy)


def _port(settings: Settings) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        taken = probe.connect_ex((settings.host, settings.port)) == 0
    remedy = (
        "Another program (perhaps a running demo) has it: stop that, or choose another with --port." if taken else ""
    )
    return Finding("port", f"{settings.host}:{settings.port} is {'in use' if taken else 'free'}", remedy)


def _store(settings: Settings) -> Finding:
    try:
        return asyncio.run(_ask_store(settings))
    except SymbiosisError as refused:
        return Finding("store", str(refused), "See docs/operations.md, “when the store does not start”.")


async def _ask_store(settings: Settings) -> Finding:
    async with open_graph(settings) as graph:
        status = await store_status(graph)
        seen = await overview(graph, best=0)
    published = "no published run yet" if seen.run is None else f"published run of {seen.run.finished_at}"
    text = f"{status.server} {status.version}, migration {status.migration}, {seen.sites} sites, {published}"
    return Finding("store", text)


LOOKS: Final[tuple[Callable[[Settings], Finding], ...]] = (
    _python,
    _libraries,
    _system,
    _memory,
    _disk,
    _folder,
    _data,
    _port,
    _store,
)
