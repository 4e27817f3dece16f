"""What is shown of anonymised listings: to anybody with a mandate, by listing or page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from symbiosis.domain.disclosure import AreaKind, Outline, outline_of
from symbiosis.domain.ids import ListingId, ResourceCode, TerritoryId
from symbiosis.domain.listings import Direction
from symbiosis.domain.resources import Resource, ResourceKind
from symbiosis.policy import Action, Viewer, outline_scope, require
from symbiosis.store.catalogue import resources_by_code
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.outlines import anonymised_by_id, anonymised_open, commune_names, crowd_around
from symbiosis.store.pages import Page, PageRequest, page_of
from symbiosis.store.sites import territory_list

ORDER: Final = "ALIAS"


@dataclass(frozen=True, slots=True)
class OutlineFilter:
    """Which anonymised listings, by what is shown of them; None is all. `waste_code` is compared as far as it shows:
    a listing of which 15 01 shows is among those that start with 15, and with 1501, and not with 150101.
    """

    direction: Direction | None = None
    kind: ResourceKind | None = None
    waste_code: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class SeenOutline:
    """An outline under the name that it has for this viewer alone, with the name of its area and of its resource."""

    alias: str
    outline: Outline
    area_name: str
    resource: Resource | None


async def outlines(graph: Graph, viewer: Viewer, wanted: OutlineFilter, page: PageRequest) -> Page[SeenOutline]:
    """Return one page of the anonymised listings of which the viewer sees an outline, in no order that tells anything.

    Raises NotAllowedError for a viewer without a mandate.
    """
    require(viewer, Action.READ_OUTLINES, None, noun="listing", key="")
    return await graph.read(_outlines, viewer, wanted, page)


async def outlines_by_id(graph: Graph, viewer: Viewer, ids: Sequence[ListingId]) -> dict[ListingId, SeenOutline]:
    """Return the outlines of those of these listings that are anonymised to this viewer, and shown at all."""
    return await graph.read(_outlines_by_id, viewer, ids)


async def _outlines(tx: Tx, viewer: Viewer, wanted: OutlineFilter, page: PageRequest) -> Page[SeenOutline]:
    scope = outline_scope(viewer)
    listings = await anonymised_open(tx, scope)
    crowd = await crowd_around(tx, scope, listings)
    found = (outline_of(listing, crowd) for listing in listings)
    kept = {viewer.alias(one.listing_id): one for one in found if one is not None and _is_wanted(one, wanted)}
    after = page.parameters(ORDER, str)["after_key"]
    rows: list[dict[str, Any]] = [
        {"alias": alias, "sort_key": alias, "outline": kept[alias]}
        for alias in sorted(kept)
        if after is None or alias > str(after)
    ][: page.first + 1]
    names = await _Names.read(tx, [row["outline"] for row in rows])
    return page_of(rows, page, ORDER, "alias", lambda row: names.seen(row["alias"], row["outline"]))


async def _outlines_by_id(tx: Tx, viewer: Viewer, ids: Sequence[ListingId]) -> dict[ListingId, SeenOutline]:
    scope = outline_scope(viewer)
    listings = await anonymised_by_id(tx, scope, sorted(set(ids)))
    crowd = await crowd_around(tx, scope, listings)
    found = [shown for listing in listings if (shown := outline_of(listing, crowd)) is not None]
    names = await _Names.read(tx, found)
    return {shown.listing_id: names.seen(viewer.alias(shown.listing_id), shown) for shown in found}


def _is_wanted(shown: Outline, wanted: OutlineFilter) -> bool:
    return (
        (wanted.direction is None or shown.direction is wanted.direction)
        and (wanted.kind is None or shown.kind is wanted.kind)
        and (wanted.waste_code is None or (shown.waste_code or "").startswith(wanted.waste_code))
        and (wanted.area is None or shown.area == wanted.area)
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of areas and the resources that outlines show."""

    communes: dict[str, str]
    territories: dict[TerritoryId, str]
    resources: dict[ResourceCode, Resource]

    @classmethod
    async def read(cls, tx: Tx, shown: Sequence[Outline]) -> "_Names":
        """Return the names that these outlines need."""
        insee = sorted({one.area for one in shown if one.area_kind is AreaKind.COMMUNE})
        codes = sorted({one.resource_code for one in shown if one.resource_code is not None})
        territories = await territory_list(tx) if any(one.area_kind is AreaKind.EPCI for one in shown) else ()
        return cls(
            communes=await commune_names(tx, insee) if insee else {},
            territories={territory.territory_id: territory.name for territory in territories},
            resources=await resources_by_code(tx, codes) if codes else {},
        )

    def seen(self, alias: str, shown: Outline) -> SeenOutline:
        """Return an outline with its names."""
        names = {
            AreaKind.COMMUNE: self.communes.get(shown.area),
            AreaKind.EPCI: self.territories.get(TerritoryId(shown.area)),
            AreaKind.DEPARTEMENT: None,
        }
        resource = None if shown.resource_code is None else self.resources.get(shown.resource_code)
        return SeenOutline(alias, shown, names[shown.area_kind] or shown.area, resource)
