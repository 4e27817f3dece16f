"""What flows: resources, and which may stand in for which."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from symbiosis.domain.ids import ResourceCode
from symbiosis.domain.permits import Operation
from symbiosis.units import BaseUnit


class ResourceKind(StrEnum):
    """The kind of a resource decides its base unit, how it travels and what it costs to move."""

    MATERIAL = "MATERIAL"
    WATER = "WATER"
    HEAT = "HEAT"
    ELECTRICITY = "ELECTRICITY"
    GAS = "GAS"
    CAPACITY = "CAPACITY"


class Quality(StrEnum):
    """A measurable property that a supply states and a demand may limit. The unit ends its name."""

    TEMPERATURE_C = "TEMPERATURE_C"
    MOISTURE_SHARE = "MOISTURE_SHARE"
    PURITY_SHARE = "PURITY_SHARE"
    CHLORINE_SHARE = "CHLORINE_SHARE"
    CALORIFIC_MJ_PER_KG = "CALORIFIC_MJ_PER_KG"
    CONDUCTIVITY_US_PER_CM = "CONDUCTIVITY_US_PER_CM"
    PARTICLE_MM = "PARTICLE_MM"
    ASH_SHARE = "ASH_SHARE"
    SULFUR_SHARE = "SULFUR_SHARE"
    METALS_MG_PER_KG = "METALS_MG_PER_KG"
    SUSPENDED_MG_PER_L = "SUSPENDED_MG_PER_L"
    COD_MG_PER_L = "COD_MG_PER_L"
    PH = "PH"


class PhysicalState(StrEnum):
    """In which state a supply arrives, or which states a demand can handle."""

    SOLID = "SOLID"
    POWDER = "POWDER"
    SLUDGE = "SLUDGE"
    LIQUID = "LIQUID"
    GAS = "GAS"


class End(StrEnum):
    """The end of a range that a treatment mends."""

    LOW = "LOW"
    HIGH = "HIGH"


RESTORES_STATE: Final = "PHYSICAL_STATE"
"""What a treatment `restores` where it also turns the supply into the state that the demand can handle."""

RESTORABLE: Final = frozenset({RESTORES_STATE, *(f"{quality}:{end}" for quality in Quality for end in End)})


@dataclass(frozen=True, slots=True)
class QualityRange:
    """What a supply measures, or what a demand accepts: low <= property <= high; None is no bound."""

    quality: Quality
    low: float | None
    high: float | None

    def as_text(self) -> str:
        """Return the range as the store keeps it: `TEMPERATURE_C|60.0|`, an empty end being no bound."""
        low, high = ("" if end is None else repr(float(end)) for end in (self.low, self.high))
        return f"{self.quality}|{low}|{high}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the range that `as_text` wrote."""
        quality, low, high = text.split("|")
        return cls(Quality(quality), float(low) if low else None, float(high) if high else None)


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of the catalogue. The `_factor` fields name rows of the factor table; None is not known.

    waste_codes         six-digit LoW codes under which it is thrown away (empty: it is not waste)
    physical_states     the states in which it usually arrives (empty: not known, or it has none)
    adr_class           its class as dangerous goods by road, e.g. "8"; None is not classified here
    disposal_factor     what getting rid of one trade unit costs its holder today (EUR per trade unit)
    purchase_factor     what one trade unit of the virgin or fresh equivalent costs its user (EUR per trade unit)
    disposal_emission_factor, virgin_emission_factor   kg CO2e per trade unit, avoided when it is exchanged
    """

    code: ResourceCode
    name_en: str
    name_fr: str
    kind: ResourceKind
    base_unit: BaseUnit
    waste_codes: tuple[str, ...] = ()
    disposal_factor: str | None = None
    purchase_factor: str | None = None
    disposal_emission_factor: str | None = None
    virgin_emission_factor: str | None = None
    physical_states: tuple[PhysicalState, ...] = ()
    adr_class: str | None = None


@dataclass(frozen=True, slots=True)
class Substitution:
    """`by_product` can replace `input_` : one unit of it, treated, replaces `yield_share` units of the input.

    The low and high ends are the range thought possible of each figure; None is no range stated. `operation` is the
    recovery operation that the treatment is, None where it is none of waste. `restores` names what the treatment mends,
    members of RESTORABLE: with `MOISTURE_SHARE:HIGH` a limit of the demand from above holds, whatever the supply is.
    """

    by_product: ResourceCode
    input_: ResourceCode
    yield_share: float
    treatment_cent_per_trade_unit: int
    treatment_gco2e_per_trade_unit: int
    technique: str
    source: str
    yield_low_share: float | None = None
    yield_high_share: float | None = None
    treatment_low_cent_per_trade_unit: int | None = None
    treatment_high_cent_per_trade_unit: int | None = None
    treatment_low_gco2e_per_trade_unit: int | None = None
    treatment_high_gco2e_per_trade_unit: int | None = None
    operation: Operation | None = None
    restores: tuple[str, ...] = ()
