"""Opening the store that the settings name."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from symbiosis.settings import Settings
from symbiosis.store.graph import Address, Graph, RemoteServer, Server
from symbiosis.store.local import LocalServer
from symbiosis.store.migrate import migrate as bring_up_to_date
from symbiosis.store.restore import refuse_unfinished_restore


def server_of(settings: Settings) -> Server:
    """Return the Neo4j that the settings name, or the embedded server of their data directory."""
    if settings.neo4j_uri is None or settings.neo4j_password is None:
        return LocalServer(settings.data_dir)
    return RemoteServer(
        Address(
            settings.neo4j_uri,
            settings.neo4j_user,
            settings.neo4j_password.get_secret_value(),
            settings.neo4j_database,
        )
    )


@asynccontextmanager
async def open_graph(settings: Settings, *, migrate: bool = True) -> AsyncGenerator[Graph, None]:
    """Give the graph, answering and migrated; on leaving, the embedded server is stopped if this process started it."""
    async with Graph(server_of(settings)) as graph:
        await graph.ping()
        if migrate:
            await refuse_unfinished_restore(graph)
            await bring_up_to_date(graph)
        yield graph
