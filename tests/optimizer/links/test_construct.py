"""Plans made of flows: what a repair keeps, drops and raises."""

import numpy as np

from optimizer import ExchangeProblem
from optimizer.links import LinksProblem
from optimizer.links.construct import planned, repaired
from optimizer.links.market import Market, market_of
from optimizer.problem import Ints


def ints(*values: int) -> Ints:
    return np.array(values, np.int64)


def market(lot: int, partners: int = 2) -> Market:
    """Return one supply of 10 between two demands of 10, worth 3 and 2 a unit, links at 4."""
    base = ExchangeProblem(ints(10), ints(10, 10), ints(0, 0), ints(0, 1), ints(3, 2))
    limits = {"fixed_cost": ints(4, 4), "lot": ints(lot, lot), "supply_partners": ints(partners)}
    return market_of(LinksProblem(base, **limits))[0]


def test_flows_below_their_lots_are_brought_together_on_the_best_link() -> None:
    assert repaired(market(lot=7), ints(5, 5)).tolist() == [10, 0]


def test_flows_that_reach_their_lots_stay() -> None:
    assert repaired(market(lot=3), ints(7, 3)).tolist() == [7, 3]


def test_a_row_keeps_the_links_that_gain_most() -> None:
    """The first earns 3 x 4 - 4, the second 2 x 6 - 4: as much; then the earlier one stays, and takes all."""
    assert repaired(market(lot=1, partners=1), ints(4, 6)).tolist() == [10, 0]


def test_links_that_do_not_fit_together_give_way_to_the_best_of_them() -> None:
    assert planned(market(lot=7), np.array([True, True])).tolist() == [10, 0]
    assert planned(market(lot=5), np.array([True, True])).tolist() == [5, 5]
