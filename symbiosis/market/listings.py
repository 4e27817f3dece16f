"""What a site has and needs: read, list, withdraw."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace

from symbiosis.domain.evidence import Evidence
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId, new_listing_id
from symbiosis.domain.listings import LISTED, NOTED, Direction, Listing, ListingStatus, Provenance, Visibility
from symbiosis.domain.resources import PhysicalState, QualityRange, Resource
from symbiosis.domain.times import utc_now
from symbiosis.errors import NotFoundError, RuleError, StaleVersionError
from symbiosis.market.inputs import FieldError, iso_date_or_none, line, text_or_none
from symbiosis.market.listing_facts import (
    base_or_none,
    checked_evidence,
    checked_qualities,
    in_order,
    minimum_or_none,
    own_word,
    price_cent_or_none,
    require_shareable,
    waste_code_or_none,
)
from symbiosis.market.once import Once, once
from symbiosis.policy import Action, Viewer, listing_scope, require, signed_in
from symbiosis.store import listings as store
from symbiosis.store.catalogue import resources_by_code
from symbiosis.store.events import Event, record_event
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.listing_parts import NO_PARTS, ListingPart
from symbiosis.store.listing_queries import ListingOrder
from symbiosis.store.listings import ListingRow
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.sites import sites_by_id
from symbiosis.store.statements import OrderBy
from symbiosis.store.where import Condition
from symbiosis.units import TRADE_UNIT, TradeUnit


class AlreadyWithdrawnError(RuleError):
    """The listing is withdrawn; nothing was written."""

    code = "ALREADY_WITHDRAWN"

    def __init__(self, listing_id: ListingId) -> None:
        super().__init__(f"The listing {listing_id} is withdrawn already; there is nothing left to do.")


@dataclass(frozen=True, slots=True)
class NewListing:
    """A listing as a person states it: quantities in trade units per year, money in EUR per trade unit.

    Without a quantity it is a quick one, which no run sees.
    """

    site_id: SiteId
    direction: Direction
    resource_code: ResourceCode
    title: str
    quantity_per_year: float | None = None
    unit: TradeUnit | None = None
    visibility: Visibility = Visibility.TERRITORY
    provenance: Provenance = Provenance.DECLARED
    waste_code: str | None = None
    description: str | None = None
    price_per_unit_eur: float | None = None
    available_from: str | None = None
    available_until: str | None = None
    qualities: tuple[QualityRange, ...] = ()
    minimum_per_year: float | None = None
    physical_states: tuple[PhysicalState, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    idempotency_key: str | None = None


async def listings(
    graph: Graph,
    viewer: Viewer,
    where: Condition,
    order: OrderBy[ListingOrder],
    page: PageRequest,
    parts: AbstractSet[ListingPart] = NO_PARTS,
) -> Page[ListingRow]:
    """Return one page of the listings that this viewer may see and for which a condition holds, with these parts."""
    return await graph.read(store.listings_page, listing_scope(viewer), where, order, page, parts)


async def listings_by_id(
    graph: Graph, viewer: Viewer, ids: Sequence[ListingId], parts: AbstractSet[ListingPart] = NO_PARTS
) -> dict[ListingId, ListingRow]:
    """Return those of these listings that this viewer may see, each with these parts."""
    return await graph.read(store.listings_by_id, listing_scope(viewer), ids, parts)


async def create_listing(graph: Graph, viewer: Viewer, new: NewListing) -> ListingRow:
    """Return the new listing, or the one that the same request made before under its idempotency key.

    Raises NotFoundError unless the viewer manages the site or facilitates there, FieldError on a wrong value,
    KeyReusedError.
    """
    sent = once("create-listing", new.idempotency_key, asdict(new))
    return await graph.write(_create, viewer, new, sent, new_listing_id())


async def _create(tx: Tx, viewer: Viewer, new: NewListing, sent: Once, listing_id: ListingId) -> ListingRow:
    site = (await sites_by_id(tx, [new.site_id])).get(new.site_id)
    require(viewer, Action.CREATE_LISTING, site, noun="site of yours", key=new.site_id)
    actor, at = signed_in(viewer), utc_now()
    if earlier := await sent.earlier(tx, actor, listing_id, at):
        return await visible_listing(tx, viewer, ListingId(earlier))
    resource = (await resources_by_code(tx, [new.resource_code])).get(new.resource_code)
    if resource is None:
        raise FieldError("resource_code", message=f"There is no resource {new.resource_code!r}; look in `resources`.")
    source = LISTED if new.site_id in viewer.site_ids else NOTED
    require_shareable(source, new.visibility)
    listing = replace(_listing(new, resource, listing_id, at), source=source)
    if not await store.create_listing(tx, listing):
        raise NotFoundError("site of yours", new.site_id)
    await record_event(tx, Event(at, actor, "LIST", listing_id, 1, event_id=f"evt-{listing_id}"))
    return await visible_listing(tx, viewer, listing_id)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Which listing to withdraw, at the version that was read."""

    listing_id: ListingId
    version: int
    idempotency_key: str | None = None


