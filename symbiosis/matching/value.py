"""What one trade unit is worth on each candidate pair, and what it saves: whole cents and grams, vectorised.

value      = avoided gate fee + avoided tax + avoided purchase - transport - treatment           cents per trade unit
gate fee   = the supply's own price (its tax is then in it), else its resource's disposal factor, else 0 and unpriced
purchase   = kept share x yield x (the demand's own price, else its resource's purchase factor, else 0 and unpriced)
transport  = cost per km x km + cost per unit, by the vehicle (`ways.py`)
treatment  = that of the substitution
emissions  = avoided disposal + kept share x yield x avoided virgin - transport per km x km - treatment         g CO2e
km         = distance by road, else distance of the candidate x detour factor, rounded to whole metres
kept share = 1 - loss per km x km, not below 0 (the first two terms of the exponential, hence never too much)

Each of the parts is rounded half to even to a whole cent or gram before they are added, so that parts always add up to
the value. One unit supplied takes one unit of the demand, even where it replaces less (a yield or a kept share below
1): a demand is never served beyond what it states. A yield above 1 is counted as 1 for the same reason.

Range      each input alone is set to its low and to its high end, and what that moves is combined as for independent
           inputs, falls and rises apart: low = value - sqrt(sum of squared falls). The inputs of one candidate are
           taken for independent. (JCGM 100:2008, 5.1.2 with the numeric sensitivities of 5.1.3; IPCC 2006 Guidelines,
           vol. 1, ch. 3, approach 1.) Quantities are taken as stated: the range is that of the figures, not of the
           listings.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from symbiosis.domain.worth import CENT_LINES, LINES, Measure, Part
from symbiosis.matching.candidates import Candidates
from symbiosis.matching.readings import Input, Readings, readings_of
from symbiosis.matching.snapshot import Bools, Floats, Ints, Snapshot
from symbiosis.matching.ways import Ways, ways_of
from symbiosis.units import BASE_PER_TRADE, GRAM_PER_TONNE, METRE_PER_KM

MILLICENT_PER_CENT: Final = 1000
CHUNK: Final = 1 << 14
"""Candidates that are valued at a time: what a processor's cache holds."""


@dataclass(frozen=True, eq=False)
class ArcValues:
    """What each candidate is worth; (P,) int64 in cents, metres or grams per trade unit, in candidates' order.

    millicent_per_base      the value of one base unit in thousandths of a cent
    counted_millicent       the same with the snapshot's weight on emissions: what the optimizer adds up
    known_gco2e             the emissions avoided, None where nobody has asked for all of them yet
    disposal_priced (S,), purchase_priced (D,)  whether anything is known of what each listing's side pays or earns
    """

    candidates: Candidates
    ways: Ways
    readings: Readings
    value_cent: Ints
    millicent_per_base: Ints
    counted_millicent: Ints
    known_gco2e: Ints | None
    disposal_priced: Bools
    purchase_priced: Bools

    @cached_property
    def way_m(self) -> Ints:
        """Return the way of each candidate, whole metres (P,)."""
        return self.way_m_of(np.arange(len(self.candidates)))

    @cached_property
    def no_disposal_price(self) -> Bools:
        """Return where nothing is known of what disposal costs, so that nothing is counted (P,)."""
        return ~self.disposal_priced[self.candidates.supply]

    @cached_property
    def no_purchase_price(self) -> Bools:
        """Return where nothing is known of what a purchase costs, so that nothing is counted (P,)."""
        return ~self.purchase_priced[self.candidates.demand]

    @cached_property
    def gco2e(self) -> Ints:
        """Return the emissions that each candidate avoids (P,)."""
        return self.gco2e_of(np.arange(len(self.candidates)))

    def way_m_of(self, rows: Ints) -> Ints:
        """Return the way of some candidates, whole metres (n,)."""
        detour = self.readings.of_vehicle[Input.DETOUR][0]
        metres: Ints = _metres(self.ways.of(rows), detour[self.ways.vehicle[rows]]).astype(np.int64)
        return metres

    def gco2e_of(self, rows: Ints) -> Ints:
        """Return the emissions that some candidates avoid (n,)."""
        if self.known_gco2e is not None:
            return self.known_gco2e[rows]
        return figures_of(self.candidates, (self.ways, self.readings), rows)[1]


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """How far lines and totals may be from what is stated, per trade unit: falls and rises, not below 0.

    Shapes: lines (len(LINES), n), totals (2, n): cents, grams.
    """

    line_fall: Floats
    line_rise: Floats
    total_fall: Floats
    total_rise: Floats


def value_candidates(snapshot: Snapshot, candidates: Candidates) -> ArcValues:
    """Return what each candidate is worth; raise FactorMissingError if a way cannot be priced."""
    ways = ways_of(snapshot, candidates)
    readings = readings_of(snapshot, ways)
    found = figures_of(candidates, (ways, readings), np.arange(len(candidates)))
    return arc_values(snapshot, candidates, (ways, readings), found)


def figures_of(candidates: Candidates, figures: tuple[Ways, Readings], rows: Ints) -> tuple[Ints, Ints]:
    """Return of some candidates the value in cents and what is avoided in grams, (n,) each."""
    ways, readings = figures
    value_cent, gco2e = (np.empty(len(rows), np.int64) for _ in range(2))
    for start in range(0, len(rows), CHUNK):
        part, at = rows[start : start + CHUNK], slice(start, start + CHUNK)
        stated = readings.of(candidates, ways, part, ends=1)[0]
        metres = _metres(ways.of(part), stated[Input.DETOUR])
        lines = np.rint(_lines(stated, metres)).astype(np.int64)
        value_cent[at], gco2e[at] = lines[:CENT_LINES].sum(0), lines[CENT_LINES:].sum(0)
    return value_cent, gco2e


