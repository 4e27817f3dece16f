"""What a pair was looked at for and how each check came out; and what is to be known about it that bars nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from symbiosis.domain.candidates import CHECK_OF, NOTICE_OF, Check, NoticeCode
from symbiosis.domain.legal import Adr, LegalPath, RouteKind, Standing
from symbiosis.domain.listings import ESTIMATED_NOTE, Visibility
from symbiosis.matching.words import Reason, Told


class Outcome(StrEnum):
    """How a check came out: passed; passed, but something is to be known; or blocked."""

    PASSED = "PASSED"
    NOTED = "NOTED"
    BLOCKED = "BLOCKED"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know about a pair."""

    code: NoticeCode
    sentence: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check and how it came out."""

    check: Check
    outcome: Outcome


def results(reasons: Iterable[Reason], notices: Iterable[Notice]) -> tuple[CheckResult, ...]:
    """Return every check with its outcome, in the order of the checks."""
    blocked = {CHECK_OF[reason.refusal] for reason in reasons}
    noted = {NOTICE_OF[notice.code] for notice in notices}
    return tuple(
        CheckResult(check, Outcome.BLOCKED if check in blocked else Outcome.NOTED if check in noted else Outcome.PASSED)
        for check in Check
    )


def notices_of(told: Told, visibilities: Iterable[Visibility]) -> tuple[Notice, ...]:
    """Return what is to be known about a pair."""
    found = [*_legal(told.path)]
    if told.supply.estimated or told.demand.estimated:
        sentence = f"A quantity behind it is {ESTIMATED_NOTE}: ask before you rely on it."
        found.append(Notice(NoticeCode.ESTIMATED, sentence))
    if Visibility.PRIVATE in visibilities:
        sentence = "A listing is private: its partner does not see it, and a facilitator has to make the contact."
        found.append(Notice(NoticeCode.PRIVATE, sentence))
    return tuple(found)


def _legal(path: LegalPath) -> Iterable[Notice]:
    standings = [route.standing for route in path.routes]
    if Standing.OPEN not in standings and Standing.TO_PROVE in standings and not path.is_barred:
        waste = next(route for route in path.routes if route.kind is RouteKind.WASTE)
        asked = f"{waste.conditions[0].needed}, or evidence for a by-product (L541-4-2) or an end of waste (L541-4-3)"
        sentence = f"It is waste and no legal route is open yet: before the first delivery show {asked}."
        yield Notice(NoticeCode.TO_PROVE, sentence)
    if path.adr is Adr.CLASSIFIED:
        sentence = f"It travels as dangerous goods, class {path.adr_class} (ADR; arrêté of 29 May 2009)."
        yield Notice(NoticeCode.ADR, sentence)
    if path.adr is Adr.TO_CLASSIFY:
        sentence = "It may be dangerous goods: classify it before it moves by road (ADR; arrêté of 29 May 2009)."
        yield Notice(NoticeCode.ADR, sentence)
