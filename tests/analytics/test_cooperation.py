"""Groups gain by cooperation, and fair shares leave no group worse off than alone."""

from hypothesis import given, settings

from symbiosis.analytics.cooperation import cooperation
from symbiosis.analytics.decided import decided
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.snapshot import StoredMarket
from tests.matching.markets import listing, market, markets

ROUNDING = 2


def test_two_territories_that_only_exchange_with_each_other_share_it() -> None:
    now = decided(snapshot_of(market(listing("s1", "slag", 100_000), listing("d1", "aggregates", 100_000, km=2.0))))
    seen = cooperation(now, {now.sites[0]: "lyon", now.sites[1]: "saint-etienne"})
    assert seen.alone_cent_per_year == 0
    assert seen.whole_cent_per_year > 0
    assert [party.alone_cent_per_year for party in seen.parties] == [0, 0]
    assert abs(sum(party.owen_share_cent_per_year for party in seen.parties) - seen.whole_cent_per_year) <= ROUNDING
    halves = [party.shapley_share_cent_per_year for party in seen.parties]
    assert halves[0] == halves[1]
    assert [(pair.one, pair.other, pair.gain_cent_per_year) for pair in seen.pairs] == [
        ("lyon", "saint-etienne", seen.pairs[0].together_cent_per_year)
    ]


def test_what_stays_within_one_group_is_its_own() -> None:
    now = decided(snapshot_of(market(listing("s1", "slag", 5000), listing("d1", "aggregates", 5000, km=2.0))))
    seen = cooperation(now, dict.fromkeys(now.sites, "lyon"))
    assert seen.whole_cent_per_year == seen.alone_cent_per_year == seen.parties[0].owen_share_cent_per_year
    assert seen.pairs == ()


def test_it_tells_after_each_coalition_how_many_are_decided() -> None:
    now = decided(snapshot_of(market(listing("s1", "slag", 5000), listing("d1", "aggregates", 5000, km=2.0))))
    said: list[float] = []
    cooperation(now, {now.sites[0]: "lyon", now.sites[1]: "saint-etienne"}, said.append)
    assert said == [0.25, 0.5, 0.75, 1.0]


@settings(max_examples=40)
@given(markets())
def test_no_group_does_better_alone_than_with_its_share(stored: StoredMarket) -> None:
    now = decided(snapshot_of(stored))
    seen = cooperation(now, {site_id: site_id[-1] for site_id in now.sites})
    for party in seen.parties:
        assert party.owen_share_cent_per_year >= party.alone_cent_per_year - ROUNDING
    assert abs(sum(p.owen_share_cent_per_year for p in seen.parties) - seen.whole_cent_per_year) <= 8 * ROUNDING
    assert all(pair.gain_cent_per_year >= -ROUNDING for pair in seen.pairs)
