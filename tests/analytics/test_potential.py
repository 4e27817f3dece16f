"""The potential layer holds every pair that may meet and pays, once, with all that both sides could exchange."""

from hypothesis import given

from symbiosis.analytics.days import days_of
from symbiosis.analytics.potential import potential_of
from symbiosis.domain.ids import OrganisationId
from symbiosis.matching.candidates import find_candidates
from symbiosis.matching.snapshot import Snapshot, snapshot_of
from symbiosis.matching.value import value_candidates
from symbiosis.store.flow_columns import FlowResource, FlowSite
from symbiosis.store.snapshot import StoredMarket
from tests.matching.markets import RESOURCES, listing, market, markets

CATALOGUE = [FlowResource(r.code, r.name_en, r.name_fr, r.kind, r.base_unit, r.waste_codes) for r in RESOURCES]

PERIODS = ("2026", "2026-01", "2026-Q2", "2026-Q3")


def sites_of(snapshot: Snapshot) -> list[FlowSite]:
    """Return a site for every site id that a listing names."""
    ids = sorted({x.site_id for side in (snapshot.supplies, snapshot.demands) for x in side.listings})
    return [FlowSite(i, OrganisationId("o"), i, None, None, "69123", "Lyon", 45.7, 4.8, (), None) for i in ids]


def test_a_pair_could_exchange_what_the_smaller_side_has() -> None:
    snapshot = snapshot_of(market(listing("s1", "slag", 5000), listing("d1", "aggregates", 3000, km=2.0)))
    graph = potential_of(sites_of(snapshot), CATALOGUE, snapshot)
    assert [graph.sites[row].site_id for row in (graph.giver[0], graph.taker[0])] == ["site-of-s1", "site-of-d1"]
    assert graph.quantity_base.tolist() == [3000]
    assert [graph.resources[row].code for row in (graph.given[0], graph.wanted[0])] == ["slag", "aggregates"]


def test_a_period_leaves_pairs_out_that_share_no_day_of_it() -> None:
    supply = listing("s1", "slag", 5000, available_from="2026-02-01", available_until="2026-12-31")
    demand = listing("d1", "aggregates", 3000, km=2.0, available_until="2026-06-30")
    snapshot = snapshot_of(market(supply, demand))
    found = {text: len(potential_of(sites_of(snapshot), CATALOGUE, snapshot, days_of(text))) for text in PERIODS}
    assert found == {"2026": 1, "2026-01": 0, "2026-Q2": 1, "2026-Q3": 0}


@given(markets())
def test_the_pairs_are_the_candidates_that_pay(stored: StoredMarket) -> None:
    snapshot = snapshot_of(stored)
    graph = potential_of(sites_of(snapshot), CATALOGUE, snapshot)
    candidates = find_candidates(snapshot)
    values = value_candidates(snapshot, candidates)
    assert len(graph) == int((values.millicent_per_base > 0).sum())
    assert (graph.value_cent >= 0).all()
    assert (graph.giver != graph.taker).all()
