"""Which industries may take a waste, and who in a territory works in them."""

from typing import Annotated, Self

import strawberry

from symbiosis.api.context import Info
from symbiosis.api.nodes import After, Connection, First, connection, request
from symbiosis.api.places import Site
from symbiosis.domain import receivers as domain
from symbiosis.ingest.tables import ActivityLabel
from symbiosis.market import places
from symbiosis.store.sites import SiteField, SiteOrder
from symbiosis.store.statements import OrderBy
from symbiosis.store.where import AllOf, Compared, Comparison

strawberry.enum(domain.ActivityLevel, description="How far an activity code is read: DIVISION 23, GROUP 23.5.")

WithinTerritory = Annotated[
    strawberry.ID | None, strawberry.argument(description="In this territory; anywhere if absent.")
]


@strawberry.input(description="What is to be given away: at least a code or a text.")
class WasteInput:
    """What is to be given away."""

    waste_codes: list[str] | None = strawberry.field(
        default=None, description="Six-digit codes of the List of Waste, at most 20, written as people write them."
    )
    text: str | None = strawberry.field(
        default=None, description="The waste in a few words, French or English; at most 200 characters."
    )
    donor_activity: str | None = strawberry.field(
        default=None, description="Activity of who has it, NACE or NAF rev. 2, e.g. 24.10 or 24.10Z."
    )

    def waste(self) -> domain.Waste:
        """Return the waste as the suggestion takes it."""
        return domain.Waste(tuple(self.waste_codes or ()), self.text or "", self.donor_activity)


@strawberry.type(description="An industry that may take the waste.")
class SuggestedReceiver:
    """An industry that may take the waste."""

    activity: str = strawberry.field(description="NACE rev. 2 division or group, e.g. 23 or 23.5.")
    label_fr: str = strawberry.field(description="Its name in French.")
    label_en: str = strawberry.field(description="Its name in English.")
    share: float = strawberry.field(
        description="Its share of what was learnt, 0 to 1; those of all industries known sum to 1."
    )
    precedents: list[str] = strawberry.field(
        description="Published exchanges (MAESTRI ids) in which it took a waste of a code asked for, at most 5."
    )

    @strawberry.field(description="Sites of this activity, by name, whether or not they have listed anything.")
    async def sites(
        self, info: Info, first: First, after: After = None, territory_id: WithinTerritory = None
    ) -> Connection[Site]:
        """Return a page of sites."""
        parts = [Compared(SiteField.NAF, Comparison.STARTS_WITH, self.activity)]
        if territory_id is not None:
            parts.append(Compared(SiteField.TERRITORY, Comparison.EQ, str(territory_id)))
        where, order = AllOf(tuple(parts)), OrderBy(SiteOrder.NAME)
        page = await places.sites_page(info.context.graph, where, order, request(first, after))
        return connection(page, Site.of)

    @classmethod
    def of(cls, suggested: domain.SuggestedReceiver, label: ActivityLabel) -> Self:
        """Return the industry as the API shows it."""
        return cls(
            activity=suggested.nace,
            label_fr=label.label_fr,
            label_en=label.label_en,
            share=suggested.share,
            precedents=list(suggested.precedents),
        )
