"""Start an analysis, and read it: permission, and the same question answered once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from symbiosis.analytics.jobs.answers import Answer, answer_from
from symbiosis.analytics.jobs.questions import Question, StopsQuestion, arguments_of, key_of, kind_of
from symbiosis.analytics.jobs.working import AnalysisQueue, held_until
from symbiosis.analytics.permitted import permitted_communes, require_analyses
from symbiosis.analytics.selection import SelectionError
from symbiosis.domain.analyses import Analysis, AnalysisId, Sight, new_analysis_id
from symbiosis.domain.ids import SiteId, TerritoryId
from symbiosis.domain.times import utc_now
from symbiosis.errors import NotFoundError
from symbiosis.market.inputs import FieldError
from symbiosis.market.once import Once, once
from symbiosis.policy import Viewer, signed_in
from symbiosis.store import analyses as store
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.reserved import run_now
from symbiosis.store.sites import sites_by_id


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a territory; `again` decides anew what is kept for the current run."""

    territory_id: TerritoryId
    question: Question
    again: bool = False
    idempotency_key: str | None = None


async def start_analysis(graph: Graph, queue: AnalysisQueue, viewer: Viewer, asked: Asked) -> Analysis:
    """Return the analysis that answers a question: a new one, one under way, or one that is done for the current run.

    Raises NotAllowedError, NotFoundError (a site that is not the viewer's), FieldError, KeyReusedError or
    AnalysisQueueFullError.
    """
    try:
        communes = await permitted_communes(graph, viewer, asked.territory_id)
    except SelectionError as unknown:
        raise FieldError("territory_id", message=str(unknown), code=unknown.code) from unknown
    sight = Sight(communes & (viewer.facilitated | viewer.analysed), communes & viewer.facilitated)
    if isinstance(asked.question, StopsQuestion):
        await _require_sites(graph, asked.question.site_ids, sight)
    now = utc_now()
    wanted = Analysis(
        analysis_id=new_analysis_id(),
        territory_id=asked.territory_id,
        kind=kind_of(asked.question),
        key=key_of(asked.question, asked.territory_id, sight),
        arguments=arguments_of(asked.question),
        sight=sight,
        asked_by=signed_in(viewer),
        asked_at=now,
        held_until=held_until(),
    )
    sent = once("start-analysis", asked.idempotency_key, {"key": wanted.key, "again": asked.again})
    analysis = await graph.write(_claimed, wanted, sent, asked, queue)
    if analysis.analysis_id == wanted.analysis_id:
        queue.add(graph, analysis, asked.question)
    return analysis.as_of(now)


async def one_analysis(graph: Graph, viewer: Viewer, analysis_id: AnalysisId) -> Analysis | None:
    """Return an analysis, or None where the viewer does not see all that it looked at."""
    require_analyses(viewer, analysis_id)
    analysis = await graph.read(store.analysis_by_id, analysis_id)
    return None if analysis is None or not _is_seen(viewer, analysis) else analysis.as_of(utc_now())


async def analyses(graph: Graph, viewer: Viewer, territory_id: TerritoryId) -> list[Analysis]:
    """Return the analyses of a territory that the viewer sees, the newest first; refuse as `permitted_communes`."""
    await permitted_communes(graph, viewer, territory_id)
    now = utc_now()
    return [one.as_of(now) for one in await graph.read(store.analyses_of, territory_id) if _is_seen(viewer, one)]


async def answers_of(graph: Graph, analyses: Sequence[Analysis]) -> dict[Analysis, Answer]:
    """Return the answers of those of these analyses, which the viewer sees, that are done."""
    texts = await graph.read(store.results_by_id, [one.analysis_id for one in analyses])
    made = {one: answer_from(one.kind, texts[one.analysis_id]) for one in analyses if one.analysis_id in texts}
    return {one: answer for one, answer in made.items() if answer is not None}


def _is_seen(viewer: Viewer, analysis: Analysis) -> bool:
    sight = analysis.sight
    return sight.seen <= viewer.facilitated | viewer.analysed and sight.brokered <= viewer.facilitated


async def _require_sites(graph: Graph, site_ids: Sequence[SiteId], sight: Sight) -> None:
    """Return if all these sites lie where the viewer may name them; raise NotFoundError."""
    found = await graph.read(sites_by_id, site_ids) if site_ids else {}
    for site_id in site_ids:
        if site_id not in found or found[site_id].commune.insee not in sight.seen:
            raise NotFoundError("site in this territory", site_id)


async def _claimed(tx: Tx, wanted: Analysis, sent: Once, asked: Asked, queue: AnalysisQueue) -> Analysis:
    """Return the analysis that there is already, or the one that is wanted, written now."""
    await store.lock_territory(tx, wanted.territory_id)
    wanted = replace(wanted, run_id=await run_now(tx))
    same = await store.same_analysis(tx, wanted, wanted.asked_at, again=asked.again)
    claimed = wanted if same is None else same
    earlier = await sent.earlier(tx, wanted.asked_by, claimed.analysis_id, wanted.asked_at)
    kept = None if earlier is None else await store.analysis_by_id(tx, AnalysisId(earlier))
    if kept is not None:
        return kept
    if same is None:
        queue.refuse_if_full()
        await store.add_analysis(tx, wanted)
    return claimed
