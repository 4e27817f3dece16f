"""An app on the embedded store, driven by lines on its standard input; see conftest.py. Not a test."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Final, LiteralString

from symbiosis.store.graph import Graph, Tx
from symbiosis.store.local import LocalServer
from symbiosis.store.migrate import migrate

ADD: Final[LiteralString] = "CREATE (:Listing {id: $id})"
IDS: Final[LiteralString] = "MATCH (l:Listing) RETURN l.id AS id ORDER BY id LIMIT 1000"


async def _add(tx: Tx, listing_id: str) -> None:
    await tx.run(ADD, id=listing_id)


async def _ids(tx: Tx) -> list[str]:
    return [row["id"] for row in await tx.run(IDS)]


async def main(data_dir: Path) -> None:
    server = LocalServer(data_dir, java_options=("-XX:TieredStopAtLevel=1",))
    async with Graph(server) as graph:
        await migrate(graph)
        _say("open")
        while line := await asyncio.to_thread(sys.stdin.readline):
            match line.split():
                case ["add", listing_id]:
                    await graph.write(_add, listing_id)
                    _say("added")
                case ["ids"]:
                    _say(await graph.read(_ids))
                case ["holds"]:
                    _say(server.holds)
                case ["server"]:
                    _say(None if server._keeper is None else server._keeper.pid)


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