async def withdraw_listing(graph: Graph, viewer: Viewer, stated: Withdrawal) -> ListingRow:
    """Return the listing, withdrawn.

    Raises NotFound-, NotAllowed-, StaleVersion-, AlreadyWithdrawn- and KeyReusedError.
    """
    sent = once("withdraw-listing", stated.idempotency_key, asdict(stated))
    return await graph.write(_withdraw, viewer, stated, sent)


async def _withdraw(tx: Tx, viewer: Viewer, stated: Withdrawal, sent: Once) -> ListingRow:
    listing_id, version, at = stated.listing_id, stated.version, utc_now()
    if not await store.lock_listing(tx, listing_id, at):
        raise NotFoundError("listing", listing_id)
    row = await visible_listing(tx, viewer, listing_id)
    require(viewer, Action.WITHDRAW_LISTING, row, noun="listing", key=listing_id)
    if await sent.earlier(tx, signed_in(viewer), listing_id, at):
        return row
    if row.listing.version != version:
        raise StaleVersionError("listing", listing_id, expected=version, found=row.listing.version)
    if row.listing.status is ListingStatus.WITHDRAWN:
        raise AlreadyWithdrawnError(listing_id)
    await store.withdraw_listing(tx, listing_id, at)
    await record_event(tx, Event(at, signed_in(viewer), "WITHDRAW", listing_id, version + 1))
    return await visible_listing(tx, viewer, listing_id)


async def visible_listing(tx: Tx, viewer: Viewer, listing_id: ListingId) -> ListingRow:
    """Return a listing that the viewer may see, or raise NotFoundError."""
    row = (await store.listings_by_id(tx, listing_scope(viewer), [listing_id])).get(listing_id)
    if row is None:
        raise NotFoundError("listing", listing_id)
    return row


def _listing(new: NewListing, resource: Resource, listing_id: ListingId, at: str) -> Listing:
    """Return the listing that is stated, in base units, or raise FieldError."""
    unit = TRADE_UNIT[resource.base_unit]
    if new.unit is None and new.quantity_per_year is not None:
        raise FieldError("unit", message=f"A quantity needs its unit; {resource.name_en} is listed in {unit}.")
    if new.unit not in {None, unit}:
        raise FieldError("unit", message=f"{resource.name_en} is listed in {unit}, not {new.unit}; convert it.")
    quantity = base_or_none(new.quantity_per_year, resource.base_unit, "quantity_per_year")
    available_from = iso_date_or_none(new.available_from, "available_from")
    available_until = iso_date_or_none(new.available_until, "available_until")
    if available_from and available_until and available_until < available_from:
        raise FieldError("available_until", message=f"{available_until} is before {available_from}; swap the dates.")
    return Listing(
        listing_id=listing_id,
        site_id=new.site_id,
        direction=new.direction,
        resource_code=new.resource_code,
        title=line(new.title, "title"),
        quantity_base_per_year=quantity,
        visibility=new.visibility,
        provenance=own_word(new.provenance),
        created_at=at,
        updated_at=at,
        waste_code=waste_code_or_none(new.waste_code, resource),
        description=text_or_none(new.description, "description"),
        price_cent_per_trade_unit=price_cent_or_none(new.price_per_unit_eur),
        available_from=available_from,
        available_until=available_until,
        qualities=checked_qualities(new.qualities),
        source=LISTED,
        minimum_base_per_year=minimum_or_none(new.minimum_per_year, resource.base_unit, quantity),
        physical_states=in_order(new.physical_states),
        evidence=checked_evidence(new.evidence, new.direction),
    )
