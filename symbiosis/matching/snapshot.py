"""The input of a run in columns, and its canonical bytes: the same market gives the same hash on every store.

What counts: who has or needs how much of what, where, when and of which quality; prices; the catalogue rows and the
factors that these listings can touch; the transport table; what people decided about pairs. What does not: titles,
texts, times of writing, visibility, ids of runs, versions of listings (a version only decides whether a review still
stands, and the pairs it keeps out are in the input), and rows of the catalogue that no open listing can reach.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symbiosis.domain.ids import ListingId, SynergyId, synergy_id_of
from symbiosis.domain.listings import Direction
from symbiosis.domain.resources import Quality, QualityRange, Resource, Substitution
from symbiosis.domain.roads import Roads
from symbiosis.domain.synergies import LOCKED, SynergyStatus
from symbiosis.domain.transport import POSITION_ERROR_M, TRANSPORT, factor_keys_of
from symbiosis.domain.worth import Spread
from symbiosis.matching.reachable import roads_between, usable_substitutions
from symbiosis.store.published import PublishedPlan
from symbiosis.store.snapshot import OpenListing, StoredMarket, TakenUpPair

FORMAT: Final = 3
"""Counts up when the canonical bytes or the rules behind a plan change their meaning."""

QUALITIES: Final = tuple(Quality)
ALWAYS: Final = (date.min.toordinal(), date.max.toordinal())

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

_OF_SUBSTITUTION: Final = tuple(field.name for field in fields(Substitution) if field.name != "source")
_MOST_ADVANCED_FIRST: Final = {
    status: place
    for place, status in enumerate(
        (
            SynergyStatus.OPERATING,
            SynergyStatus.AGREED,
            SynergyStatus.TRIAL,
            SynergyStatus.NEGOTIATION,
            SynergyStatus.DISCUSSION,
            SynergyStatus.CONTACT,
            SynergyStatus.SHORTLISTED,
        )
    )
}


@dataclass(frozen=True, eq=False)
class Side:
    """All open supplies, or all open demands, in columns sorted by listing id; n rows, q qualities.

    quality_low, quality_high (n, q) are what a supply measures or a demand accepts; an end that is not stated is
    minus or plus infinity. Days are ordinals, both inclusive. A price counts only where `priced`.
    `error_m` is how far the site may be from its position, root mean square. `resource` is the place of a listing's
    resource in `codes`, which are those that occur, sorted.
    """

    listings: tuple[OpenListing, ...]
    codes: tuple[str, ...]
    resource: Ints
    quantity: Ints
    lat: Floats
    lon: Floats
    error_m: Ints
    price_cent: Ints
    priced: Bools
    from_day: Ints
    until_day: Ints
    quality_low: Floats
    quality_high: Floats

    def __len__(self) -> int:
        return len(self.listings)

    @cached_property
    def row_of(self) -> dict[ListingId, int]:
        """Return the row of each listing."""
        return {listing.listing_id: row for row, listing in enumerate(self.listings)}


@dataclass(frozen=True, slots=True)
class Lock:
    """A pair that people work on, and the quantity that the plan keeps for it (base units per year)."""

    supply_id: ListingId
    demand_id: ListingId
    status: SynergyStatus
    quantity_base_per_year: int

    @property
    def synergy_id(self) -> SynergyId:
        """Return the name of the pair."""
        return synergy_id_of(self.supply_id, self.demand_id)


class FactorInForce(NamedTuple):
    """The version of a factor that is in force, and its range."""

    factor_id: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The input of a run. `factors` maps a key to the version in force; `roads` are the known distances by road
    between places of its listings.

    `refused` are the pairs that people turned down and whose listings have not changed since; `locks` are in the
    order in which they are served: the most advanced first. `published` is the plan to stay near to, no part of the
    canonical input. `co2_cent_per_t` is what a what-if counts for a tonne CO2e
    avoided, on top of the value; 0 in every other run.
    """

    supplies: Side
    demands: Side
    resources: dict[str, Resource]
    substitutions: tuple[Substitution, ...]
    factors: dict[str, FactorInForce]
    refused: tuple[tuple[ListingId, ListingId], ...]
    locks: tuple[Lock, ...]
    roads: tuple[Roads, ...] = ()
    co2_cent_per_t: int = 0
    published: PublishedPlan | None = None

    def canonical(self) -> bytes:
        """Return the input as bytes: JSON with sorted rows and keys, floats in their shortest exact form."""
        content: dict[str, object] = {
            "format": FORMAT,
            "supplies": [listing_row(listing) for listing in self.supplies.listings],
            "demands": [listing_row(listing) for listing in self.demands.listings],
            "resources": [_resource_row(resource) for _, resource in sorted(self.resources.items())],
            "substitutions": [[getattr(row, name) for name in _OF_SUBSTITUTION] for row in self.substitutions],
            "factors": [list(factor) for _, factor in sorted(self.factors.items())],
            "roads": [[road.origin, road.destinations, road.metres] for road in self.roads],
            "refused": self.refused,
            "locks": [[x.supply_id, x.demand_id, x.status, x.quantity_base_per_year] for x in self.locks],
            "transport": [
                [kind, way.mode, sorted(way.base_units), way.reach_m, *(list(astuple(each)) for each in way.vehicles)]
                for kind, way in sorted(TRANSPORT.items())
            ],
        }
        if self.co2_cent_per_t:
            content["co2_cent_per_t"] = self.co2_cent_per_t
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()

    def sha256(self) -> str:
        """Return the hash of the canonical bytes, 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical()).hexdigest()


def snapshot_of(market: StoredMarket) -> Snapshot:
    """Return what was read as the input of a run; the order of its rows does not matter."""
    listings = sorted(market.listings, key=lambda listing: listing.listing_id)
    supplies = tuple(listing for listing in listings if listing.direction is Direction.SUPPLY)
    demands = tuple(listing for listing in listings if listing.direction is Direction.DEMAND)
    codes = {listing.resource_code for listing in listings}
    resources: dict[str, Resource] = {
        resource.code: resource for resource in market.resources if resource.code in codes
    }
    in_force = _in_force(market.factors)
    versions = {listing.listing_id: listing.version for listing in listings}
    open_pairs = [pair for pair in market.pairs if pair.supply_id in versions and pair.demand_id in versions]
    return Snapshot(
        supplies=_side(supplies),
        demands=_side(demands),
        resources=resources,
        substitutions=usable_substitutions(market.substitutions, supplies, demands),
        factors={key: in_force[key] for key in factor_keys_of(resources.values()) if key in in_force},
        refused=tuple(
            sorted(
                (pair.supply_id, pair.demand_id)
                for pair in open_pairs
                if pair.status not in LOCKED and pair.basis == _basis(pair, versions)
            )
        ),
        locks=_locks(open_pairs),
        roads=roads_between(market.roads, supplies, demands),
    )


def _basis(pair: TakenUpPair, versions: dict[ListingId, int]) -> str:
    return f"{versions[pair.supply_id]}:{versions[pair.demand_id]}"


def _locks(pairs: Iterable[TakenUpPair]) -> tuple[Lock, ...]:
    locks = [
        Lock(pair.supply_id, pair.demand_id, pair.status, pair.quantity_base_per_year)
        for pair in pairs
        if pair.status in LOCKED and pair.quantity_base_per_year is not None
    ]
    return tuple(sorted(locks, key=lambda x: (_MOST_ADVANCED_FIRST[x.status], x.supply_id, x.demand_id)))


def _in_force(factors: dict[str, Spread]) -> dict[str, FactorInForce]:
    """Return the latest version of each factor: `key@10` is later than `key@9`."""
    latest: dict[str, tuple[tuple[int, str], FactorInForce]] = {}
    for factor_id, spread in factors.items():
        key, _, version = factor_id.partition("@")
        age = (int(version), "") if version.isdecimal() else (-1, version)
        if key not in latest or age > latest[key][0]:
            latest[key] = (age, FactorInForce(factor_id, spread.value, spread.low, spread.high))
    return {key: factor for key, (_, factor) in latest.items()}


def _side(listings: tuple[OpenListing, ...]) -> Side:
    low = np.full((len(listings), len(QUALITIES)), -np.inf)
    high = np.full((len(listings), len(QUALITIES)), np.inf)
    for row, listing in enumerate(listings):
        for text in listing.qualities:
            quality = QualityRange.from_text(text)
            column = QUALITIES.index(quality.quality)
            low[row, column] = -np.inf if quality.low is None else quality.low
            high[row, column] = np.inf if quality.high is None else quality.high
    codes = tuple(sorted({listing.resource_code for listing in listings}))
    place = {code: number for number, code in enumerate(codes)}
    return Side(
        listings=listings,
        codes=codes,
        resource=np.array([place[listing.resource_code] for listing in listings], dtype=np.int64),
        quantity=np.array([listing.quantity_base_per_year for listing in listings], dtype=np.int64),
        lat=np.array([listing.lat for listing in listings], dtype=np.float64),
        lon=np.array([listing.lon for listing in listings], dtype=np.float64),
        error_m=np.array([POSITION_ERROR_M[listing.geo_precision] for listing in listings], dtype=np.int64),
        price_cent=np.array([listing.price_cent_per_trade_unit or 0 for listing in listings], dtype=np.int64),
        priced=np.array([listing.price_cent_per_trade_unit is not None for listing in listings], dtype=np.bool_),
        from_day=np.array([_day(listing.available_from, ALWAYS[0]) for listing in listings], dtype=np.int64),
        until_day=np.array([_day(listing.available_until, ALWAYS[1]) for listing in listings], dtype=np.int64),
        quality_low=low,
        quality_high=high,
    )


def _day(text: str | None, otherwise: int) -> int:
    return otherwise if text is None else date.fromisoformat(text).toordinal()


def listing_row(listing: OpenListing) -> list[object]:
    """Return what counts of a listing, in the order of `changes.LISTING_FIELDS`."""
    return [
        listing.listing_id,
        listing.site_id,
        listing.lat,
        listing.lon,
        POSITION_ERROR_M[listing.geo_precision],
        listing.resource_code,
        listing.quantity_base_per_year,
        listing.waste_code,
        listing.price_cent_per_trade_unit,
        listing.available_from,
        listing.available_until,
        sorted(listing.qualities) if listing.qualities else [],
        listing.estimated,
        listing.minimum_base_per_year,
        sorted(listing.physical_states) if listing.physical_states else [],
        sorted(listing.evidence) if listing.evidence else [],
        listing.naf,
        sorted(listing.headings) if listing.headings else [],
    ]


def _resource_row(resource: Resource) -> list[object]:
    return [
        resource.code,
        resource.kind,
        resource.base_unit,
        sorted(resource.waste_codes),
        resource.disposal_factor,
        resource.purchase_factor,
        resource.disposal_emission_factor,
        resource.virgin_emission_factor,
        sorted(resource.physical_states),
    ]
