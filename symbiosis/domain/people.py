"""People and their mandates."""

from dataclasses import dataclass
from enum import StrEnum

from symbiosis.domain.ids import PersonId, SiteId, TerritoryId


class Role(StrEnum):
    """What a mandate lets a person do; a person may hold several."""

    SITE_MANAGER = "SITE_MANAGER"
    FACILITATOR = "FACILITATOR"
    ANALYST = "ANALYST"


@dataclass(frozen=True, slots=True)
class Mandate:
    """A role for one site (site managers) or one territory (facilitators, analysts). Dates are ISO, inclusive."""

    role: Role
    site_id: SiteId | None = None
    territory_id: TerritoryId | None = None
    from_date: str | None = None
    until_date: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in; `subject` is the `sub` claim of the token."""

    person_id: PersonId
    subject: str
    name: str
    mandates: tuple[Mandate, ...] = ()
