import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final, LiteralString

import openpyxl
import pytest

from symbiosis.domain.ids import SiteId, listing_id_of
from symbiosis.ingest import tables
from symbiosis.ingest.files import (
    ImportFileError,
    ImportRefusedError,
    ImportReport,
    import_listings,
    import_sites,
)
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.loaded import stored_listings, stored_sites

SAMPLES: Final = Path(__file__).parents[2] / "docs" / "samples"
INDUSTEEL: Final = "33131087000141"
HEADER: Final = "reference;siret;direction;resource;title;quantity_per_year;unit"
COUNT: Final[LiteralString] = "MATCH (n) WHERE n:Listing OR n:Site OR n:Event RETURN count(n) AS nodes"
WITHDRAW: Final[LiteralString] = """
MATCH (listing:Listing {id: $id}) SET listing.status = 'WITHDRAWN', listing.version = listing.version + 1
"""
LINKS: Final[LiteralString] = """
MATCH (listing:Listing)-[:AT]->(site:Site), (listing)-[:OF]->(resource:Resource)
RETURN listing.title AS title, site.id AS site_id, resource.code AS resource_code ORDER BY title LIMIT 10
"""
EVENTS: Final[LiteralString] = """
MATCH (event:Event) RETURN event.action AS action, event.object AS object, event.detail AS detail
ORDER BY event.at LIMIT 10
"""


async def run(tx: Tx, query: LiteralString, parameters: dict[str, object]) -> list[dict[str, object]]:
    return [dict(row) for row in await tx.run(query, **parameters)]


async def nodes(graph: Graph) -> object:
    return (await graph.read(run, COUNT, {}))[0]["nodes"]


def written(folder: Path, lines: Sequence[str], name: str = "given.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


async def refused(graph: Graph, path: Path) -> list[tuple[int, str, str]]:
    """Return line, column and reason of every problem of a listings file that is refused."""
    before = await nodes(graph)
    with pytest.raises(ImportRefusedError) as refusal:
        await import_listings(graph, path)
    assert await nodes(graph) == before
    assert refusal.value.exit_code == 2
    return [(problem.line, problem.column, problem.reason) for problem in refusal.value.problems]


async def test_the_sample_files_are_imported_and_the_second_time_nothing_changes(graph: Graph) -> None:
    assert await import_sites(graph, SAMPLES / "sites.csv") == ImportReport(created=2, updated=0, unchanged=0)
    assert await import_sites(graph, SAMPLES / "sites.csv") == ImportReport(created=0, updated=0, unchanged=2)
    assert await import_listings(graph, SAMPLES / "listings.csv") == ImportReport(created=4, updated=0, unchanged=0)
    slag_id = listing_id_of(SiteId(f"site-{INDUSTEEL}"), "SLAG-2026")
    first = await graph.read(stored_listings, [slag_id])
    assert await import_listings(graph, SAMPLES / "listings.csv") == ImportReport(created=0, updated=0, unchanged=4)
    assert await graph.read(stored_listings, [slag_id]) == first
    [event, other] = await graph.read(run, EVENTS, {})
    assert event == {
        "action": "IMPORT_SITES",
        "object": "sites.csv",
        "detail": "2 created, 0 updated of 2 rows",
    }
    assert other["action"] == "IMPORT_LISTINGS"


async def test_what_a_listing_says_is_stored_in_base_units(graph: Graph) -> None:
    await import_sites(graph, SAMPLES / "sites.csv")
    await import_listings(graph, SAMPLES / "listings.csv")
    slag_id = listing_id_of(SiteId(f"site-{INDUSTEEL}"), "SLAG-2026")
    heat_id = listing_id_of(SiteId(f"site-{INDUSTEEL}"), "FURNACE-HEAT")
    stored = await graph.read(stored_listings, [slag_id, heat_id])
    slag = stored[slag_id]
    assert slag.pop("created_at") == slag.pop("updated_at")
    assert slag == {
        "id": slag_id,
        "direction": "SUPPLY",
        "resource_code": "steel-slag",
        "title": "Laitier de four électrique, sec",
        "quantity_base_per_year": 12_500_000,
        "quantity_low_base_per_year": 10_000_000,
        "quantity_high_base_per_year": 15_000_000,
        "waste_code": "100202",
        "price_cent_per_trade_unit": 950,
        "available_from": "2026-01-01",
        "visibility": "TERRITORY",
        "provenance": "DECLARED",
        "status": "OPEN",
        "version": 1,
        "description": "Stocké à l'abri, granulométrie 0/60",
        "source": "",
    }
    assert stored[heat_id]["qualities"] == ["TEMPERATURE_C|250.0|480.0"]
    assert (await graph.read(run, LINKS, {}))[1] == {
        "title": "Fumées du four de réchauffage",
        "site_id": f"site-{INDUSTEEL}",
        "resource_code": "heat-flue-gas",
    }


async def test_a_workbook_is_imported_like_a_csv(graph: Graph, tmp_path: Path) -> None:
    await import_sites(graph, SAMPLES / "sites.csv")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*HEADER.split(";"), "available_from"])
    sheet.append(["X-1", int(INDUSTEEL), "supply", "steel-scrap", "Chutes", 120.5, "t", "2026-05-01"])
    book.save(tmp_path / "given.xlsx")
    assert (await import_listings(graph, tmp_path / "given.xlsx")).created == 1
    listing_id = listing_id_of(SiteId(f"site-{INDUSTEEL}"), "X-1")
    assert (await graph.read(stored_listings, [listing_id]))[listing_id]["quantity_base_per_year"] == 120_500


