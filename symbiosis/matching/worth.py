"""Which candidates a run leaves out though they may meet: rules with a sum that is data, never a hidden filter.

LEAST_VALUE    alone, with the most that its two listings could exchange, the pair is worth less a year than the factor
               `plan.least_value` says
LEAST_AVOIDED  even at the favourable end of its range the pair avoids less per trade unit than `plan.least_avoided`

A rule whose factor is not in the store leaves nothing out. What people work on is kept whatever these rules say; a pair
that passes them may still be suggested for a small part of what it could exchange.
"""

from dataclasses import dataclass

import numpy as np

from symbiosis.domain.factors import LEAST_AVOIDED, LEAST_VALUE
from symbiosis.domain.worth import LeftOut
from symbiosis.matching.candidates import Candidates
from symbiosis.matching.snapshot import Bools, Ints, Snapshot
from symbiosis.matching.value import CHUNK, MILLICENT_PER_CENT, ArcValues, ranges_of
from symbiosis.units import CENT_PER_EUR, GRAM_PER_KG

GRAMS = 1
"""The row of `Ranges.total_rise` that is emissions."""


@dataclass(frozen=True, slots=True, eq=False)
class Worthwhile:
    """Which candidates each rule leaves out, (P,) each."""

    out: dict[LeftOut, Bools]

    @property
    def kept(self) -> Bools:
        """Return which candidates no rule leaves out."""
        kept: Bools = ~np.logical_or.reduce(list(self.out.values()))
        return kept


def worthwhile(snapshot: Snapshot, candidates: Candidates, values: ArcValues, emits: Bools | None = None) -> Worthwhile:
    """Return which candidates the rules leave out; which emit (P,) is found unless it is given."""
    every = np.arange(len(candidates))
    return Worthwhile(
        {
            LeftOut.LEAST_VALUE: _too_small(snapshot, candidates, values),
            LeftOut.LEAST_AVOIDED: emitting(snapshot, candidates, values, every) if emits is None else emits,
        }
    )


def _too_small(snapshot: Snapshot, candidates: Candidates, values: ArcValues) -> Bools:
    least = snapshot.factors.get(LEAST_VALUE)
    if least is None:
        return np.zeros(len(candidates), np.bool_)
    most = np.minimum(snapshot.supplies.quantity[candidates.supply], snapshot.demands.quantity[candidates.demand])
    small: Bools = values.counted_millicent * most.astype(np.float64) < least.value * CENT_PER_EUR * MILLICENT_PER_CENT
    return small


def emitting(snapshot: Snapshot, candidates: Candidates, values: ArcValues, rows: Ints) -> Bools:
    """Return which of some candidates avoid less than the least, even at best (n,)."""
    least = snapshot.factors.get(LEAST_AVOIDED)
    emits = np.zeros(len(rows), np.bool_)
    if least is None:
        return emits
    least_g = least.value * GRAM_PER_KG
    doubtful = np.flatnonzero(values.gco2e[rows] < least_g)
    for start in range(0, len(doubtful), CHUNK):
        some = doubtful[start : start + CHUNK]
        part = rows[some]
        emits[some] = values.gco2e[part] + ranges_of(candidates, values, part).total_rise[GRAMS] < least_g
    return emits
