"""Who the viewer is, and the mandates in force."""

from typing import Self

import strawberry

from symbiosis.api.nodes import Node
from symbiosis.domain import people
from symbiosis.domain.people import Role


@strawberry.type(description="A role for one site or one territory.")
class Mandate:
    """A role for one site or one territory."""

    role: Role = strawberry.field(description="What it lets you do.")
    site_id: strawberry.ID | None = strawberry.field(description="The site, for site managers; else null.")
    territory_id: strawberry.ID | None = strawberry.field(description="The territory; null for site managers.")
    from_date: str | None = strawberry.field(description="First day, ISO date; null is no limit.")
    until_date: str | None = strawberry.field(description="Last day, ISO date; null is no limit.")


@strawberry.type(description="Somebody who signed in.")
class Person(Node):
    """Somebody who signed in."""

    name: str = strawberry.field(description="The name.")
    mandates: list[Mandate] = strawberry.field(description="All mandates, past and future ones too.")

    @classmethod
    def of(cls, facts: people.Person) -> Self:
        """Return the person as the API shows them to themselves."""
        mandates = [
            Mandate(
                role=mandate.role,
                site_id=None if mandate.site_id is None else strawberry.ID(mandate.site_id),
                territory_id=None if mandate.territory_id is None else strawberry.ID(mandate.territory_id),
                from_date=mandate.from_date,
                until_date=mandate.until_date,
            )
            for mandate in facts.mandates
        ]
        return cls(id=strawberry.ID(facts.person_id), name=facts.name, mandates=mandates)
