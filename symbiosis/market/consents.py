"""Consent: a site lets the other side of one synergy know who it is; both have to, and either can take it back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta

from symbiosis.domain.consents import MAX_DAYS, Consent
from symbiosis.domain.ids import ListingId, SynergyId, consent_id_of
from symbiosis.domain.listings import Direction
from symbiosis.domain.times import utc_now
from symbiosis.errors import NotFoundError, RuleError, StaleVersionError
from symbiosis.market.inputs import FieldError, iso_date_or_none
from symbiosis.market.once import Once, once
from symbiosis.policy import Action, Viewer, require, seats, signed_in, synergy_scope
from symbiosis.store import consents as store
from symbiosis.store.events import Event, record_event
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.synergies import Side, SynergyRow, synergies_by_id


class NoConsentError(RuleError):
    """There is no live consent to take back; nothing was written."""

    code = "NO_CONSENT"

    def __init__(self) -> None:
        super().__init__("This site's consent is not given, or not live any more; there is nothing to take back.")


@dataclass(frozen=True, slots=True)
class NewConsent:
    """A consent as a site manager states it: for the own listing in a synergy, up to and with a day (ISO date).

    `version` is that of the consent as it was read; 0 where there was none yet.
    """

    synergy_id: SynergyId
    listing_id: ListingId
    until: str
    version: int = 0
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentRevocation:
    """Which consent to take back, at the version that was read."""

    synergy_id: SynergyId
    listing_id: ListingId
    version: int
    idempotency_key: str | None = None


async def grant_consent(graph: Graph, viewer: Viewer, new: NewConsent) -> Consent:
    """Return the consent, live from now on.

    Raises NotFound-, NotAllowed-, Field-, StaleVersion- or KeyReusedError.
    """
    _check_until(new.until)
    return await graph.write(_grant, viewer, new, once("grant-consent", new.idempotency_key, asdict(new)))


async def revoke_consent(graph: Graph, viewer: Viewer, stated: ConsentRevocation) -> Consent:
    """Return the consent, taken back: from now on the other side sees again what it saw before.

    Raises NotFound-, NotAllowed-, StaleVersion-, NoConsent- or KeyReusedError.
    """
    return await graph.write(_revoke, viewer, stated, once("revoke-consent", stated.idempotency_key, asdict(stated)))


async def consents_by_synergy(
    graph: Graph, viewer: Viewer, ids: Sequence[SynergyId]
) -> dict[SynergyId, tuple[Consent, ...]]:
    """Return the consents of those of these synergies at whose table the viewer sits, as a side or a facilitator."""
    return await graph.read(_consents_by_synergy, viewer, ids)


async def own_consents(graph: Graph, viewer: Viewer, page: PageRequest) -> Page[Consent]:
    """Return one page of the consents given for the viewer's own sites, newest first."""
    return await graph.read(store.consents_page, sorted(viewer.site_ids), page)


async def _consents_by_synergy(
    tx: Tx, viewer: Viewer, ids: Sequence[SynergyId]
) -> dict[SynergyId, tuple[Consent, ...]]:
    rows = await synergies_by_id(tx, synergy_scope(viewer), ids)
    seated = sorted(synergy_id for synergy_id, row in rows.items() if seats(viewer, row))
    return await store.consents_of(tx, seated)


async def _grant(tx: Tx, viewer: Viewer, new: NewConsent, sent: Once) -> Consent:
    direction, side, found = await _own_side(tx, viewer, new.synergy_id, new.listing_id)
    at, consent_id = utc_now(), consent_id_of(new.synergy_id, new.listing_id)
    if await sent.earlier(tx, signed_in(viewer), consent_id, at) and found is not None:
        return found
    _check_version(found, consent_id, new.version)
    consent = Consent(
        consent_id=consent_id,
        synergy_id=new.synergy_id,
        side=direction,
        listing_id=side.listing_id,
        site_id=side.site_id,
        given_by=signed_in(viewer),
        given_at=at,
        live_until=f"{new.until}T23:59:59.999999Z",
        version=new.version + 1,
    )
    await store.save_consent(tx, consent)
    await _tell(tx, consent, "GRANT_CONSENT", at)
    return consent


async def _revoke(tx: Tx, viewer: Viewer, stated: ConsentRevocation, sent: Once) -> Consent:
    _, _, found = await _own_side(tx, viewer, stated.synergy_id, stated.listing_id)
    at, consent_id = utc_now(), consent_id_of(stated.synergy_id, stated.listing_id)
    if await sent.earlier(tx, signed_in(viewer), consent_id, at) and found is not None:
        return found
    _check_version(found, consent_id, stated.version)
    if found is None or not found.is_live(at):
        raise NoConsentError
    revoked = replace(found, live_until=at, revoked_at=at, version=found.version + 1)
    await store.save_consent(tx, revoked)
    await _tell(tx, replace(revoked, given_by=signed_in(viewer)), "REVOKE_CONSENT", at)
    return revoked


async def _own_side(
    tx: Tx, viewer: Viewer, synergy_id: SynergyId, listing_id: ListingId
) -> tuple[Direction, Side, Consent | None]:
    """Return the viewer's side of a synergy, locked, and its consent so far."""
    if viewer.person is None or not await store.lock_consents(tx, synergy_id):
        raise NotFoundError("synergy", synergy_id)
    row = (await synergies_by_id(tx, synergy_scope(viewer), [synergy_id])).get(synergy_id)
    require(viewer, Action.CONSENT, row, noun="synergy", key=synergy_id)
    if row is None:
        raise NotFoundError("synergy", synergy_id)
    direction, side = _side_of(viewer, row, listing_id)
    consents = (await store.consents_of(tx, [synergy_id])).get(synergy_id, ())
    return direction, side, next((one for one in consents if one.listing_id == listing_id), None)


def _side_of(viewer: Viewer, row: SynergyRow, listing_id: ListingId) -> tuple[Direction, Side]:
    for direction, side in ((Direction.SUPPLY, row.supply), (Direction.DEMAND, row.demand)):
        if side.listing_id == listing_id and side.site_id in viewer.site_ids:
            return direction, side
    raise NotFoundError("listing of yours in this synergy", listing_id)


def _check_until(until: str) -> None:
    day, today = iso_date_or_none(until, "until"), datetime.now(UTC).date()
    last = today + timedelta(days=MAX_DAYS)
    if day is None or not today <= date.fromisoformat(day) <= last:
        raise FieldError("until", message=f"A consent ends between today and {last.isoformat()}; choose a day then.")


def _check_version(found: Consent | None, consent_id: str, stated: int) -> None:
    version = 0 if found is None else found.version
    if version != stated:
        raise StaleVersionError("consent", consent_id, expected=stated, found=version)


async def _tell(tx: Tx, consent: Consent, action: str, at: str) -> None:
    facts: dict[str, str | int | list[str] | None] = {"synergy_id": consent.synergy_id, "side": consent.side.value}
    await record_event(tx, Event(at, consent.given_by, action, consent.consent_id, consent.version, facts=facts))
