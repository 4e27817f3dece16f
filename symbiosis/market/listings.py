"""What a site has and needs: read, list, withdraw."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass

from symbiosis.domain.acts import ACTS
from symbiosis.domain.evidence import Evidence, EvidenceKind
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId, new_listing_id
from symbiosis.domain.listings import Direction, Listing, ListingStatus, Provenance, Visibility
from symbiosis.domain.resources import PhysicalState, QualityRange, Resource
from symbiosis.domain.times import utc_now
from symbiosis.domain.waste_codes import read_waste_code
from symbiosis.errors import NotFoundError, RuleError, StaleVersionError
from symbiosis.market.inputs import FieldError, at_field, iso_date_or_none, line, text_or_none
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
from symbiosis.store.statements import OrderBy
from symbiosis.store.where import Condition
from symbiosis.units import TRADE_UNIT, TradeUnit, base_from_trade, cent_from_eur


class AlreadyWithdrawnError(RuleError):
    """The listing is withdrawn; nothing was written."""

    code = "ALREADY_WITHDRAWN"

    def __init__(self, listing_id: ListingId) -> None:
        super().__init__(f"The listing {listing_id} is withdrawn already; there is nothing left to do.")


@dataclass(frozen=True, slots=True)
class NewListing:
    """A listing as a person states it: quantities in trade units per year, money in EUR per trade unit."""

    site_id: SiteId
    direction: Direction
    resource_code: ResourceCode
    title: str
    quantity_per_year: float
    unit: TradeUnit
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

    Raises NotFoundError unless the viewer manages the site, FieldError on a wrong value, KeyReusedError.
    """
    require(viewer, Action.CREATE_LISTING, new.site_id, noun="site of yours", key=new.site_id)
    sent = once("create-listing", new.idempotency_key, asdict(new))
    return await graph.write(_create, viewer, new, sent, new_listing_id())


async def _create(tx: Tx, viewer: Viewer, new: NewListing, sent: Once, listing_id: ListingId) -> ListingRow:
    actor, at = signed_in(viewer), utc_now()
    if earlier := await sent.earlier(tx, actor, listing_id, at):
        return await visible_listing(tx, viewer, ListingId(earlier))
    resource = (await resources_by_code(tx, [new.resource_code])).get(new.resource_code)
    if resource is None:
        raise FieldError("resource_code", message=f"There is no resource {new.resource_code!r}; look in `resources`.")
    listing = _listing(new, resource, listing_id, at)
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
    if new.unit is not unit:
        raise FieldError("unit", message=f"{resource.name_en} is listed in {unit}, not {new.unit}; convert it.")
    if new.provenance not in {Provenance.DECLARED, Provenance.METERED}:
        raise FieldError("provenance", message=f"A site lists DECLARED or METERED quantities, not {new.provenance}.")
    quantity = at_field("quantity_per_year", lambda: base_from_trade(new.quantity_per_year, resource.base_unit))
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
        provenance=new.provenance,
        created_at=at,
        updated_at=at,
        waste_code=_waste_code(new.waste_code, resource),
        description=text_or_none(new.description, "description"),
        price_cent_per_trade_unit=price_cent_or_none(new.price_per_unit_eur),
        available_from=available_from,
        available_until=available_until,
        qualities=_qualities(new.qualities),
        source="site",
        minimum_base_per_year=_minimum(new.minimum_per_year, resource, quantity),
        physical_states=tuple(state for state in PhysicalState if state in new.physical_states),
        evidence=_evidence(new),
    )


def _minimum(given: float | None, resource: Resource, quantity_base: int) -> int | None:
    if given is None:
        return None
    least = at_field("minimum_per_year", lambda: base_from_trade(given, resource.base_unit))
    if least > quantity_base:
        raise FieldError("minimum_per_year", message=f"The least quantity {given} is above the quantity itself.")
    return least


def _evidence(new: NewListing) -> tuple[Evidence, ...]:
    """Return the evidence with its texts cleaned, or raise FieldError if it is a demand's, given twice or of no act."""
    if new.evidence and new.direction is not Direction.SUPPLY:
        raise FieldError("evidence", message="Evidence is about a supply; a demand states none.")
    if len({evidence.kind for evidence in new.evidence}) != len(new.evidence):
        raise FieldError("evidence", message="A kind of evidence is given twice; say it in one text.")
    for number, evidence in enumerate(new.evidence):
        known = evidence.act in ACTS if evidence.kind is EvidenceKind.END_OF_WASTE else evidence.act is None
        if not known:
            what = f"END_OF_WASTE, and only that, names its act: one of {', '.join(ACTS)}."
            raise FieldError("evidence", str(number), "act", message=what)
    texts = [text_or_none(evidence.text, "evidence") for evidence in new.evidence]
    if not all(texts):
        raise FieldError("evidence", message="Evidence without a text says nothing; name the document.")
    return tuple(
        Evidence(evidence.kind, text, evidence.act)
        for evidence, text in zip(new.evidence, texts, strict=True)
        if text is not None
    )


def _waste_code(given: str | None, resource: Resource) -> str | None:
    if given is None:
        return None
    code, _ = at_field("waste_code", lambda: read_waste_code(given))
    if code not in resource.waste_codes:
        known = ", ".join(resource.waste_codes) or "none: it is not waste"
        raise FieldError("waste_code", message=f"{code} is not a waste code of {resource.name_en}; it has {known}.")
    return code


def price_cent_or_none(eur: float | None) -> int | None:
    """Return a price per trade unit in cents, or None; raise FieldError if it is below zero or no amount."""
    if eur is None:
        return None
    cent = at_field("price_per_unit_eur", lambda: cent_from_eur(eur))
    if cent < 0:
        raise FieldError("price_per_unit_eur", message=f"The price {eur} EUR is below zero; state what you pay today.")
    return cent


def _qualities(given: tuple[QualityRange, ...]) -> tuple[QualityRange, ...]:
    """Return the ranges by name, or raise FieldError if one is empty, turned round, not finite or given twice."""
    for number, wanted in enumerate(given):
        place = ("qualities", str(number))
        ends = [end for end in (wanted.low, wanted.high) if end is not None]
        if not ends or not all(abs(end) < 1e9 for end in ends):
            raise FieldError(*place, message=f"{wanted.quality} needs a low or a high end, each a number below 10^9.")
        if ends != sorted(ends):
            raise FieldError(*place, message=f"{wanted.quality}: the low end is above the high end; swap them.")
    if len({wanted.quality for wanted in given}) != len(given):
        raise FieldError("qualities", message="A quality is given twice; give one range for each.")
    return tuple(sorted(given, key=lambda wanted: wanted.quality))
