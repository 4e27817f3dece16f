"""The shipped reference tables, read once into domain facts and checked against one another.

Every row of every table names its source; `sources.csv` holds the name, address and licence of each. A broken table is
our mistake, not the caller's: TableError then says which row of which file.
"""

import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from symbiosis.domain.factors import Factor, FactorBasis
from symbiosis.domain.ids import OrganisationId, ResourceCode, SiteId, TerritoryId
from symbiosis.domain.permits import Operation, headings_of
from symbiosis.domain.places import Commune, GeoPrecision, Organisation, Site, Territory, TerritoryKind
from symbiosis.domain.resources import PhysicalState, Resource, ResourceKind, Substitution
from symbiosis.domain.waste_codes import EntryType, WasteCode, WasteCodes
from symbiosis.errors import SymbiosisError
from symbiosis.units import BaseUnit, cent_from_eur, g_from_kg

DATA: Final = Path(__file__).parent / "data"

Row = dict[str, str]
T = TypeVar("T")


class TableError(SymbiosisError):
    """A shipped table is broken: the installation is damaged or a table was edited wrongly."""

    code = "TABLE"


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from, and under which licence."""

    source_id: str
    name: str
    url: str
    licence: str
    note: str


@dataclass(frozen=True, slots=True)
class ActivityLabel:
    """An activity code with its names."""

    code: str
    label_fr: str
    label_en: str


def rows_of(name: str) -> list[Row]:
    """Return the rows of a shipped table, or raise TableError if it cannot be read."""
    try:
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as wrong:
        raise TableError(
            f"The shipped table {name} cannot be read ({wrong.strerror}); install symbiosis again."
        ) from wrong


def facts_of(name: str, fact: Callable[[Row], T]) -> tuple[T, ...]:
    """Return the facts of a shipped table, or raise TableError with the line that holds none."""
    return tuple(_facts(name, fact))


def _facts(name: str, fact: Callable[[Row], T]) -> Iterator[T]:
    for line, row in enumerate(rows_of(name), start=2):
        try:
            yield fact(row)
        except (KeyError, TypeError, ValueError, SymbiosisError) as wrong:
            raise TableError(f"Line {line} of the shipped table {name} is broken: {wrong!r}.") from wrong


@cache
def checksum() -> str:
    """Return the SHA-256 of all shipped tables, names and contents."""
    digest = hashlib.sha256()
    for path in sorted(DATA.glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def sources() -> dict[str, Source]:
    """Return the sources by their short id."""
    return {source.source_id: source for source in facts_of("sources.csv", lambda row: Source(**row))}


@cache
def waste_codes() -> WasteCodes:
    """Return the List of Waste: 842 entries, 408 of them hazardous."""
    return WasteCodes(
        facts_of(
            "low.csv",
            lambda row: WasteCode(
                row["code"],
                hazardous=row["hazardous"] == "1",
                entry_type=EntryType(row["entry_type"]),
                label_fr=row["label_fr"],
                label_en=row["label_en"],
            ),
        )
    )


@cache
def waste_chapters() -> dict[str, ActivityLabel]:
    """Return the labels of the chapters (two digits) and subchapters (four digits) of the List of Waste."""
    return {row.code: row for row in facts_of("low_chapters.csv", _label)}


@cache
def nace() -> dict[str, ActivityLabel]:
    """Return the labels of the NACE Rev.2 sections, divisions, groups and classes."""
    return {row.code: row for row in facts_of("nace.csv", _label)}


@cache
def naf() -> dict[str, ActivityLabel]:
    """Return the labels of the NAF rév.2 sub-classes."""
    return {row.code: row for row in facts_of("naf.csv", _label)}


def _label(row: Row) -> ActivityLabel:
    return ActivityLabel(row["code"], row["label_fr"], row["label_en"])


@cache
def territories() -> tuple[Territory, ...]:
    """Return the two métropoles and the four project territories."""
    return facts_of(
        "territories.csv",
        lambda row: Territory(TerritoryId(row["territory_id"]), row["name"], TerritoryKind(row["kind"])),
    )


@cache
def communes() -> tuple[Commune, ...]:
    """Return the 111 communes, each with the territories it lies in."""
    return facts_of(
        "communes.csv",
        lambda row: Commune(
            row["insee"],
            row["name"],
            float(row["lat"]),
            float(row["lon"]),
            tuple(TerritoryId(territory) for territory in row["territory_ids"].split("|")),
        ),
    )


@cache
def commune_areas_km2() -> dict[str, float]:
    """Return the area of each commune in km2, by INSEE code."""
    return dict(facts_of("communes.csv", lambda row: (row["insee"], float(row["area_km2"]))))


@cache
def organisations() -> tuple[Organisation, ...]:
    """Return the organisations that operate the real sites."""
    return facts_of(
        "organisations.csv",
        lambda row: Organisation(OrganisationId(row["organisation_id"]), row["name"], row["siren"] or None),
    )


@cache
def sites() -> tuple[Site, ...]:
    """Return the real industrial sites of both métropoles."""
    return facts_of("sites.csv", _site)


def _site(row: Row) -> Site:
    source = sources()[row["source"]]
    return Site(
        SiteId(row["site_id"]),
        OrganisationId(row["organisation_id"]),
        row["name"],
        row["insee"],
        float(row["lat"]),
        float(row["lon"]),
        GeoPrecision(row["geo_precision"]),
        siret=row["siret"] or None,
        naf=row["naf"] or None,
        staff_band=row["staff_band"] or None,
        headings=headings_of(row["headings"]),
        source=source.name,
        licence=source.licence,
    )


@cache
def resources() -> tuple[Resource, ...]:
    """Return the catalogue of resources."""
    return facts_of(
        "resources.csv",
        lambda row: Resource(
            ResourceCode(row["code"]),
            row["name_en"],
            row["name_fr"],
            ResourceKind(row["kind"]),
            BaseUnit(row["base_unit"]),
            waste_codes=tuple(filter(None, row["waste_codes"].split(";"))),
            disposal_factor=row["disposal_factor"] or None,
            purchase_factor=row["purchase_factor"] or None,
            disposal_emission_factor=row["disposal_emission_factor"] or None,
            virgin_emission_factor=row["virgin_emission_factor"] or None,
            physical_states=tuple(map(PhysicalState, filter(None, row["physical_states"].split(";")))),
            adr_class=row["adr_class"] or None,
        ),
    )


@cache
def substitutions() -> tuple[Substitution, ...]:
    """Return which by-product can replace which input, and at what cost of treatment."""
    return facts_of(
        "substitutions.csv",
        lambda row: Substitution(
            ResourceCode(row["by_product"]),
            ResourceCode(row["input"]),
            yield_share=float(row["yield_share"]),
            treatment_cent_per_trade_unit=cent_from_eur(row["treatment_eur_per_trade_unit"]),
            treatment_gco2e_per_trade_unit=g_from_kg(row["treatment_kgco2e_per_trade_unit"]),
            technique=row["technique"],
            source=f"{sources()[row['source']].name}: {row['source_text']}",
            yield_low_share=float(row["yield_low"]),
            yield_high_share=float(row["yield_high"]),
            treatment_low_cent_per_trade_unit=cent_from_eur(row["treatment_eur_low"]),
            treatment_high_cent_per_trade_unit=cent_from_eur(row["treatment_eur_high"]),
            treatment_low_gco2e_per_trade_unit=g_from_kg(row["treatment_kgco2e_low"]),
            treatment_high_gco2e_per_trade_unit=g_from_kg(row["treatment_kgco2e_high"]),
            operation=Operation(row["operation"]) if row["operation"] else None,
            restores=tuple(filter(None, row["restores"].split(";"))),
        ),
    )


@cache
def factors() -> tuple[Factor, ...]:
    """Return every cost and emission factor, each version a row."""
    return facts_of(
        "factors.csv",
        lambda row: Factor(
            row["factor_id"],
            value=float(row["value"]),
            low=float(row["low"]),
            high=float(row["high"]),
            unit=row["unit"],
            year=int(row["year"]),
            perimeter=row["perimeter"],
            basis=FactorBasis(row["basis"]),
            source=f"{sources()[row['source']].name}: {row['source_text']}",
            licence=sources()[row["source"]].licence,
        ),
    )
