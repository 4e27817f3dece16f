"""Anonymised listings, and the consents that show them whole, through HTTP."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.ids import synergy_id_of
from symbiosis.store.graph import Tx

HIDE_B: Final[LiteralString] = """
MATCH (listing:Listing {id: 'b-demand'})
SET listing.visibility = 'ANONYMISED', listing.waste_code = '150103', listing.title = 'Canary of Bron'
RETURN listing.id AS id
"""
PRIVATE_B: Final[LiteralString] = "MATCH (listing:Listing {id: 'b-demand'}) SET listing.visibility = 'PRIVATE'"
OUTLIVE: Final[LiteralString] = """
MATCH (consent:Consent {side: $side}) SET consent.live_until = '2026-01-01T00:00:00.000000Z' RETURN consent.id AS id
"""
PAIR: Final = synergy_id_of("a-public", "b-demand")  # type: ignore[arg-type]
UNTIL: Final = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
IDENTITY: Final = ("Canary of Bron", "site-b", "b-demand", "Briqueterie", "12.5", '"quantityPerYear": 40.0')


@pytest.fixture
async def valley(api: Any, a_listing: Any, add_listings: Any) -> Any:
    """Return the API with an anonymised demand of Briqueterie, in a crowd of three firms."""

    async def hide(tx: Tx) -> None:
        await tx.run(HIDE_B)

    crowd = {"direction": "DEMAND", "waste_code": "150103", "provenance": "ESTIMATED"}
    await api.graph.write(hide)
    await add_listings([a_listing("crowd-c", "site-c", **crowd), a_listing("crowd-d", "site-d", **crowd)])
    await add_listings([a_listing("crowd-a", "site-a", **crowd)])
    return api


async def consent(api: Any, subject: str | None, listing: str, **given: Any) -> dict[str, Any]:
    wanted = {"synergyId": PAIR, "listingId": listing, "until": UNTIL, **given}
    answer: dict[str, Any] = await api.ask(subject, "GrantConsent", input=wanted)
    return answer


async def revoke(api: Any, subject: str | None, listing: str, version: int) -> dict[str, Any]:
    wanted = {"synergyId": PAIR, "listingId": listing, "version": version}
    answer: dict[str, Any] = await api.ask(subject, "RevokeConsent", input=wanted)
    return answer


async def knows(api: Any, subject: str) -> bool:
    """Say whether somebody sees who the demand is of; what is seen of it is all or nothing."""
    seen = await api.ask(subject, "SynergySides", id=PAIR)
    text = json.dumps([seen["demand"], seen["suggestion"], seen["demandId"]])
    found = [canary in text for canary in IDENTITY]
    assert all(found) or not any(found), text
    assert seen["demand"] is None or seen["demandOutline"] is None
    return all(found)


async def test_a_partner_sees_the_outline_of_an_anonymised_listing_and_no_exact_number(valley: Any) -> None:
    seen = await valley.ask("manager-a", "SynergySides", id=PAIR)
    assert seen["demand"] is None
    assert seen["suggestion"] is None
    assert seen["demandId"].startswith("anon-")
    assert seen["exchangeBand"] == {"lowPerYear": 20.0, "highPerYear": 50.0, "unit": "TONNE"}
    assert seen["demandOutline"] is None  # Not counting the reader's own site, only Briqueterie and Dépôt are in Bron.


async def test_an_outline_shows_once_three_firms_besides_the_readers_could_be_meant(
    valley: Any, a_listing: Any, add_listings: Any
) -> None:
    facts = {"direction": "DEMAND", "waste_code": "150103", "visibility": "PRIVATE"}
    await valley.graph.write(_another_site)
    await add_listings([a_listing("crowd-e", "site-e", **facts)])
    seen = await valley.ask("manager-a", "SynergySides", id=PAIR)
    page = await valley.ask("manager-a", "AnonymisedListings", first=10)
    assert seen["demandOutline"] == {
        "alias": seen["demandId"],
        "wasteCode": "150103",
        "areaKind": "COMMUNE",
        "areaName": "69002",
        "quantityLowPerYear": 20.0,
        "quantityHighPerYear": 50.0,
        "unit": "TONNE",
    }
    assert [node["alias"] for node in page["nodes"]] == [seen["demandId"]]
    others = await valley.ask("manager-c", "AnonymisedListings", first=10)
    assert others["nodes"][0]["alias"] != seen["demandId"]


ANOTHER: Final[LiteralString] = """
MATCH (commune:Commune {insee: '69002'})
CREATE (organisation:Organisation {id: 'org-site-e', name: 'Entrepôt SAS'})
CREATE (organisation)-[:OPERATES]->(site:Site {id: 'site-e', name: 'Entrepôt', lat: 45.7, lon: 4.8, naf: '20.13B',
        geo_precision: 'BUILDING', source: 'test', licence: 'test'})-[:IN]->(commune)
