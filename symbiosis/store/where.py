"""Conditions on the rows of a page: a tree of comparisons, and the Cypher that it becomes.

Nothing of the tree gets into the text but which constants are joined: fields and comparisons are looked up in tables
of constants, values are parameters. A comparison of what a row does not have, or of what its viewer does not read of
it, never holds, and neither does its negation: what is hidden cannot be found out by asking twice.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final, LiteralString

from symbiosis.domain.ids import SiteId
from symbiosis.errors import InputError, NotFoundError
from symbiosis.store.graph import Tx

MAX_CONDITIONS: Final = 30
MAX_LISTED: Final = 100
EARTH_M: Final = 6_371_008.8

SITE_POSITIONS: Final[LiteralString] = """
UNWIND $site_ids AS wanted
MATCH (site:Site {id: wanted})
RETURN site.id AS site_id, site.lat AS lat, site.lon AS lon
ORDER BY site_id
"""


class Comparison(StrEnum):
    """How the fact of a row is compared with a value."""

    EQ = "EQ"
    IN = "IN"
    LT = "LT"
    LTE = "LTE"
    GT = "GT"
    GTE = "GTE"
    STARTS_WITH = "STARTS_WITH"
    CONTAINS = "CONTAINS"


Value = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A fact of a row compares so with this value; `field` is a key of the list's table of places."""

    field: StrEnum
    comparison: Comparison
    value: Value


@dataclass(frozen=True, slots=True)
class Near:
    """A site of the row is at most so far from another site, as the crow flies."""

    site_id: SiteId
    within_m: int


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of these hold; of none, always."""

    parts: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these holds at least; of none, never."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where its part is known not to."""

    part: "Condition"


Condition = Compared | Near | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands in the pattern of a list: `before`, then the comparison, then `after`.

    `shown` is the condition under which the viewer reads the fact; empty is always. `folded` facts are compared
    whatever the case.
    """

    before: LiteralString
    after: LiteralString = ""
    shown: LiteralString = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the latitude and the longitude of a row's site stand, and when the viewer reads them."""

    lat: LiteralString
    lon: LiteralString
    shown: LiteralString = ""


Places = Mapping[StrEnum, tuple[Place, ...]]
"""Of each field of a list, the places where it may stand; a comparison holds if it does at one of them."""


