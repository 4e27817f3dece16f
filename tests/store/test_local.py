"""The embedded server: one a data directory, private, and back after whatever killed it."""

import asyncio
import json
import shutil
import socket
import stat
from collections import namedtuple
from pathlib import Path

import psutil
import pytest

from symbiosis.store import engine
from symbiosis.store.failures import StoreDiskFullError, StoreFailedError, StoreSignInError, StoreUnavailableError
from symbiosis.store.graph import Graph
from symbiosis.store.local import LocalServer, StoreStartError

from .conftest import StartApp

QUICK_START = ("-XX:TieredStopAtLevel=1",)


def _server(data_dir: Path) -> LocalServer:
    return LocalServer(data_dir, java_options=QUICK_START)


def _processes(data_dir: Path) -> dict[str, psutil.Process]:
    """Return the processes on this data directory: `keeper` and `java`."""
    marker = f"-Darcadedb.server.rootPath={data_dir / 'store'}"
    found = [process for process in psutil.process_iter(["cmdline"]) if marker in (process.info["cmdline"] or ())]
    return {"java" if "java" in Path(process.info["cmdline"][0]).name else "keeper": process for process in found}


async def test_its_files_are_private_and_it_listens_on_loopback_only(tmp_path: Path) -> None:
    server = _server(tmp_path)
    async with Graph(server) as graph:
        await graph.ping()
        assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((server.folder / "secret").stat().st_mode) == 0o600
        assert stat.S_IMODE((server.folder / "engine.json").stat().st_mode) == 0o600
        java = _processes(tmp_path)["java"]
        listening = [c.laddr.ip for c in java.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
        assert {ip.removeprefix("::ffff:") for ip in listening} == {"127.0.0.1"}
        assert (server.folder / "secret").read_text() not in " ".join(java.cmdline())
    assert _processes(tmp_path) == {}


async def test_two_processes_share_one_server_from_its_first_start(tmp_path: Path, start_app: StartApp) -> None:
    one, other = await asyncio.gather(start_app(tmp_path), start_app(tmp_path))
    assert sorted([await one.ask("holds"), await other.ask("holds")]) == [False, True]
    await one.ask("add", "a")
    await other.ask("add", "b")
    assert await one.ask("ids") == await other.ask("ids") == ["a", "b"]
    assert set(_processes(tmp_path)) == {"keeper", "java"}


async def test_who_had_joined_goes_on_when_the_holder_leaves(tmp_path: Path, start_app: StartApp) -> None:
    holder = await start_app(tmp_path)
    joined = await start_app(tmp_path)
    await holder.ask("add", "a")
    await holder.leave()
    assert await joined.ask("add", "b") == "added"
    assert await joined.ask("ids") == ["a", "b"]
    assert await joined.ask("holds") is True


async def test_who_had_joined_goes_on_when_the_holder_is_killed(tmp_path: Path, start_app: StartApp) -> None:
    holder = await start_app(tmp_path)
    joined = await start_app(tmp_path)
    await holder.ask("add", "a")
    left = list(_processes(tmp_path).values())
    await holder.kill()
    await asyncio.to_thread(psutil.wait_procs, left, 30)
    assert await joined.ask("ids") == ["a"]
    assert await joined.ask("holds") is True


async def test_no_server_is_left_when_the_holder_is_killed(tmp_path: Path, start_app: StartApp) -> None:
    holder = await start_app(tmp_path)
    left = list(_processes(tmp_path).values())
    assert len(left) == 2
    await holder.kill()
    _gone, alive = await asyncio.to_thread(psutil.wait_procs, left, 30)
    assert alive == []


@pytest.mark.parametrize("victim", ["java", "keeper"])
async def test_a_killed_server_comes_back_at_the_next_call(victim: str, tmp_path: Path, start_app: StartApp) -> None:
    holder = await start_app(tmp_path)
    joined = await start_app(tmp_path)
    await joined.ask("add", "a")
    _processes(tmp_path)[victim].kill()
    assert await holder.ask("ids") == ["a"]
    assert await joined.ask("ids") == ["a"]
    assert await joined.ask("add", "b") == "added"
    assert await holder.ask("ids") == ["a", "b"]


async def test_who_joined_needs_no_call_of_the_holder_after_the_server_was_killed(
    tmp_path: Path, start_app: StartApp
) -> None:
    await start_app(tmp_path)
    joined = await start_app(tmp_path)
    await joined.ask("add", "a")
    _processes(tmp_path)["java"].kill()
    assert await joined.ask("ids") == ["a"]


@pytest.mark.parametrize("stale", ["", "not json", '{"bolt_port": "x"}', '{"holder_pid": 1}', "[]"])
async def test_an_announcement_that_makes_no_sense_is_no_address(stale: str, tmp_path: Path) -> None:
    server = _server(tmp_path)
    server.folder.mkdir()
    (server.folder / "secret").write_text("x")
    (server.folder / "engine.json").write_text(stale)
    assert server._announced() is None


async def test_a_stale_lock_and_announcement_do_not_stop_a_start(tmp_path: Path) -> None:
    server = _server(tmp_path)
    server.folder.mkdir()
    (server.folder / "engine.lock").touch()
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        (server.folder / "engine.json").write_text(json.dumps({"bolt_port": port, "holder_pid": 1}))
        async with Graph(server) as graph:
            await graph.ping()
            assert json.loads((server.folder / "engine.json").read_text())["bolt_port"] != port


@pytest.mark.parametrize("which", ["bolt", "http"])
async def test_a_port_that_somebody_takes_first_means_another_port(
    which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = stranger.getsockname()[1]
        free = engine.free_ports()
        first = engine.Ports(taken, free.http) if which == "bolt" else engine.Ports(free.bolt, taken)
        ports = iter([first, engine.free_ports()])
        monkeypatch.setattr(engine, "free_ports", lambda: next(ports))
        async with Graph(_server(tmp_path)) as graph:
            await graph.ping()
        assert list(ports) == []


async def test_a_data_directory_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreStartError, match="Choose another folder with SYMBIOSIS_DATA_DIR"):
        await _server(tmp_path / "data").address()


async def test_a_full_disk_is_said_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**9, 10**9, 0))
    server = _server(tmp_path)
    with pytest.raises(StoreDiskFullError, match=r"The disk under .* is full"):
        await server.address()
    assert not server.holds


