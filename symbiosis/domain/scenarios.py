"""Scenarios: what if a factor, a price, a site, a capacity or the weight of emissions were another one."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Self, get_args

from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction
from symbiosis.domain.runs import Run
from symbiosis.errors import InputError
from symbiosis.units import cent_from_eur, eur_from_cent

NAME_LENGTH: Final = 60
MOST_CHANGES: Final = 1000
MOST_CENT_PER_T: Final = 10_000_000
"""Greatest weight on a tonne CO2e: 100,000 EUR."""


class ScenarioError(InputError):
    """The description of a scenario is wrong; nothing was computed."""

    code = "SCENARIO"


@dataclass(frozen=True, slots=True)
class FactorChange:
    """A factor with another of its versions in force, with another value, or with its value times something."""

    key: str
    version: str | None = None
    value: float | None = None
    times: float | None = None

    def __post_init__(self) -> None:
        given = [x for x in (self.version, self.value, self.times) if x is not None]
        if len(given) != 1:
            raise ScenarioError(f"The factor {self.key} has {len(given)} changes; give `version`, `value` or `times`.")


@dataclass(frozen=True, slots=True)
class PriceChange:
    """What open listings of a resource state as their price, times something; sides without a price are left alone."""

    resource_code: ResourceCode
    direction: Direction
    times: float


@dataclass(frozen=True, slots=True)
class CapacityChange:
    """A listing with another quantity a year, in the trade unit of its resource (t, m3, MWh, m2, h); 0 takes it out."""

    listing_id: ListingId
    quantity_per_year: float

    def __post_init__(self) -> None:
        if not 0 <= self.quantity_per_year < float("inf"):
            raise ScenarioError(f"The quantity of {self.listing_id} is {self.quantity_per_year}; give 0 or more.")


@dataclass(frozen=True, slots=True)
class NewCapacity:
    """A listing that is not there yet, at a site that is: trade units per year, EUR per trade unit."""

    site_id: SiteId
    direction: Direction
    resource_code: ResourceCode
    quantity_per_year: float
    price_per_unit_eur: float | None = None
    waste_code: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.quantity_per_year < float("inf"):
            raise ScenarioError(f"The new listing at {self.site_id} has {self.quantity_per_year}; give more than 0.")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named change of the market; `co2_cent_per_t` is what a tonne CO2e avoided counts on top of the value."""

    name: str
    factors: tuple[FactorChange, ...] = ()
    prices: tuple[PriceChange, ...] = ()
    capacities: tuple[CapacityChange, ...] = ()
    new: tuple[NewCapacity, ...] = ()
    closed_site_ids: tuple[SiteId, ...] = ()
    co2_cent_per_t: int = 0

    def __post_init__(self) -> None:
        if not 0 < len(self.name.strip()) <= NAME_LENGTH or not self.name.isprintable():
            raise ScenarioError(f"The name {self.name!r} cannot stand for a scenario; write 1 to {NAME_LENGTH} signs.")
        if not 0 <= self.co2_cent_per_t <= MOST_CENT_PER_T:
            raise ScenarioError("The weight on CO2e is 0 to 100,000 EUR per tonne; give one in that range.")
        lists = (self.factors, self.prices, self.capacities, self.new, self.closed_site_ids)
        if sum(map(len, lists)) > MOST_CHANGES:
            raise ScenarioError(f"The scenario has more than {MOST_CHANGES} changes; split it.")
        self._check_twice()

    def _check_twice(self) -> None:
        named: tuple[tuple[str, list[str]], ...] = (
            ("factor", [change.key for change in self.factors]),
            ("listing", [change.listing_id for change in self.capacities]),
            ("new listing", [f"{x.direction} of {x.resource_code} at {x.site_id}" for x in self.new]),
            ("price", [f"{change.resource_code} {change.direction}" for change in self.prices]),
        )
        for what, keys in named:
            twice = sorted(key for key, times in Counter(keys).items() if times > 1)
            if twice:
                raise ScenarioError(f"The {what} {twice[0]} stands twice; name it once.")

    def as_text(self) -> str:
        """Return the changes as one line of JSON, what is not changed left out."""
        content = asdict(self, dict_factory=lambda items: {key: value for key, value in items if value is not None})
        weight = content.pop("co2_cent_per_t")
        content["eur_per_tco2e"] = eur_from_cent(weight)
        return json.dumps({key: value for key, value in content.items() if value}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, content: object) -> Self:
        """Return the scenario that a JSON object describes, or raise ScenarioError for what it does not understand."""
        given = _object(content, "The scenario", {"name", "closed_site_ids", "eur_per_tco2e", *_LISTS})
        weight = given.get("eur_per_tco2e", 0)
        if not isinstance(weight, int | float) or isinstance(weight, bool):
            raise ScenarioError(f"eur_per_tco2e is {weight!r}; give a number.")
        parts: dict[str, Any] = {"name": given.get("name", ""), "closed_site_ids": _texts(given, "closed_site_ids")}
        if not isinstance(parts["name"], str):
            raise ScenarioError("The name of the scenario is no text; write one in quotation marks.")
        for name, kind in _LISTS.items():
            parts[name] = tuple(_change(kind, row, name) for row in _rows(given, name))
        return cls(**parts, co2_cent_per_t=cent_from_eur(weight))


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """A computed scenario. `base_sha256` is the hash of the market it changes: two of the same base compare exactly.

    `counted_cent` is the value plus the weight on emissions, the sum that is proven best; `bound_cent` is its bound.
    `mass_kg_per_year` adds up what is exchanged by weight (kg as received); other units are not in it.
    """

    run: Run
    changes: str
    base_sha256: str
    counted_cent_per_year: int
    counted_bound_cent_per_year: int
    mass_kg_per_year: int


