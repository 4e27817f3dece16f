"""reviewSynergy over HTTP."""

import asyncio
from typing import Any

import pytest


async def synergy(api: Any, rank: int = 1) -> dict[str, Any]:
    nodes = (await api.ask("facilitator", "Synergies", first=100))["nodes"]
    found: dict[str, Any] = nodes[rank - 1]
    return found


async def review(api: Any, subject: str | None, synergy_id: str, **given: Any) -> dict[str, Any]:
    stated = {"id": synergy_id, "version": 1, "review": "SHORTLIST"} | given
    answer: dict[str, Any] = await api.ask(subject, "ReviewSynergy", input=stated)
    return answer


async def test_a_facilitator_shortlists_a_suggestion(api: Any) -> None:
    first = await synergy(api)
    before = await api.counts()
    assert await review(api, "facilitator", first["id"], note=" worth a visit ") == {
        "__typename": "Synergy",
        "id": first["id"],
        "version": 2,
        "status": "SHORTLISTED",
        "reason": None,
        "note": "worth a visit",
    }
    read = await api.ask("facilitator", "Synergy", id=first["id"])
    assert (read["status"], read["version"], read["suggestion"]["rank"]) == ("SHORTLISTED", 2, 1)
    after = await api.counts()
    assert (after["Event"], before.get("Event")) == (1, None)


async def test_a_facilitator_rejects_a_suggestion_with_a_reason(api: Any) -> None:
    first = await synergy(api)
    rejected = await review(api, "facilitator", first["id"], review="REJECT", reason="QUALITY", note="too wet")
    assert (rejected["status"], rejected["reason"], rejected["version"]) == ("REJECTED", "QUALITY", 2)
    theirs = await api.ask("manager-a", "Synergy", id=first["id"])
    assert (theirs["reason"], theirs["note"]) == ("QUALITY", None)


async def test_the_facilitators_of_both_sides_review(api: Any) -> None:
    across = await synergy(api, 2)
    assert (await review(api, "facilitator-stetienne", across["id"]))["__typename"] == "Synergy"


@pytest.mark.parametrize(
    ("subject", "rank", "kind"),
    [
        (None, 1, "NotFoundProblem"),
        ("outsider", 1, "NotFoundProblem"),
        ("retired", 1, "NotFoundProblem"),
        ("manager-d", 1, "NotFoundProblem"),
        ("facilitator-stetienne", 1, "NotFoundProblem"),
        ("analyst", 3, "NotFoundProblem"),
        ("analyst", 1, "NotAllowedProblem"),
        ("manager-a", 1, "NotAllowedProblem"),
        ("manager-b", 1, "NotAllowedProblem"),
    ],
)
async def test_nobody_else_reviews_and_a_synergy_that_is_hidden_is_not_there(
    api: Any, subject: str | None, rank: int, kind: str
) -> None:
    there = await synergy(api, rank)
    assert (await review(api, subject, there["id"]))["__typename"] == kind
    assert await synergy(api, rank) == there
    assert "Event" not in await api.counts()


async def test_a_suggestion_of_an_older_run_and_nothing_at_all_answer_alike(api: Any) -> None:
    problem = await review(api, "facilitator", "syn-nothing")
    assert problem["message"] == "There is no synergy syn-nothing that you may see."


async def test_a_stale_version_is_a_conflict_and_changes_nothing(api: Any) -> None:
    first = await synergy(api)
    problem = await review(api, "facilitator", first["id"], version=3)
    assert (problem["__typename"], problem["expectedVersion"], problem["foundVersion"]) == ("ConflictProblem", 3, 1)
    assert await synergy(api) == first


@pytest.mark.parametrize(
    ("given", "path", "words"),
    [
        ({"review": "REJECT"}, ["input", "reason"], "A step to REJECTED needs a reason: QUALITY"),
        ({"reason": "PRICE"}, ["input", "reason"], "A step to SHORTLISTED has no reason"),
        ({"note": "x" * 4001}, ["input", "note"], "4000 is the most"),
    ],
)
async def test_a_review_that_makes_no_sense_is_refused_in_words(
    api: Any, given: dict[str, Any], path: list[str], words: str
) -> None:
    first = await synergy(api)
    problem = await review(api, "facilitator", first["id"], **given)
    assert (problem["__typename"], problem["path"]) == ("InputProblem", path)
    assert words in problem["message"]
    assert await synergy(api) == first


async def test_a_step_that_the_life_cycle_does_not_have_is_refused(api: Any) -> None:
    first = await synergy(api)
    await review(api, "facilitator", first["id"], review="REJECT", reason="PRICE")
    again = await review(api, "facilitator", first["id"], version=2)
    assert (again["__typename"], again["now"], again["wanted"]) == ("TransitionProblem", "REJECTED", "SHORTLISTED")
    assert (await api.ask("facilitator", "Synergy", id=first["id"]))["version"] == 2


async def test_of_twenty_reviews_at_once_exactly_one_wins(api: Any) -> None:
    first = await synergy(api)
    choices: list[dict[str, Any]] = [{}, {"review": "REJECT", "reason": "PRICE"}]
    answers = await asyncio.gather(
        *(review(api, "facilitator", first["id"], note=f"note {n}", **choices[n % 2]) for n in range(20))
    )
    won = [answer for answer in answers if answer["__typename"] == "Synergy"]
    lost = [answer["foundVersion"] for answer in answers if answer["__typename"] == "ConflictProblem"]
    assert (len(won), lost) == (1, [2] * 19)
    read = await api.ask("facilitator", "Synergy", id=first["id"])
    assert (read["version"], read["status"], read["note"]) == (2, won[0]["status"], won[0]["note"])
    assert (await api.counts())["Event"] == 1
