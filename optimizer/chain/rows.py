"""Rows and columns of a chain's programme with their names, and the draft in which rows are collected."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import scipy.sparse as sp

from optimizer.linear import Floats
from optimizer.problem import Ints


class RowKind(StrEnum):
    """Which limit a row is; `where` (m, 3) then holds its node, its property and its period, -1 for none."""

    SUPPLY = "SUPPLY"
    SUPPLY_LEAST = "SUPPLY_LEAST"
    PRODUCT = "PRODUCT"
    DEMAND = "DEMAND"
    PROCESSOR = "PROCESSOR"
    QUALITY_MOST = "QUALITY_MOST"
    QUALITY_LEAST = "QUALITY_LEAST"
    FINAL = "FINAL"
    LINKED = "LINKED"
    LOT = "LOT"
    ONCE = "ONCE"
    TAIL_PARTNERS = "TAIL_PARTNERS"
    HEAD_PARTNERS = "HEAD_PARTNERS"
    BUDGET = "BUDGET"
    SECOND = "SECOND"


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """All rows of one kind: from `start`, with their names (m, 3) and the factor they were multiplied by."""

    kind: RowKind
    start: int
    where: Ints
    factor: Floats

    @property
    def end(self) -> int:
        """Return the number after the last row."""
        return self.start + len(self.where)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The numbers of the columns; -1 where a use has no such column."""

    flow: Ints
    stock: Ints
    each: Ints
    once: Ints
    count: int


Term = tuple[Ints, Ints, Floats]
"""Row within its kind, column, coefficient; one entry each."""


@dataclass(slots=True, eq=False)
class Draft:
    """The programme while it is put together."""

    width: int
    rows: list[Rows] = field(default_factory=list)
    blocks: list[sp.csr_matrix] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)

    def add(self, kind: RowKind, where: Ints, terms: list[Term], lower: Floats, upper: Floats) -> None:
        """Add rows of one kind, each divided by its greatest coefficient."""
        if not len(where):
            return
        row, column, entry = (np.concatenate(part) for part in zip(*terms, strict=True))
        block = sp.csr_matrix((entry, (row, column)), shape=(len(where), self.width))
        factor = np.ones(len(where))
        if kind in (RowKind.QUALITY_MOST, RowKind.QUALITY_LEAST, RowKind.SECOND):
            greatest = np.zeros(len(where))
            np.maximum.at(greatest, row, np.abs(entry))
            factor = 1 / np.where(greatest > 0, greatest, 1.0)
            block = sp.csr_matrix(sp.diags(factor) @ block)
        start = self.rows[-1].end if self.rows else 0
        self.rows.append(Rows(kind, start, where, factor))
        self.blocks.append(block)
        self.lower.append(lower * factor)
        self.upper.append(upper * factor)


def names_of(nodes: Ints, periods: int) -> Ints:
    """Return the names of one row per node and period, node by node."""
    where = np.full((len(nodes) * periods, 3), -1, np.int64)
    where[:, 0], where[:, 2] = np.repeat(nodes, periods), np.tile(np.arange(periods), len(nodes))
    return where


def flat(table: Ints) -> Ints:
    """Return a table row by row."""
    return table.ravel()
