"""What can be asked."""

import asyncio
from typing import Annotated

import strawberry

from symbiosis.api.analyses.query import AnalysesQuery
from symbiosis.api.codes import CodeSuggestions
from symbiosis.api.consents import Consent
from symbiosis.api.context import Info
from symbiosis.api.desk import Desk
from symbiosis.api.keys import ApiKey
from symbiosis.api.listing_where import ListingOrderBy, ListingWhere
from symbiosis.api.listings import Listing
from symbiosis.api.nodes import After, Connection, First, connection, request
from symbiosis.api.outlines import AnonymisedListing, AnonymisedListingWhere
from symbiosis.api.pairs import PairExplanation
from symbiosis.api.partners import PossiblePartner
from symbiosis.api.people import Person
from symbiosis.api.place_where import ResourceWhere, SiteOrderBy, SiteWhere
from symbiosis.api.places import Resource, Site, Territory
from symbiosis.api.receivers import SuggestedReceiver, WasteInput
from symbiosis.api.run_query import RunQuery
from symbiosis.api.run_where import RunOrderBy, RunWhere
from symbiosis.api.runs import Run
from symbiosis.api.scenarios import ComparedScenario, Scenario
from symbiosis.api.synergies import Synergy
from symbiosis.api.synergy_where import SynergyOrderBy, SynergyWhere
from symbiosis.domain.ids import ListingId, RunId, SiteId, SynergyId, TerritoryId
from symbiosis.domain.receivers import ActivityLevel
from symbiosis.ingest import receivers, tables
from symbiosis.ingest.suggest import DEFAULT_FIRST, suggest_codes
from symbiosis.market import desk, keys, listings, places, runs, scenarios, synergies
from symbiosis.market.consents import own_consents
from symbiosis.market.outlines import OutlineFilter, outlines
from symbiosis.matching.pair import explain_pair
from symbiosis.matching.partners import partners_of
from symbiosis.store.listing_queries import ListingOrder
from symbiosis.store.run_pages import RunOrder
from symbiosis.store.sites import SiteOrder
from symbiosis.store.statements import OrderBy
from symbiosis.store.synergy_filters import SynergyOrder
from symbiosis.store.where import AllOf

BaseId = Annotated[strawberry.ID, strawberry.argument(description="Id of the scenario to compare with.")]
OtherIds = Annotated[list[strawberry.ID], strawberry.argument(description="Ids of 1 to 10 others.")]
Id = Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
ListingKey = Annotated[strawberry.ID, strawberry.argument(description="Id of a listing that you may see.")]
SupplyId = Annotated[strawberry.ID, strawberry.argument(description="Id of a supply.")]
DemandId = Annotated[strawberry.ID, strawberry.argument(description="Id of a demand.")]
DeskOf = Annotated[
    strawberry.ID | None, strawberry.argument(description="Id of a territory; absent: all that you facilitate.")
]
Sites = Annotated[SiteWhere | None, strawberry.argument(description="Which sites.")]
SitesBy = Annotated[SiteOrderBy | None, strawberry.argument(description="The order; NAME unless given.")]
Listings = Annotated[ListingWhere | None, strawberry.argument(description="Which listings; open ones if absent.")]
Synergies = Annotated[SynergyWhere | None, strawberry.argument(description="Which synergies.")]
Resources = Annotated[ResourceWhere | None, strawberry.argument(description="Which resources.")]
Runs = Annotated[RunWhere | None, strawberry.argument(description="Which runs.")]
RunsBy = Annotated[RunOrderBy | None, strawberry.argument(description="The order; last started first unless given.")]
Text = Annotated[
    str,
    strawberry.argument(description="A waste or a resource in a few words, French or English; at most 200 characters."),
]
OfEach = Annotated[int | None, strawberry.argument(description="How many of each kind, 1 to 100; 5 unless given.")]
WasteGiven = Annotated[WasteInput, strawberry.argument(description="What is to be given away.")]
Level = Annotated[ActivityLevel | None, strawberry.argument(description="How fine; GROUP unless given.")]
Industries = Annotated[int | None, strawberry.argument(description="How many, 1 to 100; 10 unless given.")]
ListingsBy = Annotated[
    ListingOrderBy | None, strawberry.argument(description="The order; last listed first unless given.")
]
SynergiesBy = Annotated[SynergyOrderBy | None, strawberry.argument(description="The order; RANK unless given.")]


