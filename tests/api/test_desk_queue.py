"""The facilitators' queue, assignments and evidence over HTTP."""

from pathlib import Path
from typing import Any, Final

import pytest

OPERATIONS: Final = Path(__file__).resolve().parents[2] / "graphql" / "operations"


async def counts(api: Any, subject: str | None, **given: Any) -> dict[str, tuple[int, int, int, int]]:
    desk = await api.ask(subject, "Desk", **given)
    return {
        row["status"]: (row["synergyCount"], row["unassignedCount"], row["mineCount"], row["overdueCount"])
        for row in desk["counts"]
    }


async def test_the_desk_counts_what_its_facilitator_sees(api: Any) -> None:
    assert await counts(api, "facilitator") == {"SUGGESTED": (3, 3, 0, 0), "SHORTLISTED": (1, 1, 0, 0)}
    assert await counts(api, "facilitator-stetienne") == {"SUGGESTED": (1, 1, 0, 0)}
    listed = await api.ids("facilitator", "Synergies", first=100)
    assert len(listed) == 4
    waiting = (await api.ask("facilitator", "Desk"))["waitingLongest"]
    assert [row["status"] for row in waiting] == ["SHORTLISTED"]
    first = {"id": listed[0], "version": 1, "assigneeId": "per-facilitator", "dueOn": "2020-01-01"}
    await api.ask("facilitator", "AssignSynergy", input=first)
    assert (await counts(api, "facilitator"))["SUGGESTED"] == (3, 2, 1, 1)


async def test_the_desk_of_a_territory_is_that_of_its_facilitators(api: Any) -> None:
    assert await api.ask("facilitator", "Desk", territoryId="stetienne") is None
    assert await api.ask("facilitator", "Desk", territoryId="nowhere") is None
    assert await counts(api, "facilitator", territoryId="lyon-chimie") == {
        "SUGGESTED": (3, 3, 0, 0),
        "SHORTLISTED": (1, 1, 0, 0),
    }
    people = (await api.ask("facilitator", "Desk", territoryId="lyon"))["facilitators"]
    assert [person["name"] for person in people] == ["facilitator"]


@pytest.mark.parametrize("subject", [None, "outsider", "retired", "manager-a", "analyst"])
async def test_nobody_else_has_a_desk(api: Any, subject: str | None) -> None:
    answer = await api.whole(subject, "Desk")
    assert answer["data"] == {"desk": None}
    assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


async def test_a_synergy_is_given_to_facilitators_of_its_territories_only(api: Any) -> None:
    near, across = (await api.ids("facilitator", "Synergies", first=2))[:2]
    stated = {"id": near, "version": 1, "assigneeId": "per-facilitator-stetienne"}
    refused = await api.ask("facilitator", "AssignSynergy", input=stated)
    assert refused["path"] == ["input", "assigneeId"]
    given = await api.ask("facilitator", "AssignSynergy", input=stated | {"id": across})
    assert given["assignee"] == {"id": "per-facilitator-stetienne", "name": "facilitator-stetienne"}
    for person in ("per-manager-a", "per-retired", "per-nobody"):
        problem = await api.ask("facilitator", "AssignSynergy", input=stated | {"assigneeId": person})
        assert problem["path"] == ["input", "assigneeId"]
    stale = await api.ask("facilitator", "AssignSynergy", input={"id": across, "version": 1})
    assert (stale["__typename"], stale["foundVersion"]) == ("ConflictProblem", 2)
    free = await api.ask("facilitator-stetienne", "AssignSynergy", input={"id": across, "version": 2})
    assert (free["assignee"], free["version"]) == (None, 3)
    lost = await api.ask("facilitator", "AssignSynergy", input={"id": across, "version": 3, "dueOn": "2027-01-01"})
    assert lost["path"] == ["input", "dueOn"]


@pytest.mark.parametrize(
    ("given", "path", "words"),
    [
        ({}, "url", "Files are not kept here"),
        ({"url": "ftp://example.org/a"}, "url", "is not one"),
        ({"url": "https://user:secret@example.org/a"}, "url", "is not one"),
        ({"url": "javascript:alert(1)"}, "url", "is not one"),
        ({"url": "https://[::1"}, "url", "is not one"),
        ({"sha256": "abc"}, "sha256", "64 hexadecimal digits"),
        ({"sha256": "0" * 64, "title": " "}, "title", "is empty"),
        ({"sha256": "0" * 64, "datedOn": "2026-02-30"}, "datedOn", "is not a date"),
    ],
)
async def test_evidence_names_its_document(api: Any, given: dict[str, Any], path: str, words: str) -> None:
    one = (await api.ids("facilitator", "Synergies", first=1))[0]
    stated = {"id": one, "kind": "PERMIT", "title": "Permit"} | given
    problem = await api.ask("facilitator", "AttachEvidence", input=stated)
    assert (problem["__typename"], problem["path"]) == ("InputProblem", ["input", path])
    assert words in problem["message"]
    assert "SynergyEvidence" not in await api.counts()


