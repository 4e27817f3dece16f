"""What one trade unit is worth on each candidate pair, and what it saves: whole cents and grams, vectorised.

value      = avoided disposal + avoided purchase - transport - treatment                     cents per trade unit
disposal   = the supply's own price, else its resource's disposal factor, else 0 and marked unpriced
purchase   = kept share x yield x (the demand's own price, else its resource's purchase factor, else 0 and unpriced)
transport  = cost per km x km + cost per unit, by the mode of the kind of resource
treatment  = that of the substitution
emissions  = avoided disposal + kept share x yield x avoided virgin - transport per km x km - treatment         g CO2e
km         = distance of the candidate x detour factor, rounded to whole metres
kept share = 1 - loss per km x km, not below 0 (the first two terms of the exponential, hence never too much)

Each of the four parts is rounded half to even to a whole cent before they are added, so that parts always add up to
the value. One unit supplied takes one unit of the demand, even where it replaces less (a yield or a kept share below
1): a demand is never served beyond what it states. A yield above 1 is counted as 1 for the same reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from symbiosis.domain.resources import Resource
from symbiosis.domain.transport import DETOUR_FACTOR, TRANSPORT, Transport
from symbiosis.errors import InputError
from symbiosis.matching.candidates import Candidates
from symbiosis.matching.snapshot import Bools, Floats, Ints, Side, Snapshot
from symbiosis.units import BASE_PER_TRADE, CENT_PER_EUR, METRE_PER_KM

GRAM_PER_KG: Final = 1000
MILLICENT_PER_CENT: Final = 1000


class FactorMissingError(InputError):
    """A factor that the way of a candidate is priced with is not in the store."""

    code = "FACTOR_MISSING"

    def __init__(self, key: str) -> None:
        super().__init__(f"The factor {key} is not in the store; load the reference data, which brings it.")
        self.key = key


@dataclass(frozen=True, slots=True, eq=False)
class ArcValues:
    """The parts of each candidate's value; (P,) int64 in cents, metres or grams per trade unit, in candidates' order.

    millicent_per_base  the value of one base unit in thousandths of a cent: what the optimizer adds up
    no_disposal_price, no_purchase_price  nothing is known, so nothing is counted
    """

    way_m: Ints
    disposal_cent: Ints
    purchase_cent: Ints
    transport_cent: Ints
    treatment_cent: Ints
    value_cent: Ints
    millicent_per_base: Ints
    gco2e: Ints
    no_disposal_price: Bools
    no_purchase_price: Bools


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """The way of each candidate: whole metres, EUR and kg CO2e per trade unit, and the share that arrives."""

    metres: Ints
    eur: Floats
    kgco2e: Floats
    kept: Floats


def value_candidates(snapshot: Snapshot, candidates: Candidates) -> ArcValues:
    """Return what each candidate is worth; raise FactorMissingError if a way cannot be priced."""
    supplies, demands = snapshot.supplies, snapshot.demands
    i, j = candidates.supply, candidates.demand
    way = _way(snapshot, candidates)
    share, treatment_cent, treatment_g = _treatments(snapshot, candidates)
    replaced = way.kept * share
    disposal, disposal_known = _prices(snapshot, supplies, [r.disposal_factor for r in _resources(snapshot, supplies)])
    purchase, purchase_known = _prices(snapshot, demands, [r.purchase_factor for r in _resources(snapshot, demands)])
    avoided = _per_listing(snapshot, [r.disposal_emission_factor for r in _resources(snapshot, supplies)])[0]
    virgin = _per_listing(snapshot, [r.virgin_emission_factor for r in _resources(snapshot, demands)])[0]
    waste = np.array([bool(r.waste_codes) for r in _resources(snapshot, supplies)], dtype=np.bool_)
    disposal_cent, purchase_cent = disposal[i], _whole(purchase[j] * replaced)
    transport_cent = _whole(way.eur * CENT_PER_EUR)
    value_cent = disposal_cent + purchase_cent - transport_cent - treatment_cent
    per_trade = np.array([BASE_PER_TRADE[r.base_unit] for r in _resources(snapshot, supplies)], dtype=np.int64)
    return ArcValues(
        way_m=way.metres,
        disposal_cent=disposal_cent,
        purchase_cent=purchase_cent,
        transport_cent=transport_cent,
        treatment_cent=treatment_cent,
        value_cent=value_cent,
        millicent_per_base=value_cent * MILLICENT_PER_CENT // per_trade[i],
        gco2e=_whole((avoided[i] + virgin[j] * replaced - way.kgco2e) * GRAM_PER_KG) - treatment_g,
        no_disposal_price=(~disposal_known & waste)[i],
        no_purchase_price=~purchase_known[j],
    )


def factor_ids(snapshot: Snapshot, supply_row: int, demand_row: int) -> tuple[str, ...]:
    """Return the ids of the factor versions that the value and the emissions of one pair are made of, sorted."""
    supply, demand = snapshot.supplies.listings[supply_row], snapshot.demands.listings[demand_row]
    given, wanted = snapshot.resources[supply.resource_code], snapshot.resources[demand.resource_code]
    keys: list[str | None] = [*TRANSPORT[given.kind].factor_keys]
    keys += [given.disposal_emission_factor, wanted.virgin_emission_factor]
    keys += [given.disposal_factor] if supply.price_cent_per_trade_unit is None else []
    keys += [wanted.purchase_factor] if demand.price_cent_per_trade_unit is None else []
    return tuple(sorted({snapshot.factors[key][0] for key in keys if key is not None and key in snapshot.factors}))


def _way(snapshot: Snapshot, candidates: Candidates) -> _Way:
    kinds = np.array([resource.kind for resource in _resources(snapshot, snapshot.supplies)], dtype=np.object_)
    kind = kinds[candidates.supply]
    pairs = len(candidates)
    way = _Way(candidates.distance_m.copy(), np.zeros(pairs), np.zeros(pairs), np.ones(pairs))
    for name, transport in TRANSPORT.items():
        rows = np.flatnonzero(kind == name)
        if rows.size:
            _travel(snapshot, transport, way, rows)
    return way


def _travel(snapshot: Snapshot, transport: Transport, way: _Way, rows: Ints) -> None:
    """Fill in the way of the candidates in `rows`, all by one mode."""
    if DETOUR_FACTOR in transport.factor_keys:
        way.metres[rows] = np.rint(way.metres[rows] * _factor(snapshot, DETOUR_FACTOR))
    km = way.metres[rows] / METRE_PER_KM
    way.eur[rows] = _factor(snapshot, transport.cost_per_km_factor) * km + _factor(snapshot, transport.cost_factor)
    way.kgco2e[rows] = _factor(snapshot, transport.emission_per_km_factor) * km
    way.kept[rows] = np.maximum(0.0, 1.0 - _factor(snapshot, transport.loss_per_km_factor) * km)


def _treatments(snapshot: Snapshot, candidates: Candidates) -> tuple[Floats, Ints, Ints]:
    """Return yield share, cents and grams CO2e per trade unit of each candidate's treatment; 1, 0 and 0 without one."""
    rows = snapshot.substitutions
    share = np.array([*(min(row.yield_share, 1.0) for row in rows), 1.0], dtype=np.float64)
    cent = np.array([*(row.treatment_cent_per_trade_unit for row in rows), 0], dtype=np.int64)
    grams = np.array([*(row.treatment_gco2e_per_trade_unit for row in rows), 0], dtype=np.int64)
    treatment = candidates.substitution
    return share[treatment], cent[treatment], grams[treatment]


