"""Splits of a gain: games whose answer is published, and what every split must keep."""

import itertools
from collections.abc import Callable
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimizer import ExchangeProblem, solve
from optimizer.errors import ProblemError, ProblemTooLargeError
from optimizer.shares import (
    ExchangeGame,
    TableGame,
    check_shares,
    least_core,
    membership,
    owen_shares,
    sample_shapley,
    shapley,
    smallest_subsidy,
    tabulate,
    worst_excess,
)

Build = Callable[..., ExchangeProblem]


def game(players: int, worth: Callable[[frozenset[int]], float]) -> TableGame:
    sets = [frozenset(i for i in range(players) if s >> i & 1) for s in range(2**players)]
    return TableGame(np.array([worth(s) if s else 0.0 for s in sets], float))


def glove(players: frozenset[int]) -> float:
    """One left glove (player 0), two right gloves (players 1 and 2): a pair is worth 1."""
    return float(0 in players and len(players) > 1)


def majority(players: frozenset[int]) -> float:
    return float(len(players) >= 2)


def talmud(estate: float) -> TableGame:
    """A man dies owing 100, 200 and 300: a coalition is sure of what the others' full claims leave."""
    claims = (100, 200, 300)
    return game(3, lambda s: max(0.0, estate - sum(c for i, c in enumerate(claims) if i not in s)))


def test_the_owner_of_the_scarce_glove_has_the_core_but_not_the_whole_shapley_value() -> None:
    gloves = game(3, glove)
    assert shapley(gloves).tolist() == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    found = least_core(gloves)
    assert (found.epsilon, found.core_is_empty) == (0, False)
    assert found.share.tolist() == pytest.approx([1, 0, 0])
    assert smallest_subsidy(gloves) == 0
    assert check_shares(gloves, np.array([1.0, 0, 0])) == ()
    assert check_shares(gloves, np.array([0.5, 0.5, 0])) == ("Players [0, 2] would gain 0.5 by leaving.",)


def test_the_majority_game_has_no_core_and_needs_half_a_unit() -> None:
    """Three players, any two take all: shares of 1/3 leave an excess of 1/3; 1/2 each needs 1/2 from outside."""
    votes = game(3, majority)
    found = least_core(votes)
    assert found.core_is_empty
    assert found.epsilon == pytest.approx(1 / 3)
    assert found.share.tolist() == pytest.approx([1 / 3] * 3)
    assert smallest_subsidy(votes) == pytest.approx(1 / 2)
    assert worst_excess(votes, found.share).amount == pytest.approx(1 / 3)


def test_the_airport_game_splits_each_step_among_those_who_need_it() -> None:
    """S. C. Littlechild, G. Owen (1973), Management Sci. 20, 370-372: all who need the k-th step of the runway pay it
    in equal parts.
    """
    costs = [3.0, 5, 5, 9, 14, 14, 20, 30]
    runway = game(len(costs), lambda s: -max(costs[i] for i in s))
    steps = np.diff(costs, prepend=0) / np.arange(len(costs), 0, -1)
    assert (-shapley(runway)).tolist() == pytest.approx(np.cumsum(steps).tolist())
    assert check_shares(runway, shapley(runway)) == ()


@pytest.mark.parametrize(
    ("estate", "nucleolus", "value"),
    [
        (100, [100 / 3] * 3, [100 / 3] * 3),
        (200, [50, 75, 75], [100 / 3, 250 / 3, 250 / 3]),
        (300, [50, 100, 150], [50, 100, 150]),
    ],
)
def test_the_talmud_divides_by_the_nucleolus(estate: float, nucleolus: list[float], value: list[float]) -> None:
    """R. J. Aumann, M. Maschler (1985), J. Econ. Theory 36, 195-213; the value: B. O'Neill (1982), Math. Soc. Sci."""
    assert least_core(talmud(estate)).share.tolist() == pytest.approx(nucleolus)
    assert shapley(talmud(estate)).tolist() == pytest.approx(value)