@strawberry.type(description="What can be asked. Every list is a page of at most 100 rows.")
class Query(AnalysesQuery, RunQuery):
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

    @strawberry.field(description="The consents given for your own sites, newest first, past and revoked ones too.")
    async def my_consents(self, info: Info, first: First, after: After = None) -> Connection[Consent]:
        """Return a page of the consents of the viewer's sites."""
        page = await own_consents(info.context.graph, info.context.viewer, request(first, after))
        return connection(page, Consent.of)

    @strawberry.field(
        description="Anonymised listings of others, in an order that tells nothing, for people with a mandate."
    )
    async def anonymised_listings(
        self, info: Info, first: First, after: After = None, where: AnonymisedListingWhere | None = None
    ) -> Connection[AnonymisedListing]:
        """Return a page of outlines."""
        wanted = OutlineFilter() if where is None else where.wanted()
        page = await outlines(info.context.graph, info.context.viewer, wanted, request(first, after))
        return connection(page, AnonymisedListing.of)

    @strawberry.field(description="Territories, métropoles first, by name.")
    async def territories(self, info: Info, first: First, after: After = None) -> Connection[Territory]:
        """Return a page of territories."""
        page = await places.territories_page(info.context.graph, request(first, after))
        return connection(page, Territory.of)

    @strawberry.field(description="Sites.")
    async def sites(
        self,
        info: Info,
        first: First,
        after: After = None,
        where: Sites = None,
        order_by: SitesBy = None,
    ) -> Connection[Site]:
        """Return a page of sites."""
        condition = AllOf() if where is None else where.condition()
        order = OrderBy(SiteOrder.NAME) if order_by is None else order_by.order()
        page = await places.sites_page(info.context.graph, condition, order, request(first, after))
        return connection(page, Site.of)

    @strawberry.field(description="A site; null if there is none.")
    async def site(self, info: Info, id: Id) -> Site | None:  # noqa: A002
        """Return a site."""
        row = await info.context.loaders.sites.load(SiteId(id))
        return None if row is None else Site.of(row)

    @strawberry.field(description="The catalogue of resources, by code.")
    async def resources(
        self, info: Info, first: First, after: After = None, where: Resources = None
    ) -> Connection[Resource]:
        """Return a page of resources."""
        condition = AllOf() if where is None else where.condition()
        page = await places.resources_page(info.context.graph, condition, request(first, after))
        return connection(page, Resource.of)

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
        where: Listings = None,
        order_by: ListingsBy = None,
    ) -> Connection[Listing]:
        """Return a page of listings."""
        condition = (where or ListingWhere()).condition()
        order = OrderBy(ListingOrder.CREATED) if order_by is None else order_by.order()
        context, asked = info.context, request(first, after)
        page = await listings.listings(context.graph, context.viewer, condition, order, asked, context.parts)
        return connection(page, Listing.of)

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
        where: Synergies = None,
        order_by: SynergiesBy = None,
    ) -> Connection[Synergy]:
        """Return a page of synergies."""
        condition = AllOf() if where is None else where.condition()
        order = OrderBy(SynergyOrder.RANK) if order_by is None else order_by.order()
        context = info.context
        page = await synergies.synergies(context.graph, context.viewer, condition, order, request(first, after))
        return connection(page, Synergy.of)

    @strawberry.field(description="A synergy; null if there is none that you may see.")
    async def synergy(self, info: Info, id: Id) -> Synergy | None:  # noqa: A002
        """Return a synergy."""
        seen = await info.context.loaders.synergies.load(SynergyId(id))
        return None if seen is None else Synergy.of(seen)

    @strawberry.field(
        description="A facilitator's synergies in numbers, in one territory or in all; null for a territory of others."
    )
    async def desk(self, info: Info, territory_id: DeskOf = None) -> Desk | None:
        """Return the desk."""
        wanted = None if territory_id is None else TerritoryId(territory_id)
        facts = await desk.desk(info.context.graph, info.context.viewer, wanted)
        return None if facts is None else Desk.of(facts)

    @strawberry.field(
        description="Every reason why a supply and a demand may not meet, or what their meeting would be worth; null, "
        "with an error, unless you may see both listings."
    )
    async def explain_pair(self, info: Info, supply_id: SupplyId, demand_id: DemandId) -> PairExplanation | None:
        """Return the explanation of a pair."""
        context = info.context
        seen = await explain_pair(context.graph, context.viewer, ListingId(supply_id), ListingId(demand_id))
        return PairExplanation.of(seen)

    @strawberry.field(
        description="Whom a listing could meet now, best first, without waiting for a run: listings that you may see, "
        "each looked at as if there were no other. Where you may not see what a meeting is worth, the nearest first."
    )
    async def partners_of(self, info: Info, listing_id: ListingKey, first: First) -> list[PossiblePartner]:
        """Return the partners."""
        context, at_most = info.context, request(first, None).first
        found = await partners_of(context.graph, context.viewer, ListingId(listing_id), at_most)
        return [PossiblePartner.of(each) for each in found]

    @strawberry.field(description="What-ifs beside the published plan, newest first; for facilitators and analysts.")
    async def scenarios(self, info: Info, first: First, after: After = None) -> Connection[Scenario]:
        """Return a page of scenarios."""
        context = info.context
        page = await scenarios.scenarios(context.graph, context.viewer, request(first, after))
        return connection(page, Scenario.of)

    @strawberry.field(description="Scenarios as seen from one of them; for facilitators and analysts.")
    async def compare_scenarios(self, info: Info, base_id: BaseId, other_ids: OtherIds) -> list[ComparedScenario]:
        """Return the comparisons, in the order asked for."""
        context, others = info.context, [RunId(other) for other in other_ids]
        seen = await scenarios.compared(context.graph, context.viewer, RunId(base_id), others)
        return [ComparedScenario.of(each) for each in seen]

    @strawberry.field(description="Runs, newest first; for people with a mandate.")
    async def runs(
        self, info: Info, first: First, after: After = None, where: Runs = None, order_by: RunsBy = None
    ) -> Connection[Run]:
        """Return a page of runs."""
        condition = AllOf() if where is None else where.condition()
        order = OrderBy(RunOrder.STARTED) if order_by is None else order_by.order()
        context = info.context
        page = await runs.runs(context.graph, context.viewer, condition, order, request(first, after))
        return connection(page, Run.of)

    @strawberry.field(
        description="A run, with its progress while it runs; null if there is none. Previews are whoever's asked for "
        "them, scenarios facilitators' and analysts'."
    )
    async def run(self, info: Info, id: Id) -> Run | None:  # noqa: A002
        """Return a run."""
        context = info.context
        seen = await runs.one_run(context.graph, context.launcher, context.viewer, RunId(id))
        return None if seen is None else Run.of(seen.run, seen)

    @strawberry.field(description="The run whose plan is current; null before the first.")
    async def current_run(self, info: Info) -> Run | None:
        """Return the current run."""
        facts = await runs.current_run(info.context.graph, info.context.viewer)
        return None if facts is None else Run.of(facts)
