"""The shape of the flow graph, and where each site stands in it, as the API shows it."""

from typing import Self

import strawberry

from symbiosis.analytics.structure import SiteShape as ShapeFacts
from symbiosis.analytics.viewed import SeenShape
from symbiosis.api.analyses.flows import HIDDEN
from symbiosis.api.analyses.where import numbered
from symbiosis.api.nodes import After, Connection, First, connection, request
from symbiosis.units import eur_from_cent

ORDER = "STRENGTH"


@strawberry.type(description="Where a site stands among those that exchange with another.")
class SiteShape:
    """Where a site stands."""

    site_id: strawberry.ID = strawberry.field(description="Which site.")
    name: str = strawberry.field(description="Its name.")
    gives_to_count: int = strawberry.field(description="To how many sites it gives.")
    takes_from_count: int = strawberry.field(description="From how many sites it takes.")
    out_strength_per_year_eur: float | None = strawberry.field(
        description="The value of what it gives, EUR per year; the hub is the site of the highest." + HIDDEN
    )
    in_strength_per_year_eur: float | None = strawberry.field(
        description="The value of what it takes, EUR per year." + HIDDEN
    )
    betweenness_share: float = strawberry.field(
        description="Share of the shortest paths between other sites that pass through it, 0 to 1 (Freeman 1977)."
    )
    community: int = strawberry.field(description="Number of its community; 1 is the largest.")

    @classmethod
    def of(cls, seen: SeenShape, facts: ShapeFacts) -> Self:
        """Return the site's place as the API shows it."""
        gives, takes = facts.out_strength_cent_per_year, facts.in_strength_cent_per_year
        return cls(
            site_id=strawberry.ID(facts.site_id),
            name=facts.name,
            gives_to_count=facts.gives_to,
            takes_from_count=facts.takes_from,
            out_strength_per_year_eur=None if facts.site_id in seen.unvalued_givers else eur_from_cent(gives),
            in_strength_per_year_eur=None if facts.site_id in seen.unvalued_takers else eur_from_cent(takes),
            betweenness_share=facts.betweenness_share,
            community=facts.community,
        )


@strawberry.type(
    description="The shape of the flow graph: sites are nodes, all flows from one to another are one edge. Definitions "
    "and their sources: docs/analyses.md."
)
class FlowStructure:
    """The shape of the flow graph."""

    seen: strawberry.Private[SeenShape]
    site_count: int = strawberry.field(description="How many sites exchange with another.")
    edge_count: int = strawberry.field(description="How many pairs of giver and taker.")
    flow_count: int = strawberry.field(description="How many pairs of listings exchange.")
    connectance_share: float = strawberry.field(description="Edges of all that there could be, 0 to 1.")
    cyclicity: float = strawberry.field(
        description="How many times more paths there are of one exchange more: 0 without any loop, 1 for simple loops, "
        "more where loops share sites."
    )
    part_count: int = strawberry.field(description="How many parts have nothing to do with each other.")
    largest_part_site_count: int = strawberry.field(description="Sites of the largest of them.")
    loop_count: int = strawberry.field(description="How many groups of sites in which everything can come round.")
    largest_loop_site_count: int = strawberry.field(description="Sites of the largest of them.")
    community_count: int = strawberry.field(description="How many communities.")
    modularity_share: float = strawberry.field(description="How much more flows within communities than by chance.")

    @strawberry.field(description="The sites that exchange with another, the strongest giver first.")
    async def sites(self, first: First, after: After = None) -> Connection[SiteShape]:
        """Return a page of the sites."""
        page = numbered(self.seen.shape.shapes, request(first, after), ORDER)
        return connection(page, lambda facts: SiteShape.of(self.seen, facts))

    @classmethod
    def of(cls, seen: SeenShape) -> Self:
        """Return the shape as the API shows it."""
        facts = seen.shape
        return cls(
            seen=seen,
            site_count=facts.sites,
            edge_count=facts.edges,
            flow_count=facts.flows,
            connectance_share=facts.connectance_share,
            cyclicity=facts.cyclicity,
            part_count=facts.parts,
            largest_part_site_count=facts.largest_part,
            loop_count=facts.loops,
            largest_loop_site_count=facts.largest_loop,
            community_count=facts.communities,
            modularity_share=facts.modularity_share,
        )
