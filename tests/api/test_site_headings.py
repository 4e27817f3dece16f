"""setSiteHeadings over HTTP: who may, what is checked, and that no statement is lost."""

import asyncio
from typing import Any

import pytest


async def stated(api: Any, subject: str | None, *headings: str, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await api.ask(
        subject, "SetSiteHeadings", input={"id": "site-a", "version": 1, "headings": list(headings)} | more
    )
    return answer


@pytest.mark.parametrize("subject", ["manager-a", "facilitator"])
async def test_a_manager_and_a_facilitator_state_the_headings(api: Any, subject: str) -> None:
    changed = await stated(api, subject, "2791", "2790-1", "2790-1")
    assert (changed["version"], changed["headings"]) == (2, ["2790-1", "2791"])
    assert await api.ids(None, "Sites", where={"heading": {"startsWith": "2790"}}) == ["site-a"]
    cleared = await stated(api, subject, version=2)
    assert (cleared["version"], cleared["headings"]) == (3, [])


@pytest.mark.parametrize("subject", [None, "outsider", "retired", "manager-b", "analyst", "facilitator-stetienne"])
async def test_nobody_else_does(api: Any, subject: str | None) -> None:
    assert (await stated(api, subject, "2791"))["__typename"] == "NotAllowedProblem"
    assert await api.ids(None, "Sites", where={"heading": {"eq": "2791"}}) == []


async def test_what_is_no_heading_and_what_is_no_site_is_refused(api: Any) -> None:
    problem = await stated(api, "manager-a", "9999")
    assert (problem["__typename"], problem["path"]) == ("InputProblem", ["input", "headings"])
    assert (await stated(api, "manager-a", *["2791"] * 51))["__typename"] == "InputProblem"
    assert (await stated(api, "manager-a", "2791", id="nowhere"))["__typename"] == "NotFoundProblem"


async def test_of_many_who_state_at_the_same_version_one_does_and_a_repeat_acts_once(api: Any) -> None:
    answers = await asyncio.gather(*(stated(api, "manager-a", "2791") for _ in range(6)))
    assert sorted(answer["__typename"] for answer in answers) == ["ConflictProblem"] * 5 + ["Site"]
    again = [await stated(api, "manager-a", "2790", version=2, idempotencyKey="k") for _ in range(3)]
    assert [answer["version"] for answer in again] == [3, 3, 3]
