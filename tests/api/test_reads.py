"""Reads over HTTP: who sees what."""

from typing import Any

import pytest

LISTINGS_SEEN = {
    None: {"a-public", "b-demand", "c-heat"},
    "outsider": {"a-public", "b-demand", "c-heat"},
    "retired": {"a-public", "b-demand", "c-heat"},
    "manager-a": {"a-public", "a-territory", "a-private", "b-demand", "c-heat"},
    "manager-d": {"a-public", "a-territory", "b-demand", "c-heat"},
    "manager-c": {"a-public", "b-demand", "c-demand", "c-heat"},
    "analyst": {"a-public", "a-territory", "b-demand", "c-heat"},
    "facilitator": {"a-public", "a-territory", "a-private", "b-demand", "b-private", "c-heat"},
    "facilitator-stetienne": {"a-public", "b-demand", "c-demand", "c-heat"},
}


@pytest.mark.parametrize("subject", LISTINGS_SEEN)
async def test_everybody_sees_the_listings_of_their_mandates_and_no_others(api: Any, subject: str | None) -> None:
    assert set(await api.ids(subject, "Listings", first=100)) == LISTINGS_SEEN[subject]


@pytest.mark.parametrize("subject", LISTINGS_SEEN)
async def test_a_listing_that_is_not_in_the_list_answers_like_one_that_is_not_there(
    api: Any, subject: str | None
) -> None:
    everything = ["a-public", "a-territory", "a-private", "b-demand", "b-private", "c-demand", "c-heat"]
    found = {key for key in everything if await api.ask(subject, "Listing", id=key) is not None}
    assert found == LISTINGS_SEEN[subject]
    assert await api.ask(subject, "Listing", id="nothing") is None


