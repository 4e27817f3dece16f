"""What can be asked."""

import asyncio
from typing import Annotated

import strawberry

from symbiosis.api.codes import CodeSuggestions
from symbiosis.api.context import Info
from symbiosis.api.keys import ApiKey
from symbiosis.api.listings import Listing, ListingFilterInput
from symbiosis.api.nodes import After, Connection, First, connection, request
from symbiosis.api.pairs import PairExplanation
from symbiosis.api.people import Person
from symbiosis.api.places import Resource, Site, Territory
from symbiosis.api.receivers import SuggestedReceiver, WasteInput
from symbiosis.api.runs import Run
from symbiosis.api.synergies import Synergy, SynergyFilterInput
from symbiosis.domain.ids import ListingId, RunId, SiteId, SynergyId, TerritoryId
from symbiosis.domain.receivers import ActivityLevel
from symbiosis.domain.resources import ResourceKind
from symbiosis.ingest import receivers, tables
from symbiosis.ingest.suggest import DEFAULT_FIRST, suggest_codes
from symbiosis.market import keys, listings, places, runs, synergies
from symbiosis.matching.pair import explain_pair
from symbiosis.store.listings import ListingOrder
from symbiosis.store.sites import SiteFilter
from symbiosis.store.synergies import SynergyOrder


@strawberry.input(description="Which sites; a field that is absent or null is no limit.")
class SiteFilterInput:
    """Which sites."""

    territory_id: strawberry.ID | None = strawberry.field(default=None, description="In this territory.")
    insee: str | None = strawberry.field(default=None, description="In the commune with this INSEE code.")
    naf_prefix: str | None = strawberry.field(
        default=None, description="Whose activity code starts so, e.g. 20 or 20.1."
    )
    name_part: str | None = strawberry.field(default=None, description="Whose name has this in it, whatever the case.")

    def wanted(self) -> SiteFilter:
        """Return the filter as the store takes it."""
        territory_id = None if self.territory_id is None else TerritoryId(self.territory_id)
        return SiteFilter(territory_id, self.insee, self.naf_prefix, self.name_part)


Id = Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
SupplyId = Annotated[strawberry.ID, strawberry.argument(description="Id of a supply.")]
DemandId = Annotated[strawberry.ID, strawberry.argument(description="Id of a demand.")]
Sites = Annotated[SiteFilterInput | None, strawberry.argument(description="Which sites.")]
Listings = Annotated[ListingFilterInput | None, strawberry.argument(description="Which listings; open ones if absent.")]
Synergies = Annotated[SynergyFilterInput | None, strawberry.argument(description="Which synergies.")]
Kind = Annotated[ResourceKind | None, strawberry.argument(description="Resources of this kind only.")]
Text = Annotated[
    str,
    strawberry.argument(description="A waste or a resource in a few words, French or English; at most 200 characters."),
]
OfEach = Annotated[int | None, strawberry.argument(description="How many of each kind, 1 to 100; 5 unless given.")]
WasteGiven = Annotated[WasteInput, strawberry.argument(description="What is to be given away.")]
Level = Annotated[ActivityLevel | None, strawberry.argument(description="How fine; GROUP unless given.")]
Industries = Annotated[int | None, strawberry.argument(description="How many, 1 to 100; 10 unless given.")]
ListingsBy = Annotated[ListingOrder | None, strawberry.argument(description="The order; NEWEST unless given.")]
SynergiesBy = Annotated[SynergyOrder | None, strawberry.argument(description="The order; RANK unless given.")]


