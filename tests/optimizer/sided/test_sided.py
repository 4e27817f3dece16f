"""Exchanges with least quantities, yields and quality limits: known answers, refusals, and what holds for all."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimizer import (
    ExchangeProblem,
    ProblemError,
    ProblemTooLargeError,
    SidedProblem,
    SolveStatus,
    check_sided,
    explain_demand,
    solve,
    solve_sided,
)

INF = np.inf


def ints(values: object) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def floats(values: object) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def dense(
    supply: list[int],
    demand: list[int],
    values: list[list[int]],
    capacity: list[list[int]] | None = None,
    **more: object,
) -> SidedProblem:
    """Return a problem with an arc for every pair, row by row."""
    tail, head = np.divmod(np.arange(len(supply) * len(demand)), len(demand))
    limit = None if capacity is None else ints(capacity).ravel()
    base = ExchangeProblem(ints(supply), ints(demand), tail, head, ints(values).ravel(), limit)
    return SidedProblem(base, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("reuse", "fresh_t_per_h"), [(True, 90.0), (False, 112.5)])
def test_wang_and_smiths_processes_need_the_published_fresh_water(*, reuse: bool, fresh_t_per_h: float) -> None:
    """Y. P. Wang, R. Smith (1994), Chem. Eng. Sci. 49, 981-1006, example 1, in kg/h of water and g/h of load.

    A process is a sink of 1000 m / (Cout - Cin) t/h at Cin and a source of as much at Cout; fresh water is the fifth
    supply. Without reuse, what leaves a process may only return to itself.
    """
    load, cin, cout = floats([2, 5, 30, 4]), floats([0, 50, 50, 400]), floats([100, 100, 800, 800])
    flow = ints(np.rint(1e6 * load / (cout - cin)))
    open_arcs = np.vstack((np.full((4, 4), 10**6) if reuse else 10**6 * np.eye(4), np.full((1, 4), 10**6)))
    problem = dense(
        [*flow.tolist(), 1_000_000],
        flow.tolist(),
        [[0] * 4] * 4 + [[-1] * 4],
        open_arcs.astype(int).tolist(),
        demand_least=flow,
        concentration=np.repeat([*cout, 0.0], 4).reshape(-1, 1),
        quality_most=cin.reshape(-1, 1),
    )
    plan = solve_sided(problem)
    assert plan.status is SolveStatus.OPTIMAL
    assert -plan.objective / 1000 == pytest.approx(fresh_t_per_h, rel=1e-9)
    assert check_sided(problem, plan).passed


def haverly(sulphur: list[float], cost: list[int]) -> SidedProblem:
    """Return crudes blended into X (at most 100 at 9, 2.5 % sulphur) and Y (at most 200 at 15, 1.5 %), in tenths."""
    return dense(
        [1000] * len(cost),
        [100, 200],
        [[90 - c, 150 - c] for c in cost],
        concentration=np.repeat(floats(sulphur), 2).reshape(-1, 1),
        quality_most=floats([[2.5], [1.5]]),
    )


def test_haverlys_crudes_blended_without_a_pool_earn_500() -> None:
    """C. A. Haverly (1978), ACM SIGMAP Bulletin 25, 19-28: crudes of 3, 1 and 2 % sulphur at 6, 16 and 10."""
    problem = haverly([3, 1, 2], [60, 160, 100])
    plan = solve_sided(problem)
    assert plan.objective / 10 == pytest.approx(500, rel=1e-9)
    assert check_sided(problem, plan).passed


def test_haverlys_pool_earns_400_at_the_best_of_the_mixes_tried() -> None:
    """A pool shared by X and Y is bilinear and outside; with its mix of A and B held fixed it is one more crude.

    Scanning the mix in steps of a tenth finds the published optimum, which a scan alone would not prove.
    """
    earned = [
        solve_sided(haverly([1 + 0.2 * tenths, 2], [160 - 10 * tenths, 100])).objective / 10 for tenths in range(11)
    ]
    assert max(earned) == pytest.approx(400, rel=1e-9)
    assert earned[0] == max(earned)
    assert earned[10] == pytest.approx(100, rel=1e-9)


def test_tahas_feed_mix_costs_what_the_book_says() -> None:
    """A feed of at least 30 % protein and at most 5 % fibre: maize 9 % and 2 % at 30 cent, soya 60 % and 6 % at 90
    (H. A. Taha, Operations Research, 2.2-2: 800 lb, 470.59 and 329.41 lb, 437.65 dollars).
    """
    problem = dense(
        [10_000, 10_000],
        [800],
        [[-30], [-90]],
        demand_least=ints([800]),
        concentration=floats([[9, 2], [60, 6]]),
        quality_least=floats([[30, -INF]]),
        quality_most=floats([[INF, 5]]),
    )
    plan = solve_sided(problem)
    assert plan.flow.tolist() == pytest.approx([800 * 30 / 51, 800 * 21 / 51])
    assert round(-plan.objective / 100, 2) == 437.65
    assert plan.price_least[0, 0] > 0 == plan.price_most[0, 1]
    assert check_sided(problem, plan).passed


def test_least_shipments_cost_what_they_force_and_stay_in_whole_units() -> None:
    """Two plants, two customers: without the least of 4 on the dear arc, 10 x 5 + 6 x 4 = 74; it takes 4 x (5 - 1)."""
    problem = dense([10, 10], [10, 6], [[5, 1], [2, 4]], arc_least=ints([0, 4, 0, 0]), supply_least=ints([0, 9]))
    plan = solve_sided(problem)
    flows = [
        (a, b, c, d)
        for a in range(11) for b in range(4, 7) for c in range(11) for d in range(7)
        if a + b <= 10 and 9 <= c + d <= 10 and a + c <= 10 and b + d <= 6
    ]  # fmt: skip
    assert plan.objective == plan.bound == max(5 * a + b + 2 * c + 4 * d for a, b, c, d in flows)
    assert (plan.flow == np.rint(plan.flow)).all()
    assert plan.regret[1] > 0
    assert check_sided(problem, plan).passed


def test_a_demand_that_must_be_served_at_a_loss_has_a_price_below_zero() -> None:
    plan = solve_sided(dense([9], [8], [[-3]], demand_least=ints([5])))
    assert (plan.flow.tolist(), plan.objective, plan.price_demand.tolist()) == ([5.0], -15.0, [-3.0])


def test_yields_count_what_is_delivered_not_what_is_taken() -> None:
    """Generalised transportation: a still that keeps a half, and a heat pump that gives three for one taken."""
    problem = dense([100, 10], [60], [[4], [9]], arc_yield=floats([0.5, 3.0]))
    plan = solve_sided(problem)
    assert plan.flow.tolist() == pytest.approx([100, 10 / 3])
    assert plan.objective == pytest.approx(430)
    assert plan.price_demand.tolist() == pytest.approx([3])
    assert plan.price_supply.tolist() == pytest.approx([2.5, 0])
    assert check_sided(problem, plan).passed


def test_infeasible_is_a_status_that_names_the_demand_and_the_limit() -> None:
    short = solve_sided(dense([10, 5], [20], [[1], [1]], demand_least=ints([18])))
    assert short.status is SolveStatus.INFEASIBLE
    assert [one.text for one in short.shortfalls] == ["Demand 0 must be served 18, but 3 of it is missing."]
    assert short.obstacles == ("Supply 0 has only 10.", "Supply 1 has only 5.")
    dirty = dense(
        [10, 50],
        [20],
        [[1], [1]],
        demand_least=ints([18]),
        concentration=floats([[1], [9]]),
        quality_most=floats([[2]]),
    )
    refused = solve_sided(dirty)
    assert refused.shortfalls[0].missing == pytest.approx(18 - 10 * (1 + 1 / 7))
    assert refused.obstacles == ("Supply 0 has only 10.", "Demand 0 takes property 0 at most at 2.")
    held = solve_sided(dense([10], [9], [[1]], [[4]], supply_least=ints([6])))
    assert (held.shortfalls[0].kind, held.shortfalls[0].missing) == ("supply", pytest.approx(2))
    assert held.obstacles == ("Arc 0 carries at most 4.",)
    nobody = ExchangeProblem(ints([5]), ints([5, 5]), ints([0]), ints([0]), ints([1]))
    alone = solve_sided(SidedProblem(nobody, demand_least=ints([0, 2])))
    assert [one.row for one in alone.shortfalls] == [1]
    assert alone.obstacles == ("No arc reaches demand 1.",)


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ({"supply_least": ints([3])}, r"supply_least is int64 \(1,\); give int64 \(2,\)"),
        ({"supply_least": ints([0, 9])}, r"supply_least\[1\] is 9, but supply\[1\] is only 5"),
        ({"arc_least": ints([-1, 0])}, r"arc_least\[0\] is -1; it must be zero or more"),
        ({"arc_yield": floats([1, 0])}, r"arc_yield\[1\] is 0.0; it must be above zero"),
        ({"arc_yield": ints([1, 1])}, "arc_yield is int64"),
        ({"quality_most": floats([[1]])}, "needs the concentration"),
        ({"concentration": floats([[1], [np.nan]])}, r"concentration\[1, 0\] is nan"),
        ({"concentration": floats([1, 2])}, "two dimensions"),
        ({"concentration": floats([[1], [2]]), "quality_most": floats([[-INF]])}, r"quality_most\[0, 0\] is -inf"),
    ],
)
def test_a_wrong_column_is_refused_with_its_row(column: dict[str, np.ndarray], sentence: str) -> None:
    with pytest.raises(ProblemError, match=sentence):
        dense([10, 5], [20], [[1], [1]], **column)


def test_a_number_no_float_can_hold_is_refused() -> None:
    with pytest.raises(ProblemTooLargeError, match="coarser"):
        dense([2**54], [1], [[1]])


def test_the_check_names_each_row_that_is_violated() -> None:
    problem = dense(
        [10, 10],
        [12],
        [[3], [2]],
        demand_least=ints([5]),
        concentration=floats([[4], [0]]),
        quality_most=floats([[1]]),
    )
    plan = solve_sided(problem)
    assert check_sided(problem, plan).passed
    for flow, kinds in (
        ([11.0, 0.0], {"SUPPLY_EXCEEDED", "QUALITY_BROKEN"}),
        ([0.0, 4.0], {"LEAST_MISSED"}),
        ([-1.0, 9.0], {"FLOW_NEGATIVE"}),
        ([3.0, 10.0], {"DEMAND_EXCEEDED"}),
    ):
        verdict = check_sided(problem, dataclasses.replace(plan, flow=floats(flow)))
        assert kinds <= {str(one.kind) for one in verdict.violations}
    lied = check_sided(problem, dataclasses.replace(plan, bound=plan.bound + 1))
    assert [str(one.kind) for one in lied.violations] == ["BOUND_WRONG"]


def test_a_demand_is_explained_by_suppliers_price_what_binds_and_the_next_best() -> None:
    """The clean supply is scarce and the dirty one may make up half; the third brings 1, but uses up 3 of
    room for the second."""
    problem = dense(
        [10, 50, 50],
        [40],
        [[8], [6], [1]],
        concentration=floats([[0], [4], [3]]),
        quality_most=floats([[2]]),
    )
    plan = solve_sided(problem)
    told = explain_demand(problem, plan, 0)
    assert plan.objective == pytest.approx(140)
    assert [(one.supply, one.taken) for one in told.suppliers] == [(0, 10.0), (1, 10.0)]
    assert told.price == 0
    assert told.binding == ("Property 0 is at its upper limit of 2; a looser one is worth 3 per unit delivered.",)
    assert [(one.supply, one.regret) for one in told.alternatives] == [(2, pytest.approx(2))]
    full = dense([9], [5], [[2]])
    assert explain_demand(full, solve_sided(full), 0).binding == (
        "Its quantity of 5 is served in full; a unit more is worth 2.",
    )


@st.composite
def problems(draw: st.DrawFn) -> SidedProblem:
    """Draw up to 4 x 4 with any of the side rows; about half of those with least quantities are infeasible."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    arcs, props = rows * columns, draw(st.integers(1, 2))

    def some(size: int, entry: st.SearchStrategy[float]) -> list[float]:
        return draw(st.lists(entry, min_size=size, max_size=size))

    supply, demand = some(rows, st.integers(0, 30)), some(columns, st.integers(0, 30))
    values = np.reshape(some(arcs, st.integers(-9, 20)), (rows, columns)).tolist()
    capacity = np.reshape(some(arcs, st.integers(0, 20)), (rows, columns)).tolist() if draw(st.booleans()) else None
    more: dict[str, np.ndarray] = {}
    if draw(st.booleans()):
        more["demand_least"] = ints([draw(st.integers(0, int(most) // 2)) for most in demand])
    if draw(st.booleans()):
        more["supply_least"] = ints([draw(st.integers(0, int(most) // 2)) for most in supply])
    if draw(st.booleans()):
        more["arc_yield"] = floats(some(arcs, st.sampled_from([0.25, 0.5, 0.9, 1.0, 3.0])))
    if draw(st.booleans()):
        more["concentration"] = floats(some(arcs * props, st.integers(0, 9))).reshape(arcs, props)
        most = st.one_of(st.just(INF), st.integers(0, 9))
        more["quality_most"] = floats(some(columns * props, most)).reshape(columns, props)
        if draw(st.booleans()):
            least = st.one_of(st.just(-INF), st.integers(0, 5))
            more["quality_least"] = floats(some(columns * props, least)).reshape(columns, props)
    return dense(supply, demand, values, capacity, **more)  # type: ignore[arg-type]


def by_highs(problem: SidedProblem) -> float | None:
    """Return the optimum of HiGHS over rows written out one by one, or None where it finds none."""
    base, rate = problem.exchange, problem.yields()
    left, right = [], []
    for i, most in enumerate(base.supply):
        row = (base.arc_supply == i).astype(float)
        left += [row, -row]
        right += [most, -problem.least("supply_least")[i]]
    for j, most in enumerate(base.demand):
        row = (base.arc_demand == j) * rate
        left += [row, -row]
        right += [most, -problem.least("demand_least")[j]]
        for limit, sign in ((problem.quality_most, 1), (problem.quality_least, -1)):
            for k in range(problem.properties if limit is not None else 0):
                if np.isfinite(limit[j, k]):  # type: ignore[index]
                    left.append(sign * row * (problem.concentration[:, k] - limit[j, k]))  # type: ignore[index]
                    right.append(0)
    upper = np.full(base.arcs, INF) if base.arc_capacity is None else base.arc_capacity
    bounds = np.column_stack((problem.least("arc_least"), upper))
    found = linprog(-base.value_per_unit, A_ub=np.array(left), b_ub=right, bounds=bounds, method="highs")
    return -found.fun if found.status == 0 else None


@given(problems())
@settings(max_examples=150, deadline=None)
def test_highs_finds_the_same_value_and_the_prices_prove_it(problem: SidedProblem) -> None:
    plan, best = solve_sided(problem), by_highs(problem)
    if best is None:
        assert plan.status is SolveStatus.INFEASIBLE
        assert plan.shortfalls
        return
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.objective == pytest.approx(best, rel=1e-7, abs=1e-6)
    assert plan.bound == pytest.approx(plan.objective, rel=1e-9, abs=1e-7)
    assert check_sided(problem, plan).violations == ()


@given(problems(), st.integers(2, 9))
@settings(max_examples=60, deadline=None)
def test_scaling_the_values_scales_the_objective(problem: SidedProblem, factor: int) -> None:
    plan = solve_sided(problem)
    base = dataclasses.replace(problem.exchange, value_per_unit=problem.exchange.value_per_unit * factor)
    scaled = solve_sided(dataclasses.replace(problem, exchange=base))
    assert scaled.status is plan.status
    if plan.status is SolveStatus.OPTIMAL:
        assert scaled.objective == pytest.approx(plan.objective * factor, rel=1e-9, abs=1e-6)


@given(problems(), problems())
@settings(max_examples=40, deadline=None)
def test_components_solved_apart_add_up_to_the_whole(one: SidedProblem, other: SidedProblem) -> None:
    """Two problems side by side; of each, what must be served and the yields are kept."""
    a, b = (
        SidedProblem(p.exchange, demand_least=ints(p.least("demand_least")), arc_yield=p.yields()) for p in (one, other)
    )
    base = ExchangeProblem(
        supply=np.append(a.exchange.supply, b.exchange.supply),
        demand=np.append(a.exchange.demand, b.exchange.demand),
        arc_supply=np.append(a.exchange.arc_supply, b.exchange.arc_supply + len(a.exchange.supply)),
        arc_demand=np.append(a.exchange.arc_demand, b.exchange.arc_demand + len(a.exchange.demand)),
        value_per_unit=np.append(a.exchange.value_per_unit, b.exchange.value_per_unit),
        arc_capacity=np.append(*(ints(np.ceil(p.most_on_arcs())) for p in (a, b))),
    )
    whole = solve_sided(
        SidedProblem(
            base,
            demand_least=ints(np.append(a.least("demand_least"), b.least("demand_least"))),
            arc_yield=np.append(a.yields(), b.yields()),
        )
    )
    apart = [solve_sided(p) for p in (a, b)]
    if any(p.status is SolveStatus.INFEASIBLE for p in apart):
        assert whole.status is SolveStatus.INFEASIBLE
    else:
        assert whole.objective == pytest.approx(sum(p.objective for p in apart), rel=1e-9, abs=1e-6)


@given(problems())
@settings(max_examples=60, deadline=None)
def test_without_side_rows_it_is_the_network_flow(problem: SidedProblem) -> None:
    assert solve_sided(SidedProblem(problem.exchange)).objective == solve(problem.exchange).objective
