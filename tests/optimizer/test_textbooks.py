"""Published transport, assignment, transhipment, inventory and lot-sizing problems with the answers of their books.

Each cost in a table is per unit; None is a pair that may not meet. All but Metro Water and Wagner-Whitin were solved
once more with scipy's HiGHS.
"""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from optimizer import ExchangeProblem, SidedProblem, SolveStatus, check_sided, solve_sided
from optimizer.siting import SitingProblem, check_siting, locate

Table = Sequence[Sequence[int | None]]


def ints(values: object) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def cheapest(
    supply: Sequence[int], demand: Sequence[int], cost: Table, least: Sequence[int] | None = None
) -> tuple[int, SidedProblem]:
    """Return the least cost at which every demand, or the least of each, is served, and the problem."""
    arcs = [(i, j, c) for i, row in enumerate(cost) for j, c in enumerate(row) if c is not None]
    base = ExchangeProblem(
        ints(supply), ints(demand), ints([a[0] for a in arcs]), ints([a[1] for a in arcs]), ints([-a[2] for a in arcs])
    )
    problem = SidedProblem(base, demand_least=ints(demand if least is None else least))
    plan = solve_sided(problem)
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.bound == plan.objective
    assert check_sided(problem, plan).passed
    return -round(plan.objective), problem


def later(months: int, made: Sequence[int], held: int, late: int | None = None) -> list[list[int | None]]:
    """Return what a unit costs that is made in one month and used in another: holding, or waiting if allowed."""
    return [
        [
            made[i] + held * (j - i) if j >= i else None if late is None else made[i] + late * (i - j)
            for j in range(months)
        ]
        for i in range(months)
    ]


@pytest.mark.parametrize(
    ("supply", "demand", "cost", "optimum"),
    [
        pytest.param(
            [75, 125, 100],
            [80, 65, 70, 85],
            [[464, 513, 654, 867], [352, 416, 690, 791], [995, 682, 388, 685]],
            152_535,
            id="Hillier and Lieberman, Introduction to Operations Research, 8.1: P&T Company",
        ),
        pytest.param(
            [75, 75, 45],
            [20, 30, 30, 40],
            [[41, 27, 28, 24], [40, 29, None, 23], [37, 30, 27, 21]],
            3_260,
            id="Hillier and Lieberman, 8.3: Better Products Company, products split",
        ),
        pytest.param(
            [15, 25, 10],
            [5, 15, 15, 15],
            [[10, 2, 20, 11], [12, 7, 9, 20], [4, 14, 16, 18]],
            435,
            id="Taha, Operations Research: An Introduction, 5.3: SunRay Transport",
        ),
        pytest.param(
            [1000, 1500, 1200],
            [2300, 1400],
            [[80, 215], [100, 108], [102, 68]],
            313_200,
            id="Taha, 5.1: MG Auto",
        ),
        pytest.param(
            [35, 50, 40],
            [45, 20, 30, 30],
            [[8, 6, 10, 9], [9, 12, 13, 7], [14, 9, 16, 5]],
            1_020,
            id="Winston, Operations Research: Applications and Algorithms, 7.1: Powerco",
        ),
    ],
)
def test_a_transport_costs_what_the_book_says(supply: list[int], demand: list[int], cost: Table, optimum: int) -> None:
    assert cheapest(supply, demand, cost)[0] == optimum


@pytest.mark.parametrize(
    ("cost", "optimum"),
    [
        pytest.param(
            [[13, 16, 12, 11], [15, None, 13, 20], [5, 7, 10, 6]], 29, id="Hillier and Lieberman, 8.3: Job Shop Company"
        ),
        pytest.param([[15, 10, 9], [9, 15, 10], [10, 12, 8]], 27, id="Taha, 5.4: Joe Klyne's children"),
        pytest.param(
            [[1, 4, 6, 3], [9, 7, 10, 9], [4, 5, 11, 7], [8, 7, 8, 5]], 21, id="Taha, 5.4: four children, four chores"
        ),
        pytest.param(
            [[14, 5, 8, 7], [2, 12, 6, 5], [7, 8, 3, 9], [2, 4, 6, 10]], 15, id="Winston, 7.5: Machineco's set-up times"
        ),
    ],
)
def test_an_assignment_costs_what_the_book_says(cost: Table, optimum: int) -> None:
    """Every row is used once where there are no more rows than columns."""
    columns = list(zip(*cost, strict=True))
    assert cheapest([1] * len(columns), [1] * len(cost), columns)[0] == optimum


def test_the_metro_water_district_pays_2460() -> None:
    """Hillier and Lieberman, 8.1, third example: three rivers, four cities, of which three need a least amount and one
    takes whatever is left: at most 60, when the others get no more than they need. All water is handed out.
    """
    cost = [[16, 13, 22, 17], [14, 13, 19, 15], [19, 20, 23, None]]
    arcs = [(i, j, c) for i, row in enumerate(cost) for j, c in enumerate(row) if c is not None]
    base = ExchangeProblem(
        ints([50, 60, 50]), ints([50, 70, 30, 60]), *(ints(column) for column in zip(*arcs, strict=True))
    )
    problem = SidedProblem(
        ExchangeProblem(base.supply, base.demand, base.arc_supply, base.arc_demand, -base.value_per_unit),
        supply_least=ints([50, 60, 50]),
        demand_least=ints([30, 70, 0, 10]),
    )
    plan = solve_sided(problem)
    assert (plan.objective, plan.bound) == (-2_460, -2_460)