def test_the_tennessee_valley_authority_splits_its_joint_cost() -> None:
    """P. D. Straffin, J. P. Heaney (1981), Int. J. Game Theory 10, 35-43: navigation, flood control and power, in
    thousand dollars of 1935.
    """
    cost = {"n": 163520, "f": 140826, "p": 250096, "nf": 301607, "np": 378821, "fp": 367370, "nfp": 412584}
    dams = game(3, lambda s: -cost["".join("nfp"[i] for i in sorted(s))])
    assert (-shapley(dams)).tolist() == pytest.approx([117829, 100756.5, 193998.5])
    assert (-least_core(dams).share).tolist() == pytest.approx([116234, 93540, 202810])
    assert not least_core(dams).core_is_empty
    assert check_shares(dams, shapley(dams)) == ()


def test_luxembourg_had_no_power_in_the_council_of_1958() -> None:
    """France, Germany and Italy had 4 votes each, Belgium and the Netherlands 2, Luxembourg 1, and 12 of 17 decided
    (S. J. Brams, P. J. Affuso 1976, Theory and Decision 7, 29-56): 14, 9 and 0 sixtieths of the power.
    """
    votes = (4, 4, 4, 2, 2, 1)
    council = game(6, lambda s: float(sum(votes[i] for i in s) >= 12))
    assert (60 * shapley(council)).tolist() == pytest.approx([14, 14, 14, 9, 9, 0], abs=1e-9)


@pytest.mark.parametrize("players", [3, 4, 7])
def test_garbage_has_no_core(players: int) -> None:
    """L. S. Shapley, M. Shubik (1969), Amer. Econ. Rev. 59, 678-684: each has one bag to dump on somebody. A coalition
    gets the bags of all others, the whole keeps its own. With shares of -1, all but one could leave with one bag
    between them and save players - 2.
    """
    bags = game(players, lambda s: float(-players if len(s) == players else len(s) - players))
    found = least_core(bags)
    assert found.share.tolist() == pytest.approx([-1] * players)
    assert found.epsilon == pytest.approx(players - 2)
    assert smallest_subsidy(bags) == pytest.approx(players * (players - 2) / (players - 1))


def test_a_permanent_member_of_the_security_council_has_100_times_the_power() -> None:
    """Five permanent members must agree with four of the ten others: 421/2145 and 4/2145 (Shapley & Shubik 1954's index
    for the council of 15). Fifteen players are sampled.
    """

    class Council:
        players = 15

        def worth(self, coalition: int) -> float:
            return float(coalition & 31 == 31 and (coalition >> 5).bit_count() >= 4)

    sampled = sample_shapley(Council(), samples=4000, seed=1)
    exact = np.array([421 / 2145] * 5 + [4 / 2145] * 10)
    assert sampled.share.sum() == pytest.approx(1)
    assert (np.abs(sampled.share - exact) <= 4 * np.maximum(sampled.standard_error, 1e-3)).all()
    assert ((sampled.low <= exact) & (exact <= sampled.high)).sum() >= 12
    again = sample_shapley(Council(), samples=4000, seed=1)
    assert again.share.tolist() == sampled.share.tolist()


HOUSES = [[5, 8, 2], [7, 9, 6], [2, 3, 0]]


def house_market(exchange: Build) -> ExchangeGame:
    values = {(i, j): worth for i, row in enumerate(HOUSES) for j, worth in enumerate(row)}
    sellers, buyers = np.arange(3), np.arange(3, 6)
    return ExchangeGame(exchange([1] * 3, [1] * 3, values), sellers, buyers, 6)


