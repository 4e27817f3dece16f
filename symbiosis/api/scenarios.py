"""Scenarios, how they compare, and the front between value and emissions."""

from typing import Self

import strawberry

from symbiosis.api.nodes import Node
from symbiosis.domain import fronts, scenarios
from symbiosis.units import eur_from_cent, tco2e_from_g

KG_PER_T = 1000


@strawberry.type(description="A what-if: a run over a changed market, beside the published plan and never current.")
class Scenario(Node):
    """A what-if."""

    name: str = strawberry.field(description="What it is called; one scenario each.")
    started_at: str = strawberry.field(description="UTC, ISO-8601.")
    changes: str = strawberry.field(description="What it changes, as one JSON object; see docs/scenarios.md.")
    base_sha256: str = strawberry.field(description="Hash of the market that it changes.")
    plan_sha256: str | None = strawberry.field(description="Hash of the plan.")
    value_per_year_eur: float = strawberry.field(description="Value of the plan, EUR per year.")
    counted_per_year_eur: float = strawberry.field(
        description="Value plus the weight on emissions, EUR per year: what is proven best."
    )
    counted_bound_per_year_eur: float = strawberry.field(description="No plan counts more than this, EUR per year.")
    avoided_tco2e_per_year: float = strawberry.field(description="Emissions the plan avoids, t CO2e per year.")
    mass_per_year_t: float = strawberry.field(description="What is exchanged by weight, t per year as received.")
    suggestion_count: int = strawberry.field(description="How many pairs exchange something.")
    check_verdict: str | None = strawberry.field(description="What the independent check said of the plan.")

    @classmethod
    def of(cls, facts: scenarios.ScenarioRun) -> Self:
        """Return the scenario as the API shows it."""
        return cls(
            id=strawberry.ID(facts.run.run_id),
            name=facts.run.period,
            started_at=facts.run.started_at,
            changes=facts.changes,
            base_sha256=facts.base_sha256,
            plan_sha256=facts.run.plan_sha256,
            value_per_year_eur=eur_from_cent(facts.run.objective_cent_per_year or 0),
            counted_per_year_eur=eur_from_cent(facts.counted_cent_per_year),
            counted_bound_per_year_eur=eur_from_cent(facts.counted_bound_cent_per_year),
            avoided_tco2e_per_year=tco2e_from_g(facts.run.avoided_gco2e_per_year or 0),
            mass_per_year_t=facts.mass_kg_per_year / KG_PER_T,
            suggestion_count=facts.run.suggestions or 0,
            check_verdict=facts.run.check_verdict,
        )


@strawberry.type(description="How much more a site's exchanges are worth; each pair counts at both of its sites.")
class ScenarioSite:
    """How much more a site's exchanges are worth."""

    site_id: strawberry.ID = strawberry.field(description="Which site.")
    value_change_per_year_eur: float = strawberry.field(description="Value gained, EUR per year; below zero if lost.")
    avoided_change_tco2e_per_year: float = strawberry.field(description="Emissions avoided more, t CO2e per year.")

    @classmethod
    def of(cls, facts: scenarios.SiteChange) -> Self:
        """Return the change as the API shows it."""
        return cls(
            site_id=strawberry.ID(facts.site_id),
            value_change_per_year_eur=eur_from_cent(facts.value_cent_per_year),
            avoided_change_tco2e_per_year=tco2e_from_g(facts.avoided_gco2e_per_year),
        )


@strawberry.type(description="A scenario as seen from another.")
class ComparedScenario:
    """A scenario as seen from another."""

    scenario: Scenario = strawberry.field(description="The scenario.")
    same_base: bool = strawberry.field(description="Whether both change the same state of the market.")
    new_pair_count: int = strawberry.field(description="How many of its pairs the base does not have.")
    gone_pair_count: int = strawberry.field(description="How many pairs of the base it does not have.")
    sites: list[ScenarioSite] = strawberry.field(
        description="The sites that it touches most, those you facilitate; at most 10."
    )

    @classmethod
    def of(cls, facts: scenarios.Compared) -> Self:
        """Return the comparison as the API shows it."""
        return cls(
            scenario=Scenario.of(facts.scenario),
            same_base=facts.same_base,
            new_pair_count=facts.new_pairs,
            gone_pair_count=facts.gone_pairs,
            sites=[ScenarioSite.of(site) for site in facts.sites],
        )


@strawberry.type(description="The most value among the plans that avoid at least so much.")
class FrontPoint:
    """The most value among the plans that avoid at least so much."""

    avoided_tco2e_per_year: float = strawberry.field(description="At least so much is avoided, t CO2e per year.")
    value_per_year_eur: float = strawberry.field(description="The value, EUR per year.")
    bound_per_year_eur: float = strawberry.field(description="No such plan is worth more than this, EUR per year.")
    marginal_eur_per_tco2e: float = strawberry.field(description="What the last tonne CO2e costs there, EUR.")

    @classmethod
    def of(cls, facts: fronts.FrontPoint) -> Self:
        """Return the point as the API shows it."""
        return cls(
            avoided_tco2e_per_year=tco2e_from_g(facts.avoided_gco2e_per_year),
            value_per_year_eur=eur_from_cent(facts.value_cent_per_year),
            bound_per_year_eur=eur_from_cent(facts.bound_cent_per_year),
            marginal_eur_per_tco2e=eur_from_cent(facts.marginal_cent_per_t),
        )
