"""Published cases of reuse between processes: water and hydrogen, with fresh as one more supply."""

from collections.abc import Sequence

import numpy as np
import pytest

from optimizer import ExchangeProblem, SidedProblem, SolveStatus, check_sided, solve_sided

Side = Sequence[tuple[float, float]]
"""Flow and content of each source, or flow and greatest content of each sink."""


def fresh_needed(sources: Side, sinks: Side, content_of_fresh: float, digits: int) -> float:
    """Return the least fresh flow at which every sink is filled and its limit of quality kept."""
    units = 10**digits
    supply = [round(units * flow) for flow, _ in sources]
    demand = np.array([round(units * flow) for flow, _ in sinks], np.int64)
    rows, columns = len(sources) + 1, len(sinks)
    tail, head = np.divmod(np.arange(rows * columns), columns)
    content = np.array([*(c for _, c in sources), content_of_fresh], np.float64)
    base = ExchangeProblem(
        np.array([*supply, demand.sum()], np.int64), demand, tail, head, np.where(tail == len(sources), -1, 0)
    )
    problem = SidedProblem(
        base,
        demand_least=demand,
        concentration=content[tail].reshape(-1, 1),
        quality_most=np.array([[c] for _, c in sinks], np.float64),
    )
    plan = solve_sided(problem)
    assert plan.status is SolveStatus.OPTIMAL
    assert check_sided(problem, plan).passed
    return -plan.objective / units


@pytest.mark.parametrize(
    ("sources", "sinks", "fresh", "waste"),
    [
        pytest.param(
            [(50, 50), (100, 100), (70, 150), (60, 250)],
            [(50, 20), (100, 50), (80, 100), (70, 200)],
            70,
            50,
            id="G. T. Polley, H. L. Polley (2000), Chem. Eng. Prog. 96(2), 47-52",
        ),
    ],
)
def test_a_published_plant_needs_its_published_fresh_water(
    sources: Side, sinks: Side, fresh: float, waste: float
) -> None:
    """In t/h and ppm of one contaminant."""
    needed = fresh_needed(sources, sinks, 0, 3)
    assert needed == pytest.approx(fresh, rel=1e-6)
    assert needed + sum(flow for flow, _ in sources) - sum(flow for flow, _ in sinks) == pytest.approx(waste, rel=1e-6)


def test_alves_and_towlers_refinery_imports_the_published_hydrogen() -> None:
    """J. J. Alves, G. P. Towler (2002), Ind. Eng. Chem. Res. 41, 5759-5769: 268.82 mol/s at 5 % impurity."""
    sources = [(623.8, 7), (415.8, 20), (1801.9, 25), (138.6, 25), (346.5, 27), (457.4, 30)]
    sinks = [(2495, 19.39), (180.2, 21.15), (720.7, 24.86), (554.4, 22.43)]
    assert fresh_needed(sources, sinks, 5, 4) == pytest.approx(268.82, abs=0.05)


@pytest.mark.parametrize(
    ("most_x", "cost_of_b", "earned"),
    [
        pytest.param(600, 16, 600, id="second: X may be 600"),
        pytest.param(100, 13, 750, id="third: the clean crude costs 13"),
    ],
)
def test_haverlys_other_pools_earn_what_is_published_at_the_best_mix_tried(
    most_x: int, cost_of_b: int, earned: int
) -> None:
    """C. A. Haverly (1978), ACM SIGMAP Bulletin 25, 19-28: X sells at 9 with 2.5 % sulphur, Y, at most 200, at 15 with
    1.5 %; crude A has 3 % and costs 6, B 1 %, and C, which goes round the pool of A and B, 2 % and 10. With the mix of
    the pool held fixed it is one more crude; a scan of the mix in steps of a twentieth finds the published optimum.
    """
    best = -np.inf
    for twentieths in range(21):
        sulphur, cost = 1 + 0.1 * twentieths, 20 * cost_of_b - (cost_of_b - 6) * twentieths
        value = np.array([180 - cost, 300 - cost, 180 - 200, 300 - 200], np.int64)
        base = ExchangeProblem(
            np.array([1000, 1000], np.int64),
            np.array([most_x, 200], np.int64),
            np.array([0, 0, 1, 1], np.int64),
            np.array([0, 1, 0, 1], np.int64),
            value,
        )
        content = np.array([[sulphur], [sulphur], [2.0], [2.0]])
        problem = SidedProblem(base, concentration=content, quality_most=np.array([[2.5], [1.5]]))
        best = max(best, solve_sided(problem).objective / 20)
    assert best == pytest.approx(earned, rel=1e-9)
