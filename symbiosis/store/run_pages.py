"""Runs as people read them: the current one, one by its id, and pages of them, newest first."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import Run, RunKind, RunStatus
from symbiosis.store.graph import Tx
from symbiosis.store.pages import Page, PageRequest, page_of

RUNS_BY_NEWEST_PAGE: Final[LiteralString] = """
MATCH (run:Run)
WHERE run.kind = $kind
  AND ($after_id IS NULL OR run.started_at < $after_key OR (run.started_at = $after_key AND run.id > $after_id))
RETURN run.id AS run_id, properties(run) AS facts, run.started_at AS sort_key
ORDER BY sort_key DESC, run_id LIMIT $at_most
"""

RUN_BY_ID: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
RETURN run.id AS run_id, properties(run) AS facts
"""

CURRENT_RUN: Final[LiteralString] = """
MATCH (:Current {kind: $kind})-[:IS]->(run:Run)
RETURN run.id AS run_id, properties(run) AS facts
"""

NEWEST_ORDER: Final = "NEWEST"
_FACTS: Final = tuple(field.name for field in fields(Run) if field.name not in {"run_id", "kind", "status"})


async def runs_page(tx: Tx, page: PageRequest) -> Page[Run]:
    """Return one page of the exchange runs, newest first, failed and running ones too."""
    rows = await tx.run(RUNS_BY_NEWEST_PAGE, kind=RunKind.EXCHANGE.value, **page.parameters(NEWEST_ORDER, str))
    return page_of(rows, page, NEWEST_ORDER, "run_id", _row)


async def run_by_id(tx: Tx, run_id: RunId) -> Run | None:
    """Return a run, or None."""
    rows = await tx.run(RUN_BY_ID, run_id=run_id)
    return _row(rows[0]) if rows else None


async def published_run(tx: Tx) -> Run | None:
    """Return the run whose plan is current, or None before the first."""
    rows = await tx.run(CURRENT_RUN, kind=RunKind.EXCHANGE.value)
    return _row(rows[0]) if rows else None


def _row(row: Mapping[str, Any]) -> Run:
    facts = row["facts"]
    known = {name: facts[name] for name in _FACTS if facts.get(name) is not None}
    return Run(run_id=RunId(row["run_id"]), kind=RunKind(facts["kind"]), status=RunStatus(facts["status"]), **known)
