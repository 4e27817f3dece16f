"""The figures that each candidate is valued with: one row an input, one column a candidate, as stated, low and high.

A price that a site states is exact; a factor, a yield and a treatment have the range that their row states, and a
figure that nobody knows is 0, without a range.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, partial
from typing import Final, TypeAlias

import numpy as np

from symbiosis.domain.factors import tax_key
from symbiosis.domain.ids import ResourceCode
from symbiosis.domain.resources import Resource, Substitution
from symbiosis.domain.transport import DETOUR_FACTOR
from symbiosis.domain.worth import LINES, LISTING_PRICE, Measure, Part, Spread
from symbiosis.errors import InputError
from symbiosis.matching.candidates import Candidates
from symbiosis.matching.snapshot import Bools, FactorInForce, Floats, Ints, Side, Snapshot
from symbiosis.matching.ways import VEHICLES, Ways
from symbiosis.units import CENT_PER_EUR, GRAM_PER_KG

Used: TypeAlias = tuple[str, ...]
"""Factor versions, own prices and substitutions that a line is made of."""


class FactorMissingError(InputError):
    """A factor that the way of a candidate is priced with is not in the store."""

    code = "FACTOR_MISSING"

    def __init__(self, key: str) -> None:
        super().__init__(f"The factor {key} is not in the store; load the reference data, which brings it.")
        self.key = key


class Input(IntEnum):
    """What a candidate is valued with, per trade unit (and km): cents, grams CO2e, or a ratio."""

    GATE_CENT = 0
    TAX_CENT = 1
    PURCHASE_CENT = 2
    CENT_PER_KM = 3
    LOADING_CENT = 4
    TREATMENT_CENT = 5
    DISPOSAL_GCO2E = 6
    VIRGIN_GCO2E = 7
    GCO2E_PER_KM = 8
    TREATMENT_GCO2E = 9
    LOSS_PER_KM = 10
    DETOUR = 11
    YIELD = 12


Table = Floats
"""(3, n): the figure of each of n things as stated, low and high."""


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """The figures by thing: of supplies, demands, vehicles (of `ways.VEHICLES`) and substitutions (the last is none).

    Each is a table (3, n) by input; a candidate's figure is that of its own supply, demand, vehicle or substitution.
    """

    of_supply: dict[Input, Table]
    of_demand: dict[Input, Table]
    of_vehicle: dict[Input, Table]
    of_substitution: dict[Input, Table]
    disposal_known: Bools
    purchase_known: Bools

    def of(self, candidates: Candidates, ways: Ways, rows: Ints, ends: int = 3) -> Floats:
        """Return the figures of some candidates, (ends, inputs, rows): 1 as stated, 3 with low and high."""
        figures = np.empty((ends, len(Input), len(rows)))
        for tables, thing in (
            (self.of_supply, candidates.supply[rows]),
            (self.of_demand, candidates.demand[rows]),
            (self.of_vehicle, ways.vehicle[rows]),
            (self.of_substitution, candidates.substitution_of(rows)),
        ):
            for name, table in tables.items():
                figures[:, name] = table[:ends, thing]
        return figures


def readings_of(snapshot: Snapshot, ways: Ways) -> Readings:
    """Return the figures of a snapshot; raise FactorMissingError if a vehicle that is used cannot be priced."""
    supplies, demands = snapshot.supplies, snapshot.demands
    given, wanted = _resources(snapshot, supplies), _resources(snapshot, demands)
    gate, gate_known = _prices(snapshot, supplies, [resource.disposal_factor for resource in given])
    purchase, purchase_known = _prices(snapshot, demands, [resource.purchase_factor for resource in wanted])
    taxes = [None if r.disposal_factor is None else tax_key(r.disposal_factor) for r in given]
    tax = _factors(snapshot, taxes, CENT_PER_EUR)[0]
    tax = tax[:, supplies.resource]
    tax[:, supplies.priced] = 0.0
    avoided = _factors(snapshot, [resource.disposal_emission_factor for resource in given], GRAM_PER_KG)[0]
    virgin = _factors(snapshot, [resource.virgin_emission_factor for resource in wanted], GRAM_PER_KG)[0]
    return Readings(
        of_supply={
            Input.GATE_CENT: gate,
            Input.TAX_CENT: tax,
            Input.DISPOSAL_GCO2E: avoided[:, supplies.resource],
        },
        of_demand={Input.PURCHASE_CENT: purchase, Input.VIRGIN_GCO2E: virgin[:, demands.resource]},
        of_vehicle=_vehicles(snapshot, ways),
        of_substitution=_substitutions(snapshot.substitutions),
        disposal_known=gate_known,
        purchase_known=purchase_known,
    )


def references_of(snapshot: Snapshot, candidates: Candidates, ways: Ways, rows: Ints) -> tuple[tuple[Used, ...], ...]:
    """Return what each line of some candidates' breakdowns is made of, in the order of `LINES`."""
    given, wanted, driven = (
        cache(partial(part, snapshot)) for part in (_of_supply, _of_demand, _of_way)
    )  # Many candidates, few of each part.
    found = []
    for supply_row, demand_row, vehicle, road_m, treated in zip(
        candidates.supply[rows].tolist(),
        candidates.demand[rows].tolist(),
        ways.vehicle[rows].tolist(),
        ways.road_m[rows].tolist(),
        candidates.substitution_of(rows).tolist(),
        strict=True,
    ):
        supply, demand = snapshot.supplies.listings[supply_row], snapshot.demands.listings[demand_row]
        used = snapshot.substitutions[treated] if treated >= 0 else None
        substitution = () if used is None else (f"substitution:{used.by_product}>{used.input_}",)
        gate, tax, disposal = given(supply.resource_code, supply.price_cent_per_trade_unit is not None)
        purchase, virgin = wanted(demand.resource_code, demand.price_cent_per_trade_unit is not None)
        lost, cost, emission = driven(vehicle, road_m < 0)
        kept = (*lost, *substitution)
        lines = {
            Part.DISPOSAL: (gate, disposal),
            Part.TAX: (tax,),
            Part.PURCHASE: (_with(purchase, kept),),
            Part.VIRGIN: (_with(virgin, kept),),
            Part.TRANSPORT: (cost, emission),
            Part.TREATMENT: (substitution, substitution),
        }
        found.append(tuple(lines[part][0 if measure is Measure.CENT else -1] for measure, part in LINES))
    return tuple(found)