@strawberry.type(description="What can be asked. Every list is a page of at most 100 rows.")
class Query:
    """What can be asked."""

    @strawberry.field(description="Who you are; null for a visitor.")
    async def me(self, info: Info) -> Person | None:
        """Return the viewer."""
        person = info.context.viewer.person
        return None if person is None else Person.of(person)

    @strawberry.field(description="Your API keys, newest first, revoked and expired ones too; signed in yourself.")
    async def api_keys(self, info: Info, first: First, after: After = None) -> Connection[ApiKey]:
        """Return a page of the viewer's keys."""
        page = await keys.keys(info.context.graph, info.context.viewer, request(first, after))
        return connection(page, ApiKey.of)

    @strawberry.field(description="Territories, métropoles first, by name.")
    async def territories(self, info: Info, first: First, after: After = None) -> Connection[Territory]:
        """Return a page of territories."""
        page = await places.territories_page(info.context.graph, request(first, after))
        return connection(page, Territory.of)

    @strawberry.field(description="Sites, by name.")
    async def sites(
        self,
        info: Info,
        first: First,
        after: After = None,
        filter: Sites = None,  # noqa: A002
    ) -> Connection[Site]:
        """Return a page of sites."""
        wanted = (filter or SiteFilterInput()).wanted()
        return connection(await places.sites_page(info.context.graph, wanted, request(first, after)), Site.of)

    @strawberry.field(description="A site; null if there is none.")
    async def site(self, info: Info, id: Id) -> Site | None:  # noqa: A002
        """Return a site."""
        row = await info.context.loaders.sites.load(SiteId(id))
        return None if row is None else Site.of(row)

    @strawberry.field(description="The catalogue of resources, by code.")
    async def resources(self, info: Info, first: First, after: After = None, kind: Kind = None) -> Connection[Resource]:
        """Return a page of resources."""
        return connection(await places.resources_page(info.context.graph, kind, request(first, after)), Resource.of)

    @strawberry.field(
        description="Which waste codes and resources a few words may mean, typos and missing accents allowed."
    )
    async def suggest_codes(self, text: Text, first: OfEach = None) -> CodeSuggestions:
        """Return both rankings."""
        found = await asyncio.to_thread(suggest_codes, text, DEFAULT_FIRST if first is None else first)
        return CodeSuggestions.of(found)

    @strawberry.field(
        description="Which industries may take a waste, likeliest first, learnt from published exchanges."
    )
    async def suggest_receivers(
        self, waste: WasteGiven, level: Level = None, first: Industries = None
    ) -> list[SuggestedReceiver]:
        """Return the ranking."""
        found = await asyncio.to_thread(
            receivers.suggest_receivers,
            waste.waste(),
            ActivityLevel.GROUP if level is None else level,
            receivers.DEFAULT_FIRST if first is None else first,
        )
        return [SuggestedReceiver.of(suggested, tables.nace()[suggested.nace]) for suggested in found]

    @strawberry.field(description="The listings that you may see.")
    async def listings(
        self,
        info: Info,
        first: First,
        after: After = None,
        filter: Listings = None,  # noqa: A002
        order: ListingsBy = None,
    ) -> Connection[Listing]:
        """Return a page of listings."""
        wanted, by = (filter or ListingFilterInput()).wanted(), order or ListingOrder.NEWEST
        context = info.context
        return connection(
            await listings.listings(context.graph, context.viewer, wanted, by, request(first, after)), Listing.of
        )

    @strawberry.field(description="A listing; null if there is none that you may see.")
    async def listing(self, info: Info, id: Id) -> Listing | None:  # noqa: A002
        """Return a listing."""
        row = await info.context.loaders.listings.load(ListingId(id))
        return None if row is None else Listing.of(row)

    @strawberry.field(
        description="The synergies that you may see: those that the current run suggests, and those taken up by people."
    )
    async def synergies(
        self,
        info: Info,
        first: First,
        after: After = None,
        filter: Synergies = None,  # noqa: A002
        order: SynergiesBy = None,
    ) -> Connection[Synergy]:
        """Return a page of synergies."""
        wanted, by = (filter or SynergyFilterInput()).wanted(), order or SynergyOrder.RANK
        context = info.context
        return connection(
            await synergies.synergies(context.graph, context.viewer, wanted, by, request(first, after)), Synergy.of
        )

    @strawberry.field(description="A synergy; null if there is none that you may see.")
    async def synergy(self, info: Info, id: Id) -> Synergy | None:  # noqa: A002
        """Return a synergy."""
        seen = await info.context.loaders.synergies.load(SynergyId(id))
        return None if seen is None else Synergy.of(seen)

    @strawberry.field(
        description="Every reason why a supply and a demand may not meet, or what their meeting would be worth; null, "
        "with an error, unless you may see both listings."
    )
    async def explain_pair(self, info: Info, supply_id: SupplyId, demand_id: DemandId) -> PairExplanation | None:
        """Return the explanation of a pair."""
        context = info.context
        seen = await explain_pair(context.graph, context.viewer, ListingId(supply_id), ListingId(demand_id))
        return PairExplanation.of(seen)

    @strawberry.field(description="Runs, newest first; for people with a mandate.")
    async def runs(self, info: Info, first: First, after: After = None) -> Connection[Run]:
        """Return a page of runs."""
        context = info.context
        return connection(await runs.runs(context.graph, context.viewer, request(first, after)), Run.of)

    @strawberry.field(description="A run, with its progress while it runs; null if there is none.")
    async def run(self, info: Info, id: Id) -> Run | None:  # noqa: A002
        """Return a run."""
        context = info.context
        facts = await runs.one_run(context.graph, context.viewer, RunId(id))
        return None if facts is None else Run.of(facts, context.launcher.progress(facts.run_id))

    @strawberry.field(description="The run whose plan is current; null before the first.")
    async def current_run(self, info: Info) -> Run | None:
        """Return the current run."""
        facts = await runs.current_run(info.context.graph, info.context.viewer)
        return None if facts is None else Run.of(facts)
