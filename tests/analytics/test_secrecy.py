"""No firm can be told from what is shown: held against an attacker that is written independently of the rules."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from symbiosis.analytics.secrecy import ALL, Cell, Contribution, Key, Mark, attack, cells_of, marks_of, rounded


def add(row: str, column: str, *amounts: int, taker: str = "t") -> list[Contribution]:
    """Return one contribution a firm, each with a taker of its own."""
    return [
        Contribution(row, column, (f"{row}{column}{n}", f"{taker}{row}{column}{n}"), amount)
        for n, amount in enumerate(amounts)
    ]


def test_two_firms_are_too_few_and_three_are_not() -> None:
    cells = cells_of([*add("lyon", "10", 5, 5), *add("lyon", "12", 5, 5, 5)])
    marks = marks_of(cells)
    assert marks["lyon", "10"] is Mark.TOO_FEW
    assert cells["lyon", "12"].amount == 15


def test_one_taker_behind_many_givers_is_too_few() -> None:
    cells = cells_of([Contribution("lyon", "10", (f"firm{n}", "incinerator"), 5) for n in range(9)])
    assert set(marks_of(cells).values()) == {Mark.TOO_FEW}


@pytest.mark.parametrize("amounts", [(85, 10, 5), (60, 39, 1)])
def test_a_firm_that_dominates_or_that_the_second_could_tell_is_hidden(amounts: tuple[int, ...]) -> None:
    assert marks_of(cells_of(add("lyon", "10", *amounts)))["lyon", "10"] is Mark.DOMINATED


def test_a_hidden_cell_is_not_found_by_subtraction() -> None:
    cells = cells_of(
        [
            *add("lyon", "10", 100),
            *add("lyon", "12", 40, 40, 40),
            *add("lyon", "15", 90, 90, 90),
            *add("loire", "10", 50, 50, 50),
            *add("loire", "12", 60, 60, 60),
            *add("loire", "15", 70, 70, 70),
        ]
    )
    marks = marks_of(cells)
    assert marks["lyon", "10"] is Mark.TOO_FEW
    assert {key for key, mark in marks.items() if mark is Mark.SECONDARY} == {
        ("lyon", "12"),
        ("loire", "10"),
        ("loire", "12"),
    }
    assert list(attack(cells, marks)) == []


def test_without_secondary_suppression_the_attacker_finds_the_firm() -> None:
    cells = cells_of([*add("lyon", "10", 100), *add("lyon", "12", 40, 40, 40)])
    marks = {key: Mark.TOO_FEW if key == ("lyon", "10") else Mark.SHOWN for key in cells}
    found = [one for one in attack(cells, marks) if one.cell == ("lyon", "10")]
    assert found
    assert found[0].part == 100
    assert found[0].low == pytest.approx(100)


def test_numbers_have_three_digits() -> None:
    assert [rounded(amount) for amount in (123_456, 0.0012345, 999.6)] == [123_000, 0.00123, 1000]


FIRMS = [f"firm{n}" for n in range(7)]
contributions = st.lists(
    st.builds(
        Contribution,
        st.sampled_from(["lyon", "loire", "isere"]),
        st.sampled_from(["10", "12", "15"]),
        st.tuples(st.sampled_from(FIRMS), st.sampled_from([f"taker{n}" for n in range(6)])),
        st.integers(1, 1000),
    ),
    max_size=40,
)


@settings(max_examples=25)
@given(contributions)
def test_an_attacker_of_another_kind_narrows_nobody(given_: list[Contribution]) -> None:
    cells = cells_of(given_)
    marks = marks_of(cells)
    for attacker in (None, *FIRMS[:2]):
        _check_by_parts(cells, marks, attacker)


def _check_by_parts(cells: dict[Key, Cell], marks: dict[Key, Mark], attacker: str | None) -> None:
    """Bound every firm's part of every inner cell by a programme over the parts themselves, as givers."""
    parts = [(key, firm) for key, cell in cells.items() if ALL not in key for firm in cell.parted()[0]]
    column = {part: n for n, part in enumerate(parts)}
    sums, totals = [], []
    for key, cell in cells.items():
        if marks[key] is Mark.SHOWN:
            sums.append([float(_within(part[0], key)) for part in parts])
            totals.append(cell.amount)
    bounds = [(cells[key].parted()[0][firm],) * 2 if firm == attacker else (0, None) for key, firm in parts]
    for (key, firm), n in column.items():
        if firm == attacker:
            continue
        true, aim = cells[key].parted()[0][firm], np.zeros(len(parts))
        for sign in (1, -1):
            aim[n] = sign
            found = linprog(aim, A_eq=np.array(sums) if sums else None, b_eq=totals or None, bounds=bounds)
            if found.status == 3:
                continue
            end = found.x[n]
            assert end <= 0.9 * true + 1e-6 if sign == 1 else end >= 1.1 * true - 1e-6, (key, firm, attacker)


def _within(inner: Key, key: Key) -> bool:
    return all(margin in (ALL, name) for margin, name in zip(key, inner, strict=True))
