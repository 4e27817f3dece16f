"""The rules as a table, without a store."""

import ast
from pathlib import Path
from typing import Final

import pytest

from symbiosis.domain.ids import ListingId, PersonId, SiteId, SynergyId, TerritoryId
from symbiosis.domain.listings import Provenance, Visibility
from symbiosis.domain.people import Mandate, Person, Role
from symbiosis.domain.synergies import Synergy, SynergyStatus
from symbiosis.errors import NotAllowedError, NotFoundError
from symbiosis.policy import (
    VISITOR,
    Action,
    Verdict,
    Viewer,
    decide,
    in_force,
    listing_scope,
    numbers_shown,
    require,
    synergy_scope,
    viewer_of,
)
from symbiosis.store.people import MandateReach, Registered
from symbiosis.store.synergies import Side, SynergyRow
from symbiosis.units import BaseUnit

ROOT: Final = Path(__file__).resolve().parents[2]
TODAY: Final = "2026-11-22"


def registered(*reaches: MandateReach) -> Registered:
    return Registered(Person(PersonId("per-1"), "somebody", "Somebody"), reaches)


def side(site: str, insee: str, *, priced: bool = False) -> Side:
    return Side(ListingId(f"lst-{site}"), 1, SiteId(site), insee, Visibility.PUBLIC, Provenance.DECLARED, priced)


def synergy(supply: Side, demand: Side) -> SynergyRow:
    facts = Synergy(
        SynergyId("syn-1"), supply.listing_id, demand.listing_id, SynergyStatus.SUGGESTED, 1, "1:1", TODAY, TODAY
    )
    return SynergyRow(facts, supply, demand, BaseUnit.KG, None)


@pytest.mark.parametrize(
    ("from_date", "until_date", "holds"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        ("2026-11-23", None, False),
        (None, "2026-11-21", False),
        ("2026-01-01", "2026-12-31", True),
        ("2027-01-01", "2025-01-01", False),
    ],
)
def test_a_mandate_holds_from_its_first_day_to_its_last(
    from_date: str | None, until_date: str | None, *, holds: bool
) -> None:
    assert in_force(Mandate(Role.ANALYST, from_date=from_date, until_date=until_date), TODAY) is holds


def test_a_viewer_is_what_the_mandates_in_force_make_of_a_person() -> None:
    lyon, past = TerritoryId("lyon"), "2020-01-01"
    viewer = viewer_of(
        registered(
            MandateReach(Mandate(Role.SITE_MANAGER, site_id=SiteId("site-a")), ("69001",)),
            MandateReach(Mandate(Role.SITE_MANAGER, site_id=SiteId("site-b"), until_date=past), ("69002",)),
            MandateReach(Mandate(Role.FACILITATOR, territory_id=lyon), ("69003", "69004")),
            MandateReach(Mandate(Role.ANALYST, territory_id=lyon, until_date=past), ("42001",)),
        ),
        TODAY,
    )
    assert (viewer.site_ids, viewer.facilitated) == (frozenset({"site-a"}), frozenset({"69003", "69004"}))
    assert (viewer.analysed, viewer.neighbourhood) == (frozenset(), frozenset({"69001"}))


def test_a_role_given_for_the_wrong_kind_of_place_gives_nothing_it_does_not_name() -> None:
    viewer = viewer_of(
        registered(MandateReach(Mandate(Role.SITE_MANAGER, territory_id=TerritoryId("lyon")), ("69001",))), TODAY
    )
    assert viewer.site_ids == frozenset()
    assert not viewer.is_member
    assert decide(viewer, Action.READ_RUNS).verdict is Verdict.REFUSE


def test_a_visitor_may_do_nothing_and_reads_in_empty_scopes() -> None:
    thing = synergy(side("site-a", "69001"), side("site-b", "69002"))
    assert {action: decide(VISITOR, action, thing).verdict for action in Action} == {
        Action.CREATE_LISTING: Verdict.HIDE,
        Action.UPDATE_LISTING: Verdict.HIDE,
        Action.WITHDRAW_LISTING: Verdict.HIDE,
        Action.SET_SITE_HEADINGS: Verdict.HIDE,
        Action.MOVE_SYNERGY: Verdict.HIDE,
        Action.ASSIGN_SYNERGY: Verdict.HIDE,
        Action.ANNOTATE_SYNERGY: Verdict.HIDE,
        Action.RECORD_DELIVERY: Verdict.HIDE,
        Action.READ_DESK: Verdict.REFUSE,
        Action.START_RUN: Verdict.REFUSE,
        Action.SET_SCHEDULE: Verdict.REFUSE,
        Action.READ_RUNS: Verdict.REFUSE,
        Action.MANAGE_KEYS: Verdict.REFUSE,
        Action.CONSENT: Verdict.HIDE,
        Action.READ_LISTING: Verdict.HIDE,
        Action.READ_SYNERGY: Verdict.HIDE,
        Action.READ_OUTLINES: Verdict.REFUSE,
        Action.READ_SCENARIOS: Verdict.REFUSE,
        Action.READ_ANALYSES: Verdict.REFUSE,
    }
    assert not any(listing_scope(VISITOR).parameters().values())
    assert not any(synergy_scope(VISITOR).parameters().values())


