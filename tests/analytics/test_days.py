"""Periods of days, as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.analytics.days import Days, PeriodOrderError, days_of


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-07-01/2026-09-15", date(2026, 7, 1), date(2026, 9, 15)),
    ],
)
def test_a_year_a_quarter_a_month_and_two_days_name_a_period(text: str, first: date, last: date) -> None:
    assert days_of(text) == Days(first, last)


@pytest.mark.parametrize("text", ["", "2026-Q5", "2026-13", "2026-07-01", "2026-09-15/2026-07-01", "0000", "a/b/c"])
def test_what_names_no_days_is_refused(text: str) -> None:
    with pytest.raises(PeriodOrderError):
        days_of(text)


def test_a_period_ends_with_its_last_day() -> None:
    assert days_of("2026").ended == "2027-01-01T00:00:00.000000Z"


_DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(_DAYS, _DAYS, _DAYS, _DAYS)
def test_two_periods_meet_if_they_share_a_day(one: date, other: date, begin: date, end: date) -> None:
    days, open_ = Days(min(one, other), max(one, other)), Days(min(begin, end), max(begin, end))
    shared = max(days.first, open_.first) <= min(days.last, open_.last)
    assert days.meet(open_.first.isoformat(), open_.last.isoformat()) == shared
    assert days.meet(None, None)
