"""The breakdown of what an exchange is worth, as the API shows it."""

from collections.abc import Iterable
from typing import Self

import strawberry

from symbiosis.domain.worth import LISTING_PRICE, Line, Measure, Part
from symbiosis.policy import NumbersShown
from symbiosis.units import eur_from_cent, tco2e_from_g

RANGE = (
    " Low and high are the range of the figures that it is made of, each moved alone and combined as independent ones; "
    "quantities are taken as stated."
)
_REFERENCES = (
    "What the line is made of: factor versions (`key@version`), `substitution:by-product>input` of the catalogue, or "
    f"`{LISTING_PRICE}` for the price that the site states."
)
_HIDDEN = " Null where a price that a site states could be worked out from it by somebody who may not see that price."

strawberry.enum(Part, name="WorthPart", description="What a line of a breakdown is about.")


@strawberry.type(description="One line of what an exchange is worth; what it costs counts below zero." + RANGE)
class MoneyLine:
    """One line in EUR."""

    part: Part = strawberry.field(description="What it is about; TAX is the French tax on disposal (TGAP) of its year.")
    amount_eur: float | None = strawberry.field(description="EUR." + _HIDDEN)
    low_eur: float | None = strawberry.field(description="EUR, the low end." + _HIDDEN)
    high_eur: float | None = strawberry.field(description="EUR, the high end." + _HIDDEN)
    references: list[str] = strawberry.field(description=_REFERENCES)

    @classmethod
    def of(cls, line: Line, shown: NumbersShown) -> Self:
        """Return the line as the API shows it to this viewer."""
        visible = _is_shown(line.part, shown)
        low, high = line.low, line.high
        return cls(
            part=line.part,
            amount_eur=eur_from_cent(line.amount) if visible else None,
            low_eur=eur_from_cent(low) if visible else None,
            high_eur=eur_from_cent(high) if visible else None,
            references=list(line.references),
        )


@strawberry.type(description="One line of the emissions avoided; what is emitted counts below zero." + RANGE)
class EmissionLine:
    """One line in t CO2e."""

    part: Part = strawberry.field(description="What it is about.")
    amount_tco2e: float = strawberry.field(description="t CO2e.")
    low_tco2e: float = strawberry.field(description="t CO2e, the low end.")
    high_tco2e: float = strawberry.field(description="t CO2e, the high end.")
    references: list[str] = strawberry.field(description=_REFERENCES)

    @classmethod
    def of(cls, line: Line) -> Self:
        """Return the line as the API shows it."""
        return cls(
            part=line.part,
            amount_tco2e=tco2e_from_g(line.amount),
            low_tco2e=tco2e_from_g(line.low),
            high_tco2e=tco2e_from_g(line.high),
            references=list(line.references),
        )


def money_lines(lines: Iterable[Line], shown: NumbersShown) -> list[MoneyLine]:
    """Return the lines in EUR as the API shows them to this viewer."""
    return [MoneyLine.of(line, shown) for line in lines if line.measure is Measure.CENT]


def emission_lines(lines: Iterable[Line]) -> list[EmissionLine]:
    """Return the lines in t CO2e as the API shows them."""
    return [EmissionLine.of(line) for line in lines if line.measure is Measure.GCO2E]


def _is_shown(part: Part, shown: NumbersShown) -> bool:
    if part in {Part.DISPOSAL, Part.TAX}:
        return shown.avoided_disposal
    return shown.avoided_purchase if part is Part.PURCHASE else True
