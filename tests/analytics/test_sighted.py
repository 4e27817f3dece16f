"""The market as it shows: what somebody may not see is not in the input of an analysis."""

from dataclasses import replace
from typing import Final

from symbiosis.analytics.jobs.answers import RadarAnswer, answer_from, text_of
from symbiosis.analytics.jobs.questions import CooperationQuestion, MarginalsQuestion, StopsQuestion, key_of
from symbiosis.analytics.jobs.sighted import Material, among, sighted, told_apart
from symbiosis.analytics.plants import Plant
from symbiosis.domain.analyses import AnalysisKind, PlantKind, Sight
from symbiosis.domain.ids import ListingId, OrganisationId, SiteId, TerritoryId
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.store.flow_columns import FlowSite
from symbiosis.store.reserved import Reserved
from tests.matching.markets import listing, market, pair

HERE, THERE = "69001", "42001"
LYON, STETIENNE = TerritoryId("lyon"), TerritoryId("stetienne")


def site(name: str, insee: str, metropole: TerritoryId) -> FlowSite:
    return FlowSite(
        site_id=SiteId(f"site-of-{name}"),
        organisation_id=OrganisationId(f"org-{name}"),
        name=name,
        naf=None,
        siren=None,
        insee=insee,
        commune=insee,
        lat=45.7,
        lon=4.8,
        territory_ids=(metropole,),
        metropole_id=metropole,
    )


SITES: Final = (
    site("s1", HERE, LYON),
    site("d1", HERE, LYON),
    site("s2", THERE, STETIENNE),
    site("d2", THERE, STETIENNE),
)
MARKET: Final = market(
    *(listing(name, "slag", price_cent_per_trade_unit=100) for name in ("s1", "d1", "s2", "d2")),
    pairs=[pair("s1", "d2", SynergyStatus.REJECTED), pair("s2", "d2", SynergyStatus.REJECTED)],
)
CLOSED: Final = Reserved(frozenset({ListingId("s1"), ListingId("s2")}), frozenset())
ANALYST: Final = Sight(frozenset({HERE}), frozenset())
FACILITATOR: Final = Sight(frozenset({HERE}), frozenset({HERE}))


def test_an_analyst_sees_what_is_open_and_no_price_that_a_site_states() -> None:
    shown = sighted(MARKET, SITES, CLOSED, ANALYST)
    assert [(x.listing_id, x.price_cent_per_trade_unit) for x in shown.listings] == [("d1", None), ("d2", None)]
    assert shown.pairs == ()


def test_a_facilitator_sees_all_of_the_territory_and_elsewhere_what_is_open() -> None:
    shown = sighted(MARKET, SITES, CLOSED, FACILITATOR)
    assert [(x.listing_id, x.price_cent_per_trade_unit) for x in shown.listings] == [
        ("s1", 100),
        ("d1", 100),
        ("d2", None),
    ]
    assert [(one.supply_id, one.demand_id) for one in shown.pairs] == [("s1", "d2")]


def test_what_people_decided_elsewhere_does_not_show() -> None:
    shown = sighted(MARKET, SITES, Reserved(frozenset(), frozenset()), ANALYST)
    assert len(shown.listings) == 4
    assert [(one.supply_id, one.demand_id) for one in shown.pairs] == [("s1", "d2")]
    assert among(shown, {SiteId("site-of-s2"), SiteId("site-of-d2")}).pairs == ()


def test_few_sites_of_another_metropole_are_not_told_apart() -> None:
    material = Material(CooperationQuestion(), MARKET, SITES, (), FACILITATOR, None)
    assert told_apart(material) == {"site-of-s1", "site-of-d1"}
    third = site("s3", THERE, STETIENNE)
    more = replace(material, sites=(*SITES, third))
    assert told_apart(more) == {"site-of-s1", "site-of-d1"}
    listed = replace(more, market=replace(MARKET, listings=(*MARKET.listings, listing("s3", "slag"))))
    assert told_apart(listed) == {one.site_id for one in (*SITES, third)}


def test_equal_questions_about_equal_parts_have_one_key() -> None:
    key = key_of(StopsQuestion(site_ids=(SiteId("b"), SiteId("a"))), LYON, ANALYST)
    assert key == key_of(StopsQuestion(site_ids=(SiteId("a"), SiteId("b"), SiteId("a"))), LYON, ANALYST)
    others = [
        key_of(StopsQuestion(), LYON, ANALYST),
        key_of(MarginalsQuestion(20), LYON, ANALYST),
        key_of(StopsQuestion(site_ids=(SiteId("b"), SiteId("a"))), STETIENNE, ANALYST),
        key_of(StopsQuestion(site_ids=(SiteId("b"), SiteId("a"))), LYON, FACILITATOR),
    ]
    assert len({key, *others}) == 5


def test_an_answer_is_read_back_as_it_was_written_and_one_of_another_shape_is_none() -> None:
    nothing = (None, None, None, None)
    plant = Plant(1, PlantKind.PLANT, "24.51Z", *nothing, HERE, "Lyon", 100, None, None, 2, 2_000, 3_000, 2_500)
    answer = RadarAnswer(3, (plant,))
    text = text_of(AnalysisKind.RADAR, answer)
    assert answer_from(AnalysisKind.RADAR, text) == answer
    assert answer_from(AnalysisKind.STOPS, text) is None
