"""Distances by road, as a routing server gave them."""

from dataclasses import dataclass

from symbiosis.domain.places import GeoPrecision

PLACE_DIGITS = 5
"""Decimals of a degree that tell two places apart: about a metre."""


@dataclass(frozen=True, slots=True)
class Roads:
    """How far it is by road from one place to others, whole metres; places are named by `place_of`."""

    origin: str
    destinations: tuple[str, ...]
    metres: tuple[int, ...]


def place_of(lat: float, lon: float, precision: GeoPrecision) -> str | None:
    """Return the name of a place as roads are kept by, `45.76403,4.83566`; None where only the commune is known."""
    if precision is GeoPrecision.COMMUNE:
        return None
    return f"{lat:.{PLACE_DIGITS}f},{lon:.{PLACE_DIGITS}f}"
