"""Random sequences of consents, visibilities, mandates and expiry; no answer tells more than its reader may know.

The oracle below says in its own words what each reader may know; canaries stand for it: a title, a name, an exact
quantity, an id, an exact distance. `make bench-leaks` plays 5,000 sequences.
"""

import json
import os
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, LiteralString

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbiosis.app import create_app
from symbiosis.domain.ids import synergy_id_of
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph, Tx
from tests.api import conftest as valley
from tests.api import matrix

SEQUENCES: Final = int(os.environ.get("LEAK_SEQUENCES", "40"))
UNTIL: Final = datetime.now(UTC).date().isoformat()
PAIR: Final = synergy_id_of("sup-leak", "dem-leak")  # type: ignore[arg-type]
LISTING: Final = ("CANARY TITLE", "CANARY WORDS", "Site b", "site-b", "347.123", "dem-leak")
NUMBERS: Final = ("12.543", "31.417")

RESET: Final[LiteralString] = """
MATCH (consent:Consent) DETACH DELETE consent
"""
RESHOW: Final[LiteralString] = """
MATCH (listing:Listing {id: 'dem-leak'}) SET listing.visibility = $visibility
"""
OUTLIVE: Final[LiteralString] = """
MATCH (consent:Consent {side: $side}) SET consent.live_until = '2026-01-01T00:00:00.000000Z'
"""
MANDATE: Final[LiteralString] = """
MATCH (:Person {subject: $subject})-[acts:ACTS_FOR]->() SET acts.until_date = $until
"""

QUERY: Final = """
query { synergies(first: 5) { nodes { id supplyId demandId estimated note reason
    supply { id title } demand { id title description quantityPerYear site { name } pricePerUnitEur }
    demandOutline { alias wasteCode areaName quantityLowPerYear quantityHighPerYear }
    suggestion { quantityPerYear distanceKm transportPerYearEur valuePerYearEur moneyLines { lowEur } }
    exchangeBand { lowPerYear highPerYear } consents { id side live } } pageInfo { endCursor } }
  listings(first: 9, where: {siteId: {eq: "site-b"}, direction: {eq: DEMAND}, provenance: {eq: DECLARED}}) {
    nodes { id title siteId quantityPerYear description } pageInfo { endCursor } }
  found: synergies(first: 5, where: {siteId: {eq: "site-b"}}) { nodes { id } }
  listing(id: "dem-leak") { title description quantityPerYear site { name } siteId id }
  OUTLINES }
"""
OUTLINES: Final = "anonymisedListings(first: 9) { nodes { alias wasteCode area } pageInfo { endCursor } }"


@dataclass
class World:
    """What is so now, as the oracle keeps it."""

    visibility: str = "ANONYMISED"
    live: dict[str, bool] = field(default_factory=lambda: {"SUPPLY": False, "DEMAND": False})
    versions: dict[str, int] = field(default_factory=lambda: {"SUPPLY": 0, "DEMAND": 0})
    mandated: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(READERS, True))

    def may_know(self, reader: str) -> tuple[bool, bool]:
        """Return whether a reader may know whose listing it is, and the exact numbers of the synergy."""
        if self.visibility == "PUBLIC":
            return True, reader in {"partner", "analyst-there"} and self.mandated[reader]
        if not self.mandated[reader]:
            return False, False
        both = all(self.live.values())
        shared = self.visibility == "TERRITORY"
        return {
            "partner": (both, both or shared),
            "neighbour": (shared, False),
            "analyst-there": (shared, shared),
            "stranger": (False, False),
        }[reader]


READERS: Final = ("partner", "neighbour", "analyst-there", "stranger")
OWNERS: Final = {"SUPPLY": ("partner", "sup-leak"), "DEMAND": ("owner", "dem-leak")}
STEPS: Final = st.one_of(
    st.tuples(st.just("grant"), st.sampled_from(["SUPPLY", "DEMAND"])),
    st.tuples(st.just("revoke"), st.sampled_from(["SUPPLY", "DEMAND"])),
    st.tuples(st.just("expire"), st.sampled_from(["SUPPLY", "DEMAND"])),
    st.tuples(st.just("show"), st.sampled_from(matrix.VISIBILITIES)),
    st.tuples(st.just("end"), st.sampled_from(READERS)),
    st.tuples(st.just("begin"), st.sampled_from(READERS)),
)
CHECKED: dict[str, int] = {"sequences": 0, "answers": 0, "leaks": 0}


