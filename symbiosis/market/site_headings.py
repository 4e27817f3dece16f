"""The ICPE headings of a site: stated by those who know its permits."""

from dataclasses import asdict, dataclass

from symbiosis.domain.ids import SiteId
from symbiosis.domain.permits import heading_of
from symbiosis.domain.times import utc_now
from symbiosis.errors import NotFoundError, StaleVersionError
from symbiosis.market.inputs import FieldError, at_field
from symbiosis.market.once import Once, once
from symbiosis.policy import Action, Viewer, require, signed_in
from symbiosis.store import sites as store
from symbiosis.store.events import Event, record_event
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.sites import SiteRow

MAX_HEADINGS = 50


@dataclass(frozen=True, slots=True)
class Headings:
    """All headings under which a site may take waste, at the version of the site that was read."""

    site_id: SiteId
    version: int
    headings: tuple[str, ...]
    idempotency_key: str | None = None


async def set_site_headings(graph: Graph, viewer: Viewer, stated: Headings) -> SiteRow:
    """Return the site with these headings, and none else.

    Raises FieldError, NotFound-, NotAllowed-, StaleVersion- and KeyReusedError.
    """
    if len(stated.headings) > MAX_HEADINGS:
        raise FieldError("headings", message=f"{len(stated.headings)} headings are given; {MAX_HEADINGS} is the most.")
    read = {at_field("headings", lambda text=text: heading_of(text)) for text in stated.headings}  # type: ignore[misc]
    sent = once("set-site-headings", stated.idempotency_key, asdict(stated))
    return await graph.write(_set, viewer, stated, tuple(sorted(read)), sent)


async def _set(tx: Tx, viewer: Viewer, stated: Headings, headings: tuple[str, ...], sent: Once) -> SiteRow:
    site_id, at = stated.site_id, utc_now()
    if not await store.lock_site(tx, site_id, at):
        raise NotFoundError("site", site_id)
    row = (await store.sites_by_id(tx, [site_id]))[site_id]
    require(viewer, Action.SET_SITE_HEADINGS, row, noun="site", key=site_id)
    if await sent.earlier(tx, signed_in(viewer), site_id, at):
        return row
    found = row.site.version
    if found != stated.version:
        raise StaleVersionError("site", site_id, expected=stated.version, found=found)
    await store.set_headings(tx, site_id, headings, found + 1)
    detail = " ".join(headings)
    await record_event(tx, Event(at, signed_in(viewer), "SET_HEADINGS", site_id, found + 1, detail))
    return (await store.sites_by_id(tx, [site_id]))[site_id]
