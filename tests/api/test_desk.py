"""The synergy desk over HTTP: one synergy from suggestion to completion, and who may do and see what."""

import asyncio
from typing import Any, Final

import pytest

DAY: Final = "2026-01-15"


async def first_id(api: Any, rank: int = 1) -> str:
    synergy_id: str = (await api.ids("facilitator", "Synergies", first=100))[rank - 1]
    return synergy_id


async def version_of(api: Any, synergy_id: str) -> int:
    version: int = (await api.ask("facilitator", "Synergy", id=synergy_id))["version"]
    return version


async def move(api: Any, subject: str | None, synergy_id: str, to: str, **given: Any) -> dict[str, Any]:
    stated = {"id": synergy_id, "version": await version_of(api, synergy_id), "to": to} | given
    answer: dict[str, Any] = await api.ask(subject, "MoveSynergy", input=stated)
    return answer


async def moved(api: Any, subject: str, synergy_id: str, *steps: str, **given: Any) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for to in steps:
        answer = await move(api, subject, synergy_id, to, **given)
        assert answer.get("status") == to, answer
    return answer


async def agreement(api: Any, subject: str, synergy_id: str, **given: Any) -> str:
    stated = {"id": synergy_id, "kind": "AGREEMENT", "title": "Contract", "sha256": "A" * 64} | given
    evidence: dict[str, Any] = await api.ask(subject, "AttachEvidence", input=stated)
    assert evidence["__typename"] == "SynergyEvidence", evidence
    evidence_id: str = evidence["id"]
    return evidence_id


async def in_operation(api: Any, synergy_id: str) -> None:
    """Bring a suggested synergy into operation since DAY."""
    await moved(api, "facilitator", synergy_id, "SHORTLISTED", "CONTACT", "DISCUSSION", "NEGOTIATION")
    evidence_id = await agreement(api, "facilitator", synergy_id)
    await moved(api, "facilitator", synergy_id, "AGREED", evidenceIds=[evidence_id])
    await moved(api, "facilitator", synergy_id, "OPERATING", startsOn=DAY)


async def history(api: Any, subject: str | None, synergy_id: str) -> list[dict[str, Any]]:
    synergy = await api.ask(subject, "SynergyHistory", id=synergy_id, first=100)
    entries: list[dict[str, Any]] = synergy["history"]["nodes"]
    return entries


async def test_a_synergy_goes_from_suggestion_to_completion(api: Any) -> None:
    one = await first_id(api)
    await moved(api, "facilitator", one, "SHORTLISTED", note="worth a visit")
    stated = {"id": one, "version": 2, "assigneeId": "per-facilitator", "dueOn": "2026-12-01"}
    assigned = await api.ask("facilitator", "AssignSynergy", input=stated)
    assert (assigned["assignee"]["name"], assigned["dueOn"], assigned["version"]) == ("facilitator", "2026-12-01", 3)
    comment = {"id": one, "text": "They dry it on site.", "readers": "BOTH_SIDES"}
    assert (await api.ask("manager-a", "CommentSynergy", input=comment))["note"] == "They dry it on site."
    await moved(api, "facilitator", one, "CONTACT")
    await moved(api, "manager-b", one, "DISCUSSION", "NEGOTIATION", "TRIAL")
    refused = await move(api, "manager-a", one, "AGREED")
    assert (refused["code"], refused["path"]) == ("STEP_NEEDS", ["input", "trialResult"])
    refused = await move(api, "manager-a", one, "AGREED", trialResult="PASSED")
    assert (refused["code"], refused["path"]) == ("STEP_NEEDS", ["input", "evidenceIds"])
    evidence_id = await agreement(api, "manager-a", one, datedOn="2026-01-10")
    agreed = await move(
        api, "manager-a", one, "AGREED", trialResult="PASSED", evidenceIds=[evidence_id], agreedQuantityPerYear=25.5
    )
    assert (agreed["status"], agreed["agreedQuantityPerYear"], agreed["unit"]) == ("AGREED", 25.5, "TONNE")
    await moved(api, "manager-a", one, "OPERATING", startsOn=DAY, jobsFte=2.5)
    for account, jobs in (("facilitator", 2.5), ("manager-b", 2.5), ("analyst", None)):
        assert (await api.ask(account, "SynergyHistory", id=one))["jobsFte"] == jobs
    for day, quantity in (("2026-01-20", 2.5), ("2026-02-20", 3.25)):
        delivery = {"id": one, "deliveredOn": day, "quantity": quantity}
        assert (await api.ask("manager-b", "RecordDelivery", input=delivery))["quantity"] == quantity
    await moved(api, "manager-b", one, "COMPLETED")
    read = await api.ask("manager-a", "SynergyHistory", id=one)
    assert read["delivered"] == {
        "quantity": 5.75,
        "unit": "TONNE",
        "deliveryCount": 2,
        "firstOn": "2026-01-20",
        "lastOn": "2026-02-20",
    }
    assert read["nextSteps"] == []
    whole = await history(api, "facilitator", one)
    assert [entry["to"] for entry in reversed(whole) if entry["action"] == "MOVE_SYNERGY"] == [
        *("SHORTLISTED", "CONTACT", "DISCUSSION", "NEGOTIATION", "TRIAL", "AGREED", "OPERATING", "COMPLETED")
    ]
    assert [entry["action"] for entry in reversed(whole) if entry["action"] != "MOVE_SYNERGY"] == [
        *("ASSIGN_SYNERGY", "COMMENT_SYNERGY", "ATTACH_EVIDENCE", "RECORD_DELIVERY", "RECORD_DELIVERY")
    ]
    assert [entry["at"] for entry in whole] == sorted((entry["at"] for entry in whole), reverse=True)


