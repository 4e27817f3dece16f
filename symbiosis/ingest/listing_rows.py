"""Rows of a listings file, read into listings. `docs/data.md` names the columns."""

from collections.abc import Mapping
from typing import Final

from symbiosis.domain.acts import ACTS
from symbiosis.domain.evidence import Evidence, EvidenceKind
from symbiosis.domain.ids import ResourceCode, SiteId, listing_id_of
from symbiosis.domain.legal import BY_PRODUCT_CONDITIONS
from symbiosis.domain.listings import Direction, Listing, Provenance, Visibility
from symbiosis.domain.resources import PhysicalState, Quality, QualityRange, Resource
from symbiosis.domain.siret import siret_of
from symbiosis.ingest import tables
from symbiosis.ingest.fields import Fields
from symbiosis.units import SYMBOL, TRADE_UNIT, BaseUnit, base_from_trade, cent_from_eur

TITLE_LENGTH: Final = 200
TEXT_LENGTH: Final = 4000
KEY_LENGTH: Final = 200

REQUIRED: Final = ("reference", "direction", "resource", "title", "quantity_per_year", "unit")
SITE_COLUMNS: Final = ("siret", "site_id")
QUALITY_COLUMNS: Final = {
    f"{quality.value.lower()}_{end}": (quality, end) for quality in Quality for end in ("low", "high")
}
EVIDENCE_COLUMNS: Final = {kind.value.lower(): kind for kind in BY_PRODUCT_CONDITIONS}
COLUMNS: Final = (
    *REQUIRED,
    *SITE_COLUMNS,
    "quantity_low_per_year",
    "quantity_high_per_year",
    "waste_code",
    "description",
    "price_eur_per_unit",
    "available_from",
    "available_until",
    "visibility",
    "provenance",
    "source",
    "minimum_per_year",
    "physical_states",
    *EVIDENCE_COLUMNS,
    "end_of_waste_act",
    "end_of_waste_proof",
    *QUALITY_COLUMNS,
)


def site_of(fields: Fields) -> SiteId | None:
    """Return the site that a row names by its SIRET or its id, or None and the problem noted."""
    if fields.given("siret"):
        siret = fields.read("siret", siret_of)
        named = None if siret is None else SiteId(f"site-{siret}")
        if named is not None and fields.given("site_id") not in {"", named}:
            fields.wrong("site_id", f"The SIRET of this row is that of {named}; name one site")
            return None
        return named
    if fields.given("site_id"):
        return SiteId(fields.given("site_id"))
    fields.wrong("siret", "The row names no site; give its SIRET, or its site_id where it has none")
    return None


def listing_of(fields: Fields, resources: Mapping[ResourceCode, Resource], *, at: str) -> Listing | None:
    """Return the listing of a row, dated `at`, or None and every problem noted."""
    site_id = site_of(fields)
    reference = fields.required("reference") and fields.text("reference", KEY_LENGTH)
    direction = fields.required("direction") and fields.choice("direction", Direction)
    title = fields.required("title") and fields.text("title", TITLE_LENGTH)
    resource = _resource(fields, resources)
    low, mid, high = _quantities(fields, resource)
    visibility = fields.choice("visibility", Visibility, Visibility.TERRITORY)
    provenance = fields.choice("provenance", Provenance, Provenance.DECLARED)
    begin, end = _dates(fields)
    listing = Listing(
        listing_id=listing_id_of(site_id or SiteId(""), reference or ""),
        site_id=site_id or SiteId(""),
        direction=Direction(direction or Direction.SUPPLY),
        resource_code=resource.code if resource else ResourceCode(""),
        title=title or "",
        quantity_base_per_year=mid or 0,
        visibility=visibility or Visibility.PRIVATE,
        provenance=provenance or Provenance.DECLARED,
        created_at=at,
        updated_at=at,
        waste_code=fields.read("waste_code", _waste_code),
        description=fields.text("description", TEXT_LENGTH),
        quantity_low_base_per_year=low,
        quantity_high_base_per_year=high,
        price_cent_per_trade_unit=_price(fields),
        available_from=begin,
        available_until=end,
        qualities=_qualities(fields),
        source=fields.text("source", TEXT_LENGTH) or "",
        minimum_base_per_year=_minimum(fields, resource, mid),
        physical_states=_states(fields),
        evidence=_evidence(fields),
    )
    complete = site_id and reference and direction and title and resource and mid and visibility and provenance
    return listing if complete else None


def _waste_code(text: str) -> str:
    return tables.waste_codes().parse(text).code


