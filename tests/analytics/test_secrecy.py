"""No firm can be told from what is shown: held against an attacker that is written independently of the rules."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from symbiosis.analytics import attacker
from symbiosis.analytics.attacker import attack
from symbiosis.analytics.cells import ALL, Behind, Cell, Contribution, Key, Largest, Mark, cells_of
from symbiosis.analytics.secrecy import marks_of, rounded


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
    for one in (None, *FIRMS[:2]):
        _check_by_parts(cells, marks, one)


@settings(max_examples=25)
@given(contributions, st.data())
def test_what_is_known_without_a_programme_is_what_programmes_say(
    given_: list[Contribution], data: st.DataObject
) -> None:
    cells = cells_of(given_)
    marks = {key: data.draw(st.sampled_from([Mark.SHOWN, Mark.TOO_FEW])) for key in cells}
    found = {(one.cell, one.attacker, one.firm, one.part) for one in attack(cells, marks)}

    def nothing(belief: attacker._Belief, known: attacker.Floats) -> tuple[attacker.Floats, attacker.Floats]:
        return belief._true, belief._true

    with patch.object(attacker._Belief, "surely", nothing):
        assert {(one.cell, one.attacker, one.firm, one.part) for one in attack(cells, marks)} == found


@given(contributions)
def test_who_is_left_beside_somebody_is_counted_flow_by_flow(given_: list[Contribution]) -> None:
    for cell in cells_of(given_).values():
        behind = Behind(cell)
        for somebody in (None, *behind.firms):
            left = Cell(tuple(flow for flow in cell.flows if somebody not in flow[0]))
            expected = [
                Largest(firm := max(side, key=lambda name: (side[name], name)), side[firm], alone=len(side) == 1)
                for side in left.parted()
            ]
            assert behind.largest(without=somebody) == expected
            assert behind.known_to(somebody) == cell.amount - left.amount


def test_a_firm_that_is_alone_in_a_cell_knows_that_cell() -> None:
    alone = Contribution("loire", "12", ("firm0", "taker0"), 1)
    lyon = [("firm0", "taker0", 642), ("firm2", "taker1", 2), ("firm1", "taker2", 58)]
    loire = [("firm0", "taker1", 7), ("firm2", "taker3", 63), ("firm1", "taker0", 7)]
    given_ = [
        alone,
        *(Contribution("lyon", "10", (giver, taker), amount) for giver, taker, amount in lyon),
        *(Contribution("loire", "10", (giver, taker), amount) for giver, taker, amount in loire),
    ]
    cells = cells_of(given_)
    marks = marks_of(cells)
    for one in (None, *FIRMS[:3]):
        _check_by_parts(cells, marks, one)
    shown = {("*", "10"), ("loire", "*")}
    open_ = {key: Mark.SHOWN if key in shown else Mark.SECONDARY for key in cells}
    told = {(one.cell, one.attacker, one.firm, one.part): one.high for one in attack(cells, open_)}
    assert told[("lyon", "10"), "firm0", "firm1", 58] == pytest.approx(60)


def _check_by_parts(cells: dict[Key, Cell], marks: dict[Key, Mark], who: str | None) -> None:
    """Bound every firm's part of every inner cell by a programme over the parts themselves, as givers."""
    parts = [(key, firm) for key, cell in cells.items() if ALL not in key for firm in cell.parted()[0]]
    column = {part: n for n, part in enumerate(parts)}
    sums, totals = [], []
    for key, cell in cells.items():
        if marks[key] is Mark.SHOWN:
            sums.append([float(_within(part[0], key)) for part in parts])
            totals.append(cell.amount)
    bounds = [(cells[key].parted()[0][firm],) * 2 if firm == who else (0, None) for key, firm in parts]
    for (key, firm), n in column.items():
        if firm == who:
            continue
        true, aim = cells[key].parted()[0][firm], np.zeros(len(parts))
        for sign in (1, -1):
            aim[n] = sign
            found = linprog(aim, A_eq=np.array(sums) if sums else None, b_eq=totals or None, bounds=bounds)
            if found.status == 3:
                continue
            assert found.x is not None
            end = found.x[n]
            assert end <= 0.9 * true + 1e-6 if sign == 1 else end >= 1.1 * true - 1e-6, (key, firm, who)


def _within(inner: Key, key: Key) -> bool:
    return all(margin in (ALL, name) for margin, name in zip(key, inner, strict=True))
