"""Runs: one optimisation of all exchanges, from snapshot to published plan."""

from dataclasses import dataclass
from enum import StrEnum

from symbiosis.domain.ids import RunId


class RunKind(StrEnum):
    """What a run decides; of the plans that people work with there is one current run of each kind."""

    EXCHANGE = "EXCHANGE"
    SCENARIO = "SCENARIO"
    """A what-if beside the published plan; it is never current."""
    PREVIEW = "PREVIEW"
    """What a run would decide now, for one person's eyes; it is never published and never current."""


class RunStatus(StrEnum):
    """Only a PUBLISHED run is read by people; a PREVIEW by whoever asked for it; a FAILED one says why in `failure`."""

    RUNNING = "RUNNING"
    PUBLISHED = "PUBLISHED"
    FAILED = "FAILED"
    PREVIEW = "PREVIEW"


class RunPhase(StrEnum):
    """Where a running run stands, in order."""

    SNAPSHOT = "SNAPSHOT"
    CANDIDATES = "CANDIDATES"
    VALUE = "VALUE"
    OPTIMISE = "OPTIMISE"
    CHECK = "CHECK"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True)
class RunProgress:
    """Where a running run stands; `done_share` is of the whole run, 0 to 1.

    `best_cent_per_year` is what the best plan that is known so far is worth, `bound_cent_per_year` what none is worth
    more than, in cents per year: None before anything is known.
    """

    phase: RunPhase
    done_share: float
    message: str
    best_cent_per_year: int | None = None
    bound_cent_per_year: int | None = None

    @property
    def gap_share(self) -> float | None:
        """Return (bound - best) / bound, 0 to 1; None while one of them is not known."""
        best, bound = self.best_cent_per_year, self.bound_cent_per_year
        if best is None or bound is None:
            return None
        return max(bound - best, 0) / bound if bound > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """One run and how good its plan is proven to be. Money in cents per year, emissions in g CO2e per year.

    `gap_share` is (bound - objective) / bound, 0 where the optimum is proven. `input_sha256` is the hash of the
    canonical input: the same input gives the same plan on every store. `distances` says where the ways come from;
    `stability_cost_cent_per_year` is the free optimum minus the plan's value: what keeping what people work on, and
    staying near the plan before, gives up. `change_counts` are `ChangeCount` texts with spaces between, None where
    nothing changed or there was no plan before. `left_out_…` how many candidates
    that pay are not suggested by the rules of `LeftOut`. `retired_at` is since when its plan is no longer kept (UTC):
    its figures are, its suggestions and changes are not.
    """

    run_id: RunId
    kind: RunKind
    period: str
    status: RunStatus
    started_at: str
    finished_at: str | None = None
    input_sha256: str | None = None
    objective_cent_per_year: int | None = None
    bound_cent_per_year: int | None = None
    gap_share: float | None = None
    avoided_gco2e_per_year: int | None = None
    supplies: int | None = None
    demands: int | None = None
    candidates: int | None = None
    left_out_small: int | None = None
    left_out_emitting: int | None = None
    components: int | None = None
    suggestions: int | None = None
    solver: str | None = None
    check_verdict: str | None = None
    plan_sha256: str | None = None
    distances: str | None = None
    stability_cost_cent_per_year: int | None = None
    change_counts: str | None = None
    duration_s: float | None = None
    failure: str | None = None
    retired_at: str | None = None
