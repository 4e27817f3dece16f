"""Cells of a table of sums over firms, and who stands behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

ALL: Final = "*"

Key: TypeAlias = tuple[str, str]
Parts: TypeAlias = Mapping[str, int]
Flow: TypeAlias = tuple[tuple[str, ...], int]


class Mark(StrEnum):
    """Whether a cell is shown, and if not, why."""

    SHOWN = "SHOWN"
    TOO_FEW = "TOO_FEW"
    DOMINATED = "DOMINATED"
    SECONDARY = "SECONDARY"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one flow adds to a cell, and the firm on each side of it; the amount is above zero."""

    row: str
    column: str
    firms: tuple[str, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One sum and the flows it is made of: the firm on each side, and the amount."""

    flows: tuple[Flow, ...]

    @property
    def amount(self) -> int:
        """Return the sum."""
        return sum(amount for _, amount in self.flows)

    def parted(self) -> tuple[Parts, ...]:
        """Return the parts of the firms, one mapping a side."""
        sides = len(self.flows[0][0]) if self.flows else 0
        parts: list[dict[str, int]] = [{} for _ in range(sides)]
        for firms, amount in self.flows:
            for side, firm in zip(parts, firms, strict=True):
                side[firm] = side.get(firm, 0) + amount
        return tuple(parts)


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest firm of a side beside somebody's own flows, its part of them, and whether it is the only one."""

    firm: str
    part: int
    alone: bool


class Behind:
    """Who stands behind a cell, ready to be asked what is left of it without the flows of one firm."""

    def __init__(self, cell: Cell) -> None:
        self.amount = cell.amount
        self._sides = cell.parted()
        self._ranked = [sorted(side, key=lambda firm: (side[firm], firm), reverse=True) for side in self._sides]
        self._of_firm: dict[str, list[Flow]] = {}
        for flow in cell.flows:
            for firm in set(flow[0]):
                self._of_firm.setdefault(firm, []).append(flow)

    @property
    def firms(self) -> list[str]:
        """Return the firms, sorted."""
        return sorted(self._of_firm)

    def known_to(self, attacker: str | None) -> int:
        """Return what somebody knows of the sum: the flows it gives or takes itself."""
        return sum(amount for _, amount in self._own(attacker))

    def largest(self, without: str | None) -> list[Largest]:
        """Return of each side the largest firm of the flows that somebody has nothing to do with, if there is one."""
        found = []
        for place, (side, ranked) in enumerate(zip(self._sides, self._ranked, strict=True)):
            less: dict[str, int] = {}
            for firms, amount in self._own(without):
                less[firms[place]] = less.get(firms[place], 0) + amount
            left = {firm: side[firm] - own for firm, own in less.items() if side[firm] > own}
            whole = next((firm for firm in ranked if firm not in less), None)
            if whole is not None:
                left[whole] = side[whole]
            if left:
                firm = max(left, key=lambda name: (left[name], name))
                others = len(side) - sum(side[name] == own for name, own in less.items())
                found.append(Largest(firm, left[firm], alone=others == 1))
        return found

    def _own(self, firm: str | None) -> Sequence[Flow]:
        return () if firm is None else self._of_firm.get(firm, ())


def cells_of(contributions: Sequence[Contribution]) -> dict[Key, Cell]:
    """Return every cell that has a contribution, margins (ALL) and the whole among them."""
    flows: dict[Key, list[Flow]] = {}
    for one in contributions:
        for key in ((one.row, one.column), (one.row, ALL), (ALL, one.column), (ALL, ALL)):
            flows.setdefault(key, []).append((one.firms, one.amount))
    return {key: Cell(tuple(flows[key])) for key in sorted(flows)}
