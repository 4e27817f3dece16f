"""Factors: the numbers from outside that values and emissions are made of."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LEAST_VALUE: Final = "plan.least_value"
"""What a pair must be worth a year to be suggested (EUR per year)."""
LEAST_AVOIDED: Final = "plan.least_avoided"
"""What a pair must avoid, at the favourable end of its range, to be suggested (kg CO2e per trade unit)."""
SWITCHING_COST: Final = "plan.switching_cost"
"""What a pair must be worth more than one of the published plan to take its place (EUR per trade unit)."""


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


def tax_key(disposal_key: str) -> str:
    """Return the key of the tax that comes on top of a gate fee: `disposal.landfill.tax` for `disposal.landfill.cost`.

    A factor of that key may or may not be there; its version is the year of the rate.
    """
    return f"{disposal_key.removesuffix('.cost')}.tax"