ON_SYNERGIES: Final = {
    Action.MOVE_SYNERGY,
    Action.ASSIGN_SYNERGY,
    Action.ANNOTATE_SYNERGY,
    Action.RECORD_DELIVERY,
    Action.CONSENT,
}


@pytest.mark.parametrize("action", list(Action))
def test_every_action_has_a_rule_and_a_thing_of_the_wrong_kind_is_never_allowed(action: Action) -> None:
    everything = Viewer(
        Person(PersonId("per-1"), "s", "n"),
        frozenset({SiteId("site-a")}),
        frozenset({"69001"}),
        frozenset({"69001"}),
        frozenset({"69001"}),
    )
    ours = synergy(side("site-a", "69001"), side("site-a", "69001"))
    wrong: SynergyRow | SiteId | None = None if action in ON_SYNERGIES else ours
    wrong = SiteId("site-a") if action in {Action.READ_LISTING, Action.READ_SYNERGY} else wrong
    assert decide(everything, action, wrong).verdict is not Verdict.ALLOW


def test_an_action_without_a_rule_is_hidden() -> None:
    assert decide(VISITOR, "ERASE_EVERYTHING").verdict is Verdict.HIDE  # type: ignore[arg-type]


def test_hidden_and_absent_raise_alike_and_refused_says_what_to_do() -> None:
    thing = synergy(side("site-a", "69001"), side("site-b", "69002"))
    with pytest.raises(NotFoundError, match=r"There is no synergy syn-1 that you may see\."):
        require(VISITOR, Action.ASSIGN_SYNERGY, thing, noun="synergy", key="syn-1")
    manager = Viewer(site_ids=frozenset({SiteId("site-a")}))
    with pytest.raises(NotAllowedError, match="Only a facilitator of one of the two territories"):
        require(manager, Action.ASSIGN_SYNERGY, thing, noun="synergy", key="syn-1")


MANAGER_A: Final = Viewer(site_ids=frozenset({SiteId("site-a")}))
MANAGER_B: Final = Viewer(site_ids=frozenset({SiteId("site-b")}))
MANAGER_AB: Final = Viewer(site_ids=frozenset({SiteId("site-a"), SiteId("site-b")}))
ANALYST: Final = Viewer(analysed=frozenset({"69001", "69002"}))
ANALYST_A: Final = Viewer(site_ids=frozenset({SiteId("site-a")}), analysed=frozenset({"69001", "69002"}))
FACILITATOR: Final = Viewer(facilitated=frozenset({"69002"}))


@pytest.mark.parametrize(
    ("viewer", "supply_priced", "demand_priced", "shown"),
    [
        (FACILITATOR, True, True, "value disposal purchase supplier receiver note"),
        (MANAGER_AB, True, True, "value disposal purchase supplier receiver"),
        (MANAGER_A, True, True, "disposal supplier"),
        (MANAGER_B, True, True, "purchase receiver"),
        (MANAGER_A, True, False, "value disposal purchase supplier receiver"),
        (MANAGER_B, True, False, "purchase receiver"),
        (MANAGER_A, False, False, "value disposal purchase supplier receiver"),
        (ANALYST, True, True, ""),
        (ANALYST, True, False, "purchase"),
        (ANALYST, False, True, "disposal"),
        (ANALYST, False, False, "value disposal purchase supplier receiver"),
        (ANALYST_A, True, True, "disposal supplier"),
    ],
)
def test_a_price_that_a_site_states_cannot_be_worked_out_by_others(
    viewer: Viewer, *, supply_priced: bool, demand_priced: bool, shown: str
) -> None:
    thing = synergy(side("site-a", "69001", priced=supply_priced), side("site-b", "69002", priced=demand_priced))
    seen = numbers_shown(viewer, thing)
    flags = {
        "value": seen.value,
        "disposal": seen.avoided_disposal,
        "purchase": seen.avoided_purchase,
        "supplier": seen.supplier_share,
        "receiver": seen.receiver_share,
        "note": seen.note,
    }
    assert " ".join(name for name, visible in flags.items() if visible) == shown


def test_only_the_policy_makes_scopes() -> None:
    made = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "symbiosis").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"ListingScope", "SynergyScope", "OutlineScope"}
    ]
    assert made == ["symbiosis/policy/scopes.py"] * 3