async def test_a_changed_row_counts_the_version_up_and_keeps_the_date_of_its_birth(
    graph: Graph, tmp_path: Path
) -> None:
    await import_sites(graph, SAMPLES / "sites.csv")
    row = f"R;{INDUSTEEL};SUPPLY;steel-scrap;Chutes;100;t"
    await import_listings(graph, written(tmp_path, [HEADER, row]))
    listing_id = listing_id_of(SiteId(f"site-{INDUSTEEL}"), "R")
    before = (await graph.read(stored_listings, [listing_id]))[listing_id]
    await asyncio.sleep(0.001)
    report = await import_listings(graph, written(tmp_path, [HEADER, row.replace("100", "90")]))
    assert report == ImportReport(created=0, updated=1, unchanged=0)
    after = (await graph.read(stored_listings, [listing_id]))[listing_id]
    assert after["updated_at"] > before["updated_at"]
    assert after == {**before, "quantity_base_per_year": 90_000, "version": 2, "updated_at": after["updated_at"]}


async def test_every_bad_row_is_reported_and_nothing_is_written(graph: Graph, tmp_path: Path) -> None:
    await import_sites(graph, SAMPLES / "sites.csv")
    extra = "waste_code;available_from;available_until;quantity_low_per_year;moisture_share_low;visibility"
    good = f"GOOD;{INDUSTEEL};SUPPLY;steel-scrap;Chutes;100;t"
    lines = [
        f"{HEADER};{extra}",
        f"{good};;;;;;",
        "A;33131087000142;SUPPLY;steel-scrap;Chutes;100;t;;;;;;",
        f"B;{INDUSTEEL};OFFER;unobtainium;Chutes;100;t;;;;;;",
        f"C;{INDUSTEEL};SUPPLY;steel-scrap;;-5;t;03 01 05*;2026-02-30;;;;",
        f"D;{INDUSTEEL};SUPPLY;steel-scrap;Chutes;NaN;t;99 99 99;;;;;",
        f"E;{INDUSTEEL};SUPPLY;steel-scrap;Chutes;1,250;t;;;;;;",
        f"F;{INDUSTEEL};SUPPLY;heat-hot-water;Eau chaude;10;t;;;;;;",
        f"GOOD;{INDUSTEEL};SUPPLY;steel-scrap;Chutes;100;t;;;;;;",
        f";{INDUSTEEL};SUPPLY;steel-scrap;Chutes;10;t;;2027-01-01;2026-01-01;20;35;",
        ";;SUPPLY;steel-scrap;Chutes;10;t;;31/12/2026;;;;SECRET",
    ]
    problems = await refused(graph, written(tmp_path, lines))
    assert [(line, column) for line, column, _ in problems] == [
        (3, "siret"),
        (4, "direction"),
        (4, "resource"),
        (5, "title"),
        (5, "quantity_per_year"),
        (5, "available_from"),
        (5, "waste_code"),
        (6, "quantity_per_year"),
        (6, "waste_code"),
        (7, "quantity_per_year"),
        (8, "unit"),
        (9, "reference"),
        (10, "reference"),
        (10, "quantity_low_per_year"),
        (10, "available_until"),
        (10, "moisture_share_low"),
        (11, "siret"),
        (11, "reference"),
        (11, "visibility"),
        (11, "available_from"),
    ]
    reasons = {(line, column): reason for line, column, reason in problems}
    assert "check digit is wrong" in reasons[3, "siret"]
    assert "Write one of SUPPLY, DEMAND" in reasons[4, "direction"]
    assert "no such resource" in reasons[4, "resource"]
    assert "not above zero" in reasons[5, "quantity_per_year"]
    assert "is not hazardous; drop the star" in reasons[5, "waste_code"]
    assert "no such day" in reasons[5, "available_from"]
    assert "not a finite number" in reasons[6, "quantity_per_year"]
    assert "This may be 1250 or 1.250" in reasons[7, "quantity_per_year"]
    assert "is listed in MWh" in reasons[8, "unit"]
    assert "Line 2 has this reference" in reasons[9, "reference"]
    assert "write it like 2027-01-31" in reasons[11, "available_from"]


