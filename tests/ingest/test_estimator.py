from dataclasses import replace
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.domain.activity import lineage_of
from symbiosis.domain.ids import OrganisationId, SiteId
from symbiosis.domain.listings import Direction, ListingStatus, Provenance, Visibility
from symbiosis.domain.places import GeoPrecision, Site
from symbiosis.domain.resources import QualityRange, ResourceKind
from symbiosis.ingest import tables
from symbiosis.ingest.estimator import MARK, estimated_listings, is_located, rules, rules_for, staff_bands

AT: Final = "2026-03-01T08:00:00+00:00"
FORGE: Final = Site(
    SiteId("site-1"),
    OrganisationId("org-1"),
    "A forge",
    "42207",
    45.47,
    4.51,
    GeoPrecision.BUILDING,
    naf="25.50A",
    staff_band="20-49",
)


def listings_of(site: Site) -> dict[tuple[str, Direction], int]:
    return {
        (listing.resource_code, listing.direction): listing.quantity_base_per_year
        for listing in estimated_listings([site], at=AT)
    }


def test_the_longest_activity_code_wins_for_each_resource_and_direction() -> None:
    by_resource = {(rule.resource_code, rule.direction): rule for rule in rules_for("25.50A")}
    assert by_resource["steel-scrap", Direction.SUPPLY].activity == "25.5"
    assert by_resource["cutting-emulsion", Direction.SUPPLY].activity == "25"
    assert by_resource["cardboard-waste", Direction.SUPPLY].activity == "C"


def test_a_quantity_is_the_rules_mid_times_the_bands_mid_with_two_digits() -> None:
    [scrap] = [x for x in estimated_listings([FORGE], at=AT) if x.resource_code == "steel-scrap"]
    assert staff_bands()["20-49"].mid == 32
    assert scrap.quantity_base_per_year == 260_000  # 8 t x 32 employees = 256 t
    assert scrap.quantity_low_base_per_year == 2_000 * 20
    assert scrap.quantity_high_base_per_year == 25_000 * 49


def test_an_estimate_says_that_it_is_one_and_which_rule_it_comes_from() -> None:
    for listing in estimated_listings([FORGE], at=AT):
        assert listing.provenance is Provenance.ESTIMATED
        assert listing.status is ListingStatus.OPEN
        assert listing.visibility is Visibility.PUBLIC
        assert listing.title.endswith("(sector estimate)")
        assert listing.source.startswith(f"{MARK}: rule ")
        assert listing.price_cent_per_trade_unit is None
        assert (listing.created_at, listing.updated_at, listing.version) == (AT, AT, 1)


def test_a_site_without_an_activity_code_gets_no_estimate() -> None:
    assert not list(estimated_listings([replace(FORGE, naf=None)], at=AT))


def test_an_activity_that_no_rule_names_gets_no_estimate() -> None:
    assert not list(estimated_listings([replace(FORGE, naf="84.22Z")], at=AT))


def test_what_is_below_a_lorry_a_pipe_or_a_contract_is_left_out() -> None:
    tiny = listings_of(replace(FORGE, staff_band="1-2"))
    large = listings_of(replace(FORGE, staff_band="100-199"))
    assert set(tiny) < set(large)
    assert ("cutting-emulsion", Direction.SUPPLY) not in tiny
    assert ("cutting-emulsion", Direction.SUPPLY) in large


def test_a_site_whose_staff_is_not_known_is_taken_as_medium_sized() -> None:
    assert listings_of(replace(FORGE, staff_band=None))["steel-scrap", Direction.SUPPLY] == 640_000  # 8 t x 80


def test_nothing_travels_by_pipe_to_the_centre_of_a_large_commune() -> None:
    lyon = replace(FORGE, insee="69123", geo_precision=GeoPrecision.COMMUNE, staff_band="100-199")
    saint_fons = replace(lyon, insee="69199")
    assert (is_located(lyon), is_located(saint_fons)) == (False, True)
    kinds = {resource.code: resource.kind for resource in tables.resources()}
    piped = {ResourceKind.HEAT, ResourceKind.WATER, ResourceKind.ELECTRICITY}
    assert not {kinds[resource] for resource, _ in listings_of(lyon)} & piped  # type: ignore[index]
    assert {kinds[resource] for resource, _ in listings_of(saint_fons)} > piped  # type: ignore[index]


