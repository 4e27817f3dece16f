"""Analyses that take longer than an answer: started, looked at again, and read when they are done."""

import json
from typing import Annotated, Self

import strawberry
from strawberry.utils.str_converters import to_camel_case

from symbiosis.analytics.jobs.answers import (
    Answer,
    CooperationAnswer,
    MarginalsAnswer,
    NewcomerAnswer,
    RadarAnswer,
    StopsAnswer,
)
from symbiosis.analytics.jobs.asking import analyses, one_analysis, start_analysis
from symbiosis.api.analyses.cooperation import CooperationResult
from symbiosis.api.analyses.marginals import MarginalsResult
from symbiosis.api.analyses.plants import NewcomerResult, RadarResult
from symbiosis.api.analyses.questions import StartAnalysisInput
from symbiosis.api.analyses.stops import StopsResult
from symbiosis.api.analyses.where import numbered
from symbiosis.api.context import Info
from symbiosis.api.nodes import After, Connection, First, Node, connection, request
from symbiosis.api.problems import InputProblem, NotAllowedProblem, NotFoundProblem, RuleProblem, problem_of
from symbiosis.domain import analyses as facts
from symbiosis.domain.analyses import AnalysisId, AnalysisKind, AnalysisState
from symbiosis.domain.ids import TerritoryId
from symbiosis.errors import InputError, RuleError

strawberry.enum(AnalysisKind, description="What is asked.")
strawberry.enum(
    AnalysisState, description="Where an analysis stands: it waits for its turn, is worked on, is done, or failed."
)

AnalysisKey = Annotated[strawberry.ID, strawberry.argument(description="Id of an analysis.")]
OfTerritory = Annotated[strawberry.ID, strawberry.argument(description="Id of a territory, one of yours.")]

AnalysisResult = Annotated[
    StopsResult | MarginalsResult | CooperationResult | NewcomerResult | RadarResult,
    strawberry.union("AnalysisResult", description="What an analysis came to."),
]


@strawberry.type(description="One argument of a question.")
class AnalysisArgument:
    """One argument of a question."""

    name: str = strawberry.field(description="As in the input of its kind.")
    value: str = strawberry.field(description="As it was given, or its default; the parts of a list by commas.")


@strawberry.type(
    description="One question that is decided in the background. It looks at the market as it shows to whoever asked: "
    "private and anonymised listings, and prices that sites state, count only where whoever asked facilitates."
)
class Analysis(Node):
    """One question that is decided in the background."""

    kept: strawberry.Private[facts.Analysis]
    kind: AnalysisKind = strawberry.field(description="What is asked.")
    territory_id: strawberry.ID = strawberry.field(description="About which territory.")
    arguments: list[AnalysisArgument] = strawberry.field(description="With which arguments, by name.")
    state: AnalysisState = strawberry.field(description="Where it stands.")
    share: float = strawberry.field(description="How much of the work is done, 0 to 1, as an estimate.")
    asked_at: str = strawberry.field(description="When it was asked, UTC, ISO-8601.")
    started_at: str | None = strawberry.field(description="UTC, ISO-8601; null while it waits.")
    finished_at: str | None = strawberry.field(description="UTC, ISO-8601; null until it has ended.")
    run_id: strawberry.ID | None = strawberry.field(
        description="The run that was current when the market was read; null before the first."
    )
    failure: str | None = strawberry.field(description="Why it failed; null if it did not.")

    @strawberry.field(
        description="What it came to; null until it is DONE, and where an earlier version of the program wrote it."
    )
    async def result(self, info: Info) -> AnalysisResult | None:
        """Return the result."""
        if self.state is not AnalysisState.DONE:
            return None
        answer = await info.context.loaders.answers.load(self.kept)
        return None if answer is None else _shown(answer)

    @classmethod
    def of(cls, kept: facts.Analysis) -> Self:
        """Return the analysis as the API shows it."""
        return cls(
            kept=kept,
            id=strawberry.ID(kept.analysis_id),
            kind=kept.kind,
            territory_id=strawberry.ID(kept.territory_id),
            arguments=[
                AnalysisArgument(name=to_camel_case(name), value=_text(value))
                for name, value in sorted(json.loads(kept.arguments).items())
            ],
            state=kept.state,
            share=kept.share,
            asked_at=kept.asked_at,
            started_at=kept.started_at,
            finished_at=kept.finished_at,
            run_id=None if kept.run_id is None else strawberry.ID(kept.run_id),
            failure=kept.failure,
        )


StartAnalysisResult = Annotated[
    Analysis | InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem,
    strawberry.union(
        "StartAnalysisResult", description="The analysis: ask `analysis` for it again. Or why there is none."
    ),
]


@strawberry.type
class JobsQuery:
    """The analyses that are kept."""

    @strawberry.field(description="An analysis; null if there is none that you may see.")
    async def analysis(self, info: Info, id: AnalysisKey) -> Analysis | None:  # noqa: A002
        """Return an analysis."""
        found = await one_analysis(info.context.graph, info.context.viewer, AnalysisId(id))
        return None if found is None else Analysis.of(found)

    @strawberry.field(description="The analyses of a territory, the newest first; its newest 100 are kept.")
    async def analyses(
        self, info: Info, territory_id: OfTerritory, first: First, after: After = None
    ) -> Connection[Analysis]:
        """Return a page of analyses."""
        found = await analyses(info.context.graph, info.context.viewer, TerritoryId(territory_id))
        return connection(numbered(found, request(first, after), "NEWEST"), Analysis.of)


@strawberry.type
class JobsMutation:
    """Analyses can be started."""

    @strawberry.mutation(
        description="Ask a question that takes longer than an answer, as a facilitator or analyst of the territory. "
        "The same question of the same run has one answer, which comes at once when it is kept."
    )
    async def start_analysis(self, info: Info, input: StartAnalysisInput) -> StartAnalysisResult:  # noqa: A002
        """Return the analysis, or the problem."""
        context = info.context
        try:
            asked = input.asked()
            started = await start_analysis(context.graph, context.analyses.queue, context.viewer, asked)
        except (InputError, RuleError) as refused:
            return problem_of(refused)
        return Analysis.of(started)


def _shown(answer: Answer) -> StopsResult | MarginalsResult | CooperationResult | NewcomerResult | RadarResult:
    match answer:
        case StopsAnswer():
            return StopsResult.of(answer)
        case MarginalsAnswer():
            return MarginalsResult.of(answer)
        case CooperationAnswer():
            return CooperationResult.of(answer)
        case NewcomerAnswer():
            return NewcomerResult.of(answer)
        case RadarAnswer():
            return RadarResult.of(answer)


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