def arc_values(
    snapshot: Snapshot, candidates: Candidates, figures: tuple[Ways, Readings], found: tuple[Ints, Ints | None]
) -> ArcValues:
    """Return what candidates are worth, given their values in cents and, where it is known, what they avoid in g."""
    (ways, readings), (value_cent, gco2e) = figures, found
    kinds = [snapshot.resources[code] for code in snapshot.supplies.codes]
    waste = np.array([bool(resource.waste_codes) for resource in kinds], dtype=np.bool_)[snapshot.supplies.resource]
    of_supply = base_per_trade(snapshot)
    millicent = value_cent
    if (of_supply != MILLICENT_PER_CENT).any():
        millicent = value_cent * MILLICENT_PER_CENT // of_supply[candidates.supply]
    counted = millicent
    if snapshot.co2_cent_per_t:
        per_trade = of_supply[candidates.supply]
        gco2e = figures_of(candidates, figures, np.arange(len(candidates)))[1] if gco2e is None else gco2e
        counted = millicent + gco2e * snapshot.co2_cent_per_t * MILLICENT_PER_CENT // GRAM_PER_TONNE // per_trade
    return ArcValues(
        candidates=candidates,
        ways=ways,
        readings=readings,
        value_cent=value_cent,
        millicent_per_base=millicent,
        counted_millicent=counted,
        known_gco2e=gco2e,
        disposal_priced=readings.disposal_known | ~waste,
        purchase_priced=readings.purchase_known,
    )


def base_per_trade(snapshot: Snapshot) -> Ints:
    """Return how many base units are a trade unit of each supply (S,)."""
    supplies = snapshot.supplies
    units = [BASE_PER_TRADE[snapshot.resources[code].base_unit] for code in supplies.codes]
    return np.array(units, dtype=np.int64)[supplies.resource]


def lines_of(candidates: Candidates, values: ArcValues, rows: Ints) -> Ints:
    """Return the breakdowns of some candidates per trade unit, signed as they count: (len(LINES), n), cents, grams."""
    stated = values.readings.of(candidates, values.ways, rows, ends=1)[0]
    lines: Ints = np.rint(_lines(stated, values.way_m_of(rows).astype(np.float64))).astype(np.int64)
    return lines


def ranges_of(candidates: Candidates, values: ArcValues, rows: Ints) -> Ranges:
    """Return the ranges of some candidates."""
    fall, rise = (np.empty((len(LINES) + 2, len(rows))) for _ in range(2))
    for start in range(0, len(rows), CHUNK):
        some = slice(start, start + CHUNK)
        fall[:, some], rise[:, some] = _ranges(candidates, values, rows[some])
    return Ranges(fall[: len(LINES)], rise[: len(LINES)], fall[len(LINES) :], rise[len(LINES) :])


def _ranges(candidates: Candidates, values: ArcValues, rows: Ints) -> tuple[Floats, Floats]:
    """Return falls and rises of lines and totals, (len(LINES) + 2, n) each."""
    ways = values.ways.of(rows)
    figures = values.readings.of(candidates, values.ways, rows)
    stated = _lines(figures[0], _metres(ways, figures[0, Input.DETOUR]))
    fall, rise = np.zeros((len(LINES) + 2, len(rows))), np.zeros((len(LINES) + 2, len(rows)))
    for name in Input:
        if (figures[1:, name] == figures[0, name]).all():
            continue  # What has no range moves nothing.
        moved = [_with_totals(_moved(figures, end, name, ways) - stated) for end in (1, 2)]
        fall += np.minimum(np.minimum(*moved), 0.0) ** 2
        rise += np.maximum(np.maximum(*moved), 0.0) ** 2
    return np.sqrt(fall), np.sqrt(rise)


def _moved(figures: Floats, end: int, name: Input, ways: Ways) -> Floats:
    """Return the lines with one input at its low (1) or high (2) end."""
    one = figures[0].copy()
    one[name] = figures[end, name]
    return _lines(one, _metres(ways, one[Input.DETOUR]))


def _with_totals(lines: Floats) -> Floats:
    return np.vstack([lines, lines[:CENT_LINES].sum(axis=0), lines[CENT_LINES:].sum(axis=0)])


def _metres(ways: Ways, detour: Floats) -> Floats:
    metres: Floats = np.where(ways.road_m >= 0, ways.road_m, np.rint(ways.straight_m * detour))
    return metres


def _lines(figures: Floats, metres: Floats) -> Floats:
    """Return the breakdown, (len(LINES), n), from inputs (len(Input), n) and the way."""
    km = metres / METRE_PER_KM
    replaced = np.maximum(0.0, 1.0 - figures[Input.LOSS_PER_KM] * km) * figures[Input.YIELD]
    lines = {
        (Measure.CENT, Part.DISPOSAL): figures[Input.GATE_CENT],
        (Measure.CENT, Part.TAX): figures[Input.TAX_CENT],
        (Measure.CENT, Part.PURCHASE): figures[Input.PURCHASE_CENT] * replaced,
        (Measure.CENT, Part.TRANSPORT): -(figures[Input.CENT_PER_KM] * km + figures[Input.LOADING_CENT]),
        (Measure.CENT, Part.TREATMENT): -figures[Input.TREATMENT_CENT],
        (Measure.GCO2E, Part.DISPOSAL): figures[Input.DISPOSAL_GCO2E],
        (Measure.GCO2E, Part.VIRGIN): figures[Input.VIRGIN_GCO2E] * replaced,
        (Measure.GCO2E, Part.TRANSPORT): -figures[Input.GCO2E_PER_KM] * km,
        (Measure.GCO2E, Part.TREATMENT): -figures[Input.TREATMENT_GCO2E],
    }
    return np.stack([lines[line] for line in LINES])
