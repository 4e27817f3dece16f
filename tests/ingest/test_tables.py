import csv
import json
from collections.abc import Callable

import pytest

from symbiosis.domain.activity import naf_of
from symbiosis.domain.ids import SiteId
from symbiosis.domain.places import GeoPrecision, TerritoryKind
from symbiosis.domain.resources import RESTORABLE, ResourceKind
from symbiosis.domain.siret import is_siret, siren_of
from symbiosis.domain.transport import TRANSPORT
from symbiosis.ingest import tables
from symbiosis.ingest.tables import DATA, TableError, rows_of

TABLES = sorted(path.name for path in DATA.glob("*.csv") if path.name != "sources.csv")


def test_the_list_of_waste_has_842_entries_of_which_408_are_hazardous() -> None:
    codes = tables.waste_codes()
    assert len(codes) == 842
    assert sum(entry.hazardous for entry in codes) == 408
    assert all(entry.hazardous == (entry.entry_type in {"AH", "MH"}) for entry in codes)
    assert codes.parse("03 01 05").label_en.startswith("Sawdust")
    assert codes.parse("01 03 04*").display == "01 03 04*"


def test_every_waste_code_stands_in_a_named_chapter_and_subchapter() -> None:
    chapters = tables.waste_chapters()
    assert {len(code) for code in chapters} == {2, 4}
    assert len(chapters) == 131
    assert all(entry.chapter in chapters and entry.subchapter in chapters for entry in tables.waste_codes())


def test_there_are_111_communes_in_two_metropoles_and_four_project_territories() -> None:
    kinds = {territory.territory_id: territory.kind for territory in tables.territories()}
    assert sum(kind is TerritoryKind.METROPOLE for kind in kinds.values()) == 2
    assert sum(kind is TerritoryKind.PROJECT for kind in kinds.values()) == 4
    communes = tables.communes()
    assert len(communes) == len({commune.insee for commune in communes}) == 111
    for commune in communes:
        assert [kinds[territory] for territory in commune.territory_ids].count(TerritoryKind.METROPOLE) == 1
    held = {territory for commune in communes for territory in commune.territory_ids}
    assert held == set(kinds)


def test_the_project_territories_are_the_communes_that_the_documentation_names() -> None:
    def members(territory: str) -> set[str]:
        return {commune.name for commune in tables.communes() if territory in commune.territory_ids}

    assert members("lyon-parilly") == {"Vénissieux"}
    assert members("saint-etienne-manufacture") == {"Saint-Étienne"}
    assert members("lyon-vallee-chimie") == {"Saint-Fons", "Feyzin", "Oullins-Pierre-Bénite", "Solaize", "Irigny"}
    assert {"Saint-Chamond", "Rive-de-Gier", "Lorette"} <= members("saint-etienne-vallee-gier")


def test_every_commune_has_an_outline_around_its_centre() -> None:
    outlines = json.loads((DATA / "communes.geojson").read_text(encoding="utf-8"))
    by_insee = {feature["properties"]["insee"]: feature["geometry"] for feature in outlines["features"]}
    for commune in tables.communes():
        points = [point for polygon in by_insee[commune.insee]["coordinates"] for ring in polygon for point in ring]
        assert min(lon for lon, _ in points) < commune.lon < max(lon for lon, _ in points)
        assert min(lat for _, lat in points) < commune.lat < max(lat for _, lat in points)


def test_there_are_more_than_290_real_sites_each_with_valid_codes() -> None:
    sites = tables.sites()
    communes = {commune.insee: commune for commune in tables.communes()}
    assert len(sites) == len({site.site_id for site in sites}) == 434
    sirets = [site.siret for site in sites if site.siret]
    assert len(sirets) == len(set(sirets))
    assert all(is_siret(siret) for siret in sirets)
    for site in sites:
        assert site.naf is None or (naf_of(site.naf) == site.naf and site.naf in tables.naf())
        assert abs(site.lat - communes[site.insee].lat) < 0.15
        assert abs(site.lon - communes[site.insee].lon) < 0.2
        assert site.source
        assert site.licence


def test_a_site_at_commune_precision_stands_at_the_centre_of_its_commune() -> None:
    communes = {commune.insee: commune for commune in tables.communes()}
    rough = [site for site in tables.sites() if site.geo_precision is GeoPrecision.COMMUNE]
    assert rough
    near = [s for s in rough if abs(s.lat - communes[s.insee].lat) + abs(s.lon - communes[s.insee].lon) < 0.05]
    assert near == rough


def test_every_site_is_operated_by_a_known_organisation_whose_siren_is_valid() -> None:
    organisations = {organisation.organisation_id: organisation for organisation in tables.organisations()}
    assert {site.organisation_id for site in tables.sites()} == set(organisations)
    for organisation in organisations.values():
        assert organisation.siren is None or siren_of(organisation.siren) == organisation.siren
    for site in tables.sites():
        siren = organisations[site.organisation_id].siren
        assert site.siret is None or siren == site.siret[:9]


def test_resources_are_of_all_six_kinds_and_know_their_waste_codes_and_factors() -> None:
    resources, keys = tables.resources(), {factor.factor_id.rpartition("@")[0] for factor in tables.factors()}
    assert len({resource.code for resource in resources}) == len(resources) >= 150
    assert {resource.kind for resource in resources} == set(ResourceKind)
    for resource in resources:
        assert all(code in tables.waste_codes() for code in resource.waste_codes)
        named = (
            resource.disposal_factor,
            resource.purchase_factor,
            resource.disposal_emission_factor,
            resource.virgin_emission_factor,
        )
        assert {key for key in named if key} <= keys
        assert resource.base_unit in TRANSPORT[resource.kind].base_units