def _prices(snapshot: Snapshot, side: Side, keys: Sequence[str | None]) -> tuple[Ints, Bools]:
    """Return cents per trade unit of each listing, its own first, and whether any price is known."""
    eur, known = _per_listing(snapshot, keys)
    return np.where(side.priced, side.price_cent, _whole(eur * CENT_PER_EUR)), side.priced | known


def _per_listing(snapshot: Snapshot, keys: Sequence[str | None]) -> tuple[Floats, Bools]:
    """Return the value of each listing's factor, and whether there is one (0 where not)."""
    found = [snapshot.factors.get(key) if key is not None else None for key in keys]
    values = np.array([0.0 if row is None else row[1] for row in found], dtype=np.float64)
    return values, np.array([row is not None for row in found], dtype=np.bool_)


def _factor(snapshot: Snapshot, key: str | None) -> float:
    if key is None:
        return 0.0
    if key not in snapshot.factors:
        raise FactorMissingError(key)
    return snapshot.factors[key][1]


def _resources(snapshot: Snapshot, side: Side) -> list[Resource]:
    return [snapshot.resources[listing.resource_code] for listing in side.listings]


def _whole(column: Floats) -> Ints:
    """Return a column rounded half to even."""
    whole: Ints = np.rint(column).astype(np.int64)
    return whole
