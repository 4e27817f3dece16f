"""Runs and how good their plans are proven to be."""

from typing import Self

import strawberry

from symbiosis.api.changes import RunChange, RunChangeCount
from symbiosis.api.context import Info
from symbiosis.api.nodes import After, Connection, First, Node, connection, request
from symbiosis.api.scenarios import FrontPoint
from symbiosis.domain import runs
from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunKind, RunPhase, RunStatus
from symbiosis.market.previews import changes as preview_changes
from symbiosis.market.runs import SeenRun
from symbiosis.market.runs import changes as run_changes
from symbiosis.market.scenarios import front as run_front
from symbiosis.units import eur_from_cent, tco2e_from_g


@strawberry.type(description="Where a running run stands.")
class Progress:
    """Where a running run stands."""

    phase: RunPhase = strawberry.field(description="What it is doing.")
    done_share: float = strawberry.field(description="How much of the whole run is done, 0 to 1.")
    message: str = strawberry.field(description="What it is doing, for people.")
    best_per_year_eur: float | None = strawberry.field(
        description="What the best plan known so far is worth, EUR per year; null before one is known."
    )
    bound_per_year_eur: float | None = strawberry.field(
        description="No plan is worth more than this, EUR per year; null before it is known."
    )
    gap_share: float | None = strawberry.field(
        description="(bound - best) / bound, 0 to 1; null while one of them is not known."
    )

    @classmethod
    def of(cls, facts: runs.RunProgress) -> Self:
        """Return the progress as the API shows it."""
        best, bound = facts.best_cent_per_year, facts.bound_cent_per_year
        return cls(
            phase=facts.phase,
            done_share=facts.done_share,
            message=facts.message,
            best_per_year_eur=None if best is None else eur_from_cent(best),
            bound_per_year_eur=None if bound is None else eur_from_cent(bound),
            gap_share=facts.gap_share,
        )


