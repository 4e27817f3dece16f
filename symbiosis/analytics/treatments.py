"""Treatments that are missing: pairs that only the law keeps apart, because the receiver may not treat the waste.

Pair       a supply of hazardous waste, or of what may be it, and a demand that a substitution of the catalogue joins:
           within reach, of fitting state, quality, lot and dates, not turned down, but barred since nothing on record
           lets the receiver take the waste for the recovery operation of the substitution
Treatment  a plant at a place that has the substitution's technique and a heading that allows its operation on any
           hazardous waste: it takes the by-product, and passes on the input as a product that has ceased to be waste.
           Each leg is within the reach of its kind. So operations that cannot end waste (R10, R11) open nothing
Value      avoided gate fee + tax + kept share x yield x purchase - treatment - loading x (1 + yield)
           - cost per km x (km to the plant + yield x km from it): the parts of `matching/value.py` with two legs, the
           second of which carries what the treatment leaves. Pairs that a run would leave out are left out here too
Size       is not chosen before: a treatment is as large as what the best plan sends through it (the uncapacitated
           facility location problem: A. A. Kuehn, M. J. Hamburger 1963, Management Science 9, 643-666)

What may meet without a treatment of another is no pair here: its two sides have the permits, or need none.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from symbiosis.domain.candidates import Refusal
from symbiosis.domain.factors import LEAST_AVOIDED, LEAST_VALUE
from symbiosis.domain.legal import ENDING_OPERATIONS, Flow, legal_path
from symbiosis.domain.permits import PERMITS, Operation
from symbiosis.domain.resources import Substitution
from symbiosis.matching.candidates import candidates_of, within_reach
from symbiosis.matching.classes import classify
from symbiosis.matching.join import chords_squared, metres_apart, on_sphere
from symbiosis.matching.law import path_of
from symbiosis.matching.readings import Input, readings_of
from symbiosis.matching.rules import AFTER_REACH, Facts, Pairs, facts_of
from symbiosis.matching.snapshot import Bools, Floats, Ints, Side, Snapshot
from symbiosis.matching.value import MILLICENT_PER_CENT, base_per_trade
from symbiosis.matching.ways import vehicles_of, ways_by
from symbiosis.units import CENT_PER_EUR, GRAM_PER_KG, METRE_PER_KM

ANY_HAZARDOUS: Final = ""
"""The beginning that all waste codes have."""


@dataclass(frozen=True, slots=True, eq=False)
class Barred:
    """The pairs that treatments could open, in rows of the snapshot's sides; (P,) each.

    figures (inputs, P)                       by `readings.Input`, as stated
    reach_m                                   how far each leg may go
    """

    snapshot: Snapshot
    supply: Ints
    demand: Ints
    substitution: Ints
    reach_m: Ints
    figures: Floats

    def __len__(self) -> int:
        return len(self.supply)


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """What one treatment at one place opens: rows of `Barred` (n,), and the value of a base unit through it, in
    thousandths of a cent, above zero (n,).
    """

    treatment: Substitution
    heading: str
    rows: Ints
    millicent_per_base: Ints


def heading_for(operation: Operation | None) -> str | None:
    """Return the first heading that allows an operation on any hazardous waste and may end it; None if there is none.

    Of two that do, this is the one without a threshold of 10 t a day.
    """
    if operation not in ENDING_OPERATIONS:
        return None
    allowing = (p for p in PERMITS.values() if operation in p.operations and ANY_HAZARDOUS in p.hazardous)
    return next((permit.heading for permit in allowing), None)


def barred_pairs(snapshot: Snapshot) -> Barred:
    """Return the pairs of a snapshot that only the law bars and a treatment with a permit could open."""
    facts = facts_of(snapshot, classify(snapshot))
    dangerous: Bools = np.asarray(facts.law.barred.any(axis=(1, 2)))[facts.law.of_supply]
    every = np.ones(len(snapshot.demands), np.bool_)
    found = [Pairs(*(np.zeros(0, np.int64),) * 3)]
    if dangerous.any():
        opens = _opens(snapshot, facts)
        found += [_only_barred(near, facts, opens) for near in within_reach(snapshot, facts, (dangerous, every))]
    supply, demand, distance_m = (
        np.concatenate([getattr(pairs, name) for pairs in found]) for name in ("supply", "demand", "distance_m")
    )
    candidates = candidates_of(facts.classes, (supply, demand, distance_m), len(supply), {})
    ways = ways_by(snapshot, candidates, vehicles_of(snapshot, supply, demand))
    figures = readings_of(snapshot, ways).of(candidates, ways, np.arange(len(supply)), ends=1)[0]
    reach_m = facts.reach_m[facts.classes.of_supply[supply]]
    return Barred(snapshot, supply, demand, candidates.substitution_of(np.arange(len(supply))), reach_m, figures)


def opened_at(barred: Barred, lat: float, lon: float) -> list[Opened]:
    """Return what each treatment would open if it stood at a place (WGS84 degrees); those that open nothing are not
    listed.
    """
    sides = (barred.snapshot.supplies, barred.snapshot.demands)
    to_m, from_m = (_metres_from(side, lat, lon)[rows] for side, rows in zip(sides, _ends(barred), strict=True))
    near = np.flatnonzero((to_m <= barred.reach_m) & (from_m <= barred.reach_m))
    worth = _millicent_per_base(barred, near, to_m[near], from_m[near])
    found = []
    for number in np.unique(barred.substitution[near[worth > 0]]).tolist():
        treatment = barred.snapshot.substitutions[number]
        here = np.flatnonzero((worth > 0) & (barred.substitution[near] == number))
        found.append(Opened(treatment, heading_for(treatment.operation) or "", near[here], worth[here]))
    return found


def _ends(barred: Barred) -> tuple[Ints, Ints]:
    return barred.supply, barred.demand


def _only_barred(near: Pairs, facts: Facts, opens: Callable[[Pairs], Bools]) -> Pairs:
    """Return the pairs that pass every rule but that of the law, and that a treatment with a permit opens."""
    standing = near.kept(facts.treatment(near) >= 0)
    for rule in AFTER_REACH:
        passed = rule.passes(facts, standing)
        standing = standing.kept(~passed if rule.refusal is Refusal.HAZARDOUS_WASTE else passed)
    return standing.kept(opens(standing))


def _opens(snapshot: Snapshot, facts: Facts) -> Callable[[Pairs], Bools]:
    """Return which pairs a treatment with a permit opens: the waste may go to it, and its product to the receiver."""
    law, listings = facts.law, snapshot.supplies.listings
    given, wanted = law.barred.shape[:2]
    into = np.zeros((given, len(snapshot.substitutions)), np.bool_)
    first = np.unique(law.of_supply, return_index=True)[1].tolist()
    if snapshot.demands.listings:
        anybody = snapshot.demands.listings[0]
        for number, treatment in enumerate(snapshot.substitutions):
            heading = heading_for(treatment.operation)
            if heading is not None:
                plant = replace(anybody, headings=(heading,))
                for row in first:
                    path = path_of(listings[row], plant, snapshot.resources, treatment)
                    into[law.of_supply[row], number] = not path.is_barred
    out = np.zeros((wanted, len(snapshot.substitutions)), np.bool_)
    for row in np.unique(law.of_demand, return_index=True)[1].tolist():
        held = snapshot.demands.listings[row].headings
        for number, treatment in enumerate(snapshot.substitutions):
            product = Flow(None, snapshot.resources[treatment.input_].waste_codes)
            out[law.of_demand[row], number] = not legal_path(product, held).is_barred

    def opens(pairs: Pairs) -> Bools:
        treated = facts.treatment(pairs)
        passed: Bools = into[law.of_supply[pairs.supply], treated] & out[law.of_demand[pairs.demand], treated]
        return passed

    return opens


def _metres_from(side: Side, lat: float, lon: float) -> Ints:
    """Return how far each listing of a side is from a place, whole metres; the place itself is exact."""
    count = len(side)
    chords = chords_squared(on_sphere(side.lat, side.lon), on_sphere(np.full(count, lat), np.full(count, lon)))
    metres: Ints = metres_apart(chords, (side.error_m**2).astype(np.float64)).astype(np.int64)
    return metres


def _millicent_per_base(barred: Barred, rows: Ints, to_m: Ints, from_m: Ints) -> Ints:
    """Return what a base unit is worth through a plant so far from both, 0 where a run would leave the pair out."""
    figures = barred.figures[:, rows]
    share, detour = figures[Input.YIELD], figures[Input.DETOUR]
    to_km, from_km = (np.rint(metres * detour) / METRE_PER_KM for metres in (to_m, from_m))
    replaced = np.maximum(0.0, 1.0 - figures[Input.LOSS_PER_KM] * (to_km + from_km)) * share
    travelled = to_km + share * from_km
    cent = (
        np.rint(figures[Input.GATE_CENT])
        + np.rint(figures[Input.TAX_CENT])
        + np.rint(figures[Input.PURCHASE_CENT] * replaced)
        - np.rint(figures[Input.CENT_PER_KM] * travelled + figures[Input.LOADING_CENT] * (1.0 + share))
        - np.rint(figures[Input.TREATMENT_CENT])
    ).astype(np.int64)
    avoided_g = (
        figures[Input.DISPOSAL_GCO2E]
        + figures[Input.VIRGIN_GCO2E] * replaced
        - figures[Input.GCO2E_PER_KM] * travelled
        - figures[Input.TREATMENT_GCO2E]
    )
    worth = cent * MILLICENT_PER_CENT // base_per_trade(barred.snapshot)[barred.supply[rows]]
    kept: Ints = np.where(_worthwhile(barred, rows, worth, avoided_g), np.maximum(worth, 0), 0)
    return kept


def _worthwhile(barred: Barred, rows: Ints, worth: Ints, avoided_g: Floats) -> Bools:
    """Return which pairs the rules of a run would not leave out (`matching/worth.py`), emissions as stated."""
    snapshot = barred.snapshot
    value, avoided = snapshot.factors.get(LEAST_VALUE), snapshot.factors.get(LEAST_AVOIDED)
    kept = np.ones(len(rows), np.bool_)
    if value is not None:
        given, wanted = snapshot.supplies.quantity[barred.supply[rows]], snapshot.demands.quantity[barred.demand[rows]]
        most = np.minimum(given, wanted).astype(np.float64)
        kept &= worth * most >= value.value * CENT_PER_EUR * MILLICENT_PER_CENT
    if avoided is not None:
        kept &= avoided_g >= avoided.value * GRAM_PER_KG
    return kept
