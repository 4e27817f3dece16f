"""Who signs in, and the people of the demo."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from symbiosis.domain.ids import PersonId, SiteId, TerritoryId
from symbiosis.domain.people import Mandate, Person, Role
from symbiosis.errors import RuleError
from symbiosis.policy import VISITOR, Viewer, viewer_of
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.people import person_of, save_person
from symbiosis.store.sites import sites_by_id, sites_with_most_supplies, territory_list

DEMO_TERRITORY: Final = TerritoryId("lyon-vallee-chimie")
_MANAGER: Final = (PersonId("per-demo-site-manager"), "demo-site-manager")
_FACILITATOR: Final = (PersonId("per-demo-facilitator"), "demo-facilitator")
_ANALYST: Final = (PersonId("per-demo-analyst"), "demo-analyst")


class NoDemoSiteError(RuleError):
    """There is no site with a supply that the demo's site manager could manage."""

    code = "NO_DEMO_SITE"

    def __init__(self) -> None:
        super().__init__("There is no site with an open supply yet; load the territory first (`symbiosis demo`).")


class UnknownPersonError(RuleError):
    """The token is good, but nobody is registered under its subject."""

    code = "UNKNOWN_PERSON"

    def __init__(self) -> None:
        super().__init__("Nobody is registered under this token's subject; ask the facilitators for a mandate.")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to try the system as: the `sub` of the token, what they are, and for where."""

    subject: str
    label: str
    about: str


async def viewer_for(graph: Graph, subject: str | None) -> Viewer:
    """Return the viewer under a token's subject with the mandates of today; without a subject, a visitor."""
    if subject is None:
        return VISITOR
    registered = await graph.read(person_of, subject)
    if registered is None:
        raise UnknownPersonError
    return viewer_of(registered, datetime.now(UTC).date().isoformat())


async def ensure_demo_people(graph: Graph) -> tuple[DemoPerson, ...]:
    """Write the demo's site manager, facilitator and analyst with their mandates, and return them.

    The site is the one that lists most open supplies in the demo territory, or else in the first territory that
    has any, so it is the same for the same data.
    """
    return await graph.write(_ensure)


async def _ensure(tx: Tx) -> tuple[DemoPerson, ...]:
    territories = [territory.territory_id for territory in await territory_list(tx)]
    site_id = await _demo_site(tx, territories)
    places = tuple(Mandate(Role.FACILITATOR, territory_id=territory) for territory in territories)
    reads = tuple(Mandate(Role.ANALYST, territory_id=territory) for territory in territories)
    manager = Mandate(Role.SITE_MANAGER, site_id=site_id)
    await save_person(tx, Person(*_MANAGER, name="Demo site manager", mandates=(manager,)))
    await save_person(tx, Person(*_FACILITATOR, name="Demo facilitator", mandates=places))
    await save_person(tx, Person(*_ANALYST, name="Demo analyst", mandates=reads))
    site = (await sites_by_id(tx, [site_id]))[site_id]
    everywhere = f"in all {len(territories)} territories"
    return (
        DemoPerson(_MANAGER[1], "site manager", f"of {site.site.name}, {site.commune.name} ({site_id})"),
        DemoPerson(_FACILITATOR[1], "facilitator", everywhere),
        DemoPerson(_ANALYST[1], "analyst", everywhere),
    )


async def _demo_site(tx: Tx, territories: list[TerritoryId]) -> SiteId:
    for territory in (DEMO_TERRITORY, *territories):
        found = await sites_with_most_supplies(tx, territory, 1)
        if found:
            return found[0]
    raise NoDemoSiteError
