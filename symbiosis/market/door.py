"""Analysts ask the graph in Cypher: who asked what, and how it ended, stands in the journal."""

import hashlib
import time
from dataclasses import replace
from typing import Final

from symbiosis.domain.times import utc_now
from symbiosis.errors import NotAllowedError, SymbiosisError
from symbiosis.market.people import viewer_for
from symbiosis.policy import signed_in
from symbiosis.store.cypher_door import DoorAnswer, DoorLimits, ask_at_door, communes_beyond
from symbiosis.store.events import Event, record_event
from symbiosis.store.graph import Graph

KEPT: Final = 4000
"""Characters of a statement that the journal keeps; its SHA-256 is of all."""


async def ask_in_cypher(graph: Graph, subject: str, statement: str, limits: DoorLimits) -> DoorAnswer:
    """Return what a statement reads for an analyst; it is in the journal before it is run.

    A statement sees the whole graph, prices and private listings too, so the analyst's mandates must cover every
    commune of it. Raises UnknownPerson-, NotAllowed-, DoorShut-, StatementRefused- or a StoreError.
    """
    viewer = await viewer_for(graph, subject)
    if not viewer.analysed or await communes_beyond(graph, viewer.analysed):
        raise NotAllowedError(
            "Cypher sees the whole graph; it is for analysts with a mandate in every territory of it."
        )
    digest = hashlib.sha256(statement.encode()).hexdigest()
    facts: dict[str, str | int | list[str] | None] = {"statement": statement[:KEPT], "outcome": "BEGUN"}
    event = Event(utc_now(), signed_in(viewer), "ASK_CYPHER", f"sha256:{digest}", 1, facts=facts)
    await graph.write(record_event, event)
    began, outcome, rows = time.monotonic(), "ANSWERED", 0
    try:
        answer = await ask_at_door(graph, statement, limits)
        rows = len(answer.rows)
    except SymbiosisError as refused:
        outcome = refused.code
        raise
    finally:
        took: dict[str, str | int | list[str] | None] = {
            "outcome": outcome,
            "rows": rows,
            "milliseconds": round(1000 * (time.monotonic() - began)),
        }
        await graph.write(record_event, replace(event, facts=facts | took))
    return answer
