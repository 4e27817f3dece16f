"""Sites, territories and the catalogue: public facts, read by everybody."""

from collections.abc import Sequence

from symbiosis.domain.ids import ResourceCode, SiteId
from symbiosis.domain.places import Territory
from symbiosis.domain.resources import Resource
from symbiosis.store import catalogue, sites
from symbiosis.store.graph import Graph
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.sites import SiteOrder, SiteRow
from symbiosis.store.statements import OrderBy
from symbiosis.store.where import Condition


async def territories(graph: Graph) -> list[Territory]:
    """Return all territories, métropoles first."""
    return await graph.read(sites.territory_list)


async def territories_page(graph: Graph, page: PageRequest) -> Page[Territory]:
    """Return one page of the territories, métropoles first."""
    return await graph.read(sites.territories_page, page)


async def sites_page(graph: Graph, where: Condition, order: OrderBy[SiteOrder], page: PageRequest) -> Page[SiteRow]:
    """Return one page of the sites for which a condition holds."""
    return await graph.read(sites.sites_page, where, order, page)


async def sites_by_id(graph: Graph, ids: Sequence[SiteId]) -> dict[SiteId, SiteRow]:
    """Return those of these sites that are there."""
    return await graph.read(sites.sites_by_id, ids)


async def resources_page(graph: Graph, where: Condition, page: PageRequest) -> Page[Resource]:
    """Return one page of the resources for which a condition holds, by code."""
    return await graph.read(catalogue.resources_page, where, page)


async def resources_by_code(graph: Graph, codes: Sequence[ResourceCode]) -> dict[ResourceCode, Resource]:
    """Return those of these resources that are there."""
    return await graph.read(catalogue.resources_by_code, codes)
