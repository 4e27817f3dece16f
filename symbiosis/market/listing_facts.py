"""The facts of a listing, checked one by one, whether it is new or changes; a refusal names the field."""

from collections.abc import Sequence
from typing import Final

from symbiosis.domain.acts import ACTS
from symbiosis.domain.evidence import Evidence, EvidenceKind
from symbiosis.domain.listings import NOTED, Direction, Provenance, Visibility
from symbiosis.domain.resources import PhysicalState, QualityRange, Resource
from symbiosis.domain.waste_codes import read_waste_code
from symbiosis.market.inputs import FieldError, at_field, text_or_none
from symbiosis.units import BaseUnit, base_from_trade, cent_from_eur

OWN_WORD: Final = frozenset({Provenance.DECLARED, Provenance.METERED})
"""Where a quantity that a site states itself may come from."""


def own_word(given: Provenance) -> Provenance:
    """Return a provenance, or raise FieldError unless a site may state it itself."""
    if given not in OWN_WORD:
        raise FieldError("provenance", message=f"A site lists DECLARED or METERED quantities, not {given}.")
    return given


def in_order(states: Sequence[PhysicalState]) -> tuple[PhysicalState, ...]:
    """Return the physical states, each once, in the order of their kinds."""
    return tuple(state for state in PhysicalState if state in states)


def base_or_none(given: float | None, unit: BaseUnit, path: str) -> int | None:
    """Return a quantity in base units, or None; raise FieldError unless it can be listed."""
    return None if given is None else at_field(path, lambda: base_from_trade(given, unit))


def minimum_or_none(given: float | None, unit: BaseUnit, quantity_base: int | None) -> int | None:
    """Return the least for one partner in base units, or None; raise FieldError if it is above the quantity."""
    least = base_or_none(given, unit, "minimum_per_year")
    if least is not None and quantity_base is not None and least > quantity_base:
        raise FieldError("minimum_per_year", message=f"The least quantity {given} is above the quantity itself.")
    return least


def checked_evidence(given: Sequence[Evidence], direction: Direction) -> tuple[Evidence, ...]:
    """Return the evidence with its texts cleaned, or raise FieldError if it is a demand's, given twice or of no act."""
    if given and direction is not Direction.SUPPLY:
        raise FieldError("evidence", message="Evidence is about a supply; a demand states none.")
    if len({evidence.kind for evidence in given}) != len(given):
        raise FieldError("evidence", message="A kind of evidence is given twice; say it in one text.")
    for number, evidence in enumerate(given):
        known = evidence.act in ACTS if evidence.kind is EvidenceKind.END_OF_WASTE else evidence.act is None
        if not known:
            what = f"END_OF_WASTE, and only that, names its act: one of {', '.join(ACTS)}."
            raise FieldError("evidence", str(number), "act", message=what)
    texts = [text_or_none(evidence.text, "evidence") for evidence in given]
    if not all(texts):
        raise FieldError("evidence", message="Evidence without a text says nothing; name the document.")
    return tuple(
        Evidence(evidence.kind, text, evidence.act)
        for evidence, text in zip(given, texts, strict=True)
        if text is not None
    )


def waste_code_or_none(given: str | None, resource: Resource) -> str | None:
    """Return a waste code as six digits, or None; raise FieldError unless it is one of the resource's."""
    if given is None:
        return None
    code, _ = at_field("waste_code", lambda: read_waste_code(given))
    if code not in resource.waste_codes:
        known = ", ".join(resource.waste_codes) or "none: it is not waste"
        raise FieldError("waste_code", message=f"{code} is not a waste code of {resource.name_en}; it has {known}.")
    return code


def price_cent_or_none(eur: float | None) -> int | None:
    """Return a price per trade unit in cents, or None; raise FieldError if it is below zero or no amount."""
    if eur is None:
        return None
    cent = at_field("price_per_unit_eur", lambda: cent_from_eur(eur))
    if cent < 0:
        raise FieldError("price_per_unit_eur", message=f"The price {eur} EUR is below zero; state what you pay today.")
    return cent


def checked_qualities(given: Sequence[QualityRange]) -> tuple[QualityRange, ...]:
    """Return the ranges by name, or raise FieldError if one is empty, turned round, not finite or given twice."""
    for number, wanted in enumerate(given):
        place = ("qualities", str(number))
        ends = [end for end in (wanted.low, wanted.high) if end is not None]
        if not ends or not all(abs(end) < 1e9 for end in ends):
            raise FieldError(*place, message=f"{wanted.quality} needs a low or a high end, each a number below 10^9.")
        if ends != sorted(ends):
            raise FieldError(*place, message=f"{wanted.quality}: the low end is above the high end; swap them.")
    if len({wanted.quality for wanted in given}) != len(given):
        raise FieldError("qualities", message="A quality is given twice; give one range for each.")
    return tuple(sorted(given, key=lambda wanted: wanted.quality))


def require_shareable(source: str, visibility: Visibility) -> None:
    """Raise FieldError where a facilitator would make public what they noted for a site: that is the site's to say."""
    if source == NOTED and visibility is Visibility.PUBLIC:
        raise FieldError("visibility", message="Only the site itself makes its listing public; take TERRITORY.")
