"""The operators that a `where` offers for each kind of fact; everything that is given must hold."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final, Generic, Protocol, TypeVar

import strawberry

from symbiosis.domain.ids import SiteId
from symbiosis.store.where import (
    MAX_LISTED,
    AllOf,
    AnyOf,
    Compared,
    Comparison,
    Condition,
    Near,
    Not,
    Value,
    WhereError,
)
from symbiosis.units import BASE_PER_TRADE, METRE_PER_KM, TRADE_UNIT, TradeUnit, inside_from_outside

E = TypeVar("E", bound=StrEnum)

_FARTHEST_KM: Final = 20_000
_ENDS: Final = {
    "lt": Comparison.LT,
    "lte": Comparison.LTE,
    "gt": Comparison.GT,
    "gte": Comparison.GTE,
}


@strawberry.input(description="An id; absent or null is no limit.")
class IdWhere:
    """An id."""

    eq: strawberry.ID | None = strawberry.field(default=None, description="This one.")
    in_: list[strawberry.ID] | None = strawberry.field(
        default=None, name="in", description="One of these, at most 100."
    )

    def on(self, field: StrEnum) -> list[Condition]:
        """Return the conditions on a field."""
        return _equal(field, self.eq, self.in_)


@strawberry.input(description="A text; absent or null is no limit.")
class StringWhere:
    """A text."""

    eq: str | None = strawberry.field(default=None, description="This text.")
    in_: list[str] | None = strawberry.field(default=None, name="in", description="One of these, at most 100.")
    starts_with: str | None = strawberry.field(default=None, description="One that starts so.")
    contains: str | None = strawberry.field(default=None, description="One with this in it.")

    def on(self, field: StrEnum) -> list[Condition]:
        """Return the conditions on a field."""
        return [
            *_equal(field, self.eq, self.in_),
            *_given(field, Comparison.STARTS_WITH, self.starts_with),
            *_given(field, Comparison.CONTAINS, self.contains),
        ]


@strawberry.input(description="One of few words; absent or null is no limit.")
class Where(Generic[E]):
    """One of few words."""

    eq: E | None = strawberry.field(default=None, description="This one.")
    in_: list[E] | None = strawberry.field(default=None, name="in", description="One of these.")
    not_in: list[E] | None = strawberry.field(default=None, description="None of these.")

    def on(self, field: StrEnum) -> list[Condition]:
        """Return the conditions on a field."""
        others = [] if self.not_in is None else [Not(Compared(field, Comparison.IN, _listed(self.not_in)))]
        return [*_equal(field, self.eq, self.in_), *others]


@strawberry.input(description="A number; absent or null is no limit.")
class NumberWhere:
    """A number."""

    lt: float | None = strawberry.field(default=None, description="Below this, in the unit that its fact is named by.")
    lte: float | None = strawberry.field(default=None, description="At most this, in that unit.")
    gt: float | None = strawberry.field(default=None, description="Above this, in that unit.")
    gte: float | None = strawberry.field(default=None, description="At least this, in that unit.")

    def on(self, field: StrEnum, per_unit: int) -> list[Condition]:
        """Return the conditions on a field that is stored in a unit of which `per_unit` make one of what is given."""
        return _between(field, self, lambda given: inside_from_outside(given, per_unit))


@strawberry.input(description="A quantity per year in a unit: only what is counted in it is compared.")
class QuantityWhere:
    """A quantity per year in a unit."""

    unit: TradeUnit = strawberry.field(description="The unit of the numbers; what has another one does not count.")
    lt: float | None = strawberry.field(default=None, description="Below this, in `unit` per year.")
    lte: float | None = strawberry.field(default=None, description="At most this, in `unit` per year.")
    gt: float | None = strawberry.field(default=None, description="Above this, in `unit` per year.")
    gte: float | None = strawberry.field(default=None, description="At least this, in `unit` per year.")

    def on(self, field: StrEnum, unit_field: StrEnum) -> list[Condition]:
        """Return the conditions on a field in base units, whose unit is another field."""
        unit = next(base for base, trade in TRADE_UNIT.items() if trade is self.unit)
        same: Condition = Compared(unit_field, Comparison.EQ, unit.value)
        return [same, *_between(field, self, lambda given: inside_from_outside(given, BASE_PER_TRADE[unit]))]


@strawberry.input(description="A time: an ISO date such as 2026-11-01 (a day, UTC), or an ISO time with its zone.")
class TimeWhere:
    """A time."""

    lt: str | None = strawberry.field(default=None, description="Before this day or time.")
    lte: str | None = strawberry.field(default=None, description="Until this time, or the end of this day.")
    gt: str | None = strawberry.field(default=None, description="After this time, or the end of this day.")
    gte: str | None = strawberry.field(default=None, description="From this day or time on.")

    def on(self, field: StrEnum) -> list[Condition]:
        """Return the conditions on a field that is a time."""
        return [
            *_given(field, Comparison.LT, _time(self.lt, last=False)),
            *_given(field, Comparison.LTE, _time(self.lte, last=True)),
            *_given(field, Comparison.GT, _time(self.gt, last=True)),
            *_given(field, Comparison.GTE, _time(self.gte, last=False)),
        ]


@strawberry.input(description="A day, as an ISO date such as 2026-11-01; absent or null is no limit.")
class DateWhere:
    """A day."""

    lt: str | None = strawberry.field(default=None, description="Before this day.")
    lte: str | None = strawberry.field(default=None, description="Until this day, with it.")
    gt: str | None = strawberry.field(default=None, description="After this day.")
    gte: str | None = strawberry.field(default=None, description="From this day on.")

    def on(self, field: StrEnum) -> list[Condition]:
        """Return the conditions on a field that is a day."""
        return [
            condition
            for name, comparison in _ENDS.items()
            for condition in _given(field, comparison, _day(getattr(self, name)))
        ]


@strawberry.input(description="At most so far from a site, as the crow flies.")
class NearWhere:
    """At most so far from a site."""

    site_id: strawberry.ID = strawberry.field(description="The site to measure from.")
    within_km: float = strawberry.field(description="How far, in km: 0 to 20,000.")

    def conditions(self) -> list[Condition]:
        """Return the condition."""
        if not 0 <= self.within_km <= _FARTHEST_KM:
            raise WhereError(f"`withinKm` is {self.within_km}; give 0 to {_FARTHEST_KM}.")
        return [Near(SiteId(self.site_id), round(self.within_km * METRE_PER_KM))]


class On(Protocol):
    """The operators of a fact that need nothing but its field."""

    def on(self, field: StrEnum) -> list[Condition]:
        """Return the conditions on a field."""
        ...


class Terms(Protocol):
    """Conditions on one row, all of which must hold."""

    def terms(self) -> list[Condition]:
        """Return the conditions."""
        ...


def on_fields(*given: tuple[On | None, StrEnum]) -> list[Condition]:
    """Return the conditions on the fields that are given any."""
    return [condition for where, field in given if where for condition in where.on(field)]


def combined(
    own: Sequence[Condition],
    every: Sequence[Terms] | None = None,
    some: Sequence[Terms] | None = None,
    without: Terms | None = None,
) -> Condition:
    """Return that all of `own`, all of `every` and one of `some` hold, and `without` does not; None is no limit."""
    parts = list(own)
    parts += [condition for terms in every or () for condition in terms.terms()]
    if some is not None:
        parts.append(AnyOf(tuple(AllOf(tuple(terms.terms())) for terms in some)))
    if without is not None:
        parts.append(Not(AllOf(tuple(without.terms()))))
    return AllOf(tuple(parts))


class _Ends(Protocol):
    lt: float | None
    lte: float | None
    gt: float | None
    gte: float | None


def _between(field: StrEnum, ends: _Ends, stored: Callable[[float], int | float]) -> list[Condition]:
    given = {name: getattr(ends, name) for name in _ENDS}
    return [Compared(field, _ENDS[name], stored(end)) for name, end in given.items() if end is not None]


def _given(field: StrEnum, comparison: Comparison, value: Value | None) -> list[Condition]:
    return [] if value is None else [Compared(field, comparison, value)]


def _equal(field: StrEnum, eq: str | None, in_: Sequence[str] | None) -> list[Condition]:
    listed = None if in_ is None else _listed(in_)
    return [
        *_given(field, Comparison.EQ, None if eq is None else str(eq)),
        *_given(field, Comparison.IN, listed),
    ]


def _listed(values: Sequence[str]) -> tuple[str, ...]:
    if len(values) > MAX_LISTED:
        raise WhereError(f"`in` lists {len(values)} values; {MAX_LISTED} is the most. Ask in two queries.")
    return tuple(sorted(map(str, values)))


def _time(given: str | None, *, last: bool) -> str | None:
    """Return the fixed-width UTC time that a text names; of a day its first moment, or its last."""
    if given is None:
        return None
    if len(given) == len("2026-11-01"):
        return f"{_day(given)}T23:59:59.999999Z" if last else f"{_day(given)}T00:00:00.000000Z"
    try:
        moment = datetime.fromisoformat(given).astimezone(UTC) if given[-1:] == "Z" or "+" in given else None
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise WhereError(f"{given!r} is not a time; write 2026-11-01 or 2026-11-01T08:00:00Z.")
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _day(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError as wrong:
        raise WhereError(f"{given!r} is not a day; write it like 2026-11-01.") from wrong