async def test_a_unit_is_written_as_its_sign_or_as_the_api_writes_it(graph: Graph, tmp_path: Path) -> None:
    await import_sites(graph, SAMPLES / "sites.csv")
    units = ["t", "T", "TONNE", "tonne"]
    rows = [f"u{n};{INDUSTEEL};SUPPLY;steel-slag;Laitier;10;{unit}" for n, unit in enumerate(units)]
    assert await import_listings(graph, written(tmp_path, [HEADER, *rows])) == ImportReport(len(units), 0, 0)
    assert (1 + 1, "unit") in [
        (line, column)
        for line, column, _ in await refused(graph, written(tmp_path, [HEADER, rows[0].replace(";t", ";kg")], "kg.csv"))
    ]


async def test_columns_that_are_missing_or_unknown_are_named(graph: Graph, tmp_path: Path) -> None:
    problems = await refused(graph, written(tmp_path, ["reference;direction;colour", "A;SUPPLY;red"]))
    assert [(line, column) for line, column, _ in problems] == [
        (1, "resource"),
        (1, "title"),
        (1, "quantity_per_year"),
        (1, "unit"),
        (1, "colour"),
        (1, "siret"),
    ]


async def test_a_site_that_the_store_has_not_is_named_with_the_remedy(graph: Graph, tmp_path: Path) -> None:
    row = f"A;{INDUSTEEL};SUPPLY;steel-scrap;Chutes;100;t"
    [(line, column, reason)] = await refused(graph, written(tmp_path, [HEADER, row]))
    assert (line, column) == (2, "siret")
    assert "import it first with `symbiosis import sites`" in reason


async def test_a_reference_keeps_its_resource_and_its_direction_and_stays_withdrawn(
    graph: Graph, tmp_path: Path
) -> None:
    await import_sites(graph, SAMPLES / "sites.csv")
    rows = [f"{name};{INDUSTEEL};SUPPLY;steel-scrap;Chutes;100;t" for name in "ABC"]
    await import_listings(graph, written(tmp_path, [HEADER, *rows]))
    await graph.write(run, WITHDRAW, {"id": listing_id_of(SiteId(f"site-{INDUSTEEL}"), "C")})
    changed = [rows[0].replace("steel-scrap", "mill-scale"), rows[1].replace("SUPPLY", "DEMAND"), rows[2]]
    problems = await refused(graph, written(tmp_path, [HEADER, *changed]))
    assert [(line, column) for line, column, _ in problems] == [(2, "resource"), (3, "direction"), (4, "reference")]


async def test_a_long_cell_is_refused_and_shown_by_its_beginning(graph: Graph, tmp_path: Path) -> None:
    await import_sites(graph, SAMPLES / "sites.csv")
    row = f"A;{INDUSTEEL};SUPPLY;steel-scrap;{'x' * 100_000};100;t"
    with pytest.raises(ImportRefusedError) as refusal:
        await import_listings(graph, written(tmp_path, [HEADER, row]))
    [problem] = refusal.value.problems
    assert (problem.column, len(problem.value)) == ("title", 60)
    assert "100000 characters; 200 is the most" in problem.reason


async def test_more_rows_than_one_statement_takes_are_one_import(graph: Graph, tmp_path: Path) -> None:
    await import_sites(graph, SAMPLES / "sites.csv")
    rows = [f"R{n};{INDUSTEEL};SUPPLY;steel-scrap;Chutes {n};{n + 1};t" for n in range(2_500)]
    path = written(tmp_path, [HEADER, *rows])
    assert await import_listings(graph, path) == ImportReport(created=2_500, updated=0, unchanged=0)
    assert await import_listings(graph, path) == ImportReport(created=0, updated=0, unchanged=2_500)
    worse = written(tmp_path, [HEADER, *(row.replace(";t", ";t") for row in rows[:-1]), f"{rows[-1]}ons"])
    assert len(await refused(graph, worse)) == 1


