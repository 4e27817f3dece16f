"""First light: a real GraphQL client against the served app, from a by-product to a synergy in operation and back."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import uvicorn
from gql import Client, GraphQLRequest
from gql.transport.httpx import HTTPXAsyncTransport

from symbiosis.api.tokens import development_token
from symbiosis.app import create_app
from symbiosis.ingest.load import load_demo_territory
from symbiosis.market.people import DemoPerson, ensure_demo_people
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph

OPERATIONS: Final = Path(__file__).resolve().parents[2] / "graphql" / "operations"
NOW: Final = "2026-11-22T08:00:00.000000Z"
PATIENCE_S: Final = 120


@pytest.fixture
async def people(graph: Graph) -> tuple[DemoPerson, ...]:
    """Load the real sites of Lyon and Saint-Étienne, and return the demo's people."""
    await load_demo_territory(graph, now=NOW)
    return await ensure_demo_people(graph)


@pytest.fixture
async def url(graph: Graph, people: tuple[DemoPerson, ...], settings: Settings) -> AsyncIterator[str]:
    """Serve the app on a free loopback port and give its address."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(settings, graph=graph), log_level="warning"))
        serving = asyncio.create_task(server.serve(sockets=[opened]))
        address = f"http://127.0.0.1:{opened.getsockname()[1]}"
        async with httpx.AsyncClient() as client:
            while not server.started:  # noqa: ASYNC110 - uvicorn offers no event.
                await asyncio.sleep(0.01)
            assert (await client.get(f"{address}/health/ready")).json() == {"ready": True}
        yield address
        server.should_exit = True
        await serving


class User:
    """Somebody who speaks to the API with the `gql` client; documents are checked against the served schema."""

    def __init__(self, url: str, settings: Settings, person: DemoPerson) -> None:
        headers = {"authorization": f"Bearer {development_token(settings, person.subject, 600)}"}
        transport = HTTPXAsyncTransport(f"{url}/graphql", headers=headers, timeout=30)
        self.client = Client(transport=transport, fetch_schema_from_transport=True)

    async def ask(self, operation: str, **variables: Any) -> Any:
        text = (OPERATIONS / f"{operation}.graphql").read_text("utf-8")
        async with self.client as session:
            (root,) = (await session.execute(GraphQLRequest(text, variable_values=variables))).values()
            return root


async def test_a_listed_by_product_is_suggested_by_a_run_shortlisted_and_brought_to_completion(
    url: str, settings: Settings, people: tuple[DemoPerson, ...]
) -> None:
    manager, facilitator, analyst = (User(url, settings, person) for person in people)

    me = await manager.ask("Me")
    site_id = me["mandates"][0]["siteId"]
    site = await manager.ask("Site", id=site_id)
    assert site["siret"] is not None
    assert site["source"]

    wanted = await facilitator.ask(
        "Listings", first=100, where={"direction": {"eq": "DEMAND"}, "resourceKind": {"eq": "MATERIAL"}}
    )
    demand = max(wanted["nodes"], key=lambda node: (node["quantityPerYear"], node["id"]))
    assert demand["provenanceNote"] == "estimated from the sector, not declared by the site"
    listed = await manager.ask(
        "CreateListing",
        input={
            "siteId": site_id,
            "direction": "SUPPLY",
            "resourceCode": demand["resource"]["id"],
            "title": "By-product of our new line",
            "quantityPerYear": 20.0,
            "unit": demand["unit"],
            "pricePerUnitEur": 900.0,
            "idempotencyKey": "first-light",
        },
    )
    assert (listed["__typename"], listed["provenance"], listed["estimated"]) == ("Listing", "DECLARED", False)

    refused = await manager.ask("StartRun")
    assert refused["__typename"] == "NotAllowedProblem"
    started = await facilitator.ask("StartRun", input={"period": "2026-W47"})
    assert (started["__typename"], started["status"], started["period"]) == ("Run", "RUNNING", "2026-W47")
    async with asyncio.timeout(PATIENCE_S):
        run = await facilitator.ask("Run", id=started["id"])
        while run["status"] == "RUNNING":
            await asyncio.sleep(0.1)
            run = await facilitator.ask("Run", id=started["id"])
    assert (run["status"], run["failure"], run["gapShare"]) == ("PUBLISHED", None, 0.0)
    assert run["objectivePerYearEur"] == run["boundPerYearEur"] > 0
    assert (await analyst.ask("CurrentRun"))["id"] == run["id"]
    again = await facilitator.ask("StartRun", input={"period": "2026-W47"})
    assert (again["__typename"], again["code"]) == ("RuleProblem", "PERIOD_TAKEN")

    for user in (facilitator, manager):
        suggested = await user.ask("Synergies", first=100, where={"listingId": {"eq": listed["id"]}})
        assert suggested["nodes"]
    synergy = (await facilitator.ask("Synergies", first=1, where={"listingId": {"eq": listed["id"]}}))["nodes"][0]
    assert (synergy["status"], synergy["supplyId"]) == ("SUGGESTED", listed["id"])
    assert synergy["suggestion"]["runId"] == run["id"]
    assert synergy["suggestion"]["avoidedDisposalPerYearEur"] == pytest.approx(
        900.0 * synergy["suggestion"]["quantityPerYear"], abs=0.01
    )
    assert (synergy["estimated"], synergy["demandProvenance"]) == (True, "ESTIMATED")

    given = {"id": synergy["id"], "version": synergy["version"], "review": "SHORTLIST", "note": "Visit in December."}
    assert (await manager.ask("ReviewSynergy", input=given))["__typename"] == "NotAllowedProblem"
    shortlisted = await facilitator.ask("ReviewSynergy", input=given)
    assert (shortlisted["__typename"], shortlisted["status"]) == ("Synergy", "SHORTLISTED")
    assert (await manager.ask("Synergy", id=synergy["id"]))["status"] == "SHORTLISTED"
    late = await facilitator.ask("ReviewSynergy", input=given)
    assert (late["__typename"], late["foundVersion"]) == ("ConflictProblem", synergy["version"] + 1)
    await to_completion(facilitator, manager, synergy)


async def to_completion(facilitator: User, manager: User, synergy: dict[str, Any]) -> None:
    """Work a shortlisted synergy at the desk until it is completed."""
    one, unit = synergy["id"], synergy["suggestion"]["unit"]
    me = (await facilitator.ask("Me"))["id"]
    stated = {"id": one, "version": 2, "assigneeId": me, "dueOn": "2027-01-31"}
    version = (await facilitator.ask("AssignSynergy", input=stated))["version"]
    words = {"id": one, "text": "We can load on Tuesdays.", "readers": "BOTH_SIDES"}
    assert (await manager.ask("CommentSynergy", input=words))["seat"] == "SUPPLIER"
    paper = {"id": one, "kind": "AGREEMENT", "title": "Contract", "url": "https://example.org/contract.pdf"}
    evidence = (await manager.ask("AttachEvidence", input=paper))["id"]
    steps: list[tuple[User, dict[str, Any]]] = [
        (facilitator, {"to": "CONTACT"}),
        (manager, {"to": "DISCUSSION"}),
        (manager, {"to": "NEGOTIATION"}),
        (manager, {"to": "TRIAL"}),
        (manager, {"to": "AGREED", "trialResult": "PASSED", "evidenceIds": [evidence], "agreedQuantityPerYear": 12.5}),
        (facilitator, {"to": "OPERATING", "startsOn": "2026-01-05"}),
    ]
    for user, step in steps:
        moved = await user.ask("MoveSynergy", input={"id": one, "version": version} | step)
        assert (moved["__typename"], moved.get("status")) == ("Synergy", step["to"]), moved
        version = moved["version"]
    for ticket, quantity in (("t-1", 4.25), ("t-2", 3.0), ("t-2", 3.0)):
        load = {"id": one, "deliveredOn": "2026-01-12", "quantity": quantity, "idempotencyKey": ticket}
        assert (await manager.ask("RecordDelivery", input=load))["__typename"] == "Delivery"
    done = await manager.ask("MoveSynergy", input={"id": one, "version": version, "to": "COMPLETED"})
    assert (done["status"], done["version"]) == ("COMPLETED", version + 1)
    whole = await facilitator.ask("SynergyHistory", id=one)
    assert (whole["delivered"]["quantity"], whole["delivered"]["unit"], whole["agreedQuantityPerYear"]) == (
        *(7.25, unit),
        12.5,
    )
    steps_taken = [entry["to"] for entry in reversed(whole["history"]["nodes"]) if entry["to"]]
    assert steps_taken == ["SHORTLISTED", *(step["to"] for _, step in steps), "COMPLETED"]