def test_the_house_market_has_its_two_published_corners(exchange: Build) -> None:
    """L. S. Shapley, M. Shubik (1971), Int. J. Game Theory 1, 111-130: 16 to share between 3 sellers and 3 buyers."""
    houses = house_market(exchange)
    shares = owen_shares(houses, solve(houses.problem))
    assert shares.best_for_supplies.tolist() == [5, 6, 1, 1, 3, 0]
    assert shares.best_for_demands.tolist() == [3, 5, 0, 2, 5, 1]
    table = tabulate(houses)
    for split in (shares.best_for_supplies, shares.best_for_demands, shares.middle):
        assert check_shares(table, split) == ()
    for i in range(6):
        ends = [core_end(table, i, sign) for sign in (1, -1)]
        assert sorted((shares.best_for_supplies[i], shares.best_for_demands[i])) == pytest.approx(ends)


def core_end(table: TableGame, player: int, sign: int) -> float:
    """Return the least (sign 1) or greatest share of a player in the core, over all coalitions, by another solver."""
    n = table.players
    members = membership(n)
    found = linprog(
        sign * np.eye(n)[player],
        A_ub=-members[1:-1],
        b_ub=-table.table[1:-1],
        A_eq=members[-1:],
        b_eq=table.table[-1:],
        bounds=(None, None),
    )
    return sign * float(found.fun)


def test_boehm_bawerks_horses_are_sold_between_21_and_21_and_a_half(exchange: Build) -> None:
    """E. von Boehm-Bawerk (1889), as in Shapley & Shubik (1971): 8 sellers, 10 buyers, in half pounds here."""
    sellers, buyers = [20, 22, 30, 34, 40, 43, 50, 52], [60, 56, 52, 48, 44, 42, 40, 36, 34, 30]
    values = {(i, j): b - s for i, s in enumerate(sellers) for j, b in enumerate(buyers)}
    horses = ExchangeGame(exchange([1] * 8, [1] * 10, values), np.arange(8), np.arange(8, 18), 18)
    shares = owen_shares(horses, solve(horses.problem))
    assert (shares.best_for_supplies[:5] + sellers[:5]).tolist() == [43] * 5
    assert (shares.best_for_demands[:5] + sellers[:5]).tolist() == [42] * 5
    assert (buyers[:5] - shares.best_for_demands[8:13]).tolist() == [42] * 5
    assert shares.middle[[5, 6, 7, 13, 14, 15, 16, 17]].tolist() == [0] * 8


def test_one_owner_of_both_sides_shares_with_nobody(exchange: Build) -> None:
    alone = ExchangeGame(exchange([5], [5], {(0, 0): 9}), np.array([0]), np.array([0]), 1)
    assert owen_shares(alone, solve(alone.problem)).middle.tolist() == [45]
    table = tabulate(alone)
    found = least_core(table)
    assert (found.epsilon, found.share.tolist(), found.core_is_empty) == (0, pytest.approx([45]), False)
    assert (shapley(table).tolist(), smallest_subsidy(table)) == ([45], 0)


def test_the_rent_of_a_narrow_arc_is_halved_and_the_split_stays_in_the_core(exchange: Build) -> None:
    narrow = ExchangeGame(exchange([10], [10], {(0, 0): 6}, {(0, 0): 3}), np.array([0]), np.array([1]), 2)
    shares = owen_shares(narrow, solve(narrow.problem))
    assert shares.best_for_supplies.tolist() == shares.best_for_demands.tolist() == [9, 9]


