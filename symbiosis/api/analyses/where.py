"""Which flows an analysis looks at, and what every row of an analysis has in common."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Self, TypeVar

import strawberry

from symbiosis.analytics import naming
from symbiosis.analytics.balances import GroupBy
from symbiosis.analytics.days import days_of
from symbiosis.analytics.flow_graph import Layer
from symbiosis.analytics.selection import Selection
from symbiosis.analytics.viewed import Question
from symbiosis.domain.ids import TerritoryId
from symbiosis.domain.resources import ResourceKind
from symbiosis.store.pages import Page, PageRequest, page_of

R = TypeVar("R")

strawberry.enum(
    Layer,
    name="FlowLayer",
    description="What a flow is. POTENTIAL: a pair of open listings that may meet and pays, with all that both could "
    "exchange; a listing stands in many pairs, so count pairs and do not add up quantities. SUGGESTED: what the "
    "current run suggests. REALISED: a synergy that operates.",
)
strawberry.enum(
    GroupBy,
    name="FlowGrouping",
    description="What makes sites a group: their métropole, their commune (INSEE code), the NACE section or division "
    "of what is done there, or each alone.",
)

PERIOD = "A period: 2026, 2026-Q3, 2026-07, or two days as 2026-07-01/2026-09-15."
_TERRITORY = "Id of a territory, one of yours; absent: all of yours."
_SECTOR = "A NACE section (C) or the beginning of a code (20, 20.1) at either end."

By = Annotated[GroupBy, strawberry.argument(description="What makes a group.")]
InTerritory = Annotated[strawberry.ID | None, strawberry.argument(description=_TERRITORY)]


@strawberry.input(
    description="Which flows: those with an end in your territories, of which the amounts show to you. Absent or null "
    "is no limit."
)
class FlowWhere:
    """Which flows."""

    layer: Layer = strawberry.field(default=Layer.SUGGESTED, description="What a flow is.")
    territory_id: strawberry.ID | None = strawberry.field(
        default=None, description="Flows with an end in this territory, one of yours."
    )
    sector: str | None = strawberry.field(default=None, description=_SECTOR)
    kind: ResourceKind | None = strawberry.field(default=None, description="Flows of resources of this kind.")
    period: str | None = strawberry.field(
        default=None,
        description=PERIOD
        + " SUGGESTED and POTENTIAL flows that can be in it, and of REALISED ones what was delivered "
        "in it, as the rate of a year.",
    )

    def question(self) -> Question:
        """Return the question as the use-case takes it, or raise PeriodOrderError."""
        days = None if self.period is None else days_of(self.period)
        return Question(self.layer, selection_of(self.territory_id, self.sector, self.kind), days)


Flows = Annotated[FlowWhere | None, strawberry.argument(description="Which flows; the suggested ones if absent.")]


def selection_of(territory_id: strawberry.ID | None, sector: str | None, kind: ResourceKind | None) -> Selection:
    """Return a selection as the use-case takes it."""
    return Selection(None if territory_id is None else TerritoryId(territory_id), sector, kind)


def question_of(where: FlowWhere | None) -> Question:
    """Return what is asked, or raise PeriodOrderError."""
    return (FlowWhere() if where is None else where).question()


@strawberry.type(description="A group by its key, and what it is called; what is not known is `?`.")
class AnalysisGroup:
    """A group by its key, and what it is called."""

    key: str = strawberry.field(
        description="The id of a territory or site, an INSEE code, or a code of NACE or of the List of Waste."
    )
    name_en: str = strawberry.field(description="Its name in English; of a place, its only name.")
    name_fr: str = strawberry.field(description="Its name in French; of a place, its only name.")

    @classmethod
    def of(cls, label: naming.Label) -> Self:
        """Return the group as the API shows it."""
        return cls(key=label.key, name_en=label.name_en, name_fr=label.name_fr)

    @classmethod
    def among(cls, labels: Mapping[str, naming.Label], key: str) -> Self:
        """Return the group of a key."""
        return cls.of(naming.label(labels, key))


def numbered(rows: Sequence[R], asked: PageRequest, order: str) -> Page[R]:
    """Return a page of rows that are sorted; a cursor is the place of a row in the order of this name."""
    after = asked.parameters(order, int)["after_key"]
    start = 0 if after is None else max(0, int(after) + 1)
    found = [
        {"sort_key": place, "id": "", "row": row}
        for place, row in enumerate(rows[start : start + asked.first + 1], start=start)
    ]

    def row_of(one: Mapping[str, R]) -> R:
        return one["row"]

    return page_of(found, asked, order, "id", row_of)