async def test_sites_are_created_updated_and_keep_what_the_file_does_not_say(graph: Graph, tmp_path: Path) -> None:
    await import_sites(graph, SAMPLES / "sites.csv")
    path = written(tmp_path, ["siret,name,insee", f"{INDUSTEEL},Industeel Loire,42053"])
    assert await import_sites(graph, path) == ImportReport(created=0, updated=1, unchanged=0)
    site = (await graph.read(stored_sites, [f"site-{INDUSTEEL}"]))[f"site-{INDUSTEEL}"]
    assert site == {
        "id": f"site-{INDUSTEEL}",
        "siret": INDUSTEEL,
        "name": "Industeel Loire",
        "naf": "24.10Z",
        "lat": 45.535438,
        "lon": 4.637734,
        "geo_precision": "DECLARED",
        "staff_band": "500-999",
        "source": "SIRENE 2022",
        "licence": "Licence Ouverte 2.0",
        "organisation_id": "org-331310870",
        "insee": "42053",
        "version": 1,
    }
    irigny = next(commune for commune in tables.communes() if commune.insee == "69100")
    other = (await graph.read(stored_sites, ["site-96650505900016"]))["site-96650505900016"]
    assert (other["lat"], other["lon"], other["geo_precision"]) == (irigny.lat, irigny.lon, "COMMUNE")


async def test_every_bad_site_is_reported_and_nothing_is_written(graph: Graph, tmp_path: Path) -> None:
    await import_sites(graph, SAMPLES / "sites.csv")
    before = await nodes(graph)
    lines = [
        "siret;name;insee;naf;lat;lon;staff_band;organisation",
        "33131087000075;Saint-Chamond;42207;24.10Z;;;;INDUSTEEL",
        "33131087000075;Twice;42207;;;;;INDUSTEEL",
        "123;Short;99999;24.10;;;many;",
        "32127652900013;Swapped;42103;;4.57;45.49;;",
        "30991846400111;Half;42110;25.99Y;45.48;;;",
        f"{INDUSTEEL};Other name;42053;;;;;ANOTHER",
    ]
    with pytest.raises(ImportRefusedError) as refusal:
        await import_sites(graph, written(tmp_path, lines))
    assert [(problem.line, problem.column) for problem in refusal.value.problems] == [
        (3, "siret"),
        (4, "siret"),
        (4, "insee"),
        (4, "naf"),
        (4, "staff_band"),
        (5, "lat"),
        (6, "naf"),
        (6, "lon"),
        (7, "organisation"),
    ]
    assert await nodes(graph) == before


async def test_a_site_does_not_change_its_commune(graph: Graph, tmp_path: Path) -> None:
    await import_sites(graph, SAMPLES / "sites.csv")
    path = written(tmp_path, ["siret;name;insee", f"{INDUSTEEL};Industeel;42186"])
    with pytest.raises(ImportRefusedError, match="a site that moves gets a new SIRET"):
        await import_sites(graph, path)


async def test_a_file_that_cannot_be_read_leaves_the_store_alone(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes(f"{HEADER}\nA;{INDUSTEEL};SUPPLY;steel-scrap;Métal;1;t\n".encode("cp1252"))
    with pytest.raises(ImportFileError, match="Windows-1252"):
        await import_listings(graph, path)
    assert await nodes(graph) == 0


LAW_HEADER: Final = HEADER + ";minimum_per_year;physical_states;certain_use;end_of_waste_act;end_of_waste_proof"


async def test_a_row_states_least_states_evidence_and_act(graph: Graph, tmp_path: Path) -> None:
    await import_sites(graph, SAMPLES / "pairs-sites.csv")
    row = "A;99999990600004;SUPPLY;pallets-used;Palettes;20;t;5;solid;contract 7;fr-2014-07-29;attestation 12"
    await import_listings(graph, written(tmp_path, [LAW_HEADER, row]))
    listing_id = listing_id_of(SiteId("site-99999990600004"), "A")
    facts = (await graph.read(stored_listings, [listing_id]))[listing_id]
    assert facts["minimum_base_per_year"] == 5000
    assert facts["physical_states"] == ["SOLID"]
    assert facts["evidence"] == ["CERTAIN_USE||contract 7", "END_OF_WASTE|FR-2014-07-29|attestation 12"]
    site = SiteId("site-99999990500006")
    assert (await graph.read(stored_sites, [site]))[site]["headings"] == ["2910"]


async def test_what_the_law_does_not_know_is_refused_in_its_cell(graph: Graph, tmp_path: Path) -> None:
    await import_sites(graph, SAMPLES / "pairs-sites.csv")
    rows = [
        "A;99999990600004;SUPPLY;sawdust;Sciure;20;t;50;WET;;FR-1999-01-01;x",
        "B;99999990600004;SUPPLY;sawdust;Sciure;20;t;;;;FR-2014-07-29;",
    ]
    with pytest.raises(ImportRefusedError) as refused:
        await import_listings(graph, written(tmp_path, [LAW_HEADER, *rows]))
    assert [(problem.line, problem.column) for problem in refused.value.problems] == [
        (2, "minimum_per_year"),
        (2, "physical_states"),
        (2, "end_of_waste_act"),
        (3, "end_of_waste_proof"),
    ]
