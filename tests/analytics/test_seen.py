"""What is counted for a viewer is what the rules show of each synergy alone."""

from dataclasses import replace
from typing import Final

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.analytics.flow_graph import Layer, flow_graph_of
from symbiosis.analytics.seen import seen_flows, seen_synergies
from symbiosis.domain.ids import ListingId, SiteId
from symbiosis.domain.listings import Provenance, Visibility
from symbiosis.policy import Viewer, numbers_between
from symbiosis.store.flow_columns import Flow, FlowSite
from symbiosis.store.realised import WorkedOn
from symbiosis.store.reserved import Reserved
from symbiosis.store.synergies import Side
from tests.analytics.graphs import RESOURCES, flow, site

COMMUNES: Final = {"a": "69001", "b": "69002", "c": "42001", "d": "38001"}
NAMES: Final = tuple(COMMUNES)
SITES: Final = tuple(replace(site(name), insee=insee) for name, insee in COMMUNES.items())
HIDDEN: Final = frozenset({Visibility.PRIVATE, Visibility.ANONYMISED})
subsets = st.frozensets(st.sampled_from(sorted(COMMUNES.values())))
viewers = st.builds(
    Viewer,
    site_ids=st.frozensets(st.sampled_from([SiteId(name) for name in NAMES])),
    facilitated=subsets,
    analysed=subsets,
    consented=st.frozensets(st.sampled_from([ListingId(f"{name}-gives-slag") for name in NAMES])),
)
flows = st.lists(st.builds(flow, st.sampled_from(NAMES), st.sampled_from(NAMES)), unique_by=lambda one: one.synergy_id)
listings = st.fixed_dictionaries(
    {
        f"{name}-{verb}-slag": st.tuples(st.sampled_from(Visibility), st.booleans())
        for name in NAMES
        for verb in ("gives", "takes")
    }
)


def side(here: FlowSite, listing_id: ListingId, visibility: Visibility, *, priced: bool) -> Side:
    return Side(
        listing_id=listing_id,
        version=1,
        site_id=here.site_id,
        insee=here.insee,
        visibility=visibility,
        priced=priced,
        provenance=Provenance.DECLARED,
    )


def told(viewer: Viewer, one: Flow, stated: dict[str, tuple[Visibility, bool]]) -> tuple[bool, bool]:
    """Return whether the rules for one synergy show its amounts, and its value."""
    by_name = {each.site_id: each for each in SITES}
    giver, taker = (
        side(by_name[site_id], listing_id, stated[listing_id][0], priced=stated[listing_id][1])
        for site_id, listing_id in ((one.giver_id, one.supply_id), (one.taker_id, one.demand_id))
    )
    mandated = {giver.insee, taker.insee} & (viewer.facilitated | viewer.analysed)
    numbers = numbers_between(viewer, giver, taker)
    shown = bool(mandated) and numbers.exact
    return shown, shown and numbers.value


@given(viewers, flows, listings)
def test_flows_are_counted_as_the_rules_show_one_synergy(
    viewer: Viewer, given_: list[Flow], stated: dict[str, tuple[Visibility, bool]]
) -> None:
    reserved = Reserved(
        closed=frozenset(ListingId(name) for name, (seen, _) in stated.items() if seen in HIDDEN),
        priced=frozenset(ListingId(name) for name, (_, priced) in stated.items() if priced),
    )
    expected = [told(viewer, one, stated) for one in given_]
    seen = seen_flows(flow_graph_of(Layer.SUGGESTED, SITES, RESOURCES, given_), reserved, viewer)
    assert len(seen.graph) == sum(shown for shown, _ in expected)
    assert (~seen.unvalued).tolist() == [valued for shown, valued in expected if shown]
    assert seen.graph.value_cent.tolist() == [100 if valued else 0 for shown, valued in expected if shown]
    assert np.array_equal(seen.graph.quantity_base, np.full(len(seen.graph), 1000))


@given(viewers, flows, listings)
def test_synergies_are_counted_as_their_flows_are(
    viewer: Viewer, given_: list[Flow], stated: dict[str, tuple[Visibility, bool]]
) -> None:
    reserved = Reserved(
        closed=frozenset(ListingId(name) for name, (seen, _) in stated.items() if seen in HIDDEN),
        priced=frozenset(ListingId(name) for name, (_, priced) in stated.items() if priced),
    )
    synergies = [worked_on(one) for one in given_]
    shown, unvalued = seen_synergies(synergies, SITES, reserved, viewer)
    expected = {one.synergy_id: told(viewer, one, stated) for one in given_}
    assert {one.synergy_id: one.value_cent_per_year for one in shown} == {
        synergy_id: 100 if valued else 0 for synergy_id, (is_shown, valued) in expected.items() if is_shown
    }
    assert unvalued == {key for key, (is_shown, valued) in expected.items() if is_shown and not valued}


def worked_on(one: Flow) -> WorkedOn:
    return WorkedOn(
        synergy_id=one.synergy_id,
        status=one.status,
        agreed_base_per_year=None,
        jobs_tenth_fte=None,
        started_on=None,
        supply_id=one.supply_id,
        demand_id=one.demand_id,
        giver_id=one.giver_id,
        taker_id=one.taker_id,
        given=one.given,
        wanted=one.wanted,
        waste_code=one.waste_code,
        quantity_base_per_year=one.quantity_base_per_year,
        value_cent_per_year=one.value_cent_per_year,
        avoided_gco2e_per_year=one.avoided_gco2e_per_year,
        distance_m=one.distance_m,
        estimated=one.estimated,
    )
