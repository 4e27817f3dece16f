"""The radar finds the plant that adds most, then the one that adds most to both."""

import dataclasses

from symbiosis.analytics.newcomer import Newcomer, arrival, likely_listings
from symbiosis.analytics.plants import Place, Wanted, activities, places_of
from symbiosis.analytics.radar import portfolio
from symbiosis.domain.listings import Direction
from tests.analytics.graphs import site
from tests.analytics.test_newcomer import market_with
from tests.matching.markets import LYON, listing

HERE = Place("69123", "Lyon", *LYON)
FAR = Place("69001", "Affoux", 45.85, 4.42)
NAFS = ("10.71A", "24.51Z", "20.11Z")


def _market() -> object:
    """Return a market whose sites take what foundries and bakeries give away."""
    wanted = {
        one.resource_code: one.quantity_base_per_year
        for naf in NAFS
        for one in likely_listings(Newcomer(naf, 100, *LYON))
        if one.direction is Direction.SUPPLY
    }
    return market_with(
        *(
            listing(f"d{code}", code, quantity // 2 or 1, km=2.0, price_cent_per_trade_unit=5000)
            for code, quantity in sorted(wanted.items())
        )
    )


def test_the_first_plant_is_the_best_single_one() -> None:
    stored = _market()
    chosen = portfolio(stored, NAFS, [HERE, FAR], Wanted(1)).plants
    gains = {
        (naf, place.insee): arrival(stored, Newcomer(naf, 100, place.lat, place.lon)).gain_cent_per_year
        for naf in NAFS
        for place in (HERE, FAR)
    }
    best = max(gains, key=lambda key: gains[key])
    assert (chosen[0].naf, chosen[0].insee) == best
    assert abs(chosen[0].gain_cent_per_year - gains[best]) <= 1
    assert chosen[0].bound_cent_per_year >= chosen[0].gain_cent_per_year


def test_gains_are_cumulative_and_never_above_their_bounds() -> None:
    chosen = portfolio(_market(), NAFS, [HERE, FAR], Wanted(5)).plants
    assert len(chosen) >= 2
    assert all(plant.site_count > 0 and plant.technique is None for plant in chosen)
    assert [plant.rank for plant in chosen] == list(range(1, len(chosen) + 1))
    whole = chosen[0].whole_cent_per_year
    for plant in chosen[1:]:
        assert abs(plant.whole_cent_per_year - whole - plant.gain_cent_per_year) <= 1
        assert 0 < plant.gain_cent_per_year <= plant.bound_cent_per_year
        whole = plant.whole_cent_per_year


def test_it_tells_after_each_candidate_how_much_is_done() -> None:
    said: list[float] = []
    chosen = portfolio(_market(), NAFS, [HERE, FAR], Wanted(2), said.append).plants
    assert len(said) > len(chosen) == 2
    assert said == sorted(said)
    assert (0.5 in said, said[-1]) == (True, 1.0)


def test_nothing_is_gained_where_nobody_is() -> None:
    found = portfolio(market_with(), ("24.51Z",), [HERE], Wanted(3))
    assert (found.candidate_count, found.plants) == (1, ())


def test_places_are_the_communes_with_most_sites() -> None:
    assert [place.name for place in places_of([site("a1"), site("b1")], 3)] == ["Lyon"]
    assert activities([site("a1"), site("d1")]) in ([], ["20.11Z"])
    there = [dataclasses.replace(site(f"x{n}"), naf=naf) for n, naf in enumerate(("84.11Z", "10.51A", "86.10Z"))]
    assert activities(there) == ["10.51A"]