def _of_supply(snapshot: Snapshot, code: ResourceCode, priced: bool) -> tuple[Used, ...]:  # noqa: FBT001
    """Return what gate fee, tax and emissions of disposal are made of."""
    resource = snapshot.resources[code]
    gate = (LISTING_PRICE,) if priced else _ids(snapshot, resource.disposal_factor)
    tax = None if priced or resource.disposal_factor is None else tax_key(resource.disposal_factor)
    return gate, _ids(snapshot, tax), _ids(snapshot, resource.disposal_emission_factor)


def _of_demand(snapshot: Snapshot, code: ResourceCode, priced: bool) -> tuple[Used, ...]:  # noqa: FBT001
    """Return what the price of a purchase and the emissions of what is replaced are made of."""
    resource = snapshot.resources[code]
    purchase = (LISTING_PRICE,) if priced else _ids(snapshot, resource.purchase_factor)
    return purchase, _ids(snapshot, resource.virgin_emission_factor)


def _of_way(snapshot: Snapshot, number: int, is_straight: bool) -> tuple[Used, ...]:  # noqa: FBT001
    """Return what the kept share, the cost and the emissions of a way are made of."""
    vehicle = VEHICLES[number]
    detour = _ids(snapshot, DETOUR_FACTOR if vehicle.by_distance and is_straight else None)
    lost = _ids(snapshot, vehicle.loss_per_km_factor) + (detour if vehicle.loss_per_km_factor else ())
    cost = _ids(snapshot, vehicle.cost_per_km_factor, vehicle.cost_factor)
    cost += detour if vehicle.cost_per_km_factor else ()
    return lost, cost, _with(_ids(snapshot, vehicle.emission_per_km_factor), detour)


def _with(factor: Used, others: Used) -> Used:
    """Return a factor with the others that it is multiplied by, or nothing without it."""
    return (*factor, *others) if factor else ()


