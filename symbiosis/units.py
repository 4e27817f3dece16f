"""The only place where units convert.

Inside, quantities are integers in a base unit (kg, L, kWh, m2, h), money is in euro cents, distance in metres,
emissions in grams CO2e. Outside (API, files, console) stand tonnes, m3, MWh, m2, hours, euros, km and t CO2e.

A price inside is in cents per *trade unit* (per t, m3, MWh, m2 or h), so that it is an integer too.
"""

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from symbiosis.errors import InputError

MAX_BASE: Final = 10**12
"""The largest quantity a listing may state, in base units (10^9 t or m3 or MWh): beyond it is a typing error."""

_BEYOND: Final = 2**62

CENT_PER_EUR: Final = 100
TENTH_PER_FTE: Final = 10
GRAM_PER_TONNE: Final = 1_000_000
GRAM_PER_KG: Final = 1000
METRE_PER_KM: Final = 1000


class BaseUnit(StrEnum):
    """The unit that quantities of a resource are stored in."""

    KG = "KG"
    L = "L"
    KWH = "KWH"
    M2 = "M2"
    H = "H"


class TradeUnit(StrEnum):
    """The unit that people, files and the API speak, and that prices are per."""

    TONNE = "TONNE"
    M3 = "M3"
    MWH = "MWH"
    M2 = "M2"
    HOUR = "HOUR"


TRADE_UNIT: Final = {
    BaseUnit.KG: TradeUnit.TONNE,
    BaseUnit.L: TradeUnit.M3,
    BaseUnit.KWH: TradeUnit.MWH,
    BaseUnit.M2: TradeUnit.M2,
    BaseUnit.H: TradeUnit.HOUR,
}
BASE_PER_TRADE: Final = {
    BaseUnit.KG: 1000,
    BaseUnit.L: 1000,
    BaseUnit.KWH: 1000,
    BaseUnit.M2: 1,
    BaseUnit.H: 1,
}
SYMBOL: Final = {
    TradeUnit.TONNE: "t",
    TradeUnit.M3: "m3",
    TradeUnit.MWH: "MWh",
    TradeUnit.M2: "m2",
    TradeUnit.HOUR: "h",
}


class QuantityError(InputError):
    """A quantity is not a number that can be listed."""

    code = "QUANTITY"


class AmountError(InputError):
    """An amount of money is not a number that can be stored."""

    code = "AMOUNT"


def _decimal(value: float | str | Decimal, *, what: str, error: type[InputError]) -> Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as wrong:
        raise error(f"{what} {value!r} is not a number; write it like 1250 or 12.5.") from wrong
    if not number.is_finite():
        raise error(f"{what} {value!r} is not a finite number; write it like 1250 or 12.5.")
    return number


def base_from_trade(value: float | str | Decimal, unit: BaseUnit) -> int:
    """Return a quantity in base units, rounded half to even; raise QuantityError unless 0 < value <= MAX_BASE."""
    number = _decimal(value, what="The quantity", error=QuantityError)
    symbol = SYMBOL[TRADE_UNIT[unit]]
    if number <= 0:
        raise QuantityError(f"The quantity {value} {symbol} is not above zero; state what flows in a year.")
    if number > MAX_BASE:
        raise QuantityError(f"The quantity {value} {symbol} is beyond anything a site can move; check the unit.")
    base = int((number * BASE_PER_TRADE[unit]).to_integral_value(ROUND_HALF_EVEN))
    if base > MAX_BASE:
        raise QuantityError(f"The quantity {value} {symbol} is beyond anything a site can move; check the unit.")
    if base == 0:
        raise QuantityError(f"The quantity {value} {symbol} is below 1 {unit.value.lower()}; state a larger one.")
    return base


def trade_from_base(base: int, unit: BaseUnit) -> float:
    """Return a stored quantity in its trade unit (t, m3, MWh, m2, h)."""
    return base / BASE_PER_TRADE[unit]


def cent_from_eur(value: float | str | Decimal) -> int:
    """Return euros as whole cents, rounded half to even; raise AmountError when not a finite number below 10^12."""
    number = _decimal(value, what="The amount", error=AmountError)
    if abs(number) > MAX_BASE:
        raise AmountError(f"The amount {value} EUR is too large; check the unit.")
    return int((number * CENT_PER_EUR).to_integral_value(ROUND_HALF_EVEN))


def tenth_from_fte(value: float) -> int:
    """Return finite full-time equivalents as whole tenths, rounded half to even."""
    return int((Decimal(str(value)) * TENTH_PER_FTE).to_integral_value(ROUND_HALF_EVEN))


def fte_from_tenth(tenth: int) -> float:
    """Return tenths of full-time equivalents as full-time equivalents."""
    return tenth / TENTH_PER_FTE


def eur_from_cent(cent: int) -> float:
    """Return cents as euros."""
    return cent / CENT_PER_EUR


def inside_from_outside(value: float, per_unit: int) -> int | float:
    """Return a bound stated in a unit of which `per_unit` of the stored unit make one; a fraction of those is kept."""
    number = _decimal(value, what="The bound", error=AmountError) * per_unit
    held = max(min(number, Decimal(_BEYOND)), Decimal(-_BEYOND))
    return int(held) if held == held.to_integral_value() else float(held)


def km_from_m(metres: int) -> float:
    """Return metres as kilometres."""
    return metres / METRE_PER_KM


def tco2e_from_g(grams: int) -> float:
    """Return grams CO2e as tonnes CO2e."""
    return grams / GRAM_PER_TONNE


def g_from_kg(kg: float | str | Decimal) -> int:
    """Return kilograms CO2e as whole grams, rounded half to even; raise AmountError when not a finite number."""
    number = _decimal(kg, what="The amount", error=AmountError)
    return int((number * GRAM_PER_KG).to_integral_value(ROUND_HALF_EVEN))
