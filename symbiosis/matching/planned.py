"""The suggestions of a plan in columns: a hundred thousand are a few arrays, and each is made when it is asked for."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, TypeAlias, TypeVar, overload

import numpy as np

from symbiosis.domain.ids import ListingId, RunId, synergy_id_of
from symbiosis.domain.synergies import Proposal, Suggestion
from symbiosis.domain.worth import LINES, Measure, Part
from symbiosis.matching.breakdown import References, Whole, Worths, factors_in
from symbiosis.matching.classes import MATCHES
from symbiosis.matching.snapshot import Bools, Ints
from symbiosis.matching.ways import VEHICLES

UNPRICED: Final = ((), ("DISPOSAL",), ("PURCHASE",), ("DISPOSAL", "PURCHASE"))
"""What the numbers of a column of unpriced parts mean."""
AT_ONCE: Final = 1000

_Columns: TypeAlias = list[list[Any]]

Name = TypeVar("Name", str, tuple[str, ...], References)


@dataclass(frozen=True, slots=True, eq=False)
class Suggestions(Sequence[Proposal]):
    """The suggestions of a run, the most valuable first; n rows.

    pairs, versions (n)         the two listings of each, and their versions
    candidate (n,)              the candidate that each is; they are sorted by pair
    worths                      quantities, lines and ranges
    supplier_cent (n,)          what the supplier gets of the value, cents per year
    distance_m, match, technique, vehicle, unpriced (n,)
                                metres; numbers in MATCHES, in `techniques` (-1 is none), in VEHICLES, in UNPRICED
    """

    run_id: RunId
    pairs: tuple[tuple[ListingId, ListingId], ...]
    versions: tuple[tuple[int, int], ...]
    candidate: Ints
    worths: Worths
    supplier_cent: Whole
    distance_m: Ints
    match: Ints
    technique: Ints
    techniques: tuple[str, ...]
    vehicle: Ints
    unpriced: Ints
    estimated: Bools

    def __len__(self) -> int:
        return len(self.pairs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self[:] == list(other)

    def __hash__(self) -> int:
        return hash((self.run_id, self.pairs))

    @overload
    def __getitem__(self, place: int) -> Proposal: ...
    @overload
    def __getitem__(self, place: slice) -> list[Proposal]: ...
    def __getitem__(self, place: int | slice) -> Proposal | list[Proposal]:
        if isinstance(place, slice):
            return self._proposals(range(*place.indices(len(self))))
        return self._proposals(range(len(self))[place : place + 1 or None])[0]

    def __iter__(self) -> Iterator[Proposal]:
        for first in range(0, len(self), AT_ONCE):
            yield from self[first : first + AT_ONCE]

    @property
    def value_cent(self) -> int:
        """Return what all of them are worth, cents per year."""
        return sum(self.worths.value_cent.tolist())

    @property
    def avoided_gco2e(self) -> int:
        """Return what all of them avoid, g CO2e per year."""
        return sum(self.worths.avoided_gco2e.tolist())

    def amounts(self) -> dict[tuple[ListingId, ListingId], tuple[int, int]]:
        """Return the quantity (base units) and the value (cents) of each pair, per year."""
        each = zip(self.worths.quantity.tolist(), self.worths.value_cent.tolist(), strict=True)
        return dict(zip(self.pairs, each, strict=True))

    def sha256(self) -> str:
        """Return the hash of the plan: every fact of every suggestion, sorted by pair, without the run that made it.

        What is hashed, columns sorted by pair: as JSON the listings of all pairs and, once each and sorted, the names
        that occur (matches, techniques, vehicles, unpriced parts, what lines are made of); then numbers of eight bytes,
        least first: quantity, distance, supplier's share, estimated, the place of each row's name in those lists in the
        same order, then the amounts of all lines, their low and their high ends, and the ends of both totals. A column
        that needs more than eight bytes is JSON.
        """
        rows = np.argsort(self.candidate)
        made = self.worths.of(rows)
        named = [
            _placed([str(match) for match in MATCHES], self.match[rows]),
            _placed([*self.techniques, ""], self.technique[rows] % (len(self.techniques) + 1)),
            _placed([vehicle.name for vehicle in VEHICLES], self.vehicle[rows]),
            _placed(UNPRICED, self.unpriced[rows]),
            _placed(made.references, made.uses),
        ]
        pairs = [self.pairs[row] for row in rows.tolist()]
        head = [list(map(itemgetter(end), pairs)) for end in (0, 1)], [names for names, _ in named]
        digest = hashlib.sha256(json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode())
        facts = made.quantity, self.distance_m[rows], self.supplier_cent[rows], self.estimated[rows]
        worth = made.amounts, made.low, made.high, made.totals_low, made.totals_high
        for column in (*facts, *(places for _, places in named), *worth):
            digest.update(_bytes(column))
        return digest.hexdigest()

    def _facts(self, rows: Ints) -> tuple[_Columns, _Columns, _Columns, _Columns]:
        """Return the columns of some suggestions in the order of their fields: ten figures; match, technique and
        whether it is estimated; four ends; vehicle, what its lines are made of, and what is unpriced.
        """
        made, supplier = self.worths.of(rows), self.supplier_cent[rows]
        lines = dict(zip(LINES, made.amounts, strict=True))
        figures = [
            made.quantity,
            self.distance_m[rows],
            made.value_cent,
            lines[Measure.CENT, Part.DISPOSAL] + lines[Measure.CENT, Part.TAX],
            lines[Measure.CENT, Part.PURCHASE],
            -lines[Measure.CENT, Part.TRANSPORT],
            -lines[Measure.CENT, Part.TREATMENT],
            supplier,
            made.value_cent - supplier,
            made.avoided_gco2e,
        ]
        ends = [made.totals_low[0], made.totals_high[0], made.totals_low[1], made.totals_high[1]]
        techniques = (*self.techniques, None)
        return (
            [column.tolist() for column in figures],
            [
                [str(MATCHES[number]) for number in self.match[rows].tolist()],
                [techniques[number] for number in self.technique[rows].tolist()],
                self.estimated[rows].tolist(),
            ],
            [column.tolist() for column in ends],
            [
                [VEHICLES[number].name for number in self.vehicle[rows].tolist()],
                made.uses.tolist(),
                [UNPRICED[number] for number in self.unpriced[rows].tolist()],
            ],
        )

    def _proposals(self, places: range) -> list[Proposal]:
        figures, named, ends, rest = self._facts(np.array(places, dtype=np.int64))
        factors = {use: factors_in(self.worths.references[use]) for use in set(rest[1])}
        facts = zip(*figures, *named, *ends, strict=True)
        made = []
        for place, each, (vehicle, use, unpriced) in zip(places, facts, zip(*rest, strict=True), strict=True):
            supply_id, demand_id = self.pairs[place]
            named_after = (self.run_id, synergy_id_of(supply_id, demand_id), place + 1)
            suggestion = Suggestion(*(*named_after, *each, vehicle, self.worths.lines(place), factors[use], unpriced))
            basis = "{}:{}".format(*self.versions[place])
            made.append(Proposal(supply_id, demand_id, basis, suggestion))
        return made


def _placed(names: Sequence[Name], numbers: Ints) -> tuple[list[Name], Ints]:
    """Return those names that numbers stand for, each once and sorted, and the place there of each number."""
    used, where = np.unique(numbers, return_inverse=True)
    told = [names[number] for number in used.tolist()]
    kept = sorted(set(told))
    place = {name: number for number, name in enumerate(kept)}
    return kept, np.array([place[name] for name in told], dtype=np.int64)[where]


def _bytes(column: Whole | Bools) -> bytes | memoryview:
    """Return a column as what is hashed of it."""
    if column.dtype == np.object_:
        return json.dumps(column.tolist(), separators=(",", ":")).encode()
    return np.ascontiguousarray(column, "<i8").data.cast("B") if column.size else b""