@strawberry.type(description="One optimisation of all exchanges, from snapshot to plan.")
class Run(Node):
    """One optimisation of all exchanges."""

    kind: RunKind = strawberry.field(description="What it decides, and for whom.")
    period: str = strawberry.field(
        description="What it is a run for; one run each. Of a scenario its name, of a preview when it was asked for."
    )
    territory_id: strawberry.ID | None = strawberry.field(
        description="Of a preview: the territory whose pairs it decides anew; null for all, and of every other run."
    )
    status: RunStatus = strawberry.field(description="Where it stands.")
    progress: Progress | None = strawberry.field(
        description="While it runs, wherever it does: as its process last wrote it, once a second. Null before, and "
        "once it has ended."
    )
    started_at: str = strawberry.field(description="UTC, ISO-8601.")
    finished_at: str | None = strawberry.field(description="UTC, ISO-8601; null while it runs.")
    input_sha256: str | None = strawberry.field(description="Hash of the input; the same input gives the same plan.")
    plan_sha256: str | None = strawberry.field(description="Hash of the plan.")
    objective_per_year_eur: float | None = strawberry.field(description="Value of the plan, EUR per year.")
    bound_per_year_eur: float | None = strawberry.field(description="No plan is worth more than this, EUR per year.")
    gap_share: float | None = strawberry.field(
        description="(bound - objective) / bound, 0 to 1; 0 where the optimum is proven."
    )
    avoided_tco2e_per_year: float | None = strawberry.field(description="Emissions the plan avoids, t CO2e per year.")
    supply_count: int | None = strawberry.field(description="How many open supplies it saw.")
    demand_count: int | None = strawberry.field(description="How many open demands it saw.")
    candidate_count: int | None = strawberry.field(description="How many pairs may lawfully and physically meet.")
    left_out_small_count: int | None = strawberry.field(
        description="How many candidates that pay are left out: worth less a year than `plan.least_value`, even alone."
    )
    left_out_emitting_count: int | None = strawberry.field(
        description="How many candidates that pay are left out: at best they avoid less than `plan.least_avoided`."
    )
    component_count: int | None = strawberry.field(description="How many independent parts the problem fell into.")
    suggestion_count: int | None = strawberry.field(description="How many synergies it suggests.")
    solver: str | None = strawberry.field(description="What solved it.")
    check_verdict: str | None = strawberry.field(description="What the independent check said of the plan.")
    distances: str | None = strawberry.field(
        description="Where the distances come from: by road from a routing server, or great circle x detour factor."
    )
    stability_cost_per_year_eur: float | None = strawberry.field(
        description="What keeping the synergies people work on, and staying near the plan before, takes from the best "
        "there could be, EUR per year."
    )
    change_counts: list[RunChangeCount] = strawberry.field(
        description="How many pairs differ from the plan before, by kind and cause; empty where none does."
    )
    duration_s: float | None = strawberry.field(description="How long it took, in seconds.")
    failure: str | None = strawberry.field(description="Why it failed; null if it did not.")

    retired_at: str | None = strawberry.field(
        description="Since when its plan is no longer kept, UTC, ISO-8601: its figures are, its suggestions and "
        "changes are not; null while all is."
    )

    @strawberry.field(
        description="What it changed of the plan before it, those of the most value first: the synergies you may see, "
        "of the 1,000 changes that are kept. Of a preview: what it would change at the sites where you act. None of a "
        "scenario; see `compareScenarios`."
    )
    async def changes(self, info: Info, first: First, after: After = None) -> Connection[RunChange]:
        """Return a page of the changes."""
        context = info.context
        wanted, run_id = request(first, after), RunId(self.id)
        if self.kind is RunKind.PREVIEW:
            page = await preview_changes(context.graph, context.launcher, context.viewer, run_id, wanted)
        else:
            page = await run_changes(context.graph, context.viewer, run_id, wanted)
        return connection(page, RunChange.of)

    @strawberry.field(
        description="The front between value and emissions avoided over the same market, from the most value to the "
        "least emissions; null if none was drawn. Not of scenarios."
    )
    async def front(self, info: Info) -> list[FrontPoint] | None:
        """Return the front."""
        points = await run_front(info.context.graph, info.context.viewer, RunId(self.id))
        return None if points is None else [FrontPoint.of(point) for point in points]

    @classmethod
    def of(cls, facts: runs.Run, seen: SeenRun | None = None) -> Self:
        """Return the run as the API shows it; `seen` is what is known of one beyond its facts."""
        progress = None if seen is None else seen.progress
        territory_id = None if seen is None else seen.territory_id
        objective, bound = facts.objective_cent_per_year, facts.bound_cent_per_year
        avoided, stability = facts.avoided_gco2e_per_year, facts.stability_cost_cent_per_year
        return cls(
            id=strawberry.ID(facts.run_id),
            kind=facts.kind,
            period=facts.period,
            territory_id=None if territory_id is None else strawberry.ID(territory_id),
            status=facts.status,
            progress=None if progress is None or facts.status is not RunStatus.RUNNING else Progress.of(progress),
            started_at=facts.started_at,
            finished_at=facts.finished_at,
            input_sha256=facts.input_sha256,
            plan_sha256=facts.plan_sha256,
            objective_per_year_eur=None if objective is None else eur_from_cent(objective),
            bound_per_year_eur=None if bound is None else eur_from_cent(bound),
            gap_share=facts.gap_share,
            avoided_tco2e_per_year=None if avoided is None else tco2e_from_g(avoided),
            supply_count=facts.supplies,
            demand_count=facts.demands,
            candidate_count=facts.candidates,
            left_out_small_count=facts.left_out_small,
            left_out_emitting_count=facts.left_out_emitting,
            component_count=facts.components,
            suggestion_count=facts.suggestions,
            solver=facts.solver,
            check_verdict=facts.check_verdict,
            distances=facts.distances,
            stability_cost_per_year_eur=None if stability is None else eur_from_cent(stability),
            change_counts=RunChangeCount.all_of(facts.change_counts),
            duration_s=facts.duration_s,
            failure=facts.failure,
            retired_at=facts.retired_at,
        )