@dataclass(frozen=True, slots=True)
class PlannedPair:
    """What a plan gives one pair, per year: base units, cents, g CO2e; and the sites at its two ends."""

    supply_id: ListingId
    demand_id: ListingId
    supply_site_id: SiteId
    demand_site_id: SiteId
    quantity_base_per_year: int
    value_cent_per_year: int
    avoided_gco2e_per_year: int


@dataclass(frozen=True, slots=True)
class SiteChange:
    """How much more a site's exchanges are worth in one plan than in another; each pair counts at both its sites."""

    site_id: SiteId
    value_cent_per_year: int
    avoided_gco2e_per_year: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One scenario beside the first of a comparison: pairs it has more and fewer, and the sites it touches most."""

    scenario: ScenarioRun
    same_base: bool
    new_pairs: int
    gone_pairs: int
    sites: tuple[SiteChange, ...]


def compare(
    first: tuple[ScenarioRun, Sequence[PlannedPair]], other: tuple[ScenarioRun, Sequence[PlannedPair]]
) -> Compared:
    """Return another scenario as seen from the first; sites with the greatest change of value first, then by id."""
    before = {(pair.supply_id, pair.demand_id) for pair in first[1]}
    after = {(pair.supply_id, pair.demand_id) for pair in other[1]}
    changes: dict[SiteId, list[int]] = {}
    for sign, pairs in ((-1, first[1]), (1, other[1])):
        for pair in pairs:
            for site_id in {pair.supply_site_id, pair.demand_site_id}:
                sums = changes.setdefault(site_id, [0, 0])
                sums[0] += sign * pair.value_cent_per_year
                sums[1] += sign * pair.avoided_gco2e_per_year
    touched = [SiteChange(site_id, value, avoided) for site_id, (value, avoided) in changes.items() if value or avoided]
    touched.sort(key=lambda site: (-abs(site.value_cent_per_year), site.site_id))
    return Compared(
        scenario=other[0],
        same_base=first[0].base_sha256 == other[0].base_sha256,
        new_pairs=len(after - before),
        gone_pairs=len(before - after),
        sites=tuple(touched),
    )


_LISTS: Final[Mapping[str, type]] = {
    "factors": FactorChange,
    "prices": PriceChange,
    "capacities": CapacityChange,
    "new": NewCapacity,
}


def _object(content: object, what: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise ScenarioError(f"{what} is not a JSON object; write it in braces.")
    strange = sorted(set(content) - known)
    if strange:
        raise ScenarioError(f"{what} has {strange[0]!r}, which is not known; it may have {', '.join(sorted(known))}.")
    return dict(content)


def _rows(given: Mapping[str, Any], name: str) -> list[object]:
    rows = given.get(name, [])
    if not isinstance(rows, list):
        raise ScenarioError(f"{name} is not a list; write it in brackets.")
    return rows


def _texts(given: Mapping[str, Any], name: str) -> tuple[SiteId, ...]:
    rows = _rows(given, name)
    if not all(isinstance(row, str) for row in rows):
        raise ScenarioError(f"{name} holds something that is no text; write each in quotation marks.")
    return tuple(SiteId(str(row)) for row in rows)


def _change(kind: type, row: object, name: str) -> object:
    """Return one row of a list as what it is, its types looked at."""
    columns = {field.name: field.type for field in fields(kind)}
    given = _object(row, f"A row of {name}", set(columns))
    for key, value in given.items():
        wanted = columns[key]
        if wanted is Direction:
            if value not in set(Direction):
                raise ScenarioError(f"{key} is {value!r}; write SUPPLY or DEMAND.")
            given[key] = Direction(value)
            continue
        number = float in (wanted, *get_args(wanted))
        if isinstance(value, bool) or not isinstance(value, int | float if number else str):
            raise ScenarioError(f"{key} in {name} is {value!r}; give {'a number' if number else 'a text'}.")
    try:
        return kind(**given)
    except TypeError as missing:
        raise ScenarioError(f"A row of {name} lacks something: {str(missing).split(': ')[-1]}.") from missing
