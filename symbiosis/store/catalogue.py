"""The catalogue of resources."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import ResourceCode
from symbiosis.domain.resources import Resource, ResourceKind
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest, page_of
from symbiosis.units import BaseUnit

RESOURCES_BY_CODE_PAGE: Final[LiteralString] = """
MATCH (resource:Resource)
WHERE ($kind IS NULL OR resource.kind = $kind) AND ($after_id IS NULL OR resource.code > $after_id)
RETURN resource.code AS code, resource.name_en AS name_en, resource.name_fr AS name_fr, resource.kind AS kind,
       resource.base_unit AS base_unit, resource.waste_codes AS waste_codes, resource.code AS sort_key
ORDER BY code LIMIT $at_most
"""

RESOURCES_BY_ID: Final[LiteralString] = """
UNWIND $codes AS wanted
MATCH (resource:Resource {code: wanted})
RETURN resource.code AS code, resource.name_en AS name_en, resource.name_fr AS name_fr, resource.kind AS kind,
       resource.base_unit AS base_unit, resource.waste_codes AS waste_codes
ORDER BY code
"""

CODE_ORDER: Final = "CODE"


async def resources_page(tx: Tx, kind: ResourceKind | None, page: PageRequest) -> Page[Resource]:
    """Return one page of the catalogue, by code; the `_factor` fields are not read."""
    keys = page.parameters(CODE_ORDER, str)
    rows = await tx.run(RESOURCES_BY_CODE_PAGE, kind=kind, after_id=keys["after_id"], at_most=keys["at_most"])
    return page_of(rows, page, CODE_ORDER, "code", _row)


async def resources_by_code(tx: Tx, codes: Sequence[ResourceCode]) -> dict[ResourceCode, Resource]:
    """Return those of these resources that are there; the `_factor` fields are not read."""
    return {row.code: row for row in map(_row, await tx.run(RESOURCES_BY_ID, codes=list(codes)))}


def _row(row: Mapping[str, Any]) -> Resource:
    return Resource(
        code=ResourceCode(row["code"]),
        name_en=row["name_en"],
        name_fr=row["name_fr"],
        kind=ResourceKind(row["kind"]),
        base_unit=BaseUnit(row["base_unit"]),
        waste_codes=tuple(row["waste_codes"] or ()),
    )
