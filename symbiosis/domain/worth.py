"""What an exchange is worth, line by line, and the range of each line."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

LISTING_PRICE: Final = "listing:price"
"""Stands among the references of a line where the price that a site states counts instead of a factor."""


class Measure(StrEnum):
    """What a line counts: euro cents, or grams of CO2e."""

    CENT = "CENT"
    GCO2E = "GCO2E"


class Part(StrEnum):
    """What a line is about. In cents all but VIRGIN, in grams all but TAX and PURCHASE.

    DISPOSAL   what the supplier no longer pays at the gate, or emits by disposal
    TAX        the tax on disposal (TGAP) of the year, where it is counted by itself
    PURCHASE   what the receiver no longer buys
    VIRGIN     the making of what is replaced
    TRANSPORT  the way between the sites
    TREATMENT  making the one fit for the other
    """

    DISPOSAL = "DISPOSAL"
    TAX = "TAX"
    PURCHASE = "PURCHASE"
    VIRGIN = "VIRGIN"
    TRANSPORT = "TRANSPORT"
    TREATMENT = "TREATMENT"


LINES: Final = (
    (Measure.CENT, Part.DISPOSAL),
    (Measure.CENT, Part.TAX),
    (Measure.CENT, Part.PURCHASE),
    (Measure.CENT, Part.TRANSPORT),
    (Measure.CENT, Part.TREATMENT),
    (Measure.GCO2E, Part.DISPOSAL),
    (Measure.GCO2E, Part.VIRGIN),
    (Measure.GCO2E, Part.TRANSPORT),
    (Measure.GCO2E, Part.TREATMENT),
)
"""Every line of a breakdown, in order."""
CENT_LINES: Final = sum(measure is Measure.CENT for measure, _ in LINES)


class LeftOut(StrEnum):
    """Why a run does not suggest a pair that may meet; the sums are factors, so that they are data and have a source.

    LEAST_VALUE    alone with all that both have, it would be worth less a year than `plan.least_value`
    LEAST_AVOIDED  even at the favourable end of its range it avoids less per trade unit than `plan.least_avoided`
    """

    LEAST_VALUE = "LEAST_VALUE"
    LEAST_AVOIDED = "LEAST_AVOIDED"


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure and its range, low <= value <= high."""

    value: float
    low: float
    high: float

    @classmethod
    def exact(cls, value: float) -> Self:
        """Return a figure without a range."""
        return cls(value, value, value)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a breakdown: whole cents or grams, signed as it counts towards the total.

    `references` name what the line is made of: factor versions (`key@version`), `substitution:by-product>input`,
    or LISTING_PRICE.
    """

    measure: Measure
    part: Part
    amount: int
    low: int
    high: int
    references: tuple[str, ...] = ()

    def as_text(self) -> str:
        """Return the line as the store keeps it: `CENT|TAX|6500|6500|7500|disposal.landfill.tax@2025`."""
        return f"{self.measure}|{self.part}|{self.amount}|{self.low}|{self.high}|{','.join(self.references)}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the line that `as_text` wrote."""
        measure, part, amount, low, high, references = text.split("|")
        return cls(
            Measure(measure), Part(part), int(amount), int(low), int(high), tuple(filter(None, references.split(",")))
        )


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What a quantity (base units) of a pair is worth, whole cents, and avoids, g CO2e, with the ranges of the totals.

    `lines` add up to the totals, each rounded by itself; a line that is nothing and rests on nothing is left out.
    """

    quantity_base: int
    lines: tuple[Line, ...]
    value_low_cent: int
    value_high_cent: int
    avoided_low_gco2e: int
    avoided_high_gco2e: int

    def _total(self, measure: Measure, *parts: Part) -> int:
        return sum(line.amount for line in self.lines if line.measure is measure and line.part in (parts or Part))

    @property
    def value_cent(self) -> int:
        """Return what both sides gain."""
        return self._total(Measure.CENT)

    @property
    def avoided_disposal_cent(self) -> int:
        """Return what the supplier no longer pays, tax included."""
        return self._total(Measure.CENT, Part.DISPOSAL, Part.TAX)

    @property
    def avoided_purchase_cent(self) -> int:
        """Return what the receiver no longer pays."""
        return self._total(Measure.CENT, Part.PURCHASE)

    @property
    def transport_cent(self) -> int:
        """Return what moving it costs."""
        return -self._total(Measure.CENT, Part.TRANSPORT)

    @property
    def treatment_cent(self) -> int:
        """Return what making it fit costs."""
        return -self._total(Measure.CENT, Part.TREATMENT)

    @property
    def avoided_gco2e(self) -> int:
        """Return the emissions avoided."""
        return self._total(Measure.GCO2E)
