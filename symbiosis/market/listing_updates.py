"""Changing a listing: what is not named stays, what is named as nothing is cleared."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from symbiosis.domain.ids import ListingId
from symbiosis.domain.listings import LISTED, NOTED, Listing, ListingStatus, Provenance
from symbiosis.domain.resources import Resource
from symbiosis.domain.times import utc_now
from symbiosis.errors import NotAllowedError, NotFoundError, StaleVersionError
from symbiosis.market.inputs import FieldError, iso_date_or_none, line, text_or_none
from symbiosis.market.listing_facts import (
    OWN_WORD,
    base_or_none,
    checked_evidence,
    checked_qualities,
    in_order,
    own_word,
    price_cent_or_none,
    require_shareable,
    waste_code_or_none,
)
from symbiosis.market.listings import AlreadyWithdrawnError, visible_listing
from symbiosis.market.once import Once, once
from symbiosis.policy import Action, Viewer, require, signed_in
from symbiosis.store import listings as store
from symbiosis.store.catalogue import resources_by_code
from symbiosis.store.events import Event, record_event
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.listings import ListingRow

NEVER_EMPTY: Final = frozenset({"title", "quantity_per_year", "visibility", "provenance"})
"""What can be changed, but not cleared. (A quick listing has no quantity yet; once stated, it stays.)"""


@dataclass(frozen=True, slots=True)
class ListingUpdate:
    """What of a listing is to change, at the version that was read.

    `changes` has the fields that were named, of: title, description, visibility, provenance, quantity_per_year,
    quantity_low_per_year, quantity_high_per_year and minimum_per_year (in trade units), price_per_unit_eur, waste_code,
    qualities, physical_states, evidence, available_from, available_until. None clears a field.
    """

    listing_id: ListingId
    version: int
    changes: Mapping[str, Any]
    idempotency_key: str | None = None


async def update_listing(graph: Graph, viewer: Viewer, stated: ListingUpdate) -> ListingRow:
    """Return the listing as changed.

    Raises FieldError, NotFound-, NotAllowed-, StaleVersion-, AlreadyWithdrawn- and KeyReusedError.
    """
    if not stated.changes:
        raise FieldError(message="Nothing is named that is to change; name a field.")
    for name in sorted(NEVER_EMPTY & stated.changes.keys()):
        if stated.changes[name] is None:
            raise FieldError(name, message="This cannot be cleared; leave it out, or give it a value.")
    facts = {"listing_id": stated.listing_id, "version": stated.version, **asdict(stated)["changes"]}
    return await graph.write(_update, viewer, stated, once("update-listing", stated.idempotency_key, facts))


async def _update(tx: Tx, viewer: Viewer, stated: ListingUpdate, sent: Once) -> ListingRow:
    listing_id, at = stated.listing_id, utc_now()
    if not await store.lock_listing(tx, listing_id, at):
        raise NotFoundError("listing", listing_id)
    row = await visible_listing(tx, viewer, listing_id)
    require(viewer, Action.UPDATE_LISTING, row, noun="listing", key=listing_id)
    if await sent.earlier(tx, signed_in(viewer), listing_id, at):
        return row
    if row.listing.version != stated.version:
        raise StaleVersionError("listing", listing_id, expected=stated.version, found=row.listing.version)
    if row.listing.status is ListingStatus.WITHDRAWN:
        raise AlreadyWithdrawnError(listing_id)
    resource = (await resources_by_code(tx, [row.listing.resource_code]))[row.listing.resource_code]
    made = updated(row.listing, resource, stated.changes, at)
    if made.site_id in viewer.site_ids and made.source == NOTED:
        made = replace(made, source=LISTED)
    require_shareable(made.source, made.visibility)
    await store.update_listing(tx, made)
    detail = " ".join(sorted(stated.changes))
    await record_event(tx, Event(at, signed_in(viewer), "UPDATE", listing_id, stated.version + 1, detail))
    return await visible_listing(tx, viewer, listing_id)


def updated(listing: Listing, resource: Resource, changes: Mapping[str, Any], at: str) -> Listing:
    """Return the listing with these changes and the next version, or raise FieldError.

    A new quantity is the site's own word: an estimate becomes a declaration, without its range unless one is given.
    """
    facts: dict[str, Any] = {}
    if "quantity_per_year" in changes:
        facts |= {"quantity_low_base_per_year": None, "quantity_high_base_per_year": None}
        if listing.provenance not in OWN_WORD:
            facts["provenance"] = Provenance.DECLARED
    for name, value in changes.items():
        facts |= _fact(name, value, listing, resource)
    made = replace(listing, **facts, version=listing.version + 1, updated_at=at)
    _check(made)
    return made


def _check(made: Listing) -> None:
    """Raise FieldError if two facts of a changed listing contradict each other."""
    if made.available_from and made.available_until and made.available_until < made.available_from:
        message = f"{made.available_until} is before {made.available_from}; change both dates."
        raise FieldError("available_until", message=message)
    quantity, low, high = (
        made.quantity_base_per_year,
        made.quantity_low_base_per_year,
        made.quantity_high_base_per_year,
    )
    if quantity is None:
        if low is not None or high is not None:
            raise FieldError("quantity_per_year", message="A range needs the quantity itself; state it too.")
        return
    if made.minimum_base_per_year is not None and made.minimum_base_per_year > quantity:
        raise FieldError("quantity_per_year", message="That is less than the least that goes to one partner.")
    if low is not None and low > quantity:
        raise FieldError("quantity_low_per_year", message="The low end is above the quantity; lower it.")
    if high is not None and high < quantity:
        raise FieldError("quantity_high_per_year", message="The high end is below the quantity; raise it.")


def _fact(name: str, value: Any, listing: Listing, resource: Resource) -> dict[str, Any]:  # noqa: ANN401 - as given.
    """Return the field of a listing that a change is about, with its value checked, or raise FieldError."""
    match name:
        case "title":
            return {name: line(value, name)}
        case "description":
            return {name: text_or_none(value, name)}
        case "quantity_per_year" | "quantity_low_per_year" | "quantity_high_per_year" | "minimum_per_year":
            stored = name.removesuffix("_per_year") + "_base_per_year"
            return {stored: base_or_none(value, resource.base_unit, name)}
        case "price_per_unit_eur":
            return {"price_cent_per_trade_unit": price_cent_or_none(value)}
        case "available_from" | "available_until":
            return {name: iso_date_or_none(value, name)}
        case "visibility":
            return {name: value}
        case "provenance":
            return {name: own_word(value)}
        case _:
            return _described(name, value, listing, resource)


def _described(name: str, value: Any, listing: Listing, resource: Resource) -> dict[str, Any]:  # noqa: ANN401
    """Return a field that says what it is, with its value checked, or raise FieldError."""
    match name:
        case "waste_code":
            return {name: waste_code_or_none(value, resource)}
        case "qualities":
            return {name: checked_qualities(value or ())}
        case "physical_states":
            return {name: in_order(value or ())}
        case "evidence":
            return {name: checked_evidence(value or (), listing.direction)}
        case _:
            raise NotAllowedError(f"The field {name} of a listing does not change; withdraw it and list another.")
