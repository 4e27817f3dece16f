"""Which candidates a run leaves out though they may meet: rules with a sum that is data, never a hidden filter.

LEAST_VALUE    alone, with the most that its two listings could exchange, the pair is worth less a year than the factor
               `plan.least_value` says
LEAST_AVOIDED  even at the favourable end of its range the pair avoids less per trade unit than `plan.least_avoided`

A rule whose factor is not in the store leaves nothing out. What people work on is kept whatever these rules say; a pair
that passes them may still be suggested for a small part of what it could exchange.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from symbiosis.domain.factors import LEAST_AVOIDED, LEAST_VALUE
from symbiosis.domain.worth import LeftOut
from symbiosis.matching.candidates import Candidates
from symbiosis.matching.snapshot import Bools, Ints, Snapshot
from symbiosis.matching.value import MILLICENT_PER_CENT, ArcValues, ranges_of
from symbiosis.units import CENT_PER_EUR, GRAM_PER_KG

AT_ONCE: Final = 250_000
"""Candidates whose ranges are held at a time: some 50 MB."""
GRAMS = 1
"""The row of `Ranges.total_rise` that is emissions."""


@dataclass(frozen=True, eq=False)
class Worthwhile:
    """Which candidates each rule leaves out, (P,) each."""

    out: dict[LeftOut, Bools]

    @cached_property
    def kept(self) -> Bools:
        """Return which candidates no rule leaves out."""
        first, *others = self.out.values()
        kept = ~first
        for left_out in others:
            kept &= ~left_out
        return kept


def worthwhile(snapshot: Snapshot, candidates: Candidates, values: ArcValues) -> Worthwhile:
    """Return which candidates the rules leave out."""
    return Worthwhile(left_out(snapshot, candidates, values, np.arange(len(candidates))))


def left_out(snapshot: Snapshot, candidates: Candidates, values: ArcValues, rows: Ints) -> dict[LeftOut, Bools]:
    """Return which of some candidates each rule leaves out, (n,) each."""
    return {
        LeftOut.LEAST_VALUE: _too_small(snapshot, candidates, values, rows),
        LeftOut.LEAST_AVOIDED: _emitting(snapshot, candidates, values, rows),
    }


def _too_small(snapshot: Snapshot, candidates: Candidates, values: ArcValues, rows: Ints) -> Bools:
    least = snapshot.factors.get(LEAST_VALUE)
    if least is None:
        return np.zeros(len(rows), np.bool_)
    given, wanted = snapshot.supplies.quantity, snapshot.demands.quantity
    most = np.minimum(given[candidates.supply[rows]], wanted[candidates.demand[rows]]).astype(np.float64)
    small: Bools = values.counted_millicent[rows] * most < least.value * CENT_PER_EUR * MILLICENT_PER_CENT
    return small


def _emitting(snapshot: Snapshot, candidates: Candidates, values: ArcValues, rows: Ints) -> Bools:
    least = snapshot.factors.get(LEAST_AVOIDED)
    emits = np.zeros(len(rows), np.bool_)
    if least is None:
        return emits
    least_g = least.value * GRAM_PER_KG
    avoided = values.gco2e_of(rows)
    doubtful = np.flatnonzero(avoided < least_g)
    for start in range(0, len(doubtful), AT_ONCE):
        some = doubtful[start : start + AT_ONCE]
        emits[some] = avoided[some] + ranges_of(candidates, values, rows[some]).total_rise[GRAMS] < least_g
    return emits
