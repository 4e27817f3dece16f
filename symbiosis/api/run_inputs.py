"""Runs to start, of every kind."""

import strawberry

from symbiosis.api.nodes import ONCE
from symbiosis.domain.fronts import FEWEST, MOST
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId, TerritoryId
from symbiosis.domain.listings import Direction
from symbiosis.domain.scenarios import (
    CapacityChange,
    FactorChange,
    NewCapacity,
    PriceChange,
    Scenario,
)
from symbiosis.market.inputs import FieldError
from symbiosis.market.previews import NewPreview
from symbiosis.market.runs import NewRun
from symbiosis.units import cent_from_eur

_POINTS = f"How many points of the front between value and emissions to draw over the same market, {FEWEST} to {MOST}"


@strawberry.input(description="A run to start.")
class StartRunInput:
    """A run to start."""

    period: str | None = strawberry.field(
        default=None,
        description="What it is a run for, e.g. 2026-W47; one run each. The time of now unless given. Not of previews.",
    )
    preview: bool = strawberry.field(
        default=False,
        description="Decide as a run would, publish nothing, and show it to you alone: value, bound, and what would "
        "change.",
    )
    territory_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Previews only: decide the pairs anew whose two sites lie in this territory, all of which you "
        "facilitate; what it exchanges across its border stays. Absent: the whole market.",
    )
    front_points: int = strawberry.field(
        default=0, description=f"Previews only: how many points of the front to draw, {FEWEST} to {MOST}; 0 for none."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def wanted(self) -> NewRun | NewPreview:
        """Return the run as its use-case takes it; raise FieldError for what the other kind has."""
        if not self.preview:
            for name, given in (("territory_id", self.territory_id), ("front_points", self.front_points)):
                if given:
                    raise FieldError(name, message="Only a preview has this; ask for one with `preview`.")
            return NewRun(self.period, self.idempotency_key)
        if self.period is not None:
            raise FieldError("period", message="A preview is for no period; leave it out.")
        territory_id = None if self.territory_id is None else TerritoryId(self.territory_id)
        return NewPreview(territory_id, self.front_points, self.idempotency_key)


@strawberry.input(description="A front to draw over the market as it is now.")
class StartFrontInput:
    """A front to draw."""

    points: int = strawberry.field(default=11, description=f"{_POINTS}.")
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)


@strawberry.input(description="A factor with another version in force, another value, or its value times something.")
class FactorChangeInput:
    """A factor that is otherwise; one of the three."""

    key: str = strawberry.field(description="Which factor, without a version.")
    version: str | None = strawberry.field(default=None, description="The version that is to be in force.")
    value: float | None = strawberry.field(default=None, description="Its value, in the unit of the factor.")
    times: float | None = strawberry.field(default=None, description="Its value times this number of times.")


@strawberry.input(description="What open listings of a resource state as their price, times something.")
class PriceChangeInput:
    """Prices that are otherwise."""

    resource_code: strawberry.ID = strawberry.field(description="Of which resource.")
    direction: Direction = strawberry.field(description="Of its supplies or of its demands.")
    times: float = strawberry.field(description="The stated prices times this number of times.")


@strawberry.input(description="A listing with another quantity. You facilitate where it stands.")
class CapacityChangeInput:
    """A listing with another quantity."""

    listing_id: strawberry.ID = strawberry.field(description="Which listing.")
    quantity_per_year: float = strawberry.field(description="How much, in its `unit`, per year; 0 takes it out.")


@strawberry.input(description="A listing that is not there yet, at a site that is. You facilitate where it stands.")
class NewCapacityInput:
    """A listing that is not there yet."""

    site_id: strawberry.ID = strawberry.field(description="At which site.")
    direction: Direction = strawberry.field(description="Supply or demand.")
    resource_code: strawberry.ID = strawberry.field(description="Of which resource.")
    quantity_per_year: float = strawberry.field(description="How much, in the resource's unit, per year.")
    price_per_unit_eur: float | None = strawberry.field(default=None, description="Its price per unit, EUR.")
    waste_code: str | None = strawberry.field(default=None, description="One of the resource's waste codes.")


@strawberry.input(description="A what-if to compute beside the published plan.")
class StartScenarioInput:
    """A what-if to compute."""

    name: str = strawberry.field(description="What to call it, at most 60 characters; one scenario each.")
    factors: list[FactorChangeInput] | None = strawberry.field(default=None, description="Factors that are otherwise.")
    prices: list[PriceChangeInput] | None = strawberry.field(default=None, description="Prices that are otherwise.")
    capacities: list[CapacityChangeInput] | None = strawberry.field(
        default=None, description="Listings with another quantity."
    )
    new: list[NewCapacityInput] | None = strawberry.field(default=None, description="Listings that come in addition.")
    closed_site_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Sites without any listing. You facilitate where they stand."
    )
    weight_eur_per_tco2e: float = strawberry.field(
        default=0.0, description="What a tonne CO2e avoided counts on top of the value, EUR, 0 to 100,000."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def scenario(self) -> Scenario:
        """Return the scenario as the use-case takes it; raise ScenarioError."""
        return Scenario(
            name=self.name,
            factors=tuple(FactorChange(x.key, x.version, x.value, x.times) for x in self.factors or ()),
            prices=tuple(PriceChange(ResourceCode(x.resource_code), x.direction, x.times) for x in self.prices or ()),
            capacities=tuple(
                CapacityChange(ListingId(x.listing_id), x.quantity_per_year) for x in self.capacities or ()
            ),
            new=tuple(
                NewCapacity(
                    site_id=SiteId(x.site_id),
                    direction=x.direction,
                    resource_code=ResourceCode(x.resource_code),
                    quantity_per_year=x.quantity_per_year,
                    price_per_unit_eur=x.price_per_unit_eur,
                    waste_code=x.waste_code,
                )
                for x in self.new or ()
            ),
            closed_site_ids=tuple(SiteId(site_id) for site_id in self.closed_site_ids or ()),
            co2_cent_per_t=cent_from_eur(self.weight_eur_per_tco2e),
        )
