"""Periods of whole days, and how they are written: a year, a quarter, a month, or two days with a slash (ISO 8601)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from symbiosis.domain.times import utc_text
from symbiosis.errors import InputError

YEAR_DAYS: Final = 365
QUARTER_MONTHS: Final = 3
YEAR_MONTHS: Final = 12
LEAST_YEAR: Final = 1000
MOST_YEAR: Final = 9998
_WRITTEN: Final = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


class PeriodOrderError(InputError):
    """A period ends before it begins, or names no days."""

    code = "PERIOD_DAYS"


@dataclass(frozen=True, slots=True)
class Days:
    """A period of whole days, both inclusive; raises PeriodOrderError."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last.year > MOST_YEAR or self.first.year < LEAST_YEAR:
            raise PeriodOrderError(f"{self.first} to {self.last} is no period of ours; name years of four digits.")
        if self.last < self.first:
            raise PeriodOrderError(f"The period ends on {self.last}, before it begins on {self.first}; swap them.")

    @property
    def count(self) -> int:
        """Return how many days there are."""
        return (self.last - self.first).days + 1

    @property
    def ended(self) -> str:
        """Return the first moment after it, as the store keeps times."""
        return utc_text(datetime.combine(self.last, time.max, UTC) + timedelta(microseconds=1))

    def since(self, started_on: str | None) -> int:
        """Return how many of its days are not before a day (ISO); all, if that day is not known."""
        start = self.first if started_on is None else max(self.first, date.fromisoformat(started_on))
        return max(0, (self.last - start).days + 1)

    def a_year(self, quantity: int) -> int:
        """Return a quantity of the whole period as the rate of a year, rounded down."""
        return quantity * YEAR_DAYS // self.count

    def meet(self, from_day: str | None, until_day: str | None) -> bool:
        """Say whether any of its days lies between two (ISO, both inclusive); what is not known bounds nothing."""
        return (from_day or "") <= self.last.isoformat() and self.first.isoformat() <= (until_day or "9999-12-31")


def days_of(text: str) -> Days:
    """Return the period that a text names: 2026, 2026-Q3, 2026-07 or 2026-07-01/2026-09-15.

    Raises PeriodOrderError for anything else.
    """
    named = _WRITTEN.fullmatch(text)
    try:
        if named is None:
            first, last = text.split("/")
            return Days(date.fromisoformat(first), date.fromisoformat(last))
        year, quarter, month = (None if part is None else int(part) for part in named.group("year", "quarter", "month"))
        return _months(year or 0, quarter, month)
    except ValueError as refused:
        raise PeriodOrderError(
            f"{text!r} names no days; write 2026, 2026-Q3, 2026-07, or 2026-07-01/2026-09-15."
        ) from refused


def _months(year: int, quarter: int | None, month: int | None) -> Days:
    """Return a month, a quarter or a whole year."""
    if month is not None:
        first, months = month, 1
    elif quarter is not None:
        first, months = (quarter - 1) * QUARTER_MONTHS + 1, QUARTER_MONTHS
    else:
        first, months = 1, YEAR_MONTHS
    last = first + months - 1
    return Days(date(year, first, 1), date(year, last, monthrange(year, last)[1]))
