"""Which pairs the law bars: decided once for each class of the law, never for each pair.

Listings that the law cannot tell apart are one class: of supplies, what they may be, where they come from and what is
stated about them; of demands, the headings of their sites. `barred` holds the answer for each supply class, demand
class and recovery operation, found by the same `legal_path` that an explanation shows.
"""

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from symbiosis.domain.evidence import Evidence
from symbiosis.domain.legal import Flow, LegalPath, Regime, legal_path
from symbiosis.domain.permits import Operation
from symbiosis.domain.resources import Resource, Substitution
from symbiosis.matching.snapshot import Bools, Ints, Snapshot
from symbiosis.store.snapshot import OpenListing

OPERATIONS: Final = (*Operation, None)
"""What the last axis of `barred` and the numbers of `of_substitution` mean; the last is not known."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """The law of a snapshot.

    of_supply (n,), of_demand (m,)      class of each listing
    of_substitution (k + 1,)            number in OPERATIONS of each substitution; the last is that of no treatment
    barred (classes, classes, ops)      whether a pair may not meet
    """

    of_supply: Ints
    of_demand: Ints
    of_substitution: Ints
    barred: Bools


def law_of(snapshot: Snapshot) -> Law:
    """Return what the law says to the classes of a snapshot."""
    of_supply, flows = _numbered([_said(x, snapshot.resources) for x in snapshot.supplies.listings])
    of_demand, headings = _numbered([x.headings for x in snapshot.demands.listings])
    done = [OPERATIONS.index(row.operation) for row in snapshot.substitutions]
    barred = np.zeros((len(flows), len(headings), len(OPERATIONS)), np.bool_)
    for row, said in enumerate(flows):
        if _flow(said, None).regime in {Regime.HAZARDOUS, Regime.UNSTATED}:
            for place in sorted({*done, len(OPERATIONS) - 1}):
                flow = _flow(said, OPERATIONS[place])
                barred[row, :, place] = [legal_path(flow, held).is_barred for held in headings]
    return Law(of_supply, of_demand, np.array([*done, len(OPERATIONS) - 1], dtype=np.int64), barred)


def path_of(
    supply: OpenListing, demand: OpenListing, resources: dict[str, Resource], treatment: Substitution | None
) -> LegalPath:
    """Return the legal path of one pair."""
    flow = _flow(_said(supply, resources), None if treatment is None else treatment.operation)
    return legal_path(flow, demand.headings, resources[supply.resource_code].adr_class)


_Said = tuple[str | None, tuple[str, ...], str | None, tuple[str, ...]]


def _said(supply: OpenListing, resources: dict[str, Resource]) -> _Said:
    return supply.waste_code, resources[supply.resource_code].waste_codes, supply.naf, supply.evidence


def _flow(said: _Said, operation: Operation | None) -> Flow:
    waste_code, possible, naf, evidence = said
    return Flow(waste_code, possible, naf, tuple(map(Evidence.from_text, evidence)), operation)


def _numbered(keys: list[T]) -> tuple[Ints, list[T]]:
    """Return the number of each key, and the keys by number, in the order of their first place."""
    numbers: dict[T, int] = {}
    found = [numbers.setdefault(key, len(numbers)) for key in keys]
    return np.array(found, dtype=np.int64), list(numbers)
