"""What a site states about the legal status of a supply: evidence for the conditions of a by-product, or an act."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class EvidenceKind(StrEnum):
    """What is evidenced: one of the five conditions of a by-product, in the order of the law, or an end of waste."""

    CERTAIN_USE = "CERTAIN_USE"
    DIRECT_USE = "DIRECT_USE"
    INTEGRAL_PART = "INTEGRAL_PART"
    LAWFUL_USE = "LAWFUL_USE"
    NO_HARM = "NO_HARM"
    END_OF_WASTE = "END_OF_WASTE"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document or a fact that a site names. It is the site's statement: nobody here has verified it.

    `act` names the act of an END_OF_WASTE, by its id in `symbiosis.domain.legal.ACTS`.
    """

    kind: EvidenceKind
    text: str
    act: str | None = None

    def as_text(self) -> str:
        """Return the evidence as the store keeps it: `CERTAIN_USE||contract of 2027-01-04`."""
        return f"{self.kind}|{self.act or ''}|{self.text}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the evidence that `as_text` wrote."""
        kind, act, stated = text.split("|", 2)
        return cls(EvidenceKind(kind), stated, act or None)
