"""The analyses that can be asked."""

from typing import Annotated

import strawberry

from symbiosis.analytics.balances import GroupBy
from symbiosis.analytics.cascades import Rank
from symbiosis.analytics.chained import seen_cascades, seen_cycles
from symbiosis.analytics.days import days_of
from symbiosis.analytics.naming import labels_of
from symbiosis.api.analyses.chains import ByRank, CascadesFound, CyclesFound
from symbiosis.api.analyses.flows import FlowBetween, GroupBalance
from symbiosis.api.analyses.indicators import TerritoryIndicators
from symbiosis.api.analyses.jobs import JobsQuery
from symbiosis.api.analyses.observatory import Observatory
from symbiosis.api.analyses.structure import FlowStructure
from symbiosis.api.analyses.unmatched import UnmatchedSum
from symbiosis.api.analyses.where import PERIOD, By, Flows, InTerritory, numbered, question_of, selection_of
from symbiosis.api.context import Info
from symbiosis.api.nodes import After, Connection, First, connection, request
from symbiosis.domain.ids import TerritoryId
from symbiosis.domain.resources import ResourceKind

InSector = Annotated[
    str | None, strawberry.argument(description="A NACE section (C) or the beginning of a code (20, 20.1) of the site.")
]
OfKind = Annotated[ResourceKind | None, strawberry.argument(description="Of resources of this kind.")]
OfMetropole = Annotated[
    strawberry.ID | None, strawberry.argument(description="Id of a métropole: its cells only; absent: all.")
]
Period = Annotated[str, strawberry.argument(description=PERIOD)]
YOURS = " For facilitators and analysts, of what shows to them in their territories."


@strawberry.type
class AnalysesQuery(JobsQuery):
    """The analyses that can be asked."""

    @strawberry.field(
        description="What goes from one group of sites to another, most value first: the bands of a Sankey diagram."
        + YOURS
    )
    async def flows(
        self, info: Info, first: First, after: After = None, where: Flows = None, by: By = GroupBy.TERRITORY
    ) -> Connection[FlowBetween]:
        """Return a page of flows between groups."""
        context = info.context
        seen = await context.analyses.flows(context.graph, context.viewer, question_of(where), by)
        page = numbered(seen.flows, request(first, after), "VALUE")
        return connection(page, lambda facts: FlowBetween.of(seen, facts))

    @strawberry.field(
        description="What each group of sites gives, takes and exchanges within, by name of the group." + YOURS
    )
    async def balances(
        self, info: Info, first: First, after: After = None, where: Flows = None, by: By = GroupBy.TERRITORY
    ) -> Connection[GroupBalance]:
        """Return a page of balances."""
        context = info.context
        seen = await context.analyses.balances(context.graph, context.viewer, question_of(where), by)
        page = numbered(seen.balances, request(first, after), "GROUP")
        return connection(page, lambda facts: GroupBalance.of(seen, facts))

    @strawberry.field(description="The shape of the flow graph: hubs, communities, loops." + YOURS)
    async def structure(self, info: Info, where: Flows = None) -> FlowStructure:
        """Return the shape of the flow graph."""
        context = info.context
        return FlowStructure.of(await context.analyses.structure(context.graph, context.viewer, question_of(where)))

    @strawberry.field(
        description="Chains of two to four exchanges of one kind (`where.kind`; MATERIAL if absent), the best 100."
        + YOURS
    )
    async def cascades(self, info: Info, where: Flows = None, rank: ByRank = Rank.VALUE) -> CascadesFound:
        """Return the best cascades."""
        context = info.context
        asked = context.analyses, context.graph, context.viewer, question_of(where)
        return CascadesFound.of(await seen_cascades(*asked, rank))

    @strawberry.field(description="Sites that give to each other all the way round, over at most 5 exchanges." + YOURS)
    async def cycles(self, info: Info, where: Flows = None) -> CyclesFound:
        """Return the cycles."""
        context = info.context
        return CyclesFound.of(await seen_cycles(context.analyses, context.graph, context.viewer, question_of(where)))

    @strawberry.field(description="What the current plan leaves over of open listings, and why." + YOURS)
    async def unmatched(
        self,
        info: Info,
        first: First,
        after: After = None,
        territory_id: InTerritory = None,
        sector: InSector = None,
        kind: OfKind = None,
    ) -> Connection[UnmatchedSum]:
        """Return a page of what is left over."""
        context, selection = info.context, selection_of(territory_id, sector, kind)
        rows = await context.analyses.unmatched(context.graph, context.viewer, selection)
        return connection(numbered(rows, request(first, after), "REASON"), UnmatchedSum.of)

    @strawberry.field(
        description="What your territories divert, promise and deliver in a period, and how their synergies move on."
        + YOURS
    )
    async def indicators(self, info: Info, period: Period, territory_id: InTerritory = None) -> TerritoryIndicators:
        """Return the indicators."""
        context, wanted = info.context, None if territory_id is None else TerritoryId(territory_id)
        seen = await context.analyses.indicators(context.graph, context.viewer, days_of(period), wanted)
        return TerritoryIndicators(seen=seen)

    @strawberry.field(
        description="What everybody may see of the flows, under statistical secrecy; null before the first run. For "
        "visitors too."
    )
    async def observatory(self, info: Info, territory_id: OfMetropole = None) -> Observatory | None:
        """Return what the current run has published."""
        context = info.context
        seen = await context.analyses.publisher.observatory(context.graph)
        if seen is None:
            return None
        known = labels_of(GroupBy.TERRITORY, (), await context.loaders.all_territories())
        return Observatory.of(seen, known, None if territory_id is None else TerritoryId(territory_id))
