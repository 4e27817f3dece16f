"""The input of a run: what counts for its hash, and what does not."""

import dataclasses
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbiosis.domain.resources import Quality, QualityRange
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.snapshot import OpenListing, StoredMarket
from tests.matching.markets import FACTORS, RESOURCES, listing, market, markets, pair

SUPPLY, DEMAND = listing("s1", "slag"), listing("d1", "aggregates", km=12)


def sha(*listings: OpenListing, **parts: object) -> str:
    return snapshot_of(market(*listings, **parts)).sha256()  # type: ignore[arg-type]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(markets(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_touch_the_hash(stored: StoredMarket, random: Random) -> None:
    def mixed(rows: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(random.sample(rows, len(rows)))

    shuffled = StoredMarket(
        listings=mixed(stored.listings),  # type: ignore[arg-type]
        resources=mixed(stored.resources),  # type: ignore[arg-type]
        substitutions=mixed(stored.substitutions),  # type: ignore[arg-type]
        factors=dict(mixed(tuple(stored.factors.items()))),  # type: ignore[arg-type]
        pairs=mixed(stored.pairs),  # type: ignore[arg-type]
    )
    assert snapshot_of(shuffled).canonical() == snapshot_of(stored).canonical()


def test_the_hash_of_a_market_is_the_same_for_ever() -> None:
    """Counts up `FORMAT` when this has to change: an old run's hash must not be mistaken for a new input's."""
    qualities = (QualityRange(Quality.MOISTURE_SHARE, None, 0.1).as_text(),)
    supply = listing("s1", "slag", 24_000_000, qualities=qualities, waste_code="100202", estimated=True)
    assert sha(supply, DEMAND) == "95cab2529ef40fe5b87fab3787fb19cb6e4e7f3b843cc58f0983873cf41da2f8"


def test_everything_that_a_plan_depends_on_changes_the_hash() -> None:
    changes: list[dict[str, object]] = [
        {"quantity_base_per_year": 1001},
        {"lat": 45.71},
        {"price_cent_per_trade_unit": 0},
        {"available_from": "2026-01-01"},
        {"waste_code": "100202"},
        {"qualities": ("TEMPERATURE_C|60.0|",)},
        {"estimated": True},
        {"site_id": "site-of-d1"},
    ]
    seen = {sha(SUPPLY, DEMAND), *(sha(dataclasses.replace(SUPPLY, **change), DEMAND) for change in changes)}
    assert len(seen) == len(changes) + 1
    dearer = {**FACTORS, "transport.truck.cost@3": 0.14}
    assert sha(SUPPLY, DEMAND, factors=dearer) not in seen
    assert sha(SUPPLY, DEMAND, pairs=[pair("s1", "d1", SynergyStatus.REJECTED)]) not in seen
    assert sha(SUPPLY, DEMAND, pairs=[pair("s1", "d1", SynergyStatus.AGREED, 400)]) not in seen


def test_what_no_plan_depends_on_does_not_change_the_hash() -> None:
    plain = sha(SUPPLY, DEMAND)
    assert sha(dataclasses.replace(SUPPLY, version=7), DEMAND) == plain
    assert sha(SUPPLY, DEMAND, factors={**FACTORS, "unrelated@1": 2.0, "purchase.heat.cost@2": 1.0}) == plain
    renamed = [dataclasses.replace(resource, name_en="Other") for resource in RESOURCES]
    assert sha(SUPPLY, DEMAND, resources=renamed) == plain
    assert sha(SUPPLY, DEMAND, pairs=[pair("s1", "d1", SynergyStatus.REJECTED, basis="1:2")]) == plain
    assert sha(SUPPLY, DEMAND, pairs=[pair("s1", "gone", SynergyStatus.REJECTED)]) == plain


def test_the_latest_version_of_a_factor_is_in_force() -> None:
    factors = snapshot_of(market(SUPPLY, DEMAND)).factors
    assert factors["transport.truck.cost"] == ("transport.truck.cost@2", 0.13, 0.13, 0.13)
    assert factors["purchase.aggregates.cost"] == ("purchase.aggregates.cost@10", 14.0, 14.0, 14.0)
    assert "unrelated" not in factors


def test_one_substitution_a_pair_of_resources_is_used_that_of_the_greatest_yield() -> None:
    assert [row.technique for row in snapshot_of(market(SUPPLY, DEMAND)).substitutions] == ["Crushing"]


def test_locks_are_served_the_most_advanced_first() -> None:
    stored = market(
        SUPPLY,
        DEMAND,
        listing("s2", "slag"),
        listing("d2", "aggregates"),
        pairs=[
            pair("s1", "d1", SynergyStatus.SHORTLISTED, 10),
            pair("s2", "d2", SynergyStatus.OPERATING, 20),
            pair("s1", "d2", SynergyStatus.SHORTLISTED, 30),
            pair("s2", "d1", SynergyStatus.AGREED, None),
        ],
    )
    assert [(lock.supply_id, lock.demand_id) for lock in snapshot_of(stored).locks] == [
        ("s2", "d2"),
        ("s1", "d1"),
        ("s1", "d2"),
    ]


def test_a_closed_pair_stays_out_until_one_of_its_listings_changes() -> None:
    closed = [SynergyStatus.REJECTED, SynergyStatus.LOST, SynergyStatus.ON_HOLD, SynergyStatus.COMPLETED]
    for status in closed:
        assert snapshot_of(market(SUPPLY, DEMAND, pairs=[pair("s1", "d1", status)])).refused == (("s1", "d1"),)
        changed = market(dataclasses.replace(SUPPLY, version=2), DEMAND, pairs=[pair("s1", "d1", status)])
        assert snapshot_of(changed).refused == ()
