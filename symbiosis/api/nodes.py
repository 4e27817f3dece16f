"""What every type and list of the API has in common: nodes, pages, problems, and the domain's words as enums."""

from collections.abc import Callable
from typing import Annotated, Final, Generic, TypeVar

import strawberry

from symbiosis.domain import keys, listings, people, places, resources, runs, synergies
from symbiosis.domain.desk import Review
from symbiosis.store import pages
from symbiosis.units import TradeUnit

T = TypeVar("T")
R = TypeVar("R")

_WORDS: Final = {
    listings.Direction: "SUPPLY: there to be taken. DEMAND: there to be served.",
    listings.Visibility: "Who besides the site itself and the facilitators of its territories sees a listing: nobody "
    "(PRIVATE), everybody with a mandate an outline in which three firms or more could be meant (ANONYMISED), "
    "everybody with a mandate in one of its territories (TERRITORY), every visitor (PUBLIC).",
    listings.Provenance: "Where a quantity comes from. ESTIMATED: " + listings.ESTIMATED_NOTE + ".",
    listings.ListingStatus: "Only OPEN listings enter a run.",
    keys.KeyScope: "What an API key may change: LISTINGS of own sites, REVIEWS of synergies and all "
    "else at their desk, DELIVERIES to record, RUNS to start.",
    people.Role: "What a mandate lets a person do.",
    places.TerritoryKind: "A métropole, or a project territory inside one.",
    places.GeoPrecision: "What a site's position is the position of; COMMUNE is the commune's centre.",
    resources.ResourceKind: "The kind of a resource: it decides the unit, how it travels and what that costs.",
    resources.Quality: "A measurable property; the unit ends its name (C: °C; SHARE: 0 to 1).",
    runs.RunStatus: "Where a run stands; the plan of the last PUBLISHED one is current. A PREVIEW is decided, "
    "and never published.",
    runs.RunKind: "What a run decides: the plan that people work with (EXCHANGE), a what-if under a name (SCENARIO), "
    "or what a run would decide now, for whoever asked alone (PREVIEW).",
    runs.RunPhase: "What a running run is doing, in order.",
    synergies.SynergyStatus: "The life cycle of a synergy.",
    synergies.StepReason: "Why a synergy was rejected, lost or put on hold; `nextSteps` says which reasons a step has.",
    Review: "What a facilitator makes of a suggestion.",
    TradeUnit: "The unit of a quantity and of a price: tonnes, m3, MWh, m2 or hours.",
}
for _enum, _description in _WORDS.items():
    strawberry.enum(_enum, description=_description)

First = Annotated[int, strawberry.argument(description="How many, 1 to 100.")]
After = Annotated[
    str | None, strawberry.argument(description="Go on after this cursor, an `endCursor` of the same list.")
]


ONCE: Final = "Yours to choose, at most 200 characters: the same request under the same key acts once."


@strawberry.interface(description="Anything that has an id of its own.")
class Node:
    """Anything that has an id of its own."""

    id: strawberry.ID = strawberry.field(description="Opaque; the same for ever.")


@strawberry.type(description="Where a page ends.")
class PageInfo:
    """Where a page ends."""

    end_cursor: str | None = strawberry.field(description="Give it as `after` to read on; null if the page is empty.")
    has_next_page: bool = strawberry.field(description="Whether there was more when this page was read.")


@strawberry.type(description="One row of a page.")
class Edge(Generic[T]):
    """One row of a page."""

    cursor: str = strawberry.field(
        description="Give it as `after` to read on behind this row; it belongs to this order."
    )
    node: T = strawberry.field(description="The row.")


@strawberry.type(description="One page of a list, at most 100 rows.")
class Connection(Generic[T]):
    """One page of a list, at most 100 rows."""

    edges: list[Edge[T]] = strawberry.field(description="The rows with their cursors.")
    nodes: list[T] = strawberry.field(description="The rows alone.")
    page_info: PageInfo = strawberry.field(description="Where the page ends.")


def request(first: int, after: str | None) -> pages.PageRequest:
    """Return the page that is asked for, or raise PageSizeError."""
    return pages.PageRequest(first, after)


def connection(page: pages.Page[R], of: Callable[[R], T]) -> Connection[T]:
    """Return the connection that a page is."""
    nodes = [of(item) for item in page.items]
    return Connection(
        edges=[Edge(cursor=cursor, node=node) for cursor, node in zip(page.cursors, nodes, strict=True)],
        nodes=nodes,
        page_info=PageInfo(end_cursor=page.cursors[-1] if page.cursors else None, has_next_page=page.has_next),
    )
