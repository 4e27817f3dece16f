"""What can be changed of a site."""

from typing import Annotated

import strawberry

from symbiosis.api.context import Info
from symbiosis.api.nodes import ONCE
from symbiosis.api.places import Site
from symbiosis.api.problems import (
    ConflictProblem,
    InputProblem,
    NotAllowedProblem,
    NotFoundProblem,
    RuleProblem,
    conflict_of,
    problem_of,
)
from symbiosis.domain.ids import SiteId
from symbiosis.errors import InputError, RuleError, StaleVersionError
from symbiosis.market.site_headings import Headings, set_site_headings


@strawberry.input(description="The ICPE headings of a site: all of them; those left out are gone.")
class SetSiteHeadingsInput:
    """The ICPE headings of a site."""

    id: strawberry.ID = strawberry.field(description="The site.")
    version: int = strawberry.field(description="The version that you read.")
    headings: list[str] = strawberry.field(
        description="Headings (rubriques) that let it take waste, e.g. 2790-1; at most 50. Empty: none is known."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def stated(self) -> Headings:
        """Return the headings as the use-case takes them."""
        return Headings(SiteId(self.id), self.version, tuple(self.headings), self.idempotency_key)


SetSiteHeadingsResult = Annotated[
    Site | InputProblem | NotFoundProblem | NotAllowedProblem | ConflictProblem | RuleProblem,
    strawberry.union("SetSiteHeadingsResult", description="The site with its headings, or why nothing changed."),
]


@strawberry.type
class SiteMutation:
    """What can be changed of a site."""

    @strawberry.mutation(
        description="State the ICPE headings of a site, as its manager or as a facilitator of its territory."
    )
    async def set_site_headings(self, info: Info, input: SetSiteHeadingsInput) -> SetSiteHeadingsResult:  # noqa: A002
        """Return the site, or the problem."""
        try:
            row = await set_site_headings(info.context.graph, info.context.viewer, input.stated())
        except StaleVersionError as stale:
            return conflict_of(stale)
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return Site.of(row)
