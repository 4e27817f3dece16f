"""Make the table of real sites: the pollutant register of both métropoles and the companies of the Gier valley.

What is joined, left out or kept apart by hand stands in the tables below, each with its reason.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

Row = dict[str, str]

SAME_PLACE: Final = {
    "0010500226": "0006104962",
    "0076919901": "0006103718",
    "0009076902": "0006103718",
    "0076915201": "0006103676",
    "0009076901": "0006103676",
    "0010600556": "0009076904",
    "0009074201": "0074209719",
    "0006103729": "0006103728",
    "0006114447": "0006103663",
    "0006107591": "0010600112",
}
"""AIOT number -> AIOT number of the same plant: one SIRET and commune twice, or one sewage works thrice."""

LEFT_OUT: Final = {
    "0054200862": "the two bakeries of the Gier list are the same company at the same place, with their SIRET",
    "0006104971": "the Gier list has this company's plant in Lorette, with a building and a later SIRET",
    "0006103420": "the Gier list has this company's plant in Saint-Chamond, with a building and a later SIRET",
    "78859184000012": "its name is a person's",
    "85353299200015": "its name is a person's",
}
"""AIOT number or SIRET -> why the row is not a site of ours."""

NAF: Final = {
    "0006104116": "72.19Z",  # CRES is the research centre of Solaize, registered under the refiner's code.
    "0006103570": "35.30Z",  # A heating plant, registered under the code of boiler makers.
    "0006103676": "37.00Z",  # A sewage works, registered under the code of waste treatment for its furnace.
    "0006103616": "",  # Fuel additives, registered as a cold store: no estimate rather than that one.
}
"""AIOT number -> the activity that the name of the site states, where the register has another."""

NAMES: Final = {"0006104223": "Unité de traitement et de valorisation énergétique de Lyon Sud"}
"""AIOT number -> a name without the register's typing errors."""

ORGANISATIONS: Final = {
    "246900245": "Métropole de Lyon",
    "266900273": "Hospices Civils de Lyon",
    "552049447": "SNCF",
}
"""SIREN -> the name of a legal unit whose sites are named after places."""

PRECISION: Final = {"address": "ADDRESS", "commune": "COMMUNE", "irep_xy": "DECLARED", "ets_geocode": "ADDRESS"}
STAFF: Final = {"01-02": "1-2"}


COLUMNS: Final = (
    "site_id",
    "organisation_id",
    "name",
    "siret",
    "naf",
    "insee",
    "lat",
    "lon",
    "geo_precision",
    "staff_band",
    "headings",
    "source",
)

HEADINGS: Final = {
    ("5.(a)", "38.22Z"): "3510",
    ("5.(a)", "38.12Z"): "3550",
    ("5.(b)", "84.11Z"): "3520-a",
    ("5.(b)", "37.00Z"): "3520-a",
}
"""E-PRTR activity and NAF -> the ICPE heading that follows from them; nobody publishes the headings of each site.

Annex I of Regulation (EC) 166/2006 and annex I of Directive 2010/75/EU, which the headings 35xx of article R511-9 carry
over, have the thresholds in common: 5.(a) is hazardous waste above 10 t a day, 5.(b) incineration above 3 t an hour.
What 5.(a) means depends on the trade: treatment (38.22Z) or collection and storage (38.12Z). Left out: dealers in metal
scrap (38.32Z), who may hold it for end-of-life vehicles alone, and whatever else the register leaves open.
"""


def make_sites(
    facts: Path,
    *,
    read_rows: Callable[[Path], list[Row]],
    write_rows: Callable[[str, tuple[str, ...], Iterable[Mapping[str, str]]], None],
) -> None:
    """Write sites.csv and organisations.csv, one row a SIRET."""
    register = [row for row in read_rows(facts / "irep_sites.csv") if row["epci"]]
    by_siret = {row["siret"]: row for row in read_rows(facts / "gier_companies_2022.csv")}
    sites = _register_sites(register, by_siret)
    held = {site["siret"] for site in sites}
    sites += [_gier_site(row) for siret, row in by_siret.items() if siret not in held and siret not in LEFT_OUT]
    sites.sort(key=lambda site: site["site_id"])
    write_rows("sites.csv", COLUMNS, sites)
    write_rows("organisations.csv", ("organisation_id", "name", "siren", "source"), _organisations(sites))