def _price(fields: Fields) -> int | None:
    number = fields.number("price_eur_per_unit")
    return None if number is None else fields.read("price_eur_per_unit", lambda _: cent_from_eur(number))


def _resource(fields: Fields, resources: Mapping[ResourceCode, Resource]) -> Resource | None:
    code = fields.required("resource")
    if code is None:
        return None
    resource = resources.get(ResourceCode(code.lower()))
    if resource is None:
        fields.wrong("resource", "There is no such resource; take a code of the catalogue, see docs/data.md")
        return None
    trade = TRADE_UNIT[resource.base_unit]
    unit = SYMBOL[trade]
    given = fields.required("unit")
    if given is not None and given.lower().replace("³", "3").replace("²", "2") not in {unit.lower(), trade.lower()}:
        fields.wrong("unit", f"{resource.name_en} is listed in {unit}; convert the quantity and write {unit}")
    return resource


def _quantities(fields: Fields, resource: Resource | None) -> tuple[int | None, int | None, int | None]:
    """Return low, mid and high in base units; low and high are None where they are not given."""
    fields.required("quantity_per_year")
    if resource is None:
        return None, None, None
    low, mid, high = (
        _quantity(fields, column, resource.base_unit)
        for column in ("quantity_low_per_year", "quantity_per_year", "quantity_high_per_year")
    )
    if low is not None and mid is not None and low > mid:
        fields.wrong("quantity_low_per_year", "The low quantity is above the quantity itself")
    if high is not None and mid is not None and high < mid:
        fields.wrong("quantity_high_per_year", "The high quantity is below the quantity itself")
    return low, mid, high


def _minimum(fields: Fields, resource: Resource | None, mid: int | None) -> int | None:
    if resource is None:
        return None
    least = _quantity(fields, "minimum_per_year", resource.base_unit)
    if least is not None and mid is not None and least > mid:
        fields.wrong("minimum_per_year", "The least quantity is above the quantity itself")
    return least


def _states(fields: Fields) -> tuple[PhysicalState, ...]:
    """Return the states of a cell with `;` between them, in the order of the enum."""
    given = {part.strip().upper() for part in fields.given("physical_states").split(";") if part.strip()}
    if not given <= set(PhysicalState):
        fields.wrong("physical_states", f"Write some of {', '.join(PhysicalState)}, with ; between them")
    return tuple(state for state in PhysicalState if state in given)


def _evidence(fields: Fields) -> tuple[Evidence, ...]:
    stated = ((kind, fields.text(column, TEXT_LENGTH)) for column, kind in EVIDENCE_COLUMNS.items())
    evidence = [Evidence(kind, text) for kind, text in stated if text]
    act, proof = fields.given("end_of_waste_act").upper(), fields.text("end_of_waste_proof", TEXT_LENGTH)
    if act and act not in ACTS:
        fields.wrong("end_of_waste_act", f"Write one of {', '.join(ACTS)}, see docs/legal.md")
    elif bool(act) is not bool(proof):
        fields.wrong("end_of_waste_proof", "State the act and its proof (an attestation of conformity), or neither")
    elif act and proof:
        evidence.append(Evidence(EvidenceKind.END_OF_WASTE, proof, act))
    return tuple(evidence)


def _quantity(fields: Fields, column: str, unit: BaseUnit) -> int | None:
    number = fields.number(column)
    return None if number is None else fields.read(column, lambda _: base_from_trade(number, unit))


def _dates(fields: Fields) -> tuple[str | None, str | None]:
    begin, end = fields.day("available_from"), fields.day("available_until")
    if begin and end and end < begin:
        fields.wrong("available_until", f"The listing would end before it begins ({begin})")
    return begin, end


def _qualities(fields: Fields) -> tuple[QualityRange, ...]:
    ends: dict[Quality, dict[str, float]] = {}
    for column, (quality, end) in QUALITY_COLUMNS.items():
        number = fields.number(column)
        if number is None:
            continue
        value = _finite(number)
        if value is None:
            fields.wrong(column, "This is not a finite number; write it like 85 or 0.35")
        elif quality.value.endswith("_SHARE") and not 0 <= value <= 1:
            fields.wrong(column, "A share lies between 0 and 1; write 35 % as 0.35")
        else:
            ends.setdefault(quality, {})[end] = value
    for quality, given in ends.items():
        if given.get("low", -float("inf")) > given.get("high", float("inf")):
            fields.wrong(f"{quality.value.lower()}_low", "The low end is above the high end")
    return tuple(QualityRange(quality, given.get("low"), given.get("high")) for quality, given in ends.items())


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None
