"""SIREN and SIRET: the numbers of French legal units and establishments, and what makes one valid.

Source     INSEE, definitions of SIREN and SIRET; ISO/IEC 7812-1 annex B (the Luhn key). The establishments of La Poste
           (SIREN 356000000) do not all carry a Luhn key: their fourteen digits sum to a multiple of five.
"""

from typing import Final

from symbiosis.errors import InputError

LA_POSTE: Final = "356000000"
_SIREN_DIGITS: Final = 9
_SIRET_DIGITS: Final = 14


class SiretError(InputError):
    """A SIREN or SIRET is not one; `reason` says what is wrong with it."""

    code = "SIRET"

    def __init__(self, given: str, *, noun: str, reason: str) -> None:
        super().__init__(f"{given!r} is not a {noun}: {reason}.")
        self.given, self.noun, self.reason = given, noun, reason


def luhn_sum(digits: str) -> int:
    """Return the Luhn sum of a string of digits; a multiple of ten is a valid key."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total


def siren_of(text: str) -> str:
    """Return the nine digits of a SIREN, written with or without spaces, or raise SiretError."""
    siren = _digits(text, noun="SIREN", length=_SIREN_DIGITS)
    if luhn_sum(siren) % 10:
        raise SiretError(text, noun="SIREN", reason="its check digit is wrong, so a digit is mistyped")
    return siren


def siret_of(text: str) -> str:
    """Return the fourteen digits of a SIRET, written with or without spaces, or raise SiretError."""
    siret = _digits(text, noun="SIRET", length=_SIRET_DIGITS)
    if not is_siret(siret):
        raise SiretError(text, noun="SIRET", reason="its check digit is wrong, so a digit is mistyped")
    return siret


def is_siret(siret: str) -> bool:
    """Return whether fourteen digits carry a valid key, by Luhn or by the rule of La Poste."""
    if len(siret) != _SIRET_DIGITS or not (siret.isascii() and siret.isdigit()) or not siret.strip("0"):
        return False
    if luhn_sum(siret) % 10 == 0:
        return True
    return siret.startswith(LA_POSTE) and sum(map(int, siret)) % 5 == 0


def _digits(text: str, *, noun: str, length: int) -> str:
    digits = "".join(text.split())
    if not digits:
        raise SiretError(text, noun=noun, reason=f"it is empty; write {length} digits")
    if not (digits.isascii() and digits.isdigit()):
        raise SiretError(text, noun=noun, reason=f"it holds something other than digits; write {length} digits")
    if len(digits) != length:
        raise SiretError(text, noun=noun, reason=f"it has {len(digits)} digits instead of {length}")
    if not digits.strip("0"):
        raise SiretError(text, noun=noun, reason="it is all zeros")
    return digits
