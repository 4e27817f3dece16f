"""Heat between sites: the targets where nothing is lost, and honest bounds where degrees and heat are."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import ProblemError, ProblemTooLargeError, SolveStatus
from optimizer.heat import (
    HeatLinks,
    HeatNetwork,
    HeatProblem,
    check_heat_plan,
    exchange_heat,
    heat_targets,
)


def links(*rows: tuple[int, int, float, float, float]) -> HeatLinks:
    """Return links of (from, to, retained, drop, cost)."""
    table = np.array(rows, np.float64).reshape(-1, 5)
    return HeatLinks(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), *(table[:, k] for k in (2, 3, 4)))


def network(*streams: tuple[int, float, float, float], links: HeatLinks, dt_min: float = 10) -> HeatNetwork:
    """Return streams of (site, supply temperature, target temperature, heat), valued at what is delivered."""
    site, supply, target, heat = (np.array(column, np.float64) for column in zip(*streams, strict=True))
    return HeatNetwork(
        HeatProblem(supply, target, heat, dt_min), site.astype(np.int64), np.where(heat < 0, 1.0, 0.0), links
    )


@st.composite
def networks(draw: st.DrawFn) -> HeatNetwork:
    sites = draw(st.integers(1, 3))
    temperature = st.integers(20, 90)
    streams = []
    for _ in range(draw(st.integers(1, 6))):
        supply, target = draw(temperature), draw(temperature)
        heat = draw(st.integers(1, 40)) * (np.sign(supply - target) or draw(st.sampled_from([-1, 1])))
        streams.append((draw(st.integers(0, sites - 1)), supply, target, float(heat)))
    pairs = [(i, j) for i in range(sites) for j in range(sites) if i != j and draw(st.booleans())]
    return network(
        *streams,
        links=links(
            *(
                (i, j, draw(st.sampled_from([1.0, 0.9, 0.5])), draw(st.sampled_from([0, 3, 10])), 0.125)
                for i, j in pairs
            )
        ),
        dt_min=draw(st.sampled_from([0, 10])),
    )


@settings(max_examples=60, deadline=None)
@given(networks())
def test_every_plan_passes_its_check_and_its_bound_is_never_below_a_finer_plan(given: HeatNetwork) -> None:
    coarse, fine = exchange_heat(given), exchange_heat(dataclasses.replace(given, step=2.0))
    assert check_heat_plan(given, coarse) == ()
    assert check_heat_plan(given, fine) == ()
    assert fine.objective <= coarse.bound + 1e-6
    assert coarse.objective <= fine.bound + 1e-6
    if not (given.links.drop > 0).any():
        assert coarse.status is SolveStatus.OPTIMAL


@settings(max_examples=60, deadline=None)
@given(networks())
def test_at_one_site_as_much_is_recovered_as_the_problem_table_says(given: HeatNetwork) -> None:
    together = dataclasses.replace(given, site=np.zeros_like(given.site), links=links())
    plan = exchange_heat(together)
    assert plan.objective == pytest.approx(heat_targets(given.streams).recovered, abs=1e-6)
    assert plan.status is SolveStatus.OPTIMAL


@settings(max_examples=40, deadline=None)
@given(networks(), st.integers(2, 9))
def test_twice_the_heat_is_worth_twice_and_a_lost_link_never_gains(given: HeatNetwork, times: int) -> None:
    plan = exchange_heat(given)
    streams = dataclasses.replace(given.streams, heat=given.streams.heat * times)
    assert exchange_heat(dataclasses.replace(given, streams=streams)).objective == pytest.approx(
        plan.objective * times, abs=1e-6
    )
    assert exchange_heat(dataclasses.replace(given, links=links())).objective <= plan.bound + 1e-6


def test_a_link_loses_heat_and_degrees() -> None:
    """Of 100 from 90 to 50, link and dt_min (10 + 10) leave 70 to 30; a sink from 40 to 60 takes what 60 to 80 gives,
    and below it, from 50 to 30 on its own scale, nothing can: 75 of 100 pass, and 0.8 of that arrives.
    """
    plan = exchange_heat(network((0, 90, 50, 100), (1, 40, 60, -500), links=links((0, 1, 0.8, 10, 0))))
    assert plan.sent.sum() == pytest.approx(75)
    assert plan.objective == pytest.approx(60)
    assert plan.bound == pytest.approx(60)
    assert plan.exchanged.tolist() == pytest.approx([75, 60])


def test_heat_that_is_sent_for_more_than_it_saves_stays_where_it_is() -> None:
    dear = network((0, 90, 50, 100), (1, 20, 30, -50), links=links((0, 1, 0.9, 0, 0.95)))
    assert exchange_heat(dear).objective == 0
    back = network((0, 90, 50, 100), (1, 20, 30, -50), links=links((1, 0, 1, 0, 0)))
    assert exchange_heat(back).objective == 0


def test_the_check_names_what_is_wrong() -> None:
    given = network((0, 90, 50, 100), (1, 40, 60, -50), links=links((0, 1, 0.5, 0, 0)))
    plan = exchange_heat(given)
    assert check_heat_plan(given, plan) == ()
    cold = dataclasses.replace(plan, hot_upper=plan.hot_upper - 45)
    assert any("not warm enough" in fault for fault in check_heat_plan(given, cold))
    double = dataclasses.replace(plan, sent=plan.sent * 2, delivered=plan.delivered * 2, objective=plan.objective * 2)
    assert any("more than it holds" in fault for fault in check_heat_plan(given, double))
    kept = dataclasses.replace(plan, delivered=plan.sent)
    assert any("delivers" in fault for fault in check_heat_plan(given, kept))
    assert any("worth" in fault for fault in check_heat_plan(given, dataclasses.replace(plan, objective=99.0)))
    stray = dataclasses.replace(plan, cold=plan.hot)
    assert any("No link leads" in fault for fault in check_heat_plan(given, stray))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (((1, 1, 1, 0, 0),), "to itself"),
        (((0, 1, 0, 0, 0),), r"retained\[0\] is 0"),
        (((0, 1, 1, -1, 0),), r"drop\[0\] is -1"),
        (((0, 1, 1, 0, 0), (0, 1, 1, 0, 0)), "given twice"),
    ],
)
def test_what_is_no_link_is_refused_in_words(
    rows: tuple[tuple[int, int, float, float, float], ...], words: str
) -> None:
    with pytest.raises(ProblemError, match=words):
        links(*rows)


def test_a_span_of_too_many_steps_is_refused_with_what_to_change() -> None:
    hot, cold = (0, 1e9, 20.0, 50.0), (1, 20.0, 90.0, -40.0)
    with pytest.raises(ProblemTooLargeError, match="pieces of 5 degrees, more than 4000; give a larger step"):
        exchange_heat(network(hot, cold, links=links((0, 1, 1.0, 3.0, 0.0))))
