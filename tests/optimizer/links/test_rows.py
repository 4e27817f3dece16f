"""What a row earns at most on its own: exact where every set of its links is tried, a bound where some are left out."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.links.rows import Rows, link_sets
from optimizer.problem import Ints


def ints(values: list[int]) -> Ints:
    return np.array(values, np.int64)


def test_sets_of_links_are_all_of_at_most_the_limit() -> None:
    assert link_sets(3, 1).tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert len(link_sets(5, 5)) == 2**5
    assert link_sets(90, 2, most=56).shape == (56, 10)


Arc = tuple[int, int, int, int]
"""Value of a unit, cost of a link, lot, most."""


def earns(arcs: list[Arc], capacity: int, partners: int) -> int:
    """Return the most one row earns, over all sets of links and all fillings of each, unit by unit."""
    best = 0
    for size in range(min(partners, len(arcs)) + 1):
        for chosen in itertools.combinations(arcs, size):
            left = capacity - sum(lot for _, _, lot, _ in chosen)
            if left < 0:
                continue
            worth = sum(value * lot - cost for value, cost, lot, _ in chosen)
            for value, _, lot, most in sorted(chosen, reverse=True):
                more = min(left, most - lot) if value > 0 else 0
                worth, left = worth + value * more, left - more
            best = max(best, worth)
    return best


@st.composite
def rows(draw: st.DrawFn) -> tuple[list[Arc], int, int, tuple[int, int]]:
    arcs = []
    for _ in range(draw(st.integers(1, 7))):
        lot = draw(st.integers(1, 5))
        arcs.append((draw(st.integers(-3, 9)), draw(st.integers(-6, 30)), lot, lot + draw(st.integers(0, 8))))
    price = draw(st.integers(0, 6)), draw(st.integers(0, 9))
    return arcs, draw(st.integers(0, 20)), draw(st.integers(1, 7)), price


def bound(row: tuple[list[Arc], int, int, tuple[int, int]], sets: int, dtype: type) -> tuple[float, float]:
    """Return what the row earns at most by Rows, and what the choice it hands out earns."""
    arcs, capacity, partners, (u, k) = row
    value, cost, lot, most = (ints(list(column)) for column in zip(*arcs, strict=True))
    node = np.zeros(len(arcs), np.int64)
    side = Rows.of(node, (ints([capacity]), ints([partners])), (lot, most), sets)
    worth = value.astype(dtype), cost.astype(dtype)
    earned = side.earned(worth, (np.array([u], dtype), np.array([k], dtype)))
    return earned.most[0], earned.flow @ worth[0] - worth[1][earned.link].sum()


@given(rows())
@settings(max_examples=200, deadline=None)
def test_a_row_whose_sets_are_all_tried_earns_exactly_that(
    row: tuple[list[Arc], int, int, tuple[int, int]],
) -> None:
    best = earns(*row[:3])
    assert bound(row, 128, np.int64) == (best, best)
    assert bound(row, 128, np.float64) == (best, best)


@given(rows())
@settings(max_examples=200, deadline=None)
def test_a_row_of_which_few_sets_are_tried_never_earns_more_than_its_bound(
    row: tuple[list[Arc], int, int, tuple[int, int]],
) -> None:
    assert bound(row, 4, np.int64)[0] >= earns(*row[:3])
