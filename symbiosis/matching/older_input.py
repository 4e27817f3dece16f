"""The published plan's input, asked for some of its listings: for a few, its canonical bytes are searched, not read.

Rows of `Snapshot.canonical` are sorted by listing and end with a list, so `]],["` stands between two rows and nowhere
else: within a text a quotation mark has a backslash before it.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

MANY: Final = 3000
"""Beyond so many listings the whole input is read."""
_BETWEEN: Final = b']],["'
_SUPPLIES: Final = b'"supplies":['
_DEMANDS: Final = b'],"demands":['
_RESOURCES: Final = b'],"resources":['
_FACTORS: Final = b',"factors":['


@dataclass(frozen=True, slots=True)
class OlderInput:
    """Canonical bytes, where in them the rows of both sides begin and end, and the factors that were in force."""

    content: bytes
    sides: tuple[tuple[int, int], ...]
    factors: Mapping[str, list[float]]

    @classmethod
    def of(cls, content: bytes) -> "OlderInput":
        """Return the input of these bytes."""
        supplies = content.index(_SUPPLIES) + len(_SUPPLIES)
        demands = content.index(_DEMANDS, supplies)
        resources = content.index(_RESOURCES, demands)
        factors = content.index(_FACTORS, resources) + len(_FACTORS) - 1
        rows = json.JSONDecoder().raw_decode(content[factors:].decode())[0]
        sides = (supplies, demands), (demands + len(_DEMANDS), resources)
        return cls(content, sides, {factor_id: figures for factor_id, *figures in rows})

    def listings(self, listing_ids: Collection[str]) -> dict[str, list[Any]]:
        """Return what counted of those of some listings that were there, in the order of `snapshot.listing_row`."""
        if len(listing_ids) > MANY:
            read = json.loads(self.content)
            return {row[0]: row for side in ("supplies", "demands") for row in read[side] if row[0] in listing_ids}
        found = ((key, self._row(key, *side)) for key in listing_ids for side in self.sides)
        return {key: row for key, row in found if row is not None}

    def _row(self, listing_id: str, low: int, high: int) -> list[Any] | None:
        """Return the row of a listing among the rows from one place to another, by halving."""
        while low < high:
            before = self.content.rfind(_BETWEEN, low, (low + high) // 2 + len(_BETWEEN) - 1)
            begin = low if before < 0 else before + 3
            after = self.content.find(_BETWEEN, begin, high + 2)
            row: list[Any] = json.loads(self.content[begin : high if after < 0 else after + 2])
            if row[0] == listing_id:
                return row
            low, high = (high if after < 0 else after + 3, high) if row[0] < listing_id else (low, begin - 1)
        return None
