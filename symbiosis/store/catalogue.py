"""The catalogue of resources."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import ResourceCode
from symbiosis.domain.resources import Resource, ResourceKind
from symbiosis.store.asking import Table, asking
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.statements import SortDirection, Sorted, SortKey, Source, page_statement
from symbiosis.store.where import Condition, Place
from symbiosis.units import BaseUnit

_PATTERN: Final[LiteralString] = """
MATCH (resource:Resource)"""

_COLUMNS: Final[LiteralString] = """
       resource.code AS code, resource.name_en AS name_en, resource.name_fr AS name_fr, resource.kind AS kind,
       resource.base_unit AS base_unit, resource.waste_codes AS waste_codes"""

RESOURCES: Final = Source(
    pattern=_PATTERN, carried="resource", row_id="resource.code", id_column="code", columns=_COLUMNS
)

RESOURCES_BY_ID: Final[LiteralString] = """
UNWIND $codes AS wanted
MATCH (resource:Resource {code: wanted})
RETURN resource.code AS code, resource.name_en AS name_en, resource.name_fr AS name_fr, resource.kind AS kind,
       resource.base_unit AS base_unit, resource.waste_codes AS waste_codes
ORDER BY code
"""


class ResourceField(StrEnum):
    """What of a resource a filter compares; its name in either language."""

    CODE = "CODE"
    KIND = "KIND"
    NAME = "NAME"
    WASTE_CODE = "WASTE_CODE"


RESOURCE_TABLE: Final = Table(
    {
        ResourceField.CODE: (Place("resource.code"),),
        ResourceField.KIND: (Place("resource.kind"),),
        ResourceField.NAME: (
            Place("toLower(resource.name_en)", folded=True),
            Place("toLower(resource.name_fr)", folded=True),
        ),
        ResourceField.WASTE_CODE: (Place("any(code IN coalesce(resource.waste_codes, []) WHERE code", ")"),),
    }
)
BY_CODE: Final = Sorted(SortKey("resource.code", str), SortDirection.ASC, "CODE_ASC")


async def resources_page(tx: Tx, where: Condition, page: PageRequest) -> Page[Resource]:
    """Return one page of the resources for which a condition holds, by code; the `_factor` fields are not read."""
    asked = await asking(tx, RESOURCE_TABLE, where, BY_CODE, page)
    query = page_statement(RESOURCES, asked.condition(), asked.order, goes_on=asked.goes_on)
    return asked.page(await tx.run(query, **asked.parameters), "code", resource_row)


async def resources_by_code(tx: Tx, codes: Sequence[ResourceCode]) -> dict[ResourceCode, Resource]:
    """Return those of these resources that are there; the `_factor` fields are not read."""
    return {row.code: row for row in map(resource_row, await tx.run(RESOURCES_BY_ID, codes=list(codes)))}


def resource_row(row: Mapping[str, Any]) -> Resource:
    """Return the resource that a row tells, without its factors."""
    return Resource(
        code=ResourceCode(row["code"]),
        name_en=row["name_en"],
        name_fr=row["name_fr"],
        kind=ResourceKind(row["kind"]),
        base_unit=BaseUnit(row["base_unit"]),
        waste_codes=tuple(row["waste_codes"] or ()),
    )
