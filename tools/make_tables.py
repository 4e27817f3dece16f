"""Make the shipped reference tables from the facts they are taken from.

    .venv/bin/python -m tools.make_tables --from ../shared/data

Writes low.csv, low_chapters.csv, nace.csv, naf.csv, communes.csv, communes.geojson, territories.csv, organisations.csv
and sites.csv into symbiosis/ingest/data, and checks that every factor quoted from ADEME equals its source. The other
tables there (resources, substitutions, factors, profiles, sources) are written by hand. `docs/data.md` describes all.
"""

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from tools.make_sites import make_sites

DATA: Final = Path(__file__).parent.parent / "symbiosis" / "ingest" / "data"

METROPOLES: Final = {"200046977": "metropole-lyon", "244200770": "metropole-saint-etienne"}
PROJECTS: Final = {
    "lyon-parilly": ("Vénissieux",),
    "lyon-vallee-chimie": ("Saint-Fons", "Feyzin", "Oullins-Pierre-Bénite", "Solaize", "Irigny"),
    "saint-etienne-vallee-gier": (
        "Saint-Chamond",
        "L'Horme",
        "Lorette",
        "La Grand-Croix",
        "Rive-de-Gier",
        "Saint-Paul-en-Jarez",
        "Saint-Martin-la-Plaine",
        "Châteauneuf",
        "Genilac",
        "Doizieux",
        "La Terrasse-sur-Dorlay",
        "Saint-Joseph",
        "Tartaras",
        "Valfleury",
        "Farnay",
        "Cellieu",
        "Chagnon",
        "Dargoire",
    ),
    "saint-etienne-manufacture": ("Saint-Étienne",),
}
TERRITORIES: Final = (
    ("metropole-lyon", "Métropole de Lyon", "METROPOLE", "etalab-cog", "58 communes since 1 January 2024"),
    ("metropole-saint-etienne", "Saint-Étienne Métropole", "METROPOLE", "etalab-cog", "53 communes"),
    (
        "lyon-parilly",
        "Lyon Parilly Factories (Vénissieux)",
        "PROJECT",
        "project-perimeter",
        "Commune level: the whole of Vénissieux stands for the Parilly factories, which fill a part of it.",
    ),
    (
        "lyon-vallee-chimie",
        "Lyon Vallée de la Chimie",
        "PROJECT",
        "project-perimeter",
        "Commune level: the communes on the Rhône south of Lyon that hold the chemical plants named in the platform's "
        "press (Saint-Fons, Feyzin, Oullins-Pierre-Bénite, Solaize) and Irigny between them. Gerland (Lyon 7e) is left "
        "out: arrondissements are not split.",
    ),
    (
        "saint-etienne-vallee-gier",
        "Saint-Étienne Vallée du Gier",
        "PROJECT",
        "project-perimeter",
        "Commune level: the communes with companies in the Vallée du Gier survey of 2022, and Farnay, Cellieu, Chagnon "
        "and Dargoire that lie between them along the valley. Givors, at its mouth, belongs to the Métropole de Lyon.",
    ),
    (
        "saint-etienne-manufacture",
        "Saint-Étienne Manufacture",
        "PROJECT",
        "project-perimeter",
        "Commune level: the whole of Saint-Étienne stands for the Manufacture-Plaine Achille district.",
    ),
)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a comma-separated file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(name: str, columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> None:
    """Write one shipped table."""
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def make_waste_codes(facts: Path) -> None:
    """Write the 842 entries of the List of Waste, and its 131 chapters and subchapters."""
    rows = read_rows(facts / "ewc.csv")
    write_rows(
        "low.csv",
        ("code", "hazardous", "entry_type", "label_fr", "label_en", "source"),
        ({**row, "source": "low"} for row in rows),
    )
    chapters: dict[str, dict[str, str]] = {}
    for row in rows:
        for level in ("chapter", "subchapter"):
            chapters[row[level]] = {
                "code": row[level],
                "label_fr": row[f"{level}_label_fr"],
                "label_en": row[f"{level}_label_en"],
                "source": "low",
            }
    write_rows(
        "low_chapters.csv", ("code", "label_fr", "label_en", "source"), [chapters[code] for code in sorted(chapters)]
    )


def make_activities(facts: Path) -> None:
    """Write the NACE and NAF codes with their labels."""
    nace = read_rows(facts / "nace_rev2.csv")
    columns = ("code", "level", "section", "label_fr", "label_en", "source")
    write_rows("nace.csv", columns, ({**row, "source": "nace"} for row in nace))
    naf = read_rows(facts / "naf_rev2.csv")
    write_rows(
        "naf.csv",
        ("code", "section", "label_fr", "label_en", "source"),
        ({**row, "code": row["naf"], "source": "naf"} for row in naf),
    )


def make_places(facts: Path) -> None:
    """Write the communes with their territories, their outlines and the territories."""
    rows = sorted(read_rows(facts / "communes.csv"), key=lambda row: row["insee"])
    names = {row["name"] for row in rows}
    unknown = {name for communes in PROJECTS.values() for name in communes} - names
    if unknown:
        raise SystemExit(f"No such communes in communes.csv: {', '.join(sorted(unknown))}.")
    for row in rows:
        projects = [project for project, communes in PROJECTS.items() if row["name"] in communes]
        row["territory_ids"] = "|".join((METROPOLES[row["epci_siren"]], *projects))
        row["source"] = "etalab-cog"
    write_rows("communes.csv", ("insee", "name", "lat", "lon", "area_km2", "territory_ids", "source"), rows)
    columns = ("territory_id", "name", "kind", "source", "note")
    write_rows("territories.csv", columns, (dict(zip(columns, row, strict=True)) for row in TERRITORIES))
    outlines = json.loads((facts / "communes.geojson").read_text(encoding="utf-8"))
    (DATA / "communes.geojson").write_text(_compact(outlines), encoding="utf-8")


def _compact(outlines: dict[str, Any]) -> str:
    """Return the outlines at three decimals (about 100 m), shared borders staying shared, one feature a line."""
    lines = []
    for feature in sorted(outlines["features"], key=lambda feature: feature["properties"]["insee"]):
        geometry = feature["geometry"]
        many = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        polygons = [[_rounded(ring) for ring in polygon] for polygon in many]
        kept = [[ring for ring in polygon if len(ring) > 3] for polygon in polygons]
        shape = {"type": "MultiPolygon", "coordinates": [polygon for polygon in kept if polygon]}
        properties = {"insee": feature["properties"]["insee"], "name": feature["properties"]["name"]}
        body = {"type": "Feature", "properties": properties, "geometry": shape}
        lines.append(json.dumps(body, ensure_ascii=False, separators=(",", ":")))
    head = '{"type":"FeatureCollection","source":"ign-admin-express","features":[\n'
    return head + ",\n".join(lines) + "\n]}\n"


def _rounded(ring: list[list[float]]) -> list[list[float]]:
    points: list[list[float]] = []
    for lon, lat in ring:
        point = [round(lon, 3), round(lat, 3)]
        if not points or points[-1] != point:
            points.append(point)
    return points


def check_factors(facts: Path) -> list[str]:
    """Return what is wrong with the shipped factors that quote ADEME Base Carbone."""
    quoted = {row["id"]: row for row in read_rows(facts / "emission_factors_ademe.csv")}
    wrong = []
    for row in read_rows(DATA / "factors.csv"):
        found = re.search(r"BC:\d+", row["source_text"])
        if found is None or row["basis"] != "QUOTED":
            continue
        original = quoted.get(found.group())
        if original is None:
            wrong.append(f"{row['factor_id']}: {found.group()} is not in the Base Carbone extract")
            continue
        scale = 1000 if re.search(r"/(kWh|kg)", original["unit"]) else 1
        if abs(float(row["value"]) - float(original["value"]) * scale) > 1e-9 * scale:
            wrong.append(f"{row['factor_id']}: {row['value']} is not {original['value']} x {scale} of {found.group()}")
    return wrong


def main() -> None:
    """Make every table; say what does not agree with its source and end with 1."""
    parser = argparse.ArgumentParser(description="Make the shipped reference tables.")
    parser.add_argument("--from", dest="facts", type=Path, required=True, help="The folder that holds the facts.")
    facts: Path = parser.parse_args().facts
    make_waste_codes(facts)
    make_activities(facts)
    make_places(facts)
    make_sites(facts, read_rows=read_rows, write_rows=write_rows)
    wrong = check_factors(facts) if (DATA / "factors.csv").exists() else []
    for line in wrong:
        sys.stderr.write(line + "\n")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
