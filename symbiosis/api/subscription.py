"""What can be subscribed to. Every event is looked at with the mandates of its own moment."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from symbiosis.analytics.jobs.asking import one_analysis
from symbiosis.api.analyses.jobs import Analysis, AnalysisKey
from symbiosis.api.context import Info, Stream
from symbiosis.api.runs import Run
from symbiosis.api.synergies import Synergy
from symbiosis.domain.analyses import Analysis as AnalysisFacts
from symbiosis.domain.analyses import AnalysisId
from symbiosis.domain.ids import RunId, SynergyId
from symbiosis.domain.runs import RunStatus
from symbiosis.errors import NotAllowedError, NotFoundError
from symbiosis.market import runs
from symbiosis.market.live import NewPlan, Topic, new_suggestions
from symbiosis.policy import signed_in
from symbiosis.store.journal import JournalStep

RunIdGiven = Annotated[strawberry.ID, strawberry.argument(description="Id of a run.")]


@strawberry.type(description="A synergy that you may see was changed by somebody.")
class SynergyStep:
    """A synergy that was changed by somebody."""

    at: str = strawberry.field(description="When, UTC, ISO-8601.")
    version: int = strawberry.field(description="The version that the synergy has since this step.")
    synergy: Synergy = strawberry.field(description="The synergy as it is now, which may be a later version already.")


@strawberry.type(description="What can be subscribed to: over WebSocket (graphql-transport-ws) or as an event stream.")
class Subscription:
    """What can be subscribed to."""

    @strawberry.subscription(
        description="What a new plan suggests to the sites you manage and the plan before did not; at most 100 of a "
        "plan. For site managers."
    )
    async def suggestions_for_my_sites(self, info: Info) -> AsyncGenerator[Synergy, None]:
        """Yield each new suggestion once its plan is published."""
        signed_in(info.context.viewer)
        if not info.context.viewer.site_ids:
            raise NotAllowedError("You manage no site; ask for `synergies` to read what a plan suggests.")
        stream = _stream(info)
        async with stream.live.listening(Topic.PLANS) as listener:
            while True:
                plan = await listener.next()
                if not isinstance(plan, NewPlan):
                    continue
                viewer = (await stream.renewed()).viewer
                for synergy_id in await new_suggestions(info.context.graph, viewer, plan):
                    seen = await _synergy(stream, synergy_id)
                    if seen is not None:
                        yield seen

    @strawberry.subscription(description="Steps of the synergies that you may see, as people take them.")
    async def synergy_steps(self, info: Info) -> AsyncGenerator[SynergyStep, None]:
        """Yield each step of a synergy that the viewer may see at that moment."""
        signed_in(info.context.viewer)
        stream = _stream(info)
        async with stream.live.listening(Topic.STEPS) as listener:
            while True:
                step = await listener.next()
                if not isinstance(step, JournalStep):
                    continue
                seen = await _synergy(stream, step.synergy_id)
                if seen is not None:
                    yield SynergyStep(at=step.at, version=step.version, synergy=seen)

    @strawberry.subscription(
        description="A run at once, and again whenever its progress or state has changed, a second apart at least, "
        "until it has ended. For people with a mandate."
    )
    async def run_progress(self, info: Info, id: RunIdGiven) -> AsyncGenerator[Run, None]:  # noqa: A002
        """Yield the run until it has ended."""
        signed_in(info.context.viewer)
        stream, shown = _stream(info), None
        async with stream.live.listening(Topic.TICKS) as listener:
            while True:
                now = await _run(stream, RunId(id))
                if now != shown:
                    shown = now
                    yield now
                if now.status is not RunStatus.RUNNING:
                    return
                await listener.next()

    @strawberry.subscription(
        description="An analysis at once, and again whenever its share or state has changed, a second apart at least, "
        "until it has ended. For who may see it."
    )
    async def analysis_progress(self, info: Info, id: AnalysisKey) -> AsyncGenerator[Analysis, None]:  # noqa: A002
        """Yield the analysis until it has ended."""
        signed_in(info.context.viewer)
        stream, shown = _stream(info), None
        async with stream.live.listening(Topic.TICKS) as listener:
            while True:
                now = await _analysis(stream, AnalysisId(id))
                if now != shown:
                    shown = now
                    yield Analysis.of(now)
                if not now.is_open:
                    return
                await listener.next()


def _stream(info: Info) -> Stream:
    """Return the stream that a subscription is read on; there is always one, or nobody would read it."""
    stream = info.context.stream
    if stream is None:
        raise RuntimeError("a subscription without a stream")
    return stream


async def _synergy(stream: Stream, synergy_id: SynergyId) -> Synergy | None:
    seen = await (await stream.renewed()).loaders.synergies.load(synergy_id)
    return None if seen is None else Synergy.of(seen)


async def _run(stream: Stream, run_id: RunId) -> Run:
    context = await stream.renewed()
    seen = await runs.one_run(context.graph, context.launcher, context.viewer, run_id)
    if seen is None:
        raise NotFoundError("run", run_id)
    return Run.of(seen.run, seen)


async def _analysis(stream: Stream, analysis_id: AnalysisId) -> AnalysisFacts:
    context = await stream.renewed()
    seen = await one_analysis(context.graph, context.viewer, analysis_id)
    if seen is None:
        raise NotFoundError("analysis", analysis_id)
    return seen
