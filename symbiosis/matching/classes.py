"""Which resources and waste codes may meet at all: decided once for each class of listings, never for each pair.

A class is a resource with a waste code. Listings are few classes, so the table (supply classes x demand classes) is
small, and what is found there holds for every pair of their listings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from symbiosis.domain.candidates import Match, Refusal
from symbiosis.domain.resources import Resource, ResourceKind
from symbiosis.domain.transport import TRANSPORT
from symbiosis.matching.snapshot import Bools, Ints, Side, Snapshot

MATCHES: Final = (None, *Match)
"""What the numbers of a match column mean: 0 is no match, 1 the strictest."""

KINDS: Final = tuple(ResourceKind)
_CODE_DIGITS: Final = {6: Match.LOW_CODE, 4: Match.LOW_SUBCHAPTER}


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """The classes of both sides and how they match.

    of_supply (n,), of_demand (m,)      class of each listing
    match (classes, classes)            number in MATCHES; 0 is none
    substitution (classes, classes)     row of the snapshot's substitutions behind a SUBSTITUTE, else -1
    kind_of_supply_class (classes,)     number in KINDS
    passed                              where each rule about classes lets a pair pass, (classes, classes) each;
                                        match is 0 unless all do
    """

    of_supply: Ints
    of_demand: Ints
    match: Ints
    substitution: Ints
    kind_of_supply_class: Ints
    passed: dict[Refusal, Bools]


def classify(snapshot: Snapshot) -> Classes:
    """Return the classes of a snapshot's listings and the table of their matches."""
    of_supply, supplies = _classes(snapshot.supplies)
    of_demand, demands = _classes(snapshot.demands)
    given = [snapshot.resources[code] for code, _ in supplies]
    wanted = [snapshot.resources[code] for code, _ in demands]
    substitution = _substitutions(snapshot, given, wanted)
    match = np.zeros((len(given), len(wanted)), np.int64)
    for how in (Match.LOW_SUBCHAPTER, Match.LOW_CODE):
        match[_accepted(supplies, given, demands, how)] = MATCHES.index(how)
    match[substitution >= 0] = MATCHES.index(Match.SUBSTITUTE)
    match[_equal([r.code for r in given], [r.code for r in wanted])] = MATCHES.index(Match.SAME_RESOURCE)
    passed = {Refusal.RESOURCE: match > 0, Refusal.KIND: _same_kind(given, wanted), Refusal.UNIT: _unit(given, wanted)}
    match[~np.logical_and.reduce(list(passed.values()))] = 0
    substitution[match != MATCHES.index(Match.SUBSTITUTE)] = -1
    return Classes(
        of_supply=of_supply,
        of_demand=of_demand,
        match=match,
        substitution=substitution,
        kind_of_supply_class=np.array([KINDS.index(resource.kind) for resource in given], dtype=np.int64),
        passed=passed,
    )


def _classes(side: Side) -> tuple[Ints, list[tuple[str, str | None]]]:
    """Return the class of each listing, and of each class its resource and waste code."""
    keys = [(listing.resource_code, listing.waste_code or "") for listing in side.listings]
    found = {key: number for number, key in enumerate(sorted(set(keys)))}
    numbers = np.array([found[key] for key in keys], dtype=np.int64)
    return numbers, [(code, waste_code or None) for code, waste_code in found]


def _equal(left: Sequence[str], right: Sequence[str]) -> Bools:
    numbers = {value: number for number, value in enumerate({*left, *right})}
    rows = np.array([numbers[value] for value in left], dtype=np.int64)
    columns = np.array([numbers[value] for value in right], dtype=np.int64)
    equal: Bools = rows[:, None] == columns[None, :]
    return equal


def _same_kind(given: Sequence[Resource], wanted: Sequence[Resource]) -> Bools:
    return _equal([resource.kind for resource in given], [resource.kind for resource in wanted])


def _unit(given: Sequence[Resource], wanted: Sequence[Resource]) -> Bools:
    """Return where the base units agree and the supply's kind can travel in it."""
    travels = np.array([resource.base_unit in TRANSPORT[resource.kind].base_units for resource in given], np.bool_)
    return _equal([r.base_unit for r in given], [r.base_unit for r in wanted]) & travels[:, None]


def _substitutions(snapshot: Snapshot, given: Sequence[Resource], wanted: Sequence[Resource]) -> Ints:
    number = {code: row for row, code in enumerate(snapshot.resources)}
    table = np.full((len(number), len(number)), -1, np.int64)
    for row, substitution in enumerate(snapshot.substitutions):
        table[number[substitution.by_product], number[substitution.input_]] = row
    rows = np.array([number[resource.code] for resource in given], dtype=np.int64)
    columns = np.array([number[resource.code] for resource in wanted], dtype=np.int64)
    by_class: Ints = table[rows[:, None], columns[None, :]]
    return by_class


def _accepted(
    supplies: Sequence[tuple[str, str | None]],
    given: Sequence[Resource],
    demands: Sequence[tuple[str, str | None]],
    how: Match,
) -> Bools:
    """Return where a demand states a waste code of this length and the supply is thrown away under it."""
    digits = next(length for length, match in _CODE_DIGITS.items() if match is how)
    under: dict[str, list[int]] = {}
    for row, ((_, stated), resource) in enumerate(zip(supplies, given, strict=True)):
        for code in (stated,) if stated else resource.waste_codes:
            under.setdefault(code[:digits], []).append(row)
    fits = np.zeros((len(supplies), len(demands)), np.bool_)
    for column, (_, accepted) in enumerate(demands):
        if accepted is not None and len(accepted) == digits:
            fits[under.get(accepted, []), column] = True
    return fits