async def seed(tx: Tx) -> None:
    """Write one pair whose demand is full of canaries, in a crowd of three other firms."""
    facts: dict[str, Any] = {"direction": "DEMAND", "waste_code": "150103"}
    secret = facts | {"title": "CANARY TITLE", "description": "CANARY WORDS", "quantity_base_per_year": 347_123}
    listings = [valley.listing_row("sup-leak", "site-a"), valley.listing_row("dem-leak", "site-b", **secret)]
    crowd = facts | {"provenance": "ESTIMATED"}
    listings += [valley.listing_row(f"crowd-{name}", f"site-{name}", **crowd) for name in ("e", "f", "g")]
    synergy = valley.a_synergy("sup-leak", "dem-leak", 1)
    synergy["numbers"] |= {"distance_m": 12_543, "quantity_base_per_year": 31_417}
    await tx.run(valley.PLACES, rows=matrix.PLACES)
    await tx.run(valley.SITES, rows=matrix.SITES)
    await tx.run(valley.RESOURCES, rows=valley.RESOURCE_ROWS)
    await tx.run(valley.LISTINGS, rows=listings)
    await tx.run(valley.RUNS, rows=[{"id": "run-now", "status": "PUBLISHED", "at": valley.AT}])
    await tx.run(valley.SYNERGIES, rows=[synergy])
    await tx.run(valley.CURRENT, run_id="run-now")
    await matrix.people(tx)


async def reset(tx: Tx) -> None:
    """Bring the pair back to where every sequence starts."""
    await tx.run(RESET)
    await tx.run(RESHOW, visibility="ANONYMISED")
    for reader in READERS:
        await tx.run(MANDATE, subject=reader, until=None)


async def step(api: Any, world: World, verb: str, what: str) -> None:
    """Take one step in the store and in the oracle."""
    if verb in {"grant", "revoke"}:
        await consent(api, world, verb, what)
        return

    async def written(tx: Tx) -> None:
        if verb == "show":
            await tx.run(RESHOW, visibility=what)
        elif verb == "expire":
            await tx.run(OUTLIVE, side=what)
        else:
            await tx.run(MANDATE, subject=what, until="2020-01-01" if verb == "end" else None)

    await api.graph.write(written)
    if verb == "show":
        world.visibility = what
    elif verb == "expire":
        world.live[what] = False
    else:
        world.mandated[what] = verb == "begin"


async def consent(api: Any, world: World, verb: str, side: str) -> None:
    """Grant or revoke as the side's manager; what is refused changes nothing."""
    subject, listing = OWNERS[side]
    given = f'synergyId: "{PAIR}", listingId: "{listing}", version: {world.versions[side]}'
    until = f', until: "{UNTIL}"' if verb == "grant" else ""
    text = f"mutation {{ {verb}Consent(input: {{{given}{until}}}) {{ __typename ... on Consent {{ version live }} }} }}"
    answer = (await matrix.data(api, subject, text))[f"{verb}Consent"]
    if answer["__typename"] == "Consent":
        world.versions[side], world.live[side] = answer["version"], answer["live"]
        assert answer["live"] is (verb == "grant")


async def leaks_to(api: Any, world: World, reader: str) -> list[str]:
    """Return the canaries in all that a reader is answered which the reader may not know."""
    whose, numbers = world.may_know(reader)
    text = (await api.post(reader, QUERY.replace("OUTLINES", OUTLINES if world.mandated[reader] else ""))).text
    body = json.loads(text)
    assert "errors" not in body, text
    CHECKED["answers"] += 1
    if whose:
        assert body["data"]["listing"]["title"] == "CANARY TITLE"
    named = numbers and not whose  # The partner of a TERRITORY listing elsewhere knows its id and the numbers.
    allowed = {*(LISTING if whose else ()), *(NUMBERS if numbers else ()), *(["dem-leak"] if named else [])}
    searched = text.replace(body["data"]["found"]["nodes"][0]["id"], "") if body["data"]["found"]["nodes"] else text
    told = [canary for canary in (*LISTING, *NUMBERS) if canary in searched and canary not in allowed]
    if body["data"]["found"]["nodes"] and not (whose or numbers):
        told.append("found by its site")
    return told


@pytest.fixture
async def world_api(graph: Graph, settings: Settings) -> Any:
    """Give the API over the pair, with no limit on how often it is asked."""
    await graph.write(seed)
    unlimited = settings.model_copy(update={"rate_per_minute": 10**9, "visitor_rate_per_minute": 10**9})
    transport = httpx.ASGITransport(create_app(unlimited, graph=graph))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield valley.Api(client, unlimited, graph)
    sys.stdout.write(", ".join(f"{many} {what}" for what, many in CHECKED.items()) + "\n")


@settings(
    max_examples=SEQUENCES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(steps=st.lists(st.tuples(STEPS, st.sampled_from(READERS)), min_size=1, max_size=8))
async def test_no_answer_tells_more_than_its_reader_may_know(world_api: Any, steps: list[Any]) -> None:
    world = World()
    await world_api.graph.write(reset)
    for (verb, what), reader in steps:
        await step(world_api, world, verb, what)
        told = await leaks_to(world_api, world, reader)
        CHECKED["leaks"] += bool(told)
        assert told == [], (reader, world)
    CHECKED["sequences"] += 1