def test_prices_and_emissions_of_a_resource_are_per_its_own_trade_unit() -> None:
    per = {"KG": "t", "L": "m3", "KWH": "MWh", "M2": "m2", "H": "h"}
    unit_of = {factor.factor_id.rpartition("@")[0]: factor.unit for factor in tables.factors()}
    for resource in tables.resources():
        for key in (resource.disposal_factor, resource.purchase_factor):
            assert key is None or unit_of[key] == f"EUR/{per[resource.base_unit]}"
        for key in (resource.disposal_emission_factor, resource.virgin_emission_factor):
            assert key is None or unit_of[key] == f"kgCO2e/{per[resource.base_unit]}"


def test_a_substitution_joins_two_resources_of_one_kind_and_unit() -> None:
    by_code = {resource.code: resource for resource in tables.resources()}
    substitutions = tables.substitutions()
    assert len({(row.by_product, row.input_) for row in substitutions}) == len(substitutions) >= 120
    for row in substitutions:
        given, wanted = by_code[row.by_product], by_code[row.input_]
        assert (given.kind, given.base_unit) == (wanted.kind, wanted.base_unit)
        assert given.code != wanted.code
        assert 0 < row.yield_share <= 1
        assert row.treatment_cent_per_trade_unit >= 0
        assert row.technique


def test_every_figure_of_a_substitution_lies_inside_its_range() -> None:
    for row in tables.substitutions():
        low, high = row.yield_low_share, row.yield_high_share
        assert low is not None
        assert high is not None
        assert 0 < low <= row.yield_share <= high <= 1
        low, high = row.treatment_low_cent_per_trade_unit, row.treatment_high_cent_per_trade_unit
        assert low is not None
        assert high is not None
        assert low <= row.treatment_cent_per_trade_unit <= high
        low, high = row.treatment_low_gco2e_per_trade_unit, row.treatment_high_gco2e_per_trade_unit
        assert low is not None
        assert high is not None
        assert low <= row.treatment_gco2e_per_trade_unit <= high


def test_every_use_of_a_waste_names_its_recovery_operation_and_what_its_treatment_mends() -> None:
    by_code = {resource.code: resource for resource in tables.resources()}
    for row in tables.substitutions():
        assert (row.operation is not None) is bool(by_code[row.by_product].waste_codes), row.by_product
        assert RESTORABLE.issuperset(row.restores), row.by_product


def test_every_thing_that_can_be_touched_has_a_physical_state() -> None:
    touched = {ResourceKind.MATERIAL, ResourceKind.WATER, ResourceKind.GAS}
    for resource in tables.resources():
        assert bool(resource.physical_states) is (resource.kind in touched), resource.code
    assert {r.adr_class for r in tables.resources()} == {None, "2.1", "2.2", "3", "8"}


def test_few_sites_are_known_to_take_waste_and_the_rest_are_not_known() -> None:
    known = {site.site_id: site.headings for site in tables.sites() if site.headings}
    assert len(known) == 6
    assert known[SiteId("site-31524980500211")] == ("3510",)


def test_every_factor_lies_between_its_low_and_its_high_and_has_a_version() -> None:
    factors = tables.factors()
    assert len({factor.factor_id for factor in factors}) == len(factors)
    for factor in factors:
        assert factor.low <= factor.value <= factor.high
        assert factor.factor_id.rpartition("@")[2].isdecimal()
        assert 2000 <= factor.year <= 2026


def test_the_factors_that_ways_are_priced_with_are_there() -> None:
    keys = {factor.factor_id.rpartition("@")[0] for factor in tables.factors()}
    assert {key for way in TRANSPORT.values() for key in way.factor_keys} <= keys


@pytest.mark.parametrize("name", TABLES)
def test_every_row_names_a_source_with_a_licence(name: str) -> None:
    rows = rows_of(name)
    assert rows
    for row in rows:
        assert tables.sources()[row["source"]].licence


@pytest.mark.parametrize("name", ["factors.csv", "substitutions.csv", "profiles.csv", "staff_bands.csv"])
def test_every_figure_says_where_it_comes_from_in_words(name: str) -> None:
    assert all(len(row["source_text"]) >= 7 for row in rows_of(name))


def test_what_is_assumed_says_so() -> None:
    for row in rows_of("factors.csv"):
        assert (row["source"] == "assumed") <= (row["basis"] == "ASSUMED")
        assert (row["basis"] == "ASSUMED") <= (row["source"] == "assumed")


def test_every_source_is_used() -> None:
    named = {row["source"] for name in TABLES for row in rows_of(name)}
    outlines = json.loads((DATA / "communes.geojson").read_text(encoding="utf-8"))
    assert named | {outlines["source"]} == set(tables.sources())


@pytest.mark.parametrize(
    ("table", "read"),
    [("factors.csv", tables.factors), ("sites.csv", tables.sites), ("low.csv", tables.waste_codes)],
)
def test_a_broken_table_is_named_with_its_line(
    table: str, read: Callable[[], object], tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = DATA.joinpath(table).read_text(encoding="utf-8").splitlines()
    broken[2] = broken[2].replace(",", ";")
    monkeypatch.setattr(tables, "rows_of", lambda _: list(csv.DictReader(broken)))
    with pytest.raises(TableError, match=f"Line 3 of the shipped table {table} is broken"):
        read.__wrapped__()  # type: ignore[attr-defined]


def test_a_missing_table_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(tables, "DATA", tmp_path)
    with pytest.raises(TableError, match=r"factors\.csv cannot be read"):
        rows_of("factors.csv")
