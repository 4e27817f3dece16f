"""The door to the simplex solver: answers, and every way in which there is none."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimizer.errors import ProblemError
from optimizer.linear import LinearProgram, LinearStatus, solve_linear

INF = np.inf


def program(
    objective: list[float],
    rows: list[list[float]],
    row_limits: tuple[list[float], list[float]],
    *,
    limits: tuple[list[float], list[float]] | None = None,
    maximise: bool = False,
) -> LinearProgram:
    n = len(objective)
    lower, upper = limits or ([0.0] * n, [INF] * n)
    return LinearProgram(
        objective=np.array(objective, float),
        matrix=sp.csr_matrix(np.array(rows, float).reshape(len(rows), n)),
        row_lower=np.array(row_limits[0], float),
        row_upper=np.array(row_limits[1], float),
        lower=np.array(lower, float),
        upper=np.array(upper, float),
        maximise=maximise,
    )


def test_the_wyndor_glass_company_earns_36() -> None:
    """Hillier & Lieberman, Introduction to Operations Research, 3.1: x = (2, 6), shadow prices 0, 3/2, 1."""
    wyndor = program([3, 5], [[1, 0], [0, 2], [3, 2]], ([-INF] * 3, [4, 12, 18]), maximise=True)
    answer = solve_linear(wyndor)
    assert answer.status is LinearStatus.OPTIMAL
    assert answer.objective == pytest.approx(36)
    assert answer.x is not None
    assert answer.dual is not None
    assert answer.x.tolist() == pytest.approx([2, 6])
    assert answer.dual.tolist() == pytest.approx([0, 1.5, 1])


def test_limits_that_exclude_each_other_are_infeasible() -> None:
    for wrong in (
        program([1, 1], [[1, 1], [1, 1]], ([5, -INF], [INF, 3])),
        program([1, 1], [[1, 1]], ([5], [3])),
        program([1, 1], [[1, 1]], ([0], [3]), limits=([2, 0], [1, 1])),
    ):
        answer = solve_linear(wrong)
        assert (answer.status, answer.x, answer.objective) == (LinearStatus.INFEASIBLE, None, None)


def test_a_programme_without_a_best_point_is_unbounded_not_infeasible() -> None:
    answer = solve_linear(program([-1, -1], [[1, -1]], ([-INF], [4])))
    assert (answer.status, answer.x) == (LinearStatus.UNBOUNDED, None)


def test_arrays_that_do_not_fit_together_are_refused_in_words() -> None:
    with pytest.raises(ProblemError, match="row_upper has 2 entries, but the matrix is 1 x 2"):
        program([1, 1], [[1, 1]], ([0], [1, 2]))
    with pytest.raises(ProblemError, match=r"objective\[1\] is nan; give a finite number"):
        program([1, np.nan], [[1, 1]], ([0], [1]))
    with pytest.raises(ProblemError, match="The matrix holds an entry that is not a finite number"):
        program([1, 1], [[1, INF]], ([0], [1]))
    with pytest.raises(ProblemError, match="lower is int64; give a float64 array"):
        LinearProgram(np.ones(1), sp.csr_matrix(np.ones((1, 1))), *[np.ones(1, np.int64)] * 4)


small = st.integers(-5, 5).map(float)


@given(st.data(), st.integers(1, 4), st.integers(1, 4))
def test_it_agrees_with_a_second_solver(data: st.DataObject, n: int, m: int) -> None:
    objective = data.draw(st.lists(small, min_size=n, max_size=n))
    rows = data.draw(st.lists(st.lists(small, min_size=n, max_size=n), min_size=m, max_size=m))
    upper = data.draw(st.lists(small, min_size=m, max_size=m))
    ours = solve_linear(program(objective, rows, ([-INF] * m, upper), limits=([0.0] * n, [9.0] * n)))
    theirs = linprog(objective, A_ub=rows, b_ub=upper, bounds=[(0, 9)] * n)
    assert (ours.status is LinearStatus.OPTIMAL) == (theirs.status == 0)
    if ours.objective is not None:
        assert ours.objective == pytest.approx(theirs.fun, abs=1e-7)
