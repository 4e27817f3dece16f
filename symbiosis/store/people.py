"""People and their mandates; read at every request, so that a mandate that ends, ends at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import ListingId, PersonId, SiteId, TerritoryId
from symbiosis.domain.people import Mandate, Person, Role
from symbiosis.domain.times import utc_now
from symbiosis.store.graph import Tx

PERSON: Final[LiteralString] = """
MATCH (person:Person {subject: $subject})
RETURN person.id AS person_id, person.name AS name
"""

SITE_MANDATES: Final[LiteralString] = """
MATCH (:Person {subject: $subject})-[acts:ACTS_FOR]->(site:Site)
OPTIONAL MATCH (site)-[:IN]->(:Commune)-[:IN]->(territory:Territory)
OPTIONAL MATCH (territory)<-[:IN]-(commune:Commune)
RETURN acts.role AS role, site.id AS site_id, acts.from_date AS from_date, acts.until_date AS until_date,
       collect(DISTINCT commune.insee) AS communes
ORDER BY role, site_id, from_date, until_date LIMIT $at_most
"""

TERRITORY_MANDATES: Final[LiteralString] = """
MATCH (:Person {subject: $subject})-[acts:ACTS_FOR]->(territory:Territory)
OPTIONAL MATCH (territory)<-[:IN]-(commune:Commune)
RETURN acts.role AS role, territory.id AS territory_id, acts.from_date AS from_date, acts.until_date AS until_date,
       collect(DISTINCT commune.insee) AS communes
ORDER BY role, territory_id, from_date, until_date LIMIT $at_most
"""

LIVE_CONSENTS: Final[LiteralString] = """
MATCH (:Person {subject: $subject})-[:ACTS_FOR]->(site:Site)<-[:GIVEN_FOR]-(ours:Consent)
WHERE ours.live_until > $now
MATCH (ours)-[:CONSENTS_TO]->(:Synergy)<-[:CONSENTS_TO]-(theirs:Consent)
WHERE theirs.live_until > $now AND theirs.side <> ours.side
RETURN DISTINCT site.id AS site_id, theirs.listing_id AS listing_id
ORDER BY site_id, listing_id LIMIT $at_most
"""

SAVE_PERSON: Final[LiteralString] = """
MERGE (person:Person {id: $person_id})
SET person.subject = $subject, person.name = $name
RETURN person.id AS person_id
"""

DROP_MANDATES: Final[LiteralString] = """
MATCH (:Person {id: $person_id})-[acts:ACTS_FOR]->() DELETE acts
"""

GIVE_SITE_MANDATES: Final[LiteralString] = """
MATCH (person:Person {id: $person_id})
UNWIND $mandates AS mandate
MATCH (site:Site {id: mandate.site_id})
CREATE (person)-[acts:ACTS_FOR {role: mandate.role}]->(site)
SET acts.from_date = mandate.from_date, acts.until_date = mandate.until_date
RETURN count(acts) AS given
"""

GIVE_TERRITORY_MANDATES: Final[LiteralString] = """
MATCH (person:Person {id: $person_id})
UNWIND $mandates AS mandate
MATCH (territory:Territory {id: mandate.territory_id})
CREATE (person)-[acts:ACTS_FOR {role: mandate.role}]->(territory)
SET acts.from_date = mandate.from_date, acts.until_date = mandate.until_date
RETURN count(acts) AS given
"""

MAX_MANDATES: Final = 1000
MAX_SHOWN: Final = 10_000


@dataclass(frozen=True, slots=True)
class MandateReach:
    """A mandate and the communes it reaches: the territory's, or those of all territories that the site lies in."""

    mandate: Mandate
    communes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownListing:
    """A listing of a partner that consents of both sides, live now, show to a site."""

    site_id: SiteId
    listing_id: ListingId


@dataclass(frozen=True, slots=True)
class Registered:
    """A person, the reach of every mandate, past and future ones too (the policy looks at the dates), and what live
    consents show to the sites of these mandates.
    """

    person: Person
    reaches: tuple[MandateReach, ...]
    consents: tuple[ShownListing, ...] = ()


async def person_of(tx: Tx, subject: str) -> Registered | None:
    """Return who signs in under this subject, or None."""
    found = await tx.run(PERSON, subject=subject)
    if not found:
        return None
    rows = [
        *await tx.run(SITE_MANDATES, subject=subject, at_most=MAX_MANDATES),
        *await tx.run(TERRITORY_MANDATES, subject=subject, at_most=MAX_MANDATES),
    ]
    reaches = tuple(MandateReach(_mandate(row), tuple(row["communes"])) for row in rows)
    person = Person(
        person_id=PersonId(found[0]["person_id"]),
        subject=subject,
        name=found[0]["name"],
        mandates=tuple(reach.mandate for reach in reaches),
    )
    shown = await tx.run(LIVE_CONSENTS, subject=subject, now=utc_now(), at_most=MAX_SHOWN)
    consents = (ShownListing(SiteId(row["site_id"]), ListingId(row["listing_id"])) for row in shown)
    return Registered(person, reaches, tuple(consents))


async def save_person(tx: Tx, person: Person) -> int:
    """Write a person with exactly these mandates; return how many were given (a place that is not there gives none)."""
    await tx.run(SAVE_PERSON, person_id=person.person_id, subject=person.subject, name=person.name)
    await tx.run(DROP_MANDATES, person_id=person.person_id)
    rows = [
        {
            "role": mandate.role.value,
            "site_id": mandate.site_id,
            "territory_id": mandate.territory_id,
            "from_date": mandate.from_date,
            "until_date": mandate.until_date,
        }
        for mandate in person.mandates
    ]
    at_sites = [row for row in rows if row["site_id"] is not None]
    in_territories = [row for row in rows if row["site_id"] is None]
    given = 0
    if at_sites:
        given += (await tx.run(GIVE_SITE_MANDATES, person_id=person.person_id, mandates=at_sites))[0]["given"]
    if in_territories:
        rows_given = await tx.run(GIVE_TERRITORY_MANDATES, person_id=person.person_id, mandates=in_territories)
        given += rows_given[0]["given"]
    return given


def _mandate(row: Mapping[str, Any]) -> Mandate:
    site_id, territory_id = row.get("site_id"), row.get("territory_id")
    return Mandate(
        role=Role(row["role"]),
        site_id=None if site_id is None else SiteId(site_id),
        territory_id=None if territory_id is None else TerritoryId(territory_id),
        from_date=row["from_date"],
        until_date=row["until_date"],
    )
