"""How each kind of resource travels: by what, how far it is worth looking, and which factors price the way.

kind         by              reach  why
MATERIAL     lorry           80 km  one driver's half day; at 0.13 EUR/t.km and a detour of 1.3 about 14 EUR/t, in
                                    the order of what low-value by-products are worth (gate fees, aggregates)
WATER        pipe             3 km  a pipe is laid for one flow; known exchanges (Kalundborg, MAESTRI) stay within one
                                    estate or its neighbour
HEAT         heat pipe        5 km  loss and cost grow with every metre
ELECTRICITY  public network   2 km  collective self-consumption: the distance without a derogation (arrêté of
                                    21 November 2019, as amended; more needs one)
GAS          tube trailer    80 km  as a lorry; compression, not the road, is the cost
CAPACITY     used in place   20 km  people or goods go to a shared store, machine or service; the way is not valued

Materials go by the lorry that the flow fills (`from_base_per_year`: the most that the two listings could exchange): a
rigid lorry below 250 t a year (a load of 10 t every second week), an articulated one of 34 to 40 t from there, and
one of 44 t from 2,500 t (two loads of 25 t a week). These sizes are assumptions of this house too.

Reach is great-circle, with the error of the positions added (POSITION_ERROR_M); cost, loss and emissions are reckoned
on that distance times the detour factor, or on the distance by road where one is known (`on_roads`). A reach says how
far a run looks, not what pays: what does not pay is left out by its value. Reaches are assumptions of this house.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from symbiosis.domain.factors import LEAST_AVOIDED, LEAST_VALUE, SWITCHING_COST, tax_key
from symbiosis.domain.places import GeoPrecision
from symbiosis.domain.resources import Resource, ResourceKind
from symbiosis.units import BaseUnit

DETOUR_FACTOR: Final = "transport.detour"
"""Way on the ground over great-circle distance (a ratio)."""

POSITION_ERROR_M: Final = {
    GeoPrecision.BUILDING: 0,
    GeoPrecision.ADDRESS: 50,
    GeoPrecision.DECLARED: 100,
    GeoPrecision.COMMUNE: 1_500,
}
"""How far a site is from where it is said to be, as root mean square in metres; assumptions of this house.