@pytest.mark.parametrize(
    ("table", "error", "words"),
    [
        (np.zeros(3), ProblemError, r"n players have 2\^n coalitions"),
        (np.zeros(1), ProblemError, r"n players have 2\^n coalitions"),
        (np.ones(4), ProblemError, "The empty coalition is worth 1.0"),
        (np.array([0, np.nan]), ProblemError, r"table\[1\] is nan"),
        (np.zeros(2**13), ProblemTooLargeError, "A table of 13 players is too large"),
    ],
)
def test_what_is_not_a_game_is_refused_in_words(table: np.ndarray, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        TableGame(table)


def test_a_sample_too_small_and_a_row_without_owner_are_refused(exchange: Build) -> None:
    with pytest.raises(ProblemError, match="29 samples are too few"):
        sample_shapley(game(3, glove), samples=29, seed=0)
    with pytest.raises(ProblemError, match=r"owner_of_demand\[0\] is 2, but there are 2 players"):
        ExchangeGame(exchange([1], [1], {}), np.array([0]), np.array([2]), 2)


def test_shares_that_do_not_add_up_are_told() -> None:
    assert check_shares(game(3, glove), np.array([2.0, 0, 0])) == ("The shares add up to 2.0, not to 1.0.",)
    assert check_shares(game(3, glove), np.array([1.0, 0])) == ("There are 2 shares for 3 players.",)


@st.composite
def games(draw: st.DrawFn) -> TableGame:
    players = draw(st.integers(1, 4))
    worth = st.integers(-20, 60).map(float)
    return TableGame(np.array([0.0, *draw(st.lists(worth, min_size=2**players - 1, max_size=2**players - 1))]))


@given(games())
def test_the_shapley_value_is_the_mean_over_all_orders(table: TableGame) -> None:
    total = np.zeros(table.players)
    for order in itertools.permutations(range(table.players)):
        coalition = 0
        for player in order:
            total[player] += table.worth(coalition | 1 << player) - table.worth(coalition)
            coalition |= 1 << player
    assert shapley(table).tolist() == pytest.approx((total / factorial(table.players)).tolist(), abs=1e-9)


@given(games())
@settings(max_examples=60, deadline=None)
def test_the_least_core_and_the_subsidy_agree_with_a_second_solver(table: TableGame) -> None:
    n, members = table.players, membership(table.players)
    found = least_core(table)
    assert found.share.sum() == pytest.approx(table.worth(2**n - 1), abs=1e-6)
    if n > 1:
        least = linprog(
            np.append(np.zeros(n), 1),
            A_ub=-np.column_stack((members, np.ones(2**n)))[1:-1],
            b_ub=-table.table[1:-1],
            A_eq=np.append(members[-1], 0)[None],
            b_eq=table.table[-1:],
            bounds=(None, None),
        )
        assert found.epsilon == pytest.approx(least.fun, abs=1e-6)
        assert worst_excess(table, found.share).amount == pytest.approx(found.epsilon, abs=1e-6)
    rescued = linprog(np.ones(n), A_ub=-members[1:], b_ub=-table.table[1:], bounds=(None, None))
    assert smallest_subsidy(table) == pytest.approx(rescued.fun - table.worth(2**n - 1), abs=1e-6)
    assert found.core_is_empty == (smallest_subsidy(table) > 0) == bool(check_shares(table, found.share))


@given(st.data(), st.integers(1, 3), st.integers(1, 3), st.booleans())
@settings(max_examples=40, deadline=None)
def test_owen_shares_are_always_in_the_core(data: st.DataObject, rows: int, columns: int, narrow: bool) -> None:
    pairs = list(itertools.product(range(rows), range(columns)))

    def draw(n: int, low: int, high: int) -> np.ndarray:
        return np.array(data.draw(st.lists(st.integers(low, high), min_size=n, max_size=n)))

    problem = ExchangeProblem(
        supply=draw(rows, 0, 9),
        demand=draw(columns, 0, 9),
        arc_supply=np.array([i for i, _ in pairs]),
        arc_demand=np.array([j for _, j in pairs]),
        value_per_unit=draw(len(pairs), -2, 9),
        arc_capacity=draw(len(pairs), 0, 9) if narrow else None,
    )
    owned = ExchangeGame(problem, draw(rows, 0, 3), draw(columns, 0, 3), 4)
    shares, table = owen_shares(owned, solve(problem)), tabulate(owned)
    for split in (shares.best_for_supplies, shares.best_for_demands, shares.middle):
        assert check_shares(table, split) == ()
    assert not least_core(table).core_is_empty