async def test_a_failure_on_a_full_disk_is_said_to_be_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**12, 10**12 - 10**6, 10**6))
    failure = StoreFailedError("bolt://127.0.0.1:1", "Neo.ClientError.Transaction.TransactionNotFound")
    explained = await _server(tmp_path).explained(failure, engine.loopback(1, "x"))
    assert type(explained) is StoreDiskFullError


async def test_a_failure_of_a_server_that_is_going_down_means_that_it_is_not_there(tmp_path: Path) -> None:
    address = engine.loopback(engine.free_ports().bolt, "x")
    (tmp_path / "store").mkdir()
    explained = await _server(tmp_path).explained(StoreSignInError(address.uri), address)
    assert type(explained) is StoreUnavailableError


async def test_a_failure_of_a_server_that_answers_is_left_as_it_is(tmp_path: Path) -> None:
    server = _server(tmp_path)
    async with Graph(server):
        address = await server.address()
        failure = StoreFailedError(address.uri, "Neo.ClientError.Statement.SyntaxError")
        assert await server.explained(failure, address) is failure


async def test_a_server_that_ends_at_once_is_said(tmp_path: Path) -> None:
    server = LocalServer(tmp_path, java_options=("-XX:NoSuchOption",))
    with pytest.raises(StoreStartError, match=r"the server ended with code 1; its log is .*server\.log"):
        await server.address()
    assert not server.holds
    assert _processes(tmp_path) == {}
