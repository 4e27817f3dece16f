"""The market that the analyses are timed on: that of `make bench-runs`, with sites, sectors and known resources.

Sites have about twelve listings that lie together; their activities are those of ACTIVITIES in turn. The materials that
plants of these activities give and take name as many resources of the market, and fresh ones cost PURCHASE_EUR_PER_T,
so that a newcomer and the radar's plants meet it. All its waste is harmless: no treatment is missing.
"""

import dataclasses
from typing import Final

from bench.sizing import priced
from symbiosis.analytics.decided import Decided
from symbiosis.analytics.flow_graph import FlowGraph, Layer
from symbiosis.analytics.newcomer import Newcomer, likely_listings
from symbiosis.analytics.potential import potential_of
from symbiosis.domain.ids import OrganisationId, ResourceCode, SiteId, TerritoryId
from symbiosis.domain.resources import ResourceKind
from symbiosis.domain.worth import Spread
from symbiosis.ingest import tables
from symbiosis.store.flow_columns import FlowResource, FlowSite
from symbiosis.store.snapshot import OpenListing, StoredMarket
from symbiosis.units import BaseUnit

A_SITE: Final = 12
DEGREES: Final = 2.2
LYON: Final = (45.7, 4.85)
EMPLOYEES: Final = 100
ACTIVITIES: Final = ("10.71A", "16.10A", "17.12Z", "20.11Z", "22.22Z", "23.51Z", "24.51Z", "25.11Z")
ACTIVITY: Final = "24.51Z"
PURCHASE_EUR_PER_T: Final = 120.0
PURCHASE: Final = "purchase.bench"


def market_of(listings: int) -> StoredMarket:
    """Return the priced country with sites of about twelve listings, and resources that sectors know."""
    market = priced(listings)
    name = _names(market)
    order = sorted(market.listings, key=lambda x: (round(x.lat, 1), round(x.lon, 1), x.listing_id))
    sited = (
        dataclasses.replace(x, site_id=SiteId(f"site-{n // A_SITE:06}"), resource_code=name[x.resource_code])
        for n, x in enumerate(order)
    )
    return dataclasses.replace(
        market,
        listings=tuple(sited),
        resources=tuple(dataclasses.replace(x, code=name[x.code], purchase_factor=PURCHASE) for x in market.resources),
        factors={**market.factors, f"{PURCHASE}@1": Spread.exact(PURCHASE_EUR_PER_T)},
        substitutions=tuple(
            dataclasses.replace(x, by_product=name[x.by_product], input_=name[x.input_]) for x in market.substitutions
        ),
    )


def _names(market: StoredMarket) -> dict[ResourceCode, ResourceCode]:
    """Return what each resource is called: as one that a plant of an activity gives or takes, while there are any."""
    weighed = {x.code for x in tables.resources() if (x.kind, x.base_unit) == (ResourceKind.MATERIAL, BaseUnit.KG)}
    used = {x.resource_code for naf in ACTIVITIES for x in likely_listings(Newcomer(naf, EMPLOYEES, *LYON))}
    known = sorted(weighed & used)
    codes = sorted(x.code for x in market.resources)
    return {code: known[row] if row < len(known) else code for row, code in enumerate(codes)}


def sites_of(market: StoredMarket) -> list[FlowSite]:
    """Return the sites of a market, each in the territory of its place, their activities in turn."""
    first = {x.site_id: x for x in reversed(market.listings)}
    return [
        FlowSite(
            site_id=site_id,
            organisation_id=OrganisationId(site_id),
            name=site_id,
            naf=ACTIVITIES[row % len(ACTIVITIES)],
            siren=None,
            insee=_territory(x),
            commune=_territory(x),
            lat=x.lat,
            lon=x.lon,
            territory_ids=(_territory(x),),
            metropole_id=_territory(x),
        )
        for row, (site_id, x) in enumerate(sorted(first.items()))
    ]


def _territory(x: OpenListing) -> TerritoryId:
    return TerritoryId(f"{x.lat // DEGREES:.0f}:{x.lon // DEGREES:.0f}")


def suggested(sites: list[FlowSite], market: StoredMarket, now: Decided) -> FlowGraph:
    """Return the plan as a flow graph."""
    catalogue = [FlowResource(r.code, "", "", r.kind, r.base_unit, r.waste_codes) for r in market.resources]
    whole = potential_of(sites, catalogue, now.snapshot)
    flow = now.plan.flow[now.values.millicent_per_base > 0]
    return dataclasses.replace(whole.kept(flow > 0), layer=Layer.SUGGESTED, quantity_base=flow[flow > 0])