async def test_the_history_names_people_only_to_those_who_may_know_them(api: Any) -> None:
    one = await first_id(api)
    await moved(api, "facilitator", one, "SHORTLISTED", "CONTACT", note="for us")
    await moved(api, "manager-b", one, "DISCUSSION", note="our price is soft")
    seen = {
        subject: [(entry["actor"], entry["note"]) for entry in await history(api, subject, one)]
        for subject in ("facilitator", "manager-a", "manager-b", "analyst")
    }
    assert seen["facilitator"] == [("manager-b", "our price is soft"), *[("facilitator", "for us")] * 2]
    assert seen["manager-b"] == [("manager-b", "our price is soft"), *[("facilitator", None)] * 2]
    assert seen["manager-a"] == [("the receiving site", None), *[("facilitator", None)] * 2]
    assert seen["analyst"] == [("the receiving site", None), *[("a facilitator", None)] * 2]


async def test_what_is_written_for_facilitators_leaves_no_trace_with_others(api: Any) -> None:
    one = await first_id(api)
    await moved(api, "facilitator", one, "SHORTLISTED")
    await api.ask("facilitator", "CommentSynergy", input={"id": one, "text": "The director is leaving."})
    await agreement(api, "facilitator", one, readers="FACILITATORS")
    await api.ask("manager-a", "CommentSynergy", input={"id": one, "text": "We also talk to others."})
    counts = {
        subject: len(await history(api, subject, one))
        for subject in ("facilitator", "manager-a", "manager-b", "analyst")
    }
    assert counts == {"facilitator": 4, "manager-a": 2, "manager-b": 1, "analyst": 1}
    theirs = await api.ask("manager-b", "SynergyHistory", id=one, first=1)
    assert theirs["history"]["pageInfo"]["hasNextPage"] is False
    assert theirs["evidence"]["nodes"] == []
    assert theirs["lastActivityAt"] is None


