"""Clients that write at once, over HTTP: are updates lost, and does what is sent five times happen once?

    python -m bench.contention [--clients 32 --edits 300 --listings 5 --keys 1000 --sends 5]

Edits: each client changes a random one of a few listings again and again: it reads version and quantity, and asks for
one tonne more at that version. A `CONFLICT` is read again and repeated, after a wait at random that grows with every
attempt, until the edit is taken. At the end every listing must have grown by as many tonnes, and as many versions, as
edits were acknowledged for it. Keys: every idempotency key is sent several times at once, and the listings that there
are then are counted. Runs on the embedded store, and on a fresh Neo4j (tools/neo4j: Java 17 and Maven). Exit code 1 if
an update is lost or an effect is there twice.
"""

import argparse
import asyncio
import itertools
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final, LiteralString

import httpx

from symbiosis.api.tokens import development_token
from symbiosis.app import create_app
from symbiosis.settings import Settings
from symbiosis.store.graph import Address, Graph, RemoteServer, Server, Tx
from symbiosis.store.local import LocalServer
from symbiosis.store.migrate import migrate
from tests.api.conftest import seed
from tools.neo4j.server import Neo4jOutOfReachError, running_neo4j

READ: Final = "query ($id: ID!) { listing(id: $id) { version quantityPerYear } }"
EDIT: Final = "mutation ($input: UpdateListingInput!) { updateListing(input: $input) { __typename } }"
MAKE: Final = (
    "mutation ($input: CreateListingInput!) { createListing(input: $input) { __typename ... on Listing { id } } }"
)
MADE: Final[LiteralString] = (
    "MATCH (listing:Listing) WHERE listing.title STARTS WITH $title RETURN count(listing) AS many"
)
SUBJECT: Final = "manager-a"
AT_ONCE: Final = 64
DOUBLED: Final = 4
"""How often the wait after a `CONFLICT` is doubled; it begins with the time that the attempt took."""


class Client:
    """One client of the API: asks, and repeats what it is told to repeat."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http, self._headers = http, {"authorization": f"Bearer {token}"}
        self.repeated = 0

    async def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """Return the data of an answer without errors."""
        while True:
            body = {"query": query, "variables": variables}
            answer = (await self._http.post("/graphql", json=body, headers=self._headers)).json()
            if "errors" not in answer:
                data: dict[str, Any] = answer["data"]
                return data
            if not answer["errors"][0]["extensions"].get("retryable"):
                raise RuntimeError(answer["errors"][0])
            self.repeated += 1


async def new_listing(client: Client, title: str, key: str) -> str:
    """Return the id of a listing of 1 t of wood that was made under a key."""
    wood = {"siteId": "site-a", "direction": "SUPPLY", "resourceCode": "wood", "unit": "TONNE", "quantityPerYear": 1}
    made = await client.ask(MAKE, input=wood | {"title": title, "idempotencyKey": key})
    listing_id: str = made["createListing"]["id"]
    return listing_id


async def edits(client: Client, wanted: argparse.Namespace) -> int:
    """Print what came of the edits, and return how many updates were lost."""
    ids = [await new_listing(client, f"Edited {number}", f"edited-{number}") for number in range(wanted.listings)]
    acknowledged: Counter[str] = Counter()
    refused = 0

    async def one(seed: int) -> None:
        nonlocal refused
        choose = random.Random(seed)
        for _ in range(wanted.edits):
            listing_id = choose.choice(ids)
            for attempt in itertools.count():
                tried_at = time.monotonic()
                read = (await client.ask(READ, id=listing_id))["listing"]
                change = {"id": listing_id, "version": read["version"], "quantityPerYear": read["quantityPerYear"] + 1}
                if (await client.ask(EDIT, input=change))["updateListing"]["__typename"] == "Listing":
                    acknowledged[listing_id] += 1
                    break
                refused += 1
                took_s = time.monotonic() - tried_at
                await asyncio.sleep(choose.uniform(0, took_s * 2 ** min(attempt, DOUBLED)))

    began = time.monotonic()
    await asyncio.gather(*(one(number) for number in range(wanted.clients)))
    seconds = time.monotonic() - began
    lost = 0
    for listing_id in ids:
        read = (await client.ask(READ, id=listing_id))["listing"]
        lost += abs(acknowledged[listing_id] - int(read["quantityPerYear"] - 1))
        lost += abs(acknowledged[listing_id] - (read["version"] - 1))
    print(
        f"  edits: {wanted.clients} clients x {wanted.edits} on {wanted.listings} listings: "
        f"{acknowledged.total()} acknowledged, {refused} conflicts told, {lost} lost, {seconds:.0f} s"
    )
    return lost


async def keys(client: Client, graph: Graph, wanted: argparse.Namespace) -> int:
    """Print what came of the keys, and return by how many the effects are not one a key."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> str:
        async with gate:
            return await new_listing(client, f"Keyed {number}", f"key-{number}")

    began = time.monotonic()
    sent = [number for number in range(wanted.keys) for _ in range(wanted.sends)]
    ids = await asyncio.gather(*(one(number) for number in sent))
    seconds = time.monotonic() - began
    made = await graph.read(_made)
    told = len({(number, listing_id) for number, listing_id in zip(sent, ids, strict=True)})
    print(f"  keys: {wanted.keys} keys x {wanted.sends} sends: {made} effects, {told} ids told, {seconds:.0f} s")
    return abs(made - wanted.keys) + abs(told - wanted.keys)


async def _made(tx: Tx) -> int:
    rows = await tx.run(MADE, title="Keyed ")
    many: int = rows[0]["many"]
    return many


async def on_store(name: str, server: Server, folder: Path, wanted: argparse.Namespace) -> int:
    """Print how one store does, and return how much went wrong on it."""
    settings = Settings(data_dir=folder, dev_tokens=True, rate_per_minute=10**9)
    async with AsyncExitStack() as stack:
        graph = await stack.enter_async_context(Graph(server))
        await migrate(graph)
        await graph.write(seed)
        transport = httpx.ASGITransport(create_app(settings, graph=graph))
        http = await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60)
        )
        client = Client(http, development_token(settings, SUBJECT, 3600 * 6))
        print(name)
        wrong = await edits(client, wanted) + await keys(client, graph, wanted)
        print(f"  answers that asked to be repeated, and were: {client.repeated}")
        return wrong


async def main() -> int:
    """Run both on every store that is there; return 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("clients", 32), ("edits", 300), ("listings", 5), ("keys", 1000), ("sends", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong = await on_store("embedded", LocalServer(Path(folder) / "data"), Path(folder) / "data", wanted)
        try:
            with running_neo4j() as neo4j:
                at = Address(neo4j.uri, "neo4j", neo4j.password, "neo4j")
                wrong += await on_store("Neo4j", RemoteServer(at), Path(folder) / "neo4j", wanted)
        except Neo4jOutOfReachError as absent:
            print(f"Neo4j: not run ({absent})")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
