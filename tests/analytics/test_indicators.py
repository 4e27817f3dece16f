"""Indicators count every flow once, in the territory that gives."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.analytics.days import Days, PeriodOrderError
from symbiosis.analytics.indicators import DeclaredJobs, amounts_of, jobs_of, statuses_of
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId, SynergyId
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.store.realised import DeliveredOn, Moved, WorkedOn
from tests.analytics.graphs import RESOURCES, site

CATALOGUE = {resource.code: resource for resource in RESOURCES}
YEAR = Days(date(2026, 1, 1), date(2026, 12, 31))


def synergy(name: str, giver: str, status: SynergyStatus = SynergyStatus.SUGGESTED, **facts: object) -> WorkedOn:
    """Return a synergy of 1,000 kg of slag a year worth 100 cents."""
    given_: dict[str, object] = {
        "agreed_base_per_year": None,
        "jobs_tenth_fte": None,
        "started_on": None,
        "quantity_base_per_year": 1000,
        "value_cent_per_year": 100,
        "avoided_gco2e_per_year": 500,
    }
    return WorkedOn(
        synergy_id=SynergyId(name),
        status=status,
        supply_id=ListingId(f"s-{name}"),
        demand_id=ListingId(f"d-{name}"),
        giver_id=SiteId(giver),
        taker_id=SiteId("b1"),
        given=ResourceCode("slag"),
        wanted=ResourceCode("slag"),
        waste_code="100202",
        distance_m=1000,
        estimated=False,
        **{**given_, **facts},  # type: ignore[arg-type]
    )


SITES = {SiteId(name): site(name) for name in ("a1", "b1", "c1", "d1")}


def test_promised_counts_from_the_start_and_delivered_by_its_day() -> None:
    half = synergy("x", "a1", SynergyStatus.OPERATING, agreed_base_per_year=730, started_on="2026-07-02")
    delivered = [
        DeliveredOn(SynergyId("x"), 100, "2026-08-01", evidenced=True),
        DeliveredOn(SynergyId("x"), 50, "2026-09-01", evidenced=False),
    ]
    (row,) = amounts_of([half], delivered, SITES, CATALOGUE, YEAR)
    assert (row.metropole, row.chapter, row.treatment) == ("lyon", "10", "?")
    assert (row.suggested_base, row.promised_base, row.delivered_base, row.evidenced_base) == (1000, 366, 150, 100)
    assert (row.suggested_cent, row.promised_cent, row.delivered_cent) == (100, 36, 15)
    assert row.delivered_gco2e == 75


def test_jobs_are_those_declared_of_what_operates_and_the_sum_is_the_whole() -> None:
    operates = SynergyStatus.OPERATING
    begun = {"started_on": "2026-07-02"}
    synergies = [
        synergy("x", "a1", operates, jobs_tenth_fte=25, **begun),
        synergy("y", "a1", operates, **begun),
        synergy("z", "c1", operates, jobs_tenth_fte=10, **begun),
        synergy("later", "c1", operates, jobs_tenth_fte=70, started_on="2027-01-01"),
        synergy("agreed", "c1", SynergyStatus.AGREED, jobs_tenth_fte=80),
    ]
    seen = jobs_of(synergies, SITES, YEAR)
    assert seen == (DeclaredJobs("lyon", 2, 1, 25), DeclaredJobs("saint-etienne", 1, 1, 10))
    whole = jobs_of(synergies, {}, YEAR)
    assert whole == (DeclaredJobs("?", 3, 2, 35),)


def test_what_only_is_suggested_promises_nothing() -> None:
    (row,) = amounts_of([synergy("x", "c1")], [], SITES, CATALOGUE, Days(date(2026, 1, 1), date(2026, 1, 31)))
    assert (row.metropole, row.suggested_base, row.promised_base, row.delivered_base) == ("saint-etienne", 84, 0, 0)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PeriodOrderError, match="swap"):
        Days(date(2026, 2, 1), date(2026, 1, 1))


def test_stays_at_a_status_are_told_in_days() -> None:
    steps = [
        Moved(SynergyId("x"), "2026-01-01T00:00:00.000000Z", SynergyStatus.SHORTLISTED),
        Moved(SynergyId("x"), "2026-01-03T12:00:00.000000Z", SynergyStatus.CONTACT),
        Moved(SynergyId("y"), "2026-01-05T00:00:00.000000Z", SynergyStatus.SHORTLISTED),
    ]
    seen = statuses_of(
        [synergy("x", "a1", SynergyStatus.CONTACT), synergy("y", "a1", SynergyStatus.SHORTLISTED)], steps, SITES
    )
    assert [(s.status, s.synergies, s.left, s.median_days) for s in seen] == [
        (SynergyStatus.SHORTLISTED, 1, 1, 2.5),
        (SynergyStatus.CONTACT, 1, 0, None),
    ]


@given(
    st.lists(
        st.builds(
            lambda n, giver, status, agreed: synergy(f"syn-{n}", giver, status, agreed_base_per_year=agreed),
            st.integers(0, 10**6),
            st.sampled_from(["a1", "b1", "c1", "d1"]),
            st.sampled_from(SynergyStatus),
            st.one_of(st.none(), st.integers(1, 10**6)),
        ),
        unique_by=lambda one: one.synergy_id,
    ),
    st.integers(1, 400),
)
def test_the_sum_over_territories_is_the_whole(synergies: list[WorkedOn], days: int) -> None:
    period = Days(date(2026, 1, 1), date.fromordinal(date(2026, 1, 1).toordinal() + days - 1))
    delivered = [DeliveredOn(one.synergy_id, 7, "2026-01-01", evidenced=True) for one in synergies[::2]]
    rows = amounts_of(synergies, delivered, SITES, CATALOGUE, period)
    alone = [
        amounts_of([one], [d for d in delivered if d.synergy_id == one.synergy_id], SITES, CATALOGUE, period)
        for one in synergies
    ]
    for name in (
        "suggested_base",
        "promised_base",
        "delivered_base",
        "evidenced_base",
        "promised_cent",
        "suggested_gco2e",
    ):
        assert sum(getattr(row, name) for row in rows) == sum(getattr(row, name) for one in alone for row in one)
    assert sum(row.delivered_base for row in rows) == 7 * len(delivered)
