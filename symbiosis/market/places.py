"""Sites, territories and the catalogue: public facts, read by everybody."""

from collections.abc import Sequence

from symbiosis.domain.ids import ResourceCode, SiteId
from symbiosis.domain.places import Territory
from symbiosis.domain.resources import Resource, ResourceKind
from symbiosis.store import catalogue, sites
from symbiosis.store.graph import Graph
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.sites import SiteFilter, SiteRow


async def territories(graph: Graph) -> list[Territory]:
    """Return all territories, métropoles first."""
    return await graph.read(sites.territory_list)


async def territories_page(graph: Graph, page: PageRequest) -> Page[Territory]:
    """Return one page of the territories, métropoles first."""
    return await graph.read(sites.territories_page, page)


async def sites_page(graph: Graph, wanted: SiteFilter, page: PageRequest) -> Page[SiteRow]:
    """Return one page of sites, by name."""
    return await graph.read(sites.sites_page, wanted, page)


async def sites_by_id(graph: Graph, ids: Sequence[SiteId]) -> dict[SiteId, SiteRow]:
    """Return those of these sites that are there."""
    return await graph.read(sites.sites_by_id, ids)


async def resources_page(graph: Graph, kind: ResourceKind | None, page: PageRequest) -> Page[Resource]:
    """Return one page of the catalogue, by code."""
    return await graph.read(catalogue.resources_page, kind, page)


async def resources_by_code(graph: Graph, codes: Sequence[ResourceCode]) -> dict[ResourceCode, Resource]:
    """Return those of these resources that are there."""
    return await graph.read(catalogue.resources_by_code, codes)
