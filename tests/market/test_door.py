"""The Cypher door: reading only, within limits, for analysts of the whole graph, in the journal."""

from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.ids import PersonId, TerritoryId
from symbiosis.domain.people import Mandate, Person, Role
from symbiosis.errors import InputError, NotAllowedError
from symbiosis.market.door import ask_in_cypher
from symbiosis.store.cypher_door import DoorAnswer, DoorLimits, DoorShutError, StatementRefusedError
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.people import save_person
from symbiosis.store.status import server_and_version

pytestmark = pytest.mark.store

PLACES: Final[LiteralString] = """
CREATE (:Commune {insee: '69001', name: 'Feyzin'})-[:IN]->(:Territory {id: 'lyon', name: 'Lyon'})
CREATE (:Commune {insee: '42001', name: 'Firminy'})-[:IN]->(:Territory {id: 'stetienne', name: 'Saint-Étienne'})
"""
JOURNAL: Final[LiteralString] = """
MATCH (event:Event {action: 'ASK_CYPHER'})
RETURN event.actor AS actor, event.statement AS statement, event.outcome AS outcome, event.rows AS rows
ORDER BY event.at, event.id LIMIT 10
"""


@pytest.fixture
async def asked(graph: Graph) -> Any:
    """Give `asked(statement, subject)`; skip where the store has no door."""

    async def seed(tx: Tx) -> None:
        await tx.run(PLACES)
        for name, places in (("analyst", ("lyon", "stetienne")), ("local", ("lyon",))):
            mandates = tuple(Mandate(Role.ANALYST, territory_id=TerritoryId(place)) for place in places)
            await save_person(tx, Person(PersonId(f"per-{name}"), name, name=name, mandates=mandates))

    await graph.write(seed)

    async def ask(statement: str, subject: str = "analyst", limits: DoorLimits | None = None) -> DoorAnswer:
        return await ask_in_cypher(graph, subject, statement, limits or DoorLimits())

    return ask


async def journal(graph: Graph) -> list[Any]:
    return await graph.read(lambda tx: tx.run(JOURNAL))


async def on_neo4j(graph: Graph) -> bool:
    return server_and_version(await graph.agent())[0] == "Neo4j"


async def test_the_embedded_store_has_no_door_and_says_why(graph: Graph, asked: Any) -> None:
    if await on_neo4j(graph):
        pytest.skip("this store has one")
    with pytest.raises(DoorShutError, match="takes writes even in a reading transaction"):
        await asked("MATCH (n) RETURN n LIMIT 1")
    (event,) = await journal(graph)
    assert (event["actor"], event["outcome"]) == ("per-analyst", "DOOR_SHUT")


async def test_an_analyst_of_the_whole_graph_reads_it_and_that_is_in_the_journal(graph: Graph, asked: Any) -> None:
    if not await on_neo4j(graph):
        pytest.skip("the embedded store has no door")
    statement = "MATCH (c:Commune)-[:IN]->(t) RETURN c.name AS name, t ORDER BY name"
    answer = await asked(statement)
    assert answer.columns == ("name", "t")
    assert answer.rows[0] == ("Feyzin", {"labels": ["Territory"], "id": "lyon", "name": "Lyon"})
    assert not answer.cut
    cut = await asked("MATCH (c:Commune) RETURN c.name ORDER BY c.name", limits=DoorLimits(rows=1))
    assert (cut.rows, cut.cut) == ((("Feyzin",),), True)
    first, second = await journal(graph)
    assert (first["statement"], first["outcome"], first["rows"]) == (statement, "ANSWERED", 2)
    assert (second["outcome"], second["rows"]) == ("ANSWERED", 1)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE (n:Forged) RETURN n", "does not only read"),
        ("MATCH (c:Commune) SET c.name = 'x' RETURN c", "does not only read"),
        ("MATCH (c:Commune) DETACH DELETE c", "does not only read"),
        ("CREATE INDEX sly FOR (c:Commune) ON (c.name)", "does not only read"),
        ("LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line", "loads a file"),
        ("CALL dbms.listConfig() YIELD name RETURN name", "does not only read|procedure"),
        ("MATCH (c) CALL { WITH c DELETE c } IN TRANSACTIONS", "does not only read|refuses"),
        ("MATCH (c", "refuses the statement"),
        ("SHOW USERS", "refuses|does not only read"),
    ],
)
async def test_what_does_more_than_read_is_refused_and_nothing_is_changed(
    graph: Graph, asked: Any, statement: str, words: str
) -> None:
    if not await on_neo4j(graph):
        pytest.skip("the embedded store has no door")
    with pytest.raises(StatementRefusedError, match=words):
        await asked(statement)
    names = (await asked("MATCH (c:Commune) RETURN c.name AS name ORDER BY name")).rows
    assert names == (("Feyzin",), ("Firminy",))
    assert (await asked("MATCH (n:Forged) RETURN n")).rows == ()


async def test_a_statement_that_takes_too_long_is_ended(graph: Graph, asked: Any) -> None:
    if not await on_neo4j(graph):
        pytest.skip("the embedded store has no door")
    endless = "UNWIND range(1, 1000000000) AS i WITH i WHERE i % 7 = 8 RETURN count(i)"
    with pytest.raises(StatementRefusedError, match="takes longer than 1 s"):
        await asked(endless, limits=DoorLimits(seconds=1))


async def test_an_analyst_of_a_part_is_refused(asked: Any) -> None:
    with pytest.raises(NotAllowedError, match="mandate in every territory"):
        await asked("MATCH (n) RETURN n LIMIT 1", "local")


def test_limits_have_ends() -> None:
    with pytest.raises(InputError, match="up to 300 s"):
        DoorLimits(seconds=0)
    with pytest.raises(InputError, match="1 to 100000 rows"):
        DoorLimits(rows=10**6)
