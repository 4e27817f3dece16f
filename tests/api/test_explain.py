"""Why a pair may not meet, as each kind of viewer may learn it; no price of a partner's, and nothing hidden."""

import json
from typing import Any, Final, LiteralString

import pytest

from symbiosis.domain.ids import synergy_id_of
from symbiosis.store.graph import Tx

pytestmark = pytest.mark.store

REJECT: Final[LiteralString] = """
MATCH (synergy:Synergy {id: $id})
SET synergy.status = 'REJECTED', synergy.reason = 'QUALITY',
    synergy.updated_at = '2026-11-03T08:00:00.000000Z'
"""
PAIR: Final = {"supplyId": "a-public", "demandId": "b-demand"}


@pytest.mark.parametrize(
    ("subject", "value", "disposal", "purchase"),
    [
        (None, None, None, None),
        ("outsider", None, None, None),
        ("retired", None, None, None),
        ("analyst", None, None, None),
        ("manager-d", None, None, None),
        ("manager-a", None, 91.0, None),
        ("manager-b", None, None, 45.0),
        ("facilitator", 130.0, 91.0, 45.0),
        ("facilitator-stetienne", None, None, None),
    ],
)
async def test_a_stated_price_shows_to_its_own_side_and_its_facilitators(
    priced: Any, subject: str | None, value: float | None, disposal: float | None, purchase: float | None
) -> None:
    """By hand: 91 EUR of disposal + 45 EUR of purchase - 6 EUR of loading a lorry, on no distance; 40 t at most."""
    made = await priced.ask(subject, "ExplainPair", **PAIR)
    assert (made["candidate"], made["reasons"], made["distanceKm"]) == (True, [], 0.0)
    meeting = made["meeting"]
    assert (meeting["match"], meeting["unit"], meeting["technique"]) == ("SAME_RESOURCE", "TONNE", None)
    for worth, times in ((meeting["perUnit"], 1), (meeting["greatest"], 40)):
        amounts = (worth["valueEur"], worth["avoidedDisposalEur"], worth["avoidedPurchaseEur"])
        assert amounts == tuple(None if eur is None else eur * times for eur in (value, disposal, purchase))
        assert (worth["quantity"], worth["transportEur"], worth["treatmentEur"]) == (times, 6.0 * times, 0.0)
        shown = (None, None) if value is None else ((value - 2) * times, (value + 1) * times)
        assert (worth["valueLowEur"], worth["valueHighEur"]) == shown
        lines = {line["part"]: line["amountEur"] for line in worth["moneyLines"]}
        assert (lines["DISPOSAL"], lines["PURCHASE"], lines["TRANSPORT"]) == (*amounts[1:], -6.0 * times)


@pytest.mark.parametrize("subject", [None, "outsider", "analyst", "manager-b", "manager-c", "facilitator-stetienne"])
async def test_a_listing_that_does_not_show_answers_like_one_that_is_not_there(
    priced: Any, subject: str | None
) -> None:
    hidden = await priced.whole(subject, "ExplainPair", supplyId="a-private", demandId="b-demand")
    absent = await priced.whole(subject, "ExplainPair", supplyId="no-such", demandId="b-demand")
    assert json.loads(json.dumps(hidden).replace("a-private", "no-such")) == absent
    assert hidden["data"]["explainPair"] is None
    assert hidden["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert "There is no listing a-private" in hidden["errors"][0]["message"]


@pytest.mark.parametrize("subject", ["manager-a", "facilitator"])
async def test_a_private_listing_is_explained_to_those_who_see_it(priced: Any, subject: str) -> None:
    made = await priced.ask(subject, "ExplainPair", supplyId="a-private", demandId="b-demand")
    assert made["candidate"] is True


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("facilitator", True),
        ("analyst", True),
        ("manager-a", True),
        ("manager-b", True),
        ("manager-c", False),
        ("facilitator-stetienne", False),
        ("outsider", False),
        (None, False),
    ],
)
async def test_a_rejection_is_told_to_those_who_may_see_the_synergy(
    priced: Any, subject: str | None, told: bool
) -> None:
    async def reject(tx: Tx) -> None:
        await tx.run(REJECT, id=synergy_id_of("a-public", "b-demand"))  # type: ignore[arg-type]

    await priced.graph.write(reject)
    made = await priced.ask(subject, "ExplainPair", **PAIR)
    assert made["candidate"] is not told
    assert (made["meeting"] is None) is told
    if told:
        (reason,) = made["reasons"]
        assert (reason["code"], reason["sentence"]) == (
            "REVIEWED",
            "People rejected this pair on 2026-11-03 for QUALITY; it comes back when one of its listings changes.",
        )


async def test_blocked_pairs_say_all_their_reasons_and_no_price(priced: Any) -> None:
    made = await priced.ask("manager-c", "ExplainPair", supplyId="c-heat", demandId="c-demand")
    assert [reason["code"] for reason in made["reasons"]] == ["RESOURCE", "KIND", "UNIT", "SAME_SITE"]
    assert made["estimated"] is True
    assert made["provenanceNote"] == "estimated from the sector, not declared by the site"
    turned = await priced.ask(None, "ExplainPair", supplyId="b-demand", demandId="a-public")
    assert [reason["sentence"] for reason in turned["reasons"]] == [
        "b-demand is a demand, not a supply.",
        "a-public is a supply, not a demand.",
    ]
    assert turned["distanceKm"] is None


async def test_without_the_factors_the_remedy_is_said(api: Any) -> None:
    answer = await api.whole(None, "ExplainPair", **PAIR)
    assert answer["data"]["explainPair"] is None
    assert answer["errors"][0]["extensions"]["code"] == "FACTOR_MISSING"
