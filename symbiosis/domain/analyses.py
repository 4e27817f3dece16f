"""Analyses that decide the market again: work that takes longer than an answer, and its result, kept for a while."""

import uuid
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NewType, Self

from symbiosis.domain.ids import PersonId, RunId, TerritoryId

AnalysisId = NewType("AnalysisId", str)

KEPT_ANALYSES: Final = 100
"""So many analyses of a territory are kept, the newest."""
SERVER_GONE: Final = "The server that worked on it has gone; start the analysis again."


class AnalysisKind(StrEnum):
    """What is asked."""

    STOPS = "STOPS"
    MARGINALS = "MARGINALS"
    COOPERATION = "COOPERATION"
    NEWCOMER = "NEWCOMER"
    RADAR = "RADAR"


class PlantKind(StrEnum):
    """What a new plant is for: making something, or treating the waste of others so that it may be used."""

    PLANT = "PLANT"
    TREATMENT = "TREATMENT"


class AnalysisState(StrEnum):
    """Where an analysis stands; DONE and FAILED are its ends."""

    WAITING = "WAITING"
    WORKING = "WORKING"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Sight:
    """What of the market an analysis may look at: INSEE codes of the communes of its territory.

    seen      communes whose sites it may name: those that whoever asked facilitates or analyses
    brokered  those of them that whoever asked facilitates: there private listings and stated prices count too
    """

    seen: frozenset[str]
    brokered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis, without its result. Times are UTC, ISO-8601; `share` of the work is done, 0 to 1.

    `key` is equal for equal questions about equal parts of the market; `held_until` is until when a silent server may
    still be at it.
    """

    analysis_id: AnalysisId
    territory_id: TerritoryId
    kind: AnalysisKind
    key: str
    arguments: str
    sight: Sight
    asked_by: PersonId
    asked_at: str
    held_until: str
    state: AnalysisState = AnalysisState.WAITING
    share: float = 0.0
    run_id: RunId | None = None
    started_at: str | None = None
    finished_at: str | None = None
    failure: str | None = None

    @property
    def is_open(self) -> bool:
        """Say whether it has not ended."""
        return self.state in {AnalysisState.WAITING, AnalysisState.WORKING}

    def as_of(self, now: str) -> Self:
        """Return it as it stands at a time: failed, if whoever was at it has been silent for too long."""
        if not self.is_open or self.held_until > now:
            return self
        return replace(self, state=AnalysisState.FAILED, finished_at=self.held_until, failure=SERVER_GONE)


def new_analysis_id() -> AnalysisId:
    """Return a fresh analysis id."""
    return AnalysisId(f"ana-{uuid.uuid4()}")