def test_the_same_site_is_always_estimated_alike_and_ids_do_not_depend_on_the_date() -> None:
    later = "2027-01-01T00:00:00+00:00"
    ids = [listing.listing_id for listing in estimated_listings([FORGE], at=AT)]
    assert ids == [listing.listing_id for listing in estimated_listings([FORGE], at=later)]
    assert len(set(ids)) == len(ids)


def test_every_rule_names_an_activity_and_a_resource_that_there_are() -> None:
    resources = {resource.code for resource in tables.resources()}
    activities = set(tables.nace()) | set(tables.naf())
    for rule in rules():
        assert rule.activity in activities
        assert rule.resource_code in resources
        assert 0 < rule.quantity.low <= rule.quantity.mid <= rule.quantity.high
        assert rule.waste_code is None or rule.waste_code in tables.waste_codes()
        assert rule.waste_code is None or rule.direction is Direction.SUPPLY
    assert len({(rule.activity, rule.resource_code, rule.direction) for rule in rules()}) == len(rules())


def test_a_waste_code_that_a_rule_states_is_one_of_its_resource() -> None:
    waste_codes = {resource.code: resource.waste_codes for resource in tables.resources()}
    stated = [rule for rule in rules() if rule.waste_code]
    assert stated
    assert not [rule.name for rule in stated if rule.waste_code not in waste_codes[rule.resource_code]]


def test_what_a_demand_limits_its_own_resource_states_somewhere() -> None:
    """A limit that no supply of the same resource could meet would be a limit that refuses everybody."""
    stated = {
        (rule.resource_code, quality.quality)
        for rule in rules()
        if rule.direction is Direction.SUPPLY
        for quality in rule.qualities
    }
    supplied = {rule.resource_code for rule in rules() if rule.direction is Direction.SUPPLY}
    unmet = [
        (rule.name, quality.as_text())
        for rule in rules()
        if rule.direction is Direction.DEMAND and rule.resource_code in supplied
        for quality in rule.qualities
        if (rule.resource_code, quality.quality) not in stated
    ]
    assert unmet == [("23.99-d-waste-oil", "CHLORINE_SHARE||0.002")]


def test_the_territory_gets_at_least_a_thousand_listings_of_all_kinds_on_both_sides() -> None:
    listings = list(estimated_listings(tables.sites(), at=AT))
    kinds = {resource.code: resource.kind for resource in tables.resources()}
    assert len(listings) >= 1000
    assert len({listing.listing_id for listing in listings}) == len(listings)
    for direction in Direction:
        assert {kinds[x.resource_code] for x in listings if x.direction is direction} == set(ResourceKind)
    assert all(listing.site_id in {site.site_id for site in tables.sites() if site.naf} for listing in listings[:500])


@settings(deadline=None)
@given(st.sampled_from([site for site in tables.sites() if site.naf]))
def test_low_mid_and_high_are_in_order_and_qualities_can_be_stored(site: Site) -> None:
    for listing in estimated_listings([site], at=AT):
        assert listing.quantity_low_base_per_year is not None
        assert listing.quantity_high_base_per_year is not None
        assert 0 < listing.quantity_low_base_per_year <= listing.quantity_base_per_year
        assert listing.quantity_base_per_year <= listing.quantity_high_base_per_year
        for quality in listing.qualities:
            assert QualityRange.from_text(quality.as_text()) == quality


def test_only_rules_of_the_activity_or_its_parents_apply() -> None:
    for naf in sorted({site.naf for site in tables.sites() if site.naf}):
        assert {rule.activity for rule in rules_for(naf)} <= set(lineage_of(naf))
