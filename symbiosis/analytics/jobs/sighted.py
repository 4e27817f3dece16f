"""The market as it shows to whoever asks: what is not in the input of an analysis cannot be told from its result.

A listing counts if it is neither private nor anonymised, or lies where whoever asks facilitates; a stated price counts
there only, elsewhere public factors stand in for it. So an analysis may weigh listings of other territories, but names
none of their sites unless it exchanges with a site of its own.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from symbiosis.analytics.jobs.questions import Question
from symbiosis.domain.analyses import Sight
from symbiosis.domain.ids import RunId, SiteId
from symbiosis.domain.places import Territory
from symbiosis.domain.runs import RunKind
from symbiosis.store.flow_columns import FlowSite, flow_sites
from symbiosis.store.graph import Tx
from symbiosis.store.reserved import Reserved, reserved_listings, run_now
from symbiosis.store.sites import territory_list
from symbiosis.store.snapshot import StoredMarket, read_market

FEWEST_SITES: Final = 3
"""A group of fewer sites elsewhere is not told apart."""


@dataclass(frozen=True, slots=True)
class Material:
    """What an analysis works on; goes to its process as it is."""

    question: Question
    market: StoredMarket
    sites: tuple[FlowSite, ...]
    territories: tuple[Territory, ...]
    sight: Sight
    run_id: RunId | None

    @property
    def own(self) -> frozenset[SiteId]:
        """Return the sites that it may name."""
        return frozenset(site.site_id for site in self.sites if site.insee in self.sight.seen)


async def read_material(tx: Tx, question: Question, sight: Sight) -> Material:
    """Return what an analysis works on, read in one transaction."""
    run_id = await run_now(tx)
    market = await read_market(tx, RunKind.EXCHANGE)
    sites = tuple(await flow_sites(tx))
    shown = sighted(market, sites, await reserved_listings(tx), sight)
    return Material(question, shown, sites, tuple(await territory_list(tx)), sight, run_id)


def sighted(market: StoredMarket, sites: Sequence[FlowSite], reserved: Reserved, sight: Sight) -> StoredMarket:
    """Return the market as it shows to whoever has this sight."""
    brokered = {site.site_id for site in sites if site.insee in sight.brokered}
    seen = {site.site_id for site in sites if site.insee in sight.seen}
    listings = tuple(
        x if x.site_id in brokered else replace(x, price_cent_per_trade_unit=None)
        for x in market.listings
        if x.site_id in brokered or x.listing_id not in reserved.closed
    )
    near = {x.listing_id for x in listings if x.site_id in seen}
    return _kept(replace(market, listings=listings), near)


def among(market: StoredMarket, site_ids: AbstractSet[SiteId]) -> StoredMarket:
    """Return the market of the listings of some sites."""
    listings = tuple(x for x in market.listings if x.site_id in site_ids)
    return _kept(replace(market, listings=listings), {x.listing_id for x in listings})


def told_apart(material: Material) -> frozenset[SiteId]:
    """Return the own sites, and those of other métropoles that have enough sites with listings to be told apart."""
    listing = {x.site_id for x in material.market.listings}
    count = Counter(site.metropole_id for site in material.sites if site.site_id in listing)
    own = material.own
    return frozenset(
        site.site_id for site in material.sites if site.site_id in own or count[site.metropole_id] >= FEWEST_SITES
    )


def _kept(market: StoredMarket, near: Collection[str]) -> StoredMarket:
    """Return a market without what people have decided between listings that are not near, or not there."""
    there = {x.listing_id for x in market.listings}
    pairs = tuple(
        pair
        for pair in market.pairs
        if {pair.supply_id, pair.demand_id} <= there and (pair.supply_id in near or pair.demand_id in near)
    )
    return replace(market, pairs=pairs)