def _register_sites(register: list[Row], by_siret: Mapping[str, Row]) -> list[Row]:
    by_aiot = {row["aiot"]: row for row in register}
    for twin, kept in SAME_PLACE.items():
        for column in ("siret", "naf", "name_2021"):
            by_aiot[kept][column] = by_aiot[kept][column] or by_aiot[twin][column]
    rows = [row for aiot, row in by_aiot.items() if aiot not in SAME_PLACE and aiot not in LEFT_OUT]
    rows.sort(key=lambda row: (row["siret"], row["in_2021"] != "1", row["geo_precision"] == "commune", row["aiot"]))
    taken: set[str] = set()
    sites = []
    for row in rows:
        sites.append(_register_site(row, alone=row["siret"] not in taken, gier=by_siret.get(row["siret"])))
        taken.add(row["siret"])
    return sites


def _register_site(row: Row, *, alone: bool, gier: Row | None) -> Row:
    """Return a site; where several plants declare one SIRET, the first keeps it and the others their AIOT number."""
    siret, siren = row["siret"], row["siret"][:9]
    named = siret and alone
    site = {
        "site_id": f"site-{siret}" if named else f"site-aiot-{row['aiot']}",
        "organisation_id": f"org-{siren}" if siren else f"org-aiot-{row['aiot']}",
        "name": NAMES.get(row["aiot"]) or _clean(_named(row)),
        "siret": siret if named else "",
        "naf": NAF.get(row["aiot"], row["naf"]),
        "insee": row["insee"],
        "lat": row["lat"],
        "lon": row["lon"],
        "geo_precision": PRECISION[row["geo_precision"]],
        "staff_band": "",
        "headings": HEADINGS.get((row["eprtr"], NAF.get(row["aiot"], row["naf"])), ""),
        "source": "irep-2021" if row["in_2021"] == "1" else "irep-2015",
    }
    if gier is not None:
        site |= {key: gier[key] for key in ("naf", "insee", "lat", "lon")}
        site |= {"geo_precision": "BUILDING", "staff_band": _staff(gier), "source": "irep-gier"}
    return site


def _named(row: Row) -> str:
    """Return the name of 2021, or that of 2015 where there is none or where the one of 2021 is the operator's."""
    return row["name"] if row["siret"][:9] in ORGANISATIONS else row["name_2021"] or row["name"]


def _gier_site(row: Row) -> Row:
    return {
        "site_id": f"site-{row['siret']}",
        "organisation_id": f"org-{row['siren']}",
        "name": _clean(row["name"]),
        "siret": row["siret"],
        "naf": row["naf"],
        "insee": row["insee"],
        "lat": row["lat"],
        "lon": row["lon"],
        "geo_precision": "BUILDING",
        "staff_band": _staff(row),
        "headings": "",
        "source": "gier-2022",
    }


def _organisations(sites: list[Row]) -> list[Row]:
    organisations: dict[str, Row] = {}
    for site in sites:
        key = site["organisation_id"]
        siren = "" if key.startswith("org-aiot-") else key.removeprefix("org-")
        row = {
            "organisation_id": key,
            "name": ORGANISATIONS.get(siren, site["name"]),
            "siren": siren,
            "source": site["source"],
        }
        organisations.setdefault(key, row)
    return [organisations[key] for key in sorted(organisations)]


def _staff(row: Row) -> str:
    return STAFF.get(row["staff"], row["staff"])


def _clean(name: str) -> str:
    return " ".join(name.split())
