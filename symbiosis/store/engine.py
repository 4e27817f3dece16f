"""The process of the embedded server: its command line, its ports, and how to see that it answers or is gone."""

import contextlib
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from symbiosis.store.graph import Address

USER: Final = "root"
DATABASE: Final = "neo4j"
COMMAND_TIMEOUT_MS: Final = 30_000
ANSWER_WITHIN_S: Final = 3.0
STOPPED_WITHIN_S: Final = 25.0
PORT_TAKEN: Final = b"Unable to listen"
_OPENED: Final = (
    "java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "java.base/java.nio.channels.spi=ALL-UNNAMED",
    "java.base/java.lang=ALL-UNNAMED",
)


@dataclass(frozen=True, slots=True)
class Ports:
    """Two loopback ports: Bolt, which we speak, and HTTP, which the server insists on."""

    bolt: int
    http: int


def free_ports() -> Ports:
    """Return two ports of the loopback interface that nobody listens on now."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return Ports(int(first.getsockname()[1]), int(second.getsockname()[1]))


def wheel_folder() -> Path | None:
    """Return where the wheel with the server and its Java is, without importing it; None if it is not installed."""
    wheel = find_spec("arcadedb_embedded")
    if wheel is None or not wheel.submodule_search_locations:
        return None
    return Path(wheel.submodule_search_locations[0])


def java_command(wheel: Path, folder: Path, secret: Path, ports: Ports, java_options: Sequence[str]) -> list[str]:
    """Return the launch command; both hosts are named because the server's own default is every address."""
    settings = {
        "server.mode": "production",
        "server.rootPasswordPath": secret,
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "server.defaultDatabases": f"{DATABASE}[]",
        "bolt.host": "127.0.0.1",
        "bolt.port": ports.bolt,
        "server.httpIncomingHost": "127.0.0.1",
        "server.httpIncomingPort": ports.http,
        "server.httpWorkerThreads": 4,
        "command.timeout": COMMAND_TIMEOUT_MS,
        "txWalFlush": 1,
        "opencypher.loadCsv.allowRemoteUrls": "false",
    }
    return [
        str(wheel / "jre" / "bin" / "java"),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        "--enable-native-access=ALL-UNNAMED",
        *(f"--add-opens={package}" for package in _OPENED),
        "--add-modules=jdk.incubator.vector",
        "-Djava.awt.headless=true",
        *java_options,
        marker(folder),
        *(f"-Darcadedb.{name}={value}" for name, value in settings.items()),
        "-cp",
        str(wheel / "jars" / "*"),
        "com.arcadedb.server.ArcadeDBServer",
    ]


def loopback(bolt_port: int, password: str) -> Address:
    """Return the address of an embedded server."""
    return Address(f"bolt://127.0.0.1:{bolt_port}", USER, password, DATABASE)


def answers(address: Address) -> bool:
    """Say whether a statement runs there; the port opens before the database does."""
    try:
        with (
            GraphDatabase.driver(  # pyright: ignore[reportUnknownMemberType]
                address.uri,
                auth=(address.user, address.password),
                connection_timeout=ANSWER_WITHIN_S,
                connection_acquisition_timeout=ANSWER_WITHIN_S,
                telemetry_disabled=True,
            ) as driver,
            driver.session(  # pyright: ignore[reportUnknownMemberType]
                database=address.database
            ) as session,
        ):
            session.run("RETURN 1").consume()
    except (DriverError, Neo4jError, OSError):
        return False
    return True


def marker(folder: Path) -> str:
    """Return the argument by which the server of this folder is known among all processes."""
    return f"-Darcadedb.server.rootPath={folder}"


def write_private(path: Path, text: str) -> None:
    """Write the file in one step, readable by this user only, over what was there."""
    temporary = _private(path, text)
    temporary.replace(path)


def write_private_once(path: Path, text: str) -> None:
    """Write the file in one step, readable by this user only, unless it is there already."""
    temporary = _private(path, text)
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(temporary)
    temporary.unlink()


def _private(path: Path, text: str) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return temporary