For a commune's centre: a disc of area A has a root-mean-square radius of sqrt(A / 2 pi); the 111 communes of the two
métropoles have 11 km2 on average (1.3 km), those with industry more. Two sites that stand on one centre are
therefore not taken to touch.
"""


class TransportMode(StrEnum):
    """By what a resource travels."""

    LORRY = "LORRY"
    WATER_PIPE = "WATER_PIPE"
    HEAT_PIPE = "HEAT_PIPE"
    PUBLIC_NETWORK = "PUBLIC_NETWORK"
    TUBE_TRAILER = "TUBE_TRAILER"
    IN_PLACE = "IN_PLACE"


class VehicleClass(StrEnum):
    """What carries it: the classes of lorry of ADEME's Base Carbone, or the mode itself."""

    RIGID_26T = "RIGID_26T"
    ARTIC_40T = "ARTIC_40T"
    ARTIC_44T = "ARTIC_44T"
    WATER_PIPE = "WATER_PIPE"
    HEAT_PIPE = "HEAT_PIPE"
    PUBLIC_NETWORK = "PUBLIC_NETWORK"
    TUBE_TRAILER = "TUBE_TRAILER"
    IN_PLACE = "IN_PLACE"


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What carries flows from a size on. The `_factor` fields name keys of the factor table; None costs, loses or
    emits nothing.

    from_base_per_year      the smallest flow it is taken for: the most that the two listings could exchange in a year
    cost_per_km_factor      EUR per trade unit and km
    cost_factor             EUR per trade unit, whatever the distance
    emission_per_km_factor  kg CO2e per trade unit and km
    loss_per_km_factor      share lost per km
    """

    name: VehicleClass
    from_base_per_year: int = 0
    cost_per_km_factor: str | None = None
    cost_factor: str | None = None
    emission_per_km_factor: str | None = None
    loss_per_km_factor: str | None = None

    @property
    def by_distance(self) -> bool:
        """Say whether its cost, emissions or loss grow with the way."""
        return bool(self.cost_per_km_factor or self.emission_per_km_factor or self.loss_per_km_factor)

    @property
    def factor_keys(self) -> tuple[str, ...]:
        """Return the factors that a way by it is priced with, the detour among them where distance counts."""
        named = (self.cost_per_km_factor, self.cost_factor, self.emission_per_km_factor, self.loss_per_km_factor)
        keys = [key for key in named if key is not None]
        return (*keys, DETOUR_FACTOR) if self.by_distance else tuple(keys)


@dataclass(frozen=True, slots=True)
class Transport:
    """One row of the table: how a kind travels. `vehicles` are sorted by the size of flow they are taken from."""

    mode: TransportMode
    base_units: frozenset[BaseUnit]
    reach_m: int
    vehicles: tuple[Vehicle, ...]
    on_roads: bool = False

    @property
    def factor_keys(self) -> tuple[str, ...]:
        """Return the factors of all its vehicles, each once."""
        return tuple(dict.fromkeys(key for vehicle in self.vehicles for key in vehicle.factor_keys))


TRANSPORT: Final[dict[ResourceKind, Transport]] = {
    ResourceKind.MATERIAL: Transport(
        TransportMode.LORRY,
        frozenset({BaseUnit.KG}),
        reach_m=80_000,
        vehicles=(
            Vehicle(
                VehicleClass.RIGID_26T,
                cost_per_km_factor="transport.rigid.cost",
                cost_factor="transport.truck.loading",
                emission_per_km_factor="transport.rigid.emissions",
            ),
            Vehicle(
                VehicleClass.ARTIC_40T,
                from_base_per_year=250_000,
                cost_per_km_factor="transport.truck.cost",
                cost_factor="transport.truck.loading",
                emission_per_km_factor="transport.truck.emissions",
            ),
            Vehicle(
                VehicleClass.ARTIC_44T,
                from_base_per_year=2_500_000,
                cost_per_km_factor="transport.truck_44t.cost",
                cost_factor="transport.truck.loading",
                emission_per_km_factor="transport.truck_44t.emissions",
            ),
        ),
        on_roads=True,
    ),
    ResourceKind.WATER: Transport(
        TransportMode.WATER_PIPE,
        frozenset({BaseUnit.L}),
        reach_m=3_000,
        vehicles=(
            Vehicle(
                VehicleClass.WATER_PIPE,
                cost_per_km_factor="transport.water_pipe.cost",
                emission_per_km_factor="transport.water_pipe.emissions",
            ),
        ),
    ),
    ResourceKind.HEAT: Transport(
        TransportMode.HEAT_PIPE,
        frozenset({BaseUnit.KWH}),
        reach_m=5_000,
        vehicles=(
            Vehicle(
                VehicleClass.HEAT_PIPE,
                cost_per_km_factor="transport.heat_pipe.cost",
                loss_per_km_factor="transport.heat_pipe.loss",
            ),
        ),
    ),
    ResourceKind.ELECTRICITY: Transport(
        TransportMode.PUBLIC_NETWORK,
        frozenset({BaseUnit.KWH}),
        reach_m=2_000,
        vehicles=(Vehicle(VehicleClass.PUBLIC_NETWORK, cost_factor="transport.power_line.cost"),),
    ),
    ResourceKind.GAS: Transport(
        TransportMode.TUBE_TRAILER,
        frozenset({BaseUnit.KG}),
        reach_m=80_000,
        vehicles=(
            Vehicle(
                VehicleClass.TUBE_TRAILER,
                cost_per_km_factor="transport.gas_tube.cost",
                cost_factor="transport.gas_tube.loading",
                emission_per_km_factor="transport.gas_tube.emissions",
            ),
        ),
        on_roads=True,
    ),
    ResourceKind.CAPACITY: Transport(
        TransportMode.IN_PLACE,
        frozenset({BaseUnit.M2, BaseUnit.H}),
        reach_m=20_000,
        vehicles=(Vehicle(VehicleClass.IN_PLACE),),
    ),
}


def factor_keys_of(resources: Iterable[Resource]) -> list[str]:
    """Return the keys of all factors that an exchange of these resources is valued with, sorted."""
    keys: set[str] = {LEAST_VALUE, LEAST_AVOIDED, SWITCHING_COST}
    for resource in resources:
        named = (
            resource.disposal_factor,
            resource.purchase_factor,
            resource.disposal_emission_factor,
            resource.virgin_emission_factor,
        )
        keys.update(key for key in named if key is not None)
        if resource.disposal_factor is not None:
            keys.add(tax_key(resource.disposal_factor))
        keys.update(TRANSPORT[resource.kind].factor_keys)
    return sorted(keys)