async def test_every_seat_takes_its_own_steps_only(api: Any) -> None:
    one = await first_id(api)
    for subject, kind in (("manager-a", "NotAllowedProblem"), ("analyst", "NotAllowedProblem")):
        assert (await move(api, subject, one, "SHORTLISTED"))["__typename"] == kind
    for nobody in (None, "outsider", "retired", "manager-d"):
        assert (await move(api, nobody, one, "SHORTLISTED"))["__typename"] == "NotFoundProblem"
    read = await api.ask("manager-a", "SynergyHistory", id=one)
    assert {step["to"]: step["allowedToYou"] for step in read["nextSteps"]} == dict.fromkeys(
        ("SHORTLISTED", "REJECTED", "LOST", "ON_HOLD"), False
    )
    await moved(api, "facilitator", one, "SHORTLISTED", "CONTACT")
    read = await api.ask("manager-a", "SynergyHistory", id=one)
    assert all(step["allowedToYou"] for step in read["nextSteps"])
    assert (await api.ask("manager-a", "AssignSynergy", input={"id": one, "version": 3}))["code"] == "NOT_ALLOWED"


@pytest.mark.parametrize(
    ("given", "path", "words"),
    [
        ({"to": "REJECTED"}, "reason", "needs a reason: QUALITY"),
        ({"to": "REJECTED", "reason": "INVESTMENT"}, "reason", "INVESTMENT is no reason for a step to REJECTED"),
        ({"to": "LOST", "reason": "OTHER"}, "note", "needs a note that says which"),
        ({"to": "SHORTLISTED", "reason": "PRICE"}, "reason", "has no reason"),
        ({"to": "SHORTLISTED", "startsOn": "2026-01-01"}, "startsOn", "Only the step to OPERATING"),
        ({"to": "SHORTLISTED", "startsOn": "soon"}, "startsOn", "is not a date"),
        ({"to": "SHORTLISTED", "trialResult": "PASSED"}, "trialResult", "Only a step out of TRIAL"),
        ({"to": "SHORTLISTED", "agreedQuantityPerYear": 1.0}, "agreedQuantityPerYear", "Only the step to AGREED"),
        ({"to": "SHORTLISTED", "jobsFte": 1.0}, "jobsFte", "Only the steps to AGREED and OPERATING"),
        ({"to": "SHORTLISTED", "evidenceIds": ["evd-1"]}, "evidenceIds", "There is no evidence evd-1"),
        ({"to": "SHORTLISTED", "note": "x" * 4001}, "note", "4000 is the most"),
    ],
)
async def test_what_a_step_needs_is_asked_for_and_what_it_does_not_take_is_refused(
    api: Any, given: dict[str, Any], path: str, words: str
) -> None:
    one = await first_id(api)
    problem = await move(api, "facilitator", one, **given)
    assert (problem["__typename"], problem["path"]) == ("InputProblem", ["input", path])
    assert words in problem["message"]
    assert (await version_of(api, one), await history(api, "facilitator", one)) == (1, [])


async def test_what_is_on_hold_goes_on_where_it_stood(api: Any) -> None:
    one = await first_id(api)
    await moved(api, "facilitator", one, "SHORTLISTED", "CONTACT", "DISCUSSION")
    held = await move(api, "facilitator", one, "ON_HOLD", reason="INVESTMENT")
    assert (held["status"], held["heldFrom"]) == ("ON_HOLD", "DISCUSSION")
    assert [step["to"] for step in held["nextSteps"]] == ["DISCUSSION", "REJECTED", "LOST"]
    assert (await move(api, "facilitator", one, "OPERATING", startsOn=DAY))["__typename"] == "TransitionProblem"
    again = await moved(api, "manager-a", one, "DISCUSSION")
    assert (again["heldFrom"], again["reason"]) == (None, None)


async def test_a_step_is_taken_back_by_its_actor_while_nobody_followed(api: Any) -> None:
    one = await first_id(api)
    await moved(api, "facilitator", one, "SHORTLISTED", note="first")
    await move(api, "facilitator", one, "REJECTED", reason="PRICE", note="a slip")
    theirs = await api.ask("manager-a", "UndoStep", input={"id": one, "version": 3})
    assert (theirs["code"], await version_of(api, one)) == ("UNDO_REFUSED", 3)
    undone = await api.ask("facilitator", "UndoStep", input={"id": one, "version": 3})
    assert (undone["status"], undone["version"], undone["reason"], undone["note"]) == ("SHORTLISTED", 4, None, "first")
    twice = await api.ask("facilitator", "UndoStep", input={"id": one, "version": 4})
    assert twice["code"] == "UNDO_REFUSED"
    assert [(entry["was"], entry["to"]) for entry in await history(api, "facilitator", one)] == [
        ("REJECTED", "SHORTLISTED"),
        ("SHORTLISTED", "REJECTED"),
        ("SUGGESTED", "SHORTLISTED"),
    ]