def _ids(snapshot: Snapshot, *keys: str | None) -> tuple[str, ...]:
    return tuple(snapshot.factors[key].factor_id for key in keys if key is not None and key in snapshot.factors)


def _prices(snapshot: Snapshot, side: Side, keys: Sequence[str | None]) -> tuple[Table, Bools]:
    """Return cents per trade unit of each listing, its own first, and whether any price is known, given the factor of
    each resource.
    """
    cents, known = _factors(snapshot, keys, CENT_PER_EUR)
    cents[0] = np.rint(cents[0])
    return np.where(side.priced, side.price_cent, cents[:, side.resource]), side.priced | known[side.resource]


def _factors(snapshot: Snapshot, keys: Sequence[str | None], scale: int) -> tuple[Table, Bools]:
    """Return the figures of each thing's factor, and whether there is one (0 where not)."""
    place = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    found = [snapshot.factors.get(key) if key is not None else None for key in place]
    none = FactorInForce("", 0.0, 0.0, 0.0)
    table = _table([none if row is None else row for row in found]) * scale
    known = np.array([row is not None for row in found], dtype=np.bool_)
    each = np.array([place[key] for key in keys], dtype=np.int64)
    return table[:, each], known[each]


def _table(rows: Sequence[FactorInForce | Spread]) -> Table:
    table = np.array([[row.value, row.low, row.high] for row in rows], dtype=np.float64).reshape(-1, 3)
    return np.ascontiguousarray(table.T)


_OF_VEHICLE: Final[dict[Input, tuple[str, int]]] = {
    Input.CENT_PER_KM: ("cost_per_km_factor", CENT_PER_EUR),
    Input.LOADING_CENT: ("cost_factor", CENT_PER_EUR),
    Input.GCO2E_PER_KM: ("emission_per_km_factor", GRAM_PER_KG),
    Input.LOSS_PER_KM: ("loss_per_km_factor", 1),
}


def _vehicles(snapshot: Snapshot, ways: Ways) -> dict[Input, Table]:
    for number, vehicle in enumerate(VEHICLES):
        missing = [key for key in vehicle.factor_keys if key not in snapshot.factors]
        if missing and ways.going_by(number):
            raise FactorMissingError(missing[0])
    tables = {
        name: _factors(snapshot, [getattr(vehicle, field) for vehicle in VEHICLES], scale)[0]
        for name, (field, scale) in _OF_VEHICLE.items()
    }
    detour = snapshot.factors.get(DETOUR_FACTOR, FactorInForce("", 1.0, 1.0, 1.0))
    once = Spread.exact(1.0)
    return {**tables, Input.DETOUR: _table([detour if vehicle.by_distance else once for vehicle in VEHICLES])}


def _substitutions(rows: Sequence[Substitution]) -> dict[Input, Table]:
    """Return the figures of each substitution, and last those of none: 1, 0 and 0. A yield above 1 counts as 1."""

    def table(spread: Callable[[Substitution], Spread], none: float) -> Table:
        return _table([*map(spread, rows), Spread.exact(none)])

    share = table(lambda row: _spread(row.yield_share, row.yield_low_share, row.yield_high_share), 1.0)
    cent = table(
        lambda row: _spread(
            row.treatment_cent_per_trade_unit,
            row.treatment_low_cent_per_trade_unit,
            row.treatment_high_cent_per_trade_unit,
        ),
        0.0,
    )
    grams = table(
        lambda row: _spread(
            row.treatment_gco2e_per_trade_unit,
            row.treatment_low_gco2e_per_trade_unit,
            row.treatment_high_gco2e_per_trade_unit,
        ),
        0.0,
    )
    return {Input.YIELD: np.minimum(share, 1.0), Input.TREATMENT_CENT: cent, Input.TREATMENT_GCO2E: grams}


def _spread(value: float, low: float | None, high: float | None) -> Spread:
    return Spread(value, value if low is None else low, value if high is None else high)


def _resources(snapshot: Snapshot, side: Side) -> list[Resource]:
    return [snapshot.resources[code] for code in side.codes]
