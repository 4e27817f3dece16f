"""Rows of a sites file, read into sites and their organisations. `docs/data.md` names the columns."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from symbiosis.domain.activity import naf_of
from symbiosis.domain.ids import OrganisationId, SiteId
from symbiosis.domain.permits import headings_of
from symbiosis.domain.places import Commune, GeoPrecision, Organisation, Site
from symbiosis.domain.siret import siret_of
from symbiosis.ingest.fields import Fields

NAME_LENGTH: Final = 200
TEXT_LENGTH: Final = 1000
FAR_DEGREES: Final = 0.3
"""A site further than this from its commune's centre (some 30 km) has swapped or wrong coordinates."""

REQUIRED: Final = ("siret", "name", "insee")
COLUMNS: Final = (*REQUIRED, "organisation", "naf", "lat", "lon", "staff_band", "headings", "source", "licence")


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A row of the file: the site, its organisation, and whether the row itself states position and organisation."""

    line: int
    site: Site
    organisation: Organisation
    states_position: bool
    states_organisation: bool


def site_entry_of(
    fields: Fields, communes: Mapping[str, Commune], activities: Mapping[str, object], bands: Mapping[str, object]
) -> SiteEntry | None:
    """Return what a row states, or None and every problem noted."""
    siret = fields.required("siret") and fields.read("siret", siret_of)
    name = fields.required("name") and fields.text("name", NAME_LENGTH)
    commune = _commune(fields, communes)
    naf = fields.read("naf", naf_of)
    if naf is not None and naf not in activities:
        fields.wrong("naf", "NAF rév.2 has no such sub-class")
    band = fields.given("staff_band")
    if band and band not in bands:
        fields.wrong("staff_band", f"Write one of {', '.join(known for known in bands if known != 'default')}")
    stated = fields.text("organisation", NAME_LENGTH)
    source, licence = fields.text("source", TEXT_LENGTH), fields.text("licence", TEXT_LENGTH)
    position = _position(fields, commune)
    if not (siret and name and commune and position):
        return None
    organisation = Organisation(OrganisationId(f"org-{siret[:9]}"), stated or name, siret[:9])
    lat, lon, states_position = position
    site = Site(
        SiteId(f"site-{siret}"),
        organisation.organisation_id,
        name,
        commune.insee,
        lat,
        lon,
        GeoPrecision.DECLARED if states_position else GeoPrecision.COMMUNE,
        siret=siret,
        naf=naf,
        staff_band=band or None,
        headings=fields.read("headings", headings_of) or (),
        source=source or "",
        licence=licence or "",
    )
    return SiteEntry(fields.line, site, organisation, states_position=states_position, states_organisation=bool(stated))


def _commune(fields: Fields, communes: Mapping[str, Commune]) -> Commune | None:
    insee = fields.required("insee")
    if insee is None:
        return None
    commune = communes.get(insee)
    if commune is None:
        fields.wrong("insee", "No commune of the two métropoles has this INSEE code (it is not the postal code)")
    return commune


def _position(fields: Fields, commune: Commune | None) -> tuple[float, float, bool] | None:
    """Return latitude, longitude and whether the row states them; else those of the commune's centre."""
    if not (fields.given("lat") or fields.given("lon")):
        return None if commune is None else (commune.lat, commune.lon, False)
    lat, lon = _degrees(fields, "lat", 90), _degrees(fields, "lon", 180)
    if lat is None or lon is None or commune is None:
        return None
    if max(abs(lat - commune.lat), abs(lon - commune.lon)) > FAR_DEGREES:
        fields.wrong("lat", f"The position is far from {commune.name}; check that lat and lon are not swapped")
        return None
    return lat, lon, True


def _degrees(fields: Fields, column: str, most: float) -> float | None:
    number = fields.number(column)
    if number is None:
        if not fields.given(column):
            fields.wrong(column, "Give both lat and lon, or neither")
        return None
    try:
        degrees = float(number)
    except ValueError:
        degrees = math.nan
    if not abs(degrees) <= most:
        fields.wrong(column, "Write degrees, WGS84, like 45.71 or 4.85")
        return None
    return degrees
