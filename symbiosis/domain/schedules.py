"""Schedules: when runs are due."""

from dataclasses import dataclass

from symbiosis.domain.runs import RunKind


@dataclass(frozen=True, slots=True)
class Schedule:
    """When runs of a kind are due: a cron expression read in a time zone; nothing was due before `since` (UTC)."""

    kind: RunKind
    cron: str
    time_zone: str
    since: str