def test_northern_airplane_makes_its_engines_for_77_million_and_300_thousand() -> None:
    """Hillier and Lieberman, 8.1, second example; thousands of dollars: 1080 to 1130 an engine, 15 a month to store."""
    assert cheapest([25, 35, 30, 10], [10, 15, 25, 20], later(4, [1080, 1110, 1100, 1130], 15))[0] == 77_300


def test_boralis_makes_its_backpacks_for_31455_dollars() -> None:
    """Taha, 5.2: 40 dollars each, 50 cent a month to store, 2 dollars a month late; in cents."""
    cost = later(4, [4000] * 4, 50, late=200)
    assert cheapest([50, 180, 280, 270], [100, 200, 180, 300], cost)[0] == 3_145_500


def test_sailco_makes_its_boats_for_78450_dollars() -> None:
    """Winston, 3.10: 10 boats in stock, 40 a quarter at 400, more at 450 in overtime, 20 a quarter to store."""
    regular, overtime = later(4, [400] * 4, 20), later(4, [450] * 4, 20)
    stock = [[20 * j for j in range(4)]]
    supply = [10, *[40] * 4, *[150] * 4]
    assert cheapest(supply, [40, 60, 75, 25], [*stock, *regular, *overtime])[0] == 78_450


def test_the_tools_are_sharpened_for_840_dollars() -> None:
    """Taha, 5.2 (the caterer's problem of W. W. Jacobs, 1954): 24, 12, 14, 20, 18, 14 and 22 sharp blades a day; a new
    one is 12 dollars, sharpening overnight 6, and in two full days 3. A worn blade is a supply of its day.
    """
    wanted = [24, 12, 14, 20, 18, 14, 22]
    new = [[12] * 7]
    worn = [[None if j <= i else 6 if j < i + 3 else 3 for j in range(7)] for i in range(7)]
    assert cheapest([sum(wanted), *wanted], wanted, [*new, *worn])[0] == 840


def over_a_network(balance: Sequence[int], arcs: Sequence[tuple[int, int, int, int]]) -> int:
    """Return the least cost of a flow over arcs (tail, head, capacity, cost), as an exchange of the arcs' capacities
    (H. M. Wagner 1959): an arc's capacity goes to its tail where it is not used, to its head at its cost where it is.
    """
    leaving = [sum(capacity for tail, _, capacity, _ in arcs if tail == node) for node in range(len(balance))]
    demand = [out - b for out, b in zip(leaving, balance, strict=True)]
    cost: list[list[int | None]] = [[None] * len(balance) for _ in arcs]
    for row, (tail, head, _, price) in zip(cost, arcs, strict=True):
        row[tail], row[head] = 0, price
    return cheapest([capacity for _, _, capacity, _ in arcs], demand, cost)[0]


def test_distribution_unlimited_ships_for_490() -> None:
    """Hillier and Lieberman, 9.6: factories A (50) and B (40), a centre C, warehouses D (30) and E (60)."""
    arcs = [(0, 1, 10, 2), (0, 2, 90, 4), (0, 3, 90, 9), (1, 2, 90, 3), (2, 4, 80, 1), (3, 4, 90, 3), (4, 3, 90, 2)]
    assert over_a_network([50, 40, 0, -30, -60], arcs) == 490


def test_widgetco_tranships_for_6370() -> None:
    """Winston, 7.6: Memphis (150) and Denver (200) to Los Angeles and Boston (130 each) by New York and Chicago."""
    costs = {
        (0, 2): 8, (0, 3): 13, (0, 4): 25, (0, 5): 28, (1, 2): 15, (1, 3): 12, (1, 4): 26, (1, 5): 25,
        (2, 3): 6, (2, 4): 16, (2, 5): 17, (3, 2): 6, (3, 4): 14, (3, 5): 16, (4, 5): 14, (5, 4): 14,
    }  # fmt: skip
    arcs = [(tail, head, 350, cost) for (tail, head), cost in costs.items()]
    unsold = [(0, 6, 150, 0), (1, 6, 200, 0)]
    assert over_a_network([150, 200, 0, 0, -130, -130, -90], [*arcs, *unsold]) == 6_370


@pytest.mark.parametrize("small", [10**6, 0])
def test_wagner_and_whitins_twelve_months_cost_864(small: int) -> None:
    """H. M. Wagner, T. M. Whitin (1958), Management Sci. 5, 89-96: a month's set-up is a site, a month's demand a
    customer of it or of an earlier one, at 1 a month for storage.
    """
    demand = [69, 29, 36, 61, 61, 26, 34, 67, 45, 67, 79, 56]
    setup = [85, 102, 102, 101, 98, 114, 105, 86, 119, 110, 98, 114]
    pairs = list(itertools.combinations_with_replacement(range(12), 2))
    problem = SitingProblem(
        fixed_cost=ints(setup),
        capacity=ints([sum(demand)] * 12),
        demand=ints(demand),
        arc_site=ints([i for i, _ in pairs]),
        arc_customer=ints([j for _, j in pairs]),
        value_per_unit=ints([i - j for i, j in pairs]),
        serve_all=True,
    )
    plan = locate(problem, small=small)
    assert check_siting(problem, plan) == ()
    assert (plan.status, plan.objective, plan.bound) == (SolveStatus.OPTIMAL, -864, -864)