def pairs(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the two listings of each synergy; `hidden` is one that shows under an alias only."""
    ids = [(node["supplyId"], node["demandId"]) for node in answer["nodes"]]
    shown = [tuple("hidden" if name.startswith("anon-") else name for name in pair) for pair in ids]
    return [(supply, demand) for supply, demand in shown]


A_B, A_C, A_BP, A_LOCKED = (
    ("a-public", "b-demand"),
    ("a-public", "c-demand"),
    ("a-territory", "b-private"),
    ("a-private", "b-demand"),
)
SYNERGIES_SEEN: dict[str | None, list[tuple[str, str]]] = {
    None: [],
    "outsider": [],
    "retired": [],
    "manager-a": [A_B, A_C, ("a-territory", "hidden"), A_LOCKED],
    "manager-b": [A_B, A_BP, ("hidden", "b-demand")],
    "manager-c": [A_C],
    "manager-d": [],
    "analyst": [A_B, A_C],
    "facilitator": [A_B, A_C, A_BP, A_LOCKED],
    "facilitator-stetienne": [A_C],
}


@pytest.mark.parametrize("subject", SYNERGIES_SEEN)
async def test_everybody_sees_the_synergies_of_their_mandates_by_rank_those_without_a_rank_last(
    api: Any, subject: str | None
) -> None:
    assert pairs(await api.ask(subject, "Synergies", first=100)) == SYNERGIES_SEEN[subject]


async def test_a_synergy_that_only_an_older_run_suggested_is_not_read_and_one_that_people_took_up_is(api: Any) -> None:
    seen = (await api.ask("facilitator", "Synergies", first=100))["nodes"]
    assert ("a-territory", "b-demand") not in {(node["supplyId"], node["demandId"]) for node in seen}
    assert [(node["status"], node["suggestion"]) for node in seen][-1] == ("SHORTLISTED", None)


async def test_a_synergy_that_one_may_not_see_answers_like_one_that_is_not_there(api: Any) -> None:
    for node in (await api.ask("facilitator", "Synergies", first=100))["nodes"]:
        assert await api.ask("manager-d", "Synergy", id=node["id"]) is None
        assert (await api.ask("facilitator", "Synergy", id=node["id"]))["id"] == node["id"]
    assert await api.ask("facilitator", "Synergy", id="nothing") is None


PRICES_SEEN = {
    None: {},
    "manager-b": {"b-demand": 45.0, "b-private": 46.0},
    "manager-d": {},
    "analyst": {},
    "facilitator": {
        "a-public": 91.0,
        "a-territory": 92.0,
        "a-private": 93.0,
        "b-demand": 45.0,
        "b-private": 46.0,
    },
    "facilitator-stetienne": {"c-demand": 50.0},
}


@pytest.mark.parametrize("subject", PRICES_SEEN)
async def test_a_price_is_shown_to_managers_of_the_site_and_facilitators_of_its_territory_only(
    api: Any, subject: str | None
) -> None:
    nodes = (await api.ask(subject, "Listings", first=100))["nodes"]
    shown = {node["id"]: node["pricePerUnitEur"] for node in nodes if node["pricePerUnitEur"] is not None}
    assert shown == PRICES_SEEN[subject]


AMOUNTS = (
    "valuePerYearEur",
    "avoidedDisposalPerYearEur",
    "avoidedPurchasePerYearEur",
    "supplierSharePerYearEur",
    "receiverSharePerYearEur",
)
NUMBERS_SEEN = {
    "facilitator": (1000.0, 900.0, 600.0, 700.0, 300.0),
    "manager-a": (None, 900.0, None, 700.0, None),
    "manager-b": (None, None, 600.0, None, 300.0),
    "analyst": (None, None, None, None, None),
}


@pytest.mark.parametrize("subject", NUMBERS_SEEN)
async def test_a_partner_sees_the_own_side_of_a_suggestion_and_not_what_the_other_pays(api: Any, subject: str) -> None:
    first = (await api.ask(subject, "Synergies", first=1))["nodes"][0]["suggestion"]
    assert tuple(first[name] for name in AMOUNTS) == NUMBERS_SEEN[subject]
    always = ("rank", "quantityPerYear", "unit", "distanceKm", "transportPerYearEur", "treatmentPerYearEur")
    assert tuple(first[name] for name in always) == (1, 30.0, "TONNE", 12.5, 400.0, 100.0)
    assert first["avoidedTco2ePerYear"] == 2.5


RANGES_SEEN = {"facilitator": (800.0, 1100.0), "manager-a": (None, None), "manager-b": (None, None)}
LINES_SEEN = {
    "facilitator": [400.0, 500.0, 600.0, -400.0, -100.0],
    "manager-a": [400.0, 500.0, None, -400.0, -100.0],
    "manager-b": [None, None, 600.0, -400.0, -100.0],
    "analyst": [None, None, None, -400.0, -100.0],
}


@pytest.mark.parametrize("subject", LINES_SEEN)
async def test_the_lines_of_a_breakdown_hide_what_the_amounts_hide(api: Any, subject: str) -> None:
    first = (await api.ask(subject, "Synergies", first=1))["nodes"][0]["suggestion"]
    seen = (first["valueLowPerYearEur"], first["valueHighPerYearEur"])
    assert seen == RANGES_SEEN.get(subject, (None, None))
    assert [line["amountEur"] for line in first["moneyLines"]] == LINES_SEEN[subject]
    parts = [line["part"] for line in first["moneyLines"]]
    assert parts == ["DISPOSAL", "TAX", "PURCHASE", "TRANSPORT", "TREATMENT"]
    hidden = [line for line in first["moneyLines"] if line["amountEur"] is None]
    assert all((line["lowEur"], line["highEur"]) == (None, None) for line in hidden)
    assert first["moneyLines"][3]["references"] == ["transport.truck.cost@1"]
    assert first["emissionLines"] == [
        {
            "part": "VIRGIN",
            "amountTco2e": 2.5,
            "lowTco2e": 1.5,
            "highTco2e": 3.0,
            "references": ["virgin.panel.emissions@1"],
        }
    ]
    assert (first["avoidedLowTco2ePerYear"], first["avoidedHighTco2ePerYear"]) == (1.5, 3.0)
    assert first["vehicle"] == "ARTIC_40T"


async def test_a_partner_s_private_listing_stays_hidden_behind_the_synergy_that_shows(api: Any) -> None:
    nodes = (await api.ask("manager-a", "Synergies", first=100))["nodes"]
    hidden = next(node for node in nodes if node["demandId"].startswith("anon-"))
    assert (hidden["demand"], hidden["suggestion"]) == (None, None)
    assert hidden["supply"]["site"]["name"] == "Atelier"


async def test_the_facilitators_note_is_theirs_alone(api: Any) -> None:
    notes = {}
    for subject in ("facilitator", "manager-a", "manager-b"):
        nodes = (await api.ask(subject, "Synergies", first=100))["nodes"]
        notes[subject] = next(node["note"] for node in nodes if node["status"] == "SHORTLISTED")
    assert notes == {"facilitator": "call them", "manager-a": None, "manager-b": None}


async def test_an_estimate_says_so_wherever_it_is_shown(api: Any) -> None:
    heat = (await api.ask(None, "Listings", where={"provenance": {"eq": "ESTIMATED"}}))["nodes"]
    assert [(node["id"], node["estimated"], node["provenanceNote"]) for node in heat] == [
        ("c-heat", True, "estimated from the sector, not declared by the site")
    ]
    assert (heat[0]["quantityPerYear"], heat[0]["quantityLowPerYear"], heat[0]["unit"]) == (40.0, 10.0, "MWH")
    declared = (await api.ask("facilitator", "Synergies", first=1))["nodes"][0]
    assert (declared["estimated"], declared["provenanceNote"]) == (False, None)
    assert await api.ids("facilitator", "Synergies", where={"estimated": True}) == []
    assert len(await api.ids("facilitator", "Synergies", where={"estimated": False})) == 4


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"direction": {"eq": "DEMAND"}}, {"b-demand", "b-private"}),
        ({"siteId": {"eq": "site-c"}}, {"c-heat"}),
        ({"resourceCode": {"eq": "heat"}}, {"c-heat"}),
        ({"resourceKind": {"eq": "MATERIAL"}, "direction": {"eq": "SUPPLY"}}, {"a-public", "a-territory", "a-private"}),
        ({"territoryId": {"eq": "lyon-chimie"}}, {"a-public", "a-territory", "a-private"}),
        ({"territoryId": {"eq": "stetienne"}}, {"c-heat"}),
        ({"status": {"eq": "WITHDRAWN"}}, set()),
        ({"territoryId": {"eq": "nowhere"}}, set()),
    ],
)
async def test_a_filter_narrows_the_list(api: Any, wanted: dict[str, Any], found: set[str]) -> None:
    assert set(await api.ids("facilitator", "Listings", first=100, where=wanted)) == found


async def test_a_filter_field_that_is_null_is_no_limit(api: Any) -> None:
    everything = await api.ids("facilitator", "Listings", first=100)
    nulls = {"direction": None, "siteId": None, "status": None, "territoryId": None}
    assert await api.ids("facilitator", "Listings", first=100, where=nulls) == everything
    assert await api.ids("facilitator", "Listings", first=100, where=None) == everything


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"status": {"eq": "SHORTLISTED"}}, [A_LOCKED]),
        ({"siteId": {"eq": "site-c"}}, [A_C]),
        ({"listingId": {"eq": "b-demand"}}, [A_B, A_LOCKED]),
        ({"territoryId": {"eq": "stetienne"}}, [A_C]),
        ({"resourceCode": {"eq": "heat"}}, []),
    ],
)
async def test_a_synergy_filter_counts_on_either_side(
    api: Any, wanted: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    assert pairs(await api.ask("facilitator", "Synergies", where=wanted)) == found


async def test_places_and_resources_are_public(api: Any) -> None:
    assert await api.ids(None, "Territories") == ["lyon", "stetienne", "lyon-chimie"]
    head = await api.ask(None, "Territories", first=2)
    assert head["pageInfo"]["hasNextPage"]
    assert await api.ids(None, "Territories", first=2, after=head["pageInfo"]["endCursor"]) == ["lyon-chimie"]
    sites = (await api.ask(None, "Sites"))["nodes"]
    assert [site["name"] for site in sites] == ["Atelier", "Briqueterie", "Chaufferie", "Dépôt"]
    assert [t["id"] for t in sites[0]["commune"]["territories"]] == ["lyon", "lyon-chimie"]
    assert await api.ids(None, "Sites", where={"name": {"contains": "BRIQ"}}) == ["site-b"]
    assert await api.ids(None, "Sites", where={"territoryId": {"eq": "lyon"}, "insee": {"eq": "69002"}}) == [
        "site-b",
        "site-d",
    ]
    assert await api.ids(None, "Sites", where={"naf": {"startsWith": "20.13"}}) == [
        "site-a",
        "site-b",
        "site-c",
        "site-d",
    ]
    assert (await api.ask(None, "Site", id="site-d"))["commune"]["territoryIds"] == ["lyon"]
    assert await api.ask(None, "Site", id="nowhere") is None
    resources = (await api.ask(None, "Resources"))["nodes"]
    assert [(r["id"], r["unit"]) for r in resources] == [("heat", "MWH"), ("water", "M3"), ("wood", "TONNE")]
    assert await api.ids(None, "Resources", where={"kind": {"eq": "MATERIAL"}}) == ["wood"]


async def test_runs_are_for_people_with_a_mandate(api: Any) -> None:
    assert await api.ids("analyst", "Runs") == ["run-now", "run-old"]
    current = await api.ask("manager-a", "CurrentRun")
    assert (current["id"], current["objectivePerYearEur"], current["gapShare"]) == ("run-now", 50_000.0, 0.0)
    assert (await api.ask("facilitator", "Run", id="run-old"))["status"] == "PUBLISHED"
    assert await api.ask("facilitator", "Run", id="run-never") is None
    for subject in (None, "outsider", "retired"):
        for operation, variables in (("Runs", {}), ("CurrentRun", {}), ("Run", {"id": "run-now"})):
            errors = (await api.whole(subject, operation, **variables))["errors"]
            assert [error["extensions"]["code"] for error in errors] == ["NOT_ALLOWED"]


async def test_me_says_who_i_am_with_all_my_mandates(api: Any) -> None:
    assert await api.ask(None, "Me") is None
    retired = await api.ask("retired", "Me")
    assert retired["mandates"] == [
        {"role": "FACILITATOR", "siteId": None, "territoryId": "lyon", "fromDate": None, "untilDate": "2020-12-31"}
    ]
    assert (await api.ask("manager-a", "Me"))["mandates"][0]["siteId"] == "site-a"