async def test_a_step_that_somebody_answered_stays(api: Any) -> None:
    one = await first_id(api)
    await moved(api, "facilitator", one, "SHORTLISTED")
    await api.ask("manager-a", "CommentSynergy", input={"id": one, "text": "Good.", "readers": "BOTH_SIDES"})
    refused = await api.ask("facilitator", "UndoStep", input={"id": one, "version": 2})
    assert (refused["code"], await version_of(api, one)) == ("UNDO_REFUSED", 2)


async def test_deliveries_belong_to_synergies_in_operation_and_are_corrected_by_another(api: Any) -> None:
    one = await first_id(api)
    too_early = {"id": one, "deliveredOn": DAY, "quantity": 1.0}
    assert (await api.ask("manager-a", "RecordDelivery", input=too_early))["code"] == "NOT_OPERATING"
    await in_operation(api, one)
    for wrong, path in (
        ({"deliveredOn": "2026-01-14"}, "deliveredOn"),
        ({"deliveredOn": "2999-01-01"}, "deliveredOn"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": -1}, "quantity"),
        ({"evidenceIds": ["evd-none"]}, "evidenceIds"),
    ):
        problem = await api.ask("manager-a", "RecordDelivery", input=too_early | wrong)
        assert problem["path"] == ["input", path]
    typo = await api.ask("manager-a", "RecordDelivery", input=too_early | {"quantity": 100})
    right = await api.ask("manager-a", "RecordDelivery", input=too_early | {"replacesId": typo["id"]})
    assert right["replacesId"] == typo["id"]
    again = await api.ask("manager-a", "RecordDelivery", input=too_early | {"replacesId": typo["id"]})
    assert again["code"] == "DELIVERY_REPLACED"
    read = await api.ask("manager-b", "SynergyHistory", id=one)
    assert (read["delivered"]["quantity"], read["delivered"]["deliveryCount"]) == (1.0, 1)
    assert {row["id"]: row["replacedById"] for row in read["deliveries"]["nodes"]} == {
        typo["id"]: right["id"],
        right["id"]: None,
    }
    analyst = await api.ask("analyst", "SynergyHistory", id=one)
    assert (analyst["delivered"], analyst["deliveries"]["nodes"]) == (None, [])


async def test_what_is_sent_twice_under_one_key_is_done_once(api: Any) -> None:
    one = await first_id(api)
    await in_operation(api, one)
    sent = {"id": one, "deliveredOn": DAY, "quantity": 2.0, "idempotencyKey": "weighbridge-1"}
    answers = await asyncio.gather(*(api.ask("manager-a", "RecordDelivery", input=sent) for _ in range(5)))
    assert len({answer["id"] for answer in answers}) == 1
    comment = {"id": one, "text": "once", "idempotencyKey": "c"}
    said = [await api.ask("manager-a", "CommentSynergy", input=comment) for _ in range(2)]
    assert said[0] == said[1]
    reused = await api.ask("manager-a", "CommentSynergy", input=comment | {"text": "twice"})
    assert reused["code"] == "IDEMPOTENCY_KEY_REUSED"
    hold = {"id": one, "version": await version_of(api, one), "to": "COMPLETED", "idempotencyKey": "m"}
    steps = [await api.ask("manager-a", "MoveSynergy", input=hold) for _ in range(2)]
    assert [step["version"] for step in steps] == [hold["version"] + 1] * 2
    read = await api.ask("manager-a", "SynergyHistory", id=one, first=100)
    assert read["delivered"]["quantity"] == 2.0
    assert len([entry for entry in read["history"]["nodes"] if entry["action"] == "COMMENT_SYNERGY"]) == 1
