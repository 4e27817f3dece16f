"""What can be started: runs, previews, fronts and scenarios; and when runs are due."""

from collections.abc import Awaitable
from typing import Annotated

import strawberry

from symbiosis.api.context import Info
from symbiosis.api.problems import InputProblem, NotAllowedProblem, NotFoundProblem, RuleProblem, problem_of
from symbiosis.api.run_inputs import StartFrontInput, StartRunInput, StartScenarioInput
from symbiosis.api.runs import Run
from symbiosis.api.scenarios import Scenario
from symbiosis.api.schedules import Schedule, SetScheduleInput
from symbiosis.domain.ids import RunId
from symbiosis.errors import InputError, RuleError
from symbiosis.market import previews, runs, scenarios, schedules, what_if

ScenarioId = Annotated[strawberry.ID, strawberry.argument(description="Id of the scenario, from `scenarios`.")]
RunProblem = InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem

StartRunResult = Annotated[
    Run | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union("StartRunResult", description="The run, under way: ask `run` for it again. Or why there is none."),
]
StartFrontResult = Annotated[
    Run | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union("StartFrontResult", description="The preview that draws the front, under way, or why none is."),
]
StartScenarioResult = Annotated[
    Run | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union("StartScenarioResult", description="The run of the scenario, under way, or why there is none."),
]
RemoveScenarioResult = Annotated[
    Scenario | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union("RemoveScenarioResult", description="The scenario that was removed, or why none was."),
]
SetScheduleResult = Annotated[
    Schedule | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union("SetScheduleResult", description="The schedule as kept, or why it is not."),
]
RemoveScheduleResult = Annotated[
    Schedule | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union("RemoveScheduleResult", description="The schedule that was removed, or why none was."),
]


@strawberry.type
class RunMutation:
    """What can be started, and when runs are due."""

    @strawberry.mutation(
        description="Start a run, or a preview of one, as a facilitator; it goes on in the background. One of all "
        "kinds at a time."
    )
    async def start_run(self, info: Info, input: StartRunInput | None = None) -> StartRunResult:  # noqa: A002
        """Return the run under way, or the problem."""
        context = info.context
        try:
            new = (input or StartRunInput()).wanted()
        except InputError as refused:
            return problem_of(refused)
        if isinstance(new, previews.NewPreview):
            return await _run(previews.start_preview(context.graph, context.launcher, context.viewer, new))
        return await _run(runs.start_run(context.graph, context.launcher, context.viewer, new))

    @strawberry.mutation(
        description="Draw the front between value and emissions over the market as it is now, as a facilitator: a "
        "preview with a front. The current run gets it too, if that decided over the same market."
    )
    async def start_front(self, info: Info, input: StartFrontInput | None = None) -> StartFrontResult:  # noqa: A002
        """Return the preview under way, or the problem."""
        context, wanted = info.context, input or StartFrontInput()
        new = previews.NewPreview(front_points=wanted.points, idempotency_key=wanted.idempotency_key)
        return await _run(previews.start_preview(context.graph, context.launcher, context.viewer, new))

    @strawberry.mutation(
        description="Compute a what-if beside the published plan, as a facilitator; once it has ended `scenarios` and "
        "`compareScenarios` show it."
    )
    async def start_scenario(self, info: Info, input: StartScenarioInput) -> StartScenarioResult:  # noqa: A002
        """Return the run of the scenario under way, or the problem."""
        context = info.context
        try:
            scenario = input.scenario()
        except InputError as refused:
            return problem_of(refused)
        return await _run(
            what_if.start_scenario(context.graph, context.launcher, context.viewer, scenario, input.idempotency_key)
        )

    @strawberry.mutation(
        description="Remove a computed scenario with all that was kept of it, as a facilitator; its name is free again."
    )
    async def remove_scenario(self, info: Info, id: ScenarioId) -> RemoveScenarioResult:  # noqa: A002
        """Return the scenario that was removed, or the problem."""
        context = info.context
        try:
            removed = await scenarios.drop_scenario(context.graph, context.viewer, RunId(id))
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return Scenario.of(removed)

    @strawberry.mutation(description="Say when runs of all exchanges are due, as a facilitator.")
    async def set_schedule(self, info: Info, input: SetScheduleInput) -> SetScheduleResult:  # noqa: A002
        """Return the schedule as kept, or the problem."""
        context = info.context
        try:
            kept = await schedules.change_schedule(context.graph, context.viewer, input.cron, input.time_zone)
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return Schedule.of(kept)

    @strawberry.mutation(description="Let no more runs be due, as a facilitator.")
    async def remove_schedule(self, info: Info) -> RemoveScheduleResult:
        """Return the schedule that was removed, or the problem."""
        try:
            removed = await schedules.drop_schedule(info.context.graph, info.context.viewer)
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return Schedule.of(removed)


async def _run(starting: Awaitable[runs.SeenRun]) -> Run | RunProblem:
    """Return the run that is started, or the problem."""
    try:
        seen = await starting
    except (InputError, RuleError) as refused:
        return problem_of(refused)
    return Run.of(seen.run, seen)
