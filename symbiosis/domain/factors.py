"""Factors: the numbers from outside that values and emissions are made of."""

from dataclasses import dataclass
from enum import StrEnum


class FactorBasis(StrEnum):
    """How well a factor is founded: quoted from its source, derived from quoted ones, or assumed and said to be."""

    QUOTED = "QUOTED"
    DERIVED = "DERIVED"
    ASSUMED = "ASSUMED"


@dataclass(frozen=True, slots=True)
class Factor:
    """One number with its origin. `factor_id` is `key@version`: a changed value is a new row, the latest is in force.

    `value`, `low` and `high` are in `unit`, e.g. "EUR/t", "kgCO2e/t", "EUR/t.km", "kgCO2e/t.km", "1" (a ratio).
    """

    factor_id: str
    value: float
    low: float
    high: float
    unit: str
    year: int
    perimeter: str
    basis: FactorBasis
    source: str
    licence: str