SET commune.name = '69002'
"""


async def _another_site(tx: Tx) -> None:
    await tx.run(ANOTHER)


async def test_both_sides_have_to_consent_and_either_takes_it_back_at_once(valley: Any) -> None:
    assert not await knows(valley, "manager-a")
    assert (await consent(valley, "manager-a", "a-public"))["version"] == 1
    assert not await knows(valley, "manager-a")
    assert (await consent(valley, "manager-b", "b-demand"))["live"] is True
    assert await knows(valley, "manager-a")
    assert (await revoke(valley, "manager-a", "a-public", 1))["live"] is False
    assert not await knows(valley, "manager-a")
    assert (await consent(valley, "manager-a", "a-public", version=2))["version"] == 3
    assert await knows(valley, "manager-a")
    assert [one["side"] for one in (await valley.ask("manager-b", "Consents", first=5))["nodes"]] == ["DEMAND"]


async def test_a_consent_that_expires_shows_nothing_any_more(valley: Any) -> None:
    async def outlive(tx: Tx) -> None:
        await tx.run(OUTLIVE, side="DEMAND")

    await consent(valley, "manager-a", "a-public")
    await consent(valley, "manager-b", "b-demand")
    await valley.graph.write(outlive)
    assert not await knows(valley, "manager-a")
    refused = await revoke(valley, "manager-b", "b-demand", 1)
    assert (refused["__typename"], refused["code"]) == ("RuleProblem", "NO_CONSENT")


async def test_consents_show_a_listing_to_the_partner_alone_and_its_price_to_nobody(valley: Any) -> None:
    await consent(valley, "manager-a", "a-public")
    await consent(valley, "manager-b", "b-demand")
    assert "b-demand" in await valley.ids("manager-a", "Listings", first=50)
    for other in ("manager-c", "manager-d", "analyst", None, "facilitator-stetienne"):
        assert "b-demand" not in await valley.ids(other, "Listings", first=50)
    query = 'query { listing(id: "b-demand") { title pricePerUnitEur } }'
    answer = (await valley.post("manager-a", query)).json()
    assert answer["data"]["listing"] == {"title": "Canary of Bron", "pricePerUnitEur": None}


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        (None, "NotFoundProblem"),
        ("outsider", "NotFoundProblem"),
        ("manager-c", "NotFoundProblem"),
        ("analyst", "NotFoundProblem"),
        ("facilitator", "NotAllowedProblem"),
        ("manager-a", "NotFoundProblem"),
    ],
)
async def test_nobody_consents_for_a_site_but_its_managers(valley: Any, subject: str | None, kind: str) -> None:
    assert (await consent(valley, subject, "b-demand"))["__typename"] == kind


async def test_a_stale_version_a_day_too_late_and_the_same_key_twice(valley: Any) -> None:
    first = await consent(valley, "manager-a", "a-public", idempotencyKey="k")
    assert await consent(valley, "manager-a", "a-public", idempotencyKey="k") == first
    stale = await consent(valley, "manager-a", "a-public")
    assert (stale["__typename"], stale["foundVersion"]) == ("ConflictProblem", 1)
    late = await consent(valley, "manager-a", "a-public", version=1, until="2099-01-01")
    assert (late["__typename"], late["path"]) == ("InputProblem", ["input", "until"])


async def test_of_a_private_partner_nothing_shows_until_both_consent(valley: Any) -> None:
    async def hide(tx: Tx) -> None:
        await tx.run(PRIVATE_B)

    await valley.graph.write(hide)
    seen = await valley.ask("manager-a", "SynergySides", id=PAIR)
    shown = [seen[name] for name in ("demand", "demandOutline", "suggestion", "exchangeBand")]
    assert shown == [None, None, None, None]
    await consent(valley, "manager-a", "a-public")
    await consent(valley, "manager-b", "b-demand")
    assert (await valley.ask("manager-a", "SynergySides", id=PAIR))["demand"]["site"]["id"] == "site-b"


async def test_visitors_see_no_outline(valley: Any) -> None:
    answer = await valley.whole(None, "AnonymisedListings", first=5)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