class WhereError(InputError):
    """A filter asks for more than a list compares."""

    code = "WHERE"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a site stands, WGS84 degrees."""

    lat: float
    lon: float


_WORDS: Final[dict[Comparison, LiteralString]] = {
    Comparison.EQ: " = ",
    Comparison.IN: " IN ",
    Comparison.LT: " < ",
    Comparison.LTE: " <= ",
    Comparison.GT: " > ",
    Comparison.GTE: " >= ",
    Comparison.STARTS_WITH: " STARTS WITH ",
    Comparison.CONTAINS: " CONTAINS ",
}
_SLOTS: Final[tuple[LiteralString, ...]] = (
    *("$w0", "$w1", "$w2", "$w3", "$w4", "$w5", "$w6", "$w7", "$w8", "$w9"),
    *("$w10", "$w11", "$w12", "$w13", "$w14", "$w15", "$w16", "$w17", "$w18", "$w19"),
    *("$w20", "$w21", "$w22", "$w23", "$w24", "$w25", "$w26", "$w27", "$w28", "$w29"),
    *("$w30", "$w31", "$w32", "$w33", "$w34", "$w35", "$w36", "$w37", "$w38", "$w39"),
)
_MAX_NEAR: Final = 2


def digest(condition: Condition) -> str:
    """Return a short text that is the same for the same condition only; a cursor carries it."""
    return "" if condition == AllOf() else sha256(repr(condition).encode("utf-8", "surrogatepass")).hexdigest()[:16]


async def positions(tx: Tx, condition: Condition) -> dict[SiteId, Position]:
    """Return where the sites stand that the condition measures from; raise NotFoundError for one that is not there."""
    wanted = sorted({leaf.site_id for leaf in _leaves(condition) if isinstance(leaf, Near)})
    if not wanted:
        return {}
    rows = await tx.run(SITE_POSITIONS, site_ids=wanted)
    found = {SiteId(row["site_id"]): Position(row["lat"], row["lon"]) for row in rows}
    for site_id in wanted:
        if site_id not in found:
            raise NotFoundError("site", site_id)
    return found


def check_size(condition: Condition) -> None:
    """Raise WhereError if the condition has more comparisons than a statement takes, or one that lists nothing."""
    leaves = list(_leaves(condition))
    if len(leaves) > MAX_CONDITIONS:
        raise WhereError(f"`where` has {len(leaves)} conditions; {MAX_CONDITIONS} is the most. Ask in two queries.")
    if any(isinstance(leaf, Compared) and leaf.value == () for leaf in leaves):
        raise WhereError("`in` or `notIn` lists no value; leave it out, or name one.")
    if sum(isinstance(leaf, Near) for leaf in leaves) > _MAX_NEAR:
        raise WhereError(f"`where` measures from more than {_MAX_NEAR} sites; ask in two queries.")


def _leaves(condition: Condition) -> Iterator[Compared | Near]:
    match condition:
        case Compared() | Near():
            yield condition
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)


class Composer:
    """Turns conditions into Cypher; `parameters` has the values of what was turned so far."""

    def __init__(self, places: Places, standing: Sequence[Standing], near: Mapping[SiteId, Position]) -> None:
        self._places, self._standing, self._near = places, standing, near
        self.parameters: dict[str, object] = {}

    def text(self, condition: Condition, *, holds: bool = True) -> LiteralString:
        """Return the Cypher of a condition, or of its negation if it is not to hold."""
        match condition:
            case Compared():
                return self._compared(condition, holds=holds)
            case Near():
                return self._near_one(condition, holds=holds)
            case Not(part):
                return self.text(part, holds=not holds)
            case AllOf(parts):
                return _joint([self.text(part, holds=holds) for part in parts], every=holds)
            case AnyOf(parts):
                return _joint([self.text(part, holds=holds) for part in parts], every=not holds)

    def _compared(self, leaf: Compared, *, holds: bool) -> LiteralString:
        places = self._places[leaf.field]
        value = leaf.value
        if places[0].folded:
            value = tuple(map(str.lower, value)) if isinstance(value, tuple) else str(value).lower()
        slot = self._slot(list(value) if isinstance(value, tuple) else value)
        word = _WORDS[leaf.comparison]
        texts: list[LiteralString] = [
            _shown(place.before + word + slot + place.after, unless_hidden=place.shown, holds=holds) for place in places
        ]
        return _joint(texts, every=not holds)

    def _near_one(self, leaf: Near, *, holds: bool) -> LiteralString:
        at = self._near[leaf.site_id]
        turn = min(leaf.within_m / EARTH_M, math.pi)
        low, high = self._slot(at.lat - math.degrees(turn)), self._slot(at.lat + math.degrees(turn))
        sine, cosine = self._slot(math.sin(math.radians(at.lat))), self._slot(math.cos(math.radians(at.lat)))
        lon, reach = self._slot(at.lon), self._slot(math.cos(turn) - 1e-15)
        texts: list[LiteralString] = [
            _shown(
                (stands.lat + " >= " + low + " AND " + stands.lat + " <= " + high)
                + (" AND sin(radians(" + stands.lat + ")) * " + sine + " + cos(radians(" + stands.lat + ")) * ")
                + (cosine + " * cos(radians(" + stands.lon + " - " + lon + ")) >= " + reach),
                unless_hidden=stands.shown,
                holds=holds,
            )
            for stands in self._standing
        ]
        return _joint(texts, every=not holds)

    def _slot(self, value: object) -> LiteralString:
        slot = _SLOTS[len(self.parameters)]
        self.parameters[slot[1:]] = value
        return slot


def _shown(text: LiteralString, *, unless_hidden: LiteralString, holds: bool) -> LiteralString:
    said = "(" + text + ")" if holds else "(NOT (" + text + "))"
    return "(" + unless_hidden + " AND " + said + ")" if unless_hidden else said


def _joint(texts: Sequence[LiteralString], *, every: bool) -> LiteralString:
    if not texts:
        return "true" if every else "false"
    if len(texts) == 1:
        return texts[0]
    word: LiteralString = " AND " if every else " OR "
    return "(" + word.join(texts) + ")"
