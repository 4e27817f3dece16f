"""The compute part of a run: candidates, value, optimum, check. Pure: a snapshot in, a plan with its proof out.

It runs in a process of its own (`worker.py`), because the solver holds Python's lock while it works; the same function
runs in a thread where that does not matter. What goes in and comes out can be pickled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from optimizer import (
    Before,
    ExchangePlan,
    ExchangeProblem,
    OptimizerError,
    ProblemError,
    SolveStatus,
    Solving,
    Verdict,
    check,
    resume_exchange,
)
from optimizer import solve_exchange as solve
from optimizer.problem import exact_dot, trivial_bound
from symbiosis.domain.changes import PairChange
from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunPhase
from symbiosis.domain.worth import LeftOut
from symbiosis.errors import InputError, RuleError
from symbiosis.matching.arrays import Kept, keep_locks
from symbiosis.matching.changes import Compared, changes_of
from symbiosis.matching.cluster import Cluster, workers_of
from symbiosis.matching.leaving import found_from, leave
from symbiosis.matching.planned import Suggestions
from symbiosis.matching.snapshot import Snapshot
from symbiosis.matching.stability import decide
from symbiosis.matching.suggestions import Worked, proposals
from symbiosis.matching.value import MILLICENT_PER_CENT

CENT_A_SUGGESTION = 3
"""How far rounding may move a suggestion from its exact value."""


class Known(NamedTuple):
    """What is known of the plan before it is there, in cents per year: a plan of so much, and none of more."""

    best_cent: int | None
    bound_cent: int | None


class Report(Protocol):
    """Told how the work goes on."""

    def __call__(self, phase: RunPhase, share: float, message: str, known: Known | None = None, /) -> None:
        """Take note of the phase, how much of it is done (0 to 1), what is being done, and what is known by now."""
        ...


class UnsolvableError(InputError):
    """The optimizer refuses the numbers of the listings."""

    code = "UNSOLVABLE"


class PlanRefusedError(RuleError):
    """The plan failed its own check; it was not published."""

    code = "PLAN_REFUSED"


@dataclass(frozen=True, slots=True)
class Computed:
    """A checked plan. Money in cents per year, emissions in g CO2e per year.

    `bound_cent` is that of the plans that keep what people work on, `stability_cost_cent` what keeping it, and staying
    near the published plan, takes from the best there could be.
    """

    rows: Suggestions
    objective_cent: int
    bound_cent: int
    stability_cost_cent: int
    avoided_gco2e: int
    candidates: int
    left_out: dict[LeftOut, int]
    components: int
    status: SolveStatus
    solver: str
    verdict: str
    plan_sha256: str
    on_roads: int
    by_road: int
    changes: tuple[PairChange, ...]


def compute(
    snapshot: Snapshot, run_id: RunId, report: Report, cluster: Cluster | None = None, carry: Path | None = None
) -> Computed:
    """Return the best plan for a snapshot, checked, its components solved on the cluster if one is given.

    With a folder to carry over from, what an older run has left there is not found again, and this one leaves what
    the next can use. Raises UnsolvableError, PlanRefusedError or FactorMissingError; with a cluster, ClusterError or
    ClusterExtraError.
    """
    try:
        return _compute(snapshot, run_id, report, cluster, carry)
    except ProblemError as refused:
        raise UnsolvableError(f"The exchange cannot be solved: {refused}") from refused
    except OptimizerError as failed:
        raise PlanRefusedError(f"The plan was not published: {failed}") from failed


def _compute(
    snapshot: Snapshot, run_id: RunId, report: Report, cluster: Cluster | None, carry: Path | None
) -> Computed:
    report(RunPhase.CANDIDATES, 0.0, f"{len(snapshot.supplies)} supplies, {len(snapshot.demands)} demands")
    found, carried_told = found_from(snapshot, carry)
    candidates, values, worth = found.candidates, found.values, found.worth
    report(RunPhase.VALUE, 0.0, f"{len(candidates)} of {candidates.compatible} compatible pairs may meet")
    kept = keep_locks(snapshot, candidates)
    pays = values.counted_millicent > 0
    told = f"{int((pays & worth.kept).sum())} of {int(pays.sum())} pairs that pay are worth suggesting"
    report(RunPhase.OPTIMISE, 0.0, told)
    verdicts: list[Verdict] = []
    proven = partial(_proven, report, cluster, verdicts, exact_dot(values.counted_millicent, kept.quantity))
    decided = decide(snapshot, found, kept, proven)
    report(RunPhase.CHECK, 0.0, "holding every suggestion against its listings")
    work = Worked(snapshot, candidates, values, kept, decided.plan)
    rows = proposals(work, run_id)
    _check_rows(work, rows)
    objective = rows.value_cent
    made = Computed(
        rows=rows,
        objective_cent=objective,
        bound_cent=objective + -(-(decided.bound - decided.value) // MILLICENT_PER_CENT),
        stability_cost_cent=-(-(decided.free - decided.value) // MILLICENT_PER_CENT),
        avoided_gco2e=rows.avoided_gco2e,
        candidates=len(candidates),
        left_out={rule: int((out & pays).sum()) for rule, out in worth.out.items()},
        components=decided.plan.components,
        status=decided.plan.status,
        solver=f"OR-Tools {version('ortools')} network flow (cost scaling), exact{carried_told}",
        verdict=f"{verdicts[0]}{_told(kept)}",
        plan_sha256=rows.sha256(),
        on_roads=values.ways.on_roads,
        by_road=int((values.ways.road_m >= 0).sum()),
        changes=changes_of(Compared(snapshot, candidates, values, worth.out, decided.published_at), rows),
    )
    if carry is not None:
        leave(carry, run_id, snapshot, found, (kept, decided))
    return made


def _proven(
    report: Report,
    cluster: Cluster | None,
    verdicts: list[Verdict],
    locked: int,
    problem: ExchangeProblem,
    before: Before | None,
) -> ExchangePlan:
    """Return the plan of a problem once its check has passed; the verdict is added to `verdicts`.

    The first problem is that of the best plan, so what is known of it is told; `locked` is what locks add to it.
    """
    is_first = not verdicts
    if is_first:
        report(RunPhase.OPTIMISE, 0.0, "solving", _known(locked, trivial_bound(problem) + locked))

    def told(now: Solving) -> None:
        known = _known(now.objective + locked, now.bound + locked) if is_first else None
        report(RunPhase.OPTIMISE, now.share, "solving", known)

    plan = _solved(problem, before, told, cluster)
    verdicts.append(check(problem, plan))
    if not verdicts[-1].passed:
        raise PlanRefusedError(f"The plan was not published: its check {verdicts[-1]}")
    if is_first:
        report(RunPhase.OPTIMISE, 1.0, "proven", _known(plan.objective + locked, plan.bound + locked))
    return plan


def _known(millicent: int, bound_millicent: int) -> Known:
    return Known(millicent // MILLICENT_PER_CENT, -(-bound_millicent // MILLICENT_PER_CENT))


def _solved(
    problem: ExchangeProblem, before: Before | None, told: Callable[[Solving], None], cluster: Cluster | None
) -> ExchangePlan:
    begun = solve if before is None else partial(resume_exchange, before=before)
    if cluster is None:
        return begun(problem, on_progress=told)
    with workers_of(cluster) as workers:
        return begun(problem, on_progress=told, processes=workers)


def _check_rows(work: Worked, rows: Suggestions) -> None:
    """Hold what will be written, locks included, against the listings and the proven value; raise PlanRefusedError."""
    for end, side in enumerate((work.snapshot.supplies, work.snapshot.demands)):
        used = np.zeros(len(side), np.int64)
        places = list(map(side.row_of.__getitem__, map(itemgetter(end), rows.pairs)))
        np.add.at(used, places, rows.worths.quantity)
        for row in np.flatnonzero(used > side.quantity).tolist():
            raise PlanRefusedError(
                f"The plan was not published: listing {side.listings[row].listing_id} has {side.quantity[row]} base "
                f"units, but {used[row]} are suggested."
            )
    exact = sum(exact_dot(work.values.millicent_per_base, flow) for flow in (work.plan.flow, work.kept.quantity))
    told = rows.value_cent
    if abs(told * MILLICENT_PER_CENT - exact) > CENT_A_SUGGESTION * MILLICENT_PER_CENT * len(rows):
        raise PlanRefusedError(
            f"The plan was not published: its suggestions add up to {told} cents, but {exact} thousandths were proven."
        )


def _told(kept: Kept) -> str:
    if not kept.locks and not kept.lost:
        return ""
    gone = f"; {len(kept.lost)} taken up earlier could not be kept" if kept.lost else ""
    return f"; optimal among the plans that keep {len(kept.locks)} synergies people work on{gone}"
