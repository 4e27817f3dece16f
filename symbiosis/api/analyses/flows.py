"""Flows between groups and the balances of groups, as the API shows them."""

from typing import Self

import strawberry

from symbiosis.analytics.balances import FlowBetween as FlowFacts
from symbiosis.analytics.balances import GroupBalance as BalanceFacts
from symbiosis.analytics.viewed import SeenBalances, SeenFlows
from symbiosis.api.analyses.where import AnalysisGroup
from symbiosis.domain.resources import ResourceKind
from symbiosis.units import TRADE_UNIT, TradeUnit, eur_from_cent, tco2e_from_g, trade_from_base

HIDDEN = " Null where a price that a site states could be worked out from it by somebody who may not see that price."


@strawberry.type(description="What goes from one group to another in a year, of one kind of resource in one unit.")
class FlowBetween:
    """What goes from one group to another in a year."""

    giver: AnalysisGroup = strawberry.field(description="Who gives.")
    taker: AnalysisGroup = strawberry.field(description="Who takes; a group may give to itself.")
    kind: ResourceKind = strawberry.field(description="The kind of the resource that is given.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantity.")
    flow_count: int = strawberry.field(description="How many pairs of listings exchange.")
    quantity_per_year: float = strawberry.field(description="The quantity per year, in `unit`.")
    value_per_year_eur: float | None = strawberry.field(description="The value, EUR per year." + HIDDEN)
    avoided_tco2e_per_year: float = strawberry.field(description="Emissions avoided, t CO2e per year.")

    @classmethod
    def of(cls, seen: SeenFlows, facts: FlowFacts) -> Self:
        """Return the row as the API shows it."""
        return cls(
            giver=AnalysisGroup.among(seen.labels, facts.giver),
            taker=AnalysisGroup.among(seen.labels, facts.taker),
            kind=ResourceKind(facts.kind),
            unit=TRADE_UNIT[facts.base_unit],
            flow_count=facts.flows,
            quantity_per_year=trade_from_base(facts.quantity_base_per_year, facts.base_unit),
            value_per_year_eur=None if facts in seen.unvalued else eur_from_cent(facts.value_cent_per_year),
            avoided_tco2e_per_year=tco2e_from_g(facts.avoided_gco2e_per_year),
        )


@strawberry.type(
    description="What leaves a group, enters it and stays inside in a year, of one kind of resource in one unit."
)
class GroupBalance:
    """What leaves a group, what enters it and what stays inside in a year."""

    group: AnalysisGroup = strawberry.field(description="The group.")
    kind: ResourceKind = strawberry.field(description="The kind of the resources.")
    unit: TradeUnit = strawberry.field(description="The unit of the quantities.")
    given_per_year: float = strawberry.field(description="What it gives to other groups, per year, in `unit`.")
    taken_per_year: float = strawberry.field(description="What it takes from other groups, per year, in `unit`.")
    within_per_year: float = strawberry.field(description="What its sites exchange, per year, in `unit`.")
    net_per_year: float = strawberry.field(description="Given less taken, per year, in `unit`.")

    @classmethod
    def of(cls, seen: SeenBalances, facts: BalanceFacts) -> Self:
        """Return the row as the API shows it."""
        return cls(
            group=AnalysisGroup.among(seen.labels, facts.group),
            kind=ResourceKind(facts.kind),
            unit=TRADE_UNIT[facts.base_unit],
            given_per_year=trade_from_base(facts.given_base_per_year, facts.base_unit),
            taken_per_year=trade_from_base(facts.taken_base_per_year, facts.base_unit),
            within_per_year=trade_from_base(facts.within_base_per_year, facts.base_unit),
            net_per_year=trade_from_base(facts.net_base_per_year, facts.base_unit),
        )
