"""Heat targets: published cases, streams that condense or evaporate, thresholds, and a second method."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimizer.errors import ProblemError
from optimizer.heat import HeatProblem, HeatTargets, check_heat, heat_targets

Stream = tuple[float, float, float]


def problem(dt_min: float, *streams: Stream) -> HeatProblem:
    """Return streams of (supply temperature, target temperature, heat capacity flow; heat itself where both agree)."""
    supply, target, flow = (np.array(column, float) for column in zip(*streams, strict=True))
    return HeatProblem(supply, target, np.where(supply == target, flow, flow * (supply - target)), float(dt_min))


def shown(targets: HeatTargets) -> tuple[float, float, list[float]]:
    return targets.hot_utility, targets.cold_utility, targets.pinch.tolist()


LINNHOFF = ((170, 60, 3.0), (150, 30, 1.5), (20, 135, 2.0), (80, 140, 4.0))


@pytest.mark.parametrize(
    ("case", "hot", "cold", "pinch"),
    [
        pytest.param(problem(10, *LINNHOFF), 20, 60, [85], id="Linnhoff 1982 User Guide, four streams: 90/80"),
        pytest.param(
            problem(10, (180, 80, 20), (130, 40, 40), (60, 100, 80), (30, 120, 36)),
            960,
            120,
            [65],
            id="Linnhoff March 1998 Introduction to Pinch Technology: 70/60",
        ),
        pytest.param(
            problem(10, (20, 180, 0.2), (250, 40, 0.15), (140, 230, 0.3), (200, 80, 0.25)),
            7.5,
            10,
            [145],
            id="Smith 2005 Chemical Process Design and Integration, 16: 150/140",
        ),
        pytest.param(
            problem(20, (400, 120, 1.0), (340, 120, 2.0), (160, 400, 1.5), (100, 250, 1.3)),
            60,
            225,
            [330],
            id="Biegler Grossmann Westerberg 1997 Systematic Methods of Chemical Process Design: 340/320",
        ),
        pytest.param(
            problem(10, (60, 160, 7.62), (160, 93, 8.79), (116, 260, 6.08), (249, 138, 10.55)),
            127.68,
            250.14,
            [244],
            id="4SP1, Lee Masso Rudd 1970, targets of Linnhoff and Flower 1978: 249/239",
        ),
        pytest.param(
            problem(20, (175, 45, 10), (125, 65, 40), (20, 155, 20), (40, 112, 15)),
            605,
            525,
            [115],
            id="Shenoy 1995 Heat Exchanger Network Synthesis: 125/105",
        ),
    ],
)
def test_a_published_case_has_its_published_targets(
    case: HeatProblem, hot: float, cold: float, pinch: list[float]
) -> None:
    targets = heat_targets(case)
    assert shown(targets) == (pytest.approx(hot), pytest.approx(cold), pytest.approx(pinch))
    assert not targets.threshold
    assert check_heat(case, targets) == ()
    assert targets.recovered == pytest.approx(second_method(case), abs=1e-6)


def test_the_grand_composite_curve_of_the_four_streams() -> None:
    targets = heat_targets(problem(10, *LINNHOFF))
    assert targets.curve_temperature.tolist() == [165, 145, 140, 85, 55, 25]
    assert targets.curve_heat.tolist() == pytest.approx([20, 80, 82.5, 0, 75, 60])
    assert targets.recovered == pytest.approx(450)


def test_a_smaller_difference_turns_the_four_streams_into_a_threshold_problem() -> None:
    """Hot streams give 510 and cold ones take 470: at best 40 is left over and nothing is bought."""
    targets = heat_targets(problem(0, *LINNHOFF))
    assert shown(targets) == (0, pytest.approx(40), [])
    assert targets.threshold


def test_steam_gives_its_heat_at_one_temperature() -> None:
    """Steam at 150 gives 100; a cold stream 100 -> 200 with flow 1 can use it up to 140: 60 are bought, 60 left."""
    targets = heat_targets(problem(10, (150, 150, 100.0), (100, 200, 1.0)))
    assert shown(targets) == (60, 60, [145])
    assert targets.curve_temperature.tolist() == [205, 145, 145, 105]
    assert targets.curve_heat.tolist() == [60, 0, 100, 60]


def test_a_boiler_takes_its_heat_at_one_temperature() -> None:
    """A boiler at 100 takes 80 and a stream 150 -> 50 with flow 1 gives it 40 above 110: 40 bought, 60 left."""
    targets = heat_targets(problem(10, (100, 100, -80.0), (150, 50, 1.0)))
    assert shown(targets) == (40, 60, [105])


def test_a_condenser_feeds_a_boiler_exactly_the_least_difference_below() -> None:
    """At 110 and 100 with a difference of 10 they meet; at 109 and 100 they do not."""
    assert shown(heat_targets(problem(10, (110, 110, 70.0), (100, 100, -50.0)))) == (0, 20, [])
    assert shown(heat_targets(problem(10, (109, 109, 70.0), (100, 100, -50.0)))) == (50, 70, [105, 104])


def test_a_steep_stream_leaves_no_rounding_in_the_others() -> None:
    """A billion over a billionth of a degree, gone before the small streams begin: 70 come, 50 are taken."""
    steep = (500.0, 500.0 - 2.0**-30, 2.0**60)
    targets = heat_targets(problem(0, steep, (600, 600, -(2.0**30)), (110, 110, 70), (100, 100, -50)))
    assert targets.curve_heat[-3:].tolist() == pytest.approx([2**30 + 70, 2**30 + 70, 2**30 + 20], rel=1e-15)


def test_streams_of_one_side_need_everything_from_outside() -> None:
    assert shown(heat_targets(problem(10, (100, 40, 2.0)))) == (0, 120, [])
    assert shown(heat_targets(problem(10, (40, 100, 2.0), (20, 30, 1.0)))) == (130, 0, [])


def test_a_problem_with_several_pinches_shows_all() -> None:
    """A boiler above, a balanced pair of condenser and boiler, and a pair with heat to spare below."""
    streams = (
        (300.0, 300.0, -5.0),
        (200.0, 200.0, 10.0),
        (190.0, 190.0, -10.0),
        (100.0, 100.0, 10.0),
        (80.0, 80.0, -3.0),
    )
    targets = heat_targets(problem(10, *streams))
    assert shown(targets) == (5, 7, [305, 195, 95])


@pytest.mark.parametrize(
    ("streams", "dt_min", "words"),
    [
        (((100, 50, 0.0),), 10, r"heat\[0\] is 0; a stream gives heat"),
        (((100, 50, -1.0),), 10, "Stream 0 takes heat, but it runs to a colder temperature"),
        (((50, 100, -1.0),), 10, "Stream 0 gives heat, but it runs to a warmer temperature"),
        (((100, 50, 1.0),), -1, "dt_min is -1.0"),
        (((100, 50, 1.0),), np.inf, "dt_min is inf"),
        (((np.nan, 50, 1.0),), 10, r"supply_temperature\[0\] is nan"),
    ],
)
def test_what_is_not_a_stream_is_refused_in_words(streams: tuple[Stream, ...], dt_min: float, words: str) -> None:
    with pytest.raises(ProblemError, match=words):
        problem(dt_min, *streams)


def test_no_streams_are_refused() -> None:
    with pytest.raises(ProblemError, match="at least one"):
        HeatProblem(np.zeros(0), np.zeros(0), np.zeros(0), 10.0)


def test_the_check_names_a_wrong_utility_curve_and_pinch() -> None:
    case = problem(10, *LINNHOFF)
    right = heat_targets(case)
    wrong = HeatTargets(21, 61, right.recovered - 1, right.pinch + 20, right.curve_temperature, right.curve_heat + 1)
    told = " ".join(check_heat(case, wrong))
    assert "The hot utility is 21, not 20.0." in told
    assert "The cold utility is 61, not 60.0." in told
    assert "105.0 is no pinch" in told
    assert "At 85.0 the curve says" in told


def second_method(case: HeatProblem) -> float:
    """Return the most heat that can be recovered, as a transport problem between temperature intervals.

    J. Cerda, A. W. Westerberg, D. Mason, B. Linnhoff (1983), Chem. Eng. Sci. 38, 373-387: a hot stream's heat in one
    interval may go to any cold stream in the same or a lower one. Each stream is cut at all shifted temperatures.
    """
    upper, lower = case.shifted()
    cuts = np.unique(np.concatenate((upper, lower)))
    pieces: list[tuple[float, float, float]] = []
    for heat, top, bottom in zip(case.heat, upper, lower, strict=True):
        if top == bottom:
            pieces.append((top, bottom, heat))
            continue
        own = cuts[(cuts >= bottom) & (cuts <= top)]
        pieces += [(b, a, heat * (b - a) / (top - bottom)) for a, b in itertools.pairwise(own)]
    hot = [(top, bottom, heat) for top, bottom, heat in pieces if heat > 0]
    cold = [(top, bottom, -heat) for top, bottom, heat in pieces if heat < 0]
    pairs = [(i, j) for i, h in enumerate(hot) for j, c in enumerate(cold) if h[0] >= c[0] and h[1] >= c[1]]
    if not pairs:
        return 0.0
    rows = np.zeros((len(hot) + len(cold), len(pairs)))
    for a, (i, j) in enumerate(pairs):
        rows[i, a] = rows[len(hot) + j, a] = 1
    limits = [heat for _, _, heat in hot] + [heat for _, _, heat in cold]
    found = linprog(-np.ones(len(pairs)), A_ub=rows, b_ub=limits)
    return -float(found.fun)


@st.composite
def cases(draw: st.DrawFn) -> HeatProblem:
    """Draw up to six streams on a coarse grid of temperatures: ties, latent heat and all-hot sets are frequent."""
    temperature = st.integers(0, 12).map(lambda t: 10.0 * t)
    streams = draw(st.lists(st.tuples(temperature, temperature, st.integers(1, 40)), min_size=1, max_size=6))
    hot = draw(st.lists(st.booleans(), min_size=len(streams), max_size=len(streams)))
    signed = [(s, t, float(f if h else -f) if s == t else f / 4) for (s, t, f), h in zip(streams, hot, strict=True)]
    return problem(draw(st.sampled_from([0, 5, 10, 20])), *signed)


@given(cases())
@settings(max_examples=60)
def test_the_targets_hold_and_agree_with_a_transport_problem(case: HeatProblem) -> None:
    targets = heat_targets(case)
    assert check_heat(case, targets) == ()
    assert targets.recovered == pytest.approx(second_method(case), abs=1e-6)
    assert targets.hot_utility - targets.cold_utility == pytest.approx(-float(case.heat.sum()), abs=1e-6)


@given(cases(), st.floats(0, 30))
def test_a_greater_difference_never_recovers_more(case: HeatProblem, wider: float) -> None:
    loose = HeatProblem(case.supply_temperature, case.target_temperature, case.heat, case.dt_min + wider)
    assert heat_targets(loose).recovered <= heat_targets(case).recovered + 1e-6
