"""Runs as people read them: the current one, one by its id, and pages of them, newest first."""

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run, RunKind, RunStatus
from symbiosis.store.asking import Table, asking
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest
from symbiosis.store.statements import OrderBy, SortDirection, SortKey, Source, page_statement
from symbiosis.store.where import Condition, Place

_PATTERN: Final[LiteralString] = """
MATCH (run:Run {kind: $kind})"""

RUNS: Final = Source(
    pattern=_PATTERN,
    carried="run",
    row_id="run.id",
    id_column="run_id",
    columns="run.id AS run_id, properties(run) AS facts",
)

RUN_BY_ID: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
RETURN run.id AS run_id, properties(run) AS facts
"""

NEWEST_RUNS: Final[LiteralString] = """
MATCH (run:Run)
RETURN run.id AS run_id, properties(run) AS facts
ORDER BY facts.started_at DESC, run_id LIMIT $at_most
"""

CURRENT_RUN: Final[LiteralString] = """
MATCH (:Current {kind: $kind})-[:IS]->(run:Run)
RETURN run.id AS run_id, properties(run) AS facts
"""

_FACTS: Final = tuple(field.name for field in fields(Run) if field.name not in {"run_id", "kind", "status"})


NEWEST_ORDER: Final = "NEWEST"


class RunOrder(StrEnum):
    """What runs are sorted by: when they started."""

    STARTED = "STARTED"


class RunField(StrEnum):
    """What of a run a filter compares."""

    STATUS = "STATUS"
    STARTED = "STARTED"
    PERIOD = "PERIOD"


RUN_TABLE: Final = Table(
    {
        RunField.STATUS: (Place("run.status"),),
        RunField.STARTED: (Place("run.started_at"),),
        RunField.PERIOD: (Place("run.period"),),
    }
)
RUN_ORDERS: Final[dict[RunOrder, SortKey]] = {RunOrder.STARTED: SortKey("run.started_at", str, SortDirection.DESC)}


async def runs_page(tx: Tx, where: Condition, order: OrderBy[RunOrder], page: PageRequest) -> Page[Run]:
    """Return one page of the exchange runs for which a condition holds, failed and running ones too."""
    asked = await asking(tx, RUN_TABLE, where, order.sorted_in(RUN_ORDERS), page)
    query = page_statement(RUNS, asked.condition(), asked.order, goes_on=asked.goes_on)
    return asked.page(await tx.run(query, kind=RunKind.EXCHANGE.value, **asked.parameters), "run_id", run_of)


async def newest_runs(tx: Tx, at_most: int) -> list[Run]:
    """Return the runs of every kind that were started last, newest first."""
    return [run_of(row) for row in await tx.run(NEWEST_RUNS, at_most=at_most)]


async def run_by_id(tx: Tx, run_id: RunId) -> Run | None:
    """Return a run, or None."""
    rows = await tx.run(RUN_BY_ID, run_id=run_id)
    return run_of(rows[0]) if rows else None


async def published_run(tx: Tx) -> Run | None:
    """Return the run whose plan is current, or None before the first."""
    rows = await tx.run(CURRENT_RUN, kind=RunKind.EXCHANGE.value)
    return run_of(rows[0]) if rows else None


def run_of(row: Mapping[str, Any]) -> Run:
    """Return the run that a row of `run_id` and `facts` is."""
    facts = row["facts"]
    known = {name: facts[name] for name in _FACTS if facts.get(name) is not None}
    return Run(run_id=RunId(row["run_id"]), kind=RunKind(facts["kind"]), status=RunStatus(facts["status"]), **known)