@pytest.mark.parametrize("subject", [None, "outsider", "manager-d", "analyst"])
async def test_only_its_table_writes_beside_a_synergy(api: Any, subject: str | None) -> None:
    one = (await api.ids("facilitator", "Synergies", first=1))[0]
    code = "NOT_ALLOWED" if subject == "analyst" else "NOT_FOUND"
    comment = await api.ask(subject, "CommentSynergy", input={"id": one, "text": "hello"})
    stated = {"id": one, "kind": "OTHER", "title": "x", "url": "https://example.org/x"}
    evidence = await api.ask(subject, "AttachEvidence", input=stated)
    delivery = await api.ask(subject, "RecordDelivery", input={"id": one, "deliveredOn": "2026-01-01", "quantity": 1})
    assert [problem["code"] for problem in (comment, evidence, delivery)] == [code] * 3
    assert "Event" not in await api.counts()


LISTED: Final = "query($where: SynergyWhere, $by: SynergyOrderBy) { synergies(first: 10, where: $where, orderBy: $by) \
{ nodes { id } } }"


async def listed(api: Any, subject: str, **variables: Any) -> list[str]:
    answer = (await api.post(subject, LISTED, variables)).json()
    return [node["id"] for node in answer["data"]["synergies"]["nodes"]]


async def test_filters_and_orders_tell_nobody_what_facilitators_keep_to_themselves(api: Any) -> None:
    one, two = (await api.ids("facilitator", "Synergies", first=2))[:2]
    stated = {"id": one, "version": 1, "assigneeId": "per-facilitator", "dueOn": "2026-12-01"}
    await api.ask("facilitator", "AssignSynergy", input=stated)
    await api.ask("facilitator", "CommentSynergy", input={"id": two, "text": "for us alone"})
    due = {"dueOn": {"lte": "2026-12-31"}}
    mine = {"assigneeId": {"eq": "per-facilitator"}}
    recent = {
        "lastActivityAt": {"gte": "2026-11-01T08:00:01.000000Z"},
        "updatedAt": {"lt": "2026-11-01T08:00:01.000000Z"},
    }
    seen = {
        subject: [await listed(api, subject, where=where) for where in (due, mine, recent)]
        for subject in ("facilitator", "manager-a", "analyst")
    }
    assert seen == {"facilitator": [[one], [one], [two]], "manager-a": [[], [one], []], "analyst": [[], [], []]}
    by = {"field": "ACTIVITY", "direction": "DESC"}
    assert (await listed(api, "facilitator", by=by))[:2] == [two, one]
    assert (await listed(api, "manager-a", by=by))[0] == one


async def test_the_key_of_a_weighbridge_records_deliveries_and_moves_nothing(api: Any) -> None:
    one = (await api.ids("facilitator", "Synergies", first=1))[0]
    made = await api.ask("manager-a", "CreateApiKey", input={"label": "scale", "days": 30, "scopes": ["DELIVERIES"]})
    codes = {}
    for operation, stated in (
        ("RecordDelivery", {"deliveredOn": "2026-01-01", "quantity": 1}),
        ("MoveSynergy", {"version": 1, "to": "SHORTLISTED"}),
        ("CommentSynergy", {"text": "hello"}),
    ):
        body = {
            "query": (OPERATIONS / f"{operation}.graphql").read_text("utf-8"),
            "variables": {"input": {"id": one} | stated},
        }
        answer = (
            await api.client.post("/graphql", json=body, headers={"authorization": f"Bearer {made['text']}"})
        ).json()
        (root,) = answer["data"].values()
        codes[operation] = root["code"]
    assert codes == {
        "RecordDelivery": "NOT_OPERATING",
        "MoveSynergy": "NOT_ALLOWED",
        "CommentSynergy": "NOT_ALLOWED",
    }


async def test_no_amount_shows_to_a_partner_from_whom_the_other_side_is_hidden(api: Any) -> None:
    rows = (await api.ask("facilitator", "Synergies", first=100))["nodes"]
    (private,) = [row for row in rows if row["supply"]["id"] == "a-private"]
    one, version = private["id"], private["version"]
    paper = {"id": one, "kind": "AGREEMENT", "title": "Contract", "sha256": "0" * 64}
    evidence = (await api.ask("facilitator", "AttachEvidence", input=paper))["id"]
    for step in (
        {"to": "CONTACT"},
        {"to": "DISCUSSION"},
        {"to": "NEGOTIATION"},
        {"to": "AGREED", "evidenceIds": [evidence], "agreedQuantityPerYear": 7},
        {"to": "OPERATING", "startsOn": "2026-01-01"},
    ):
        version = (await api.ask("facilitator", "MoveSynergy", input={"id": one, "version": version} | step))["version"]
    load = {"id": one, "deliveredOn": "2026-01-02", "quantity": 3}
    assert (await api.ask("manager-a", "RecordDelivery", input=load))["quantity"] == 3.0
    read = {subject: await api.ask(subject, "SynergyHistory", id=one) for subject in ("facilitator", "manager-b")}
    assert read["facilitator"]["delivered"]["quantity"] == 3.0
    assert read["facilitator"]["agreedQuantityPerYear"] == 7.0
    theirs = read["manager-b"]
    assert (theirs["delivered"], theirs["deliveries"]["nodes"], theirs["agreedQuantityPerYear"]) == (None, [], None)
    assert theirs["status"] == "OPERATING"
