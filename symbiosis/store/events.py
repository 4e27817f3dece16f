"""The journal: one event for every change that people make, written in the transaction of the change."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, LiteralString

from symbiosis.domain.ids import PersonId
from symbiosis.store.graph import Tx

RECORD_EVENT: Final[LiteralString] = """
MERGE (event:Event {id: $event_id})
SET event.at = $at, event.actor = $actor, event.action = $action, event.object = $object, event.version = $version,
    event.detail = $detail
SET event += $facts
RETURN event.id AS event_id
"""


def new_event_id() -> str:
    """Return a fresh event id."""
    return f"evt-{uuid.uuid4()}"


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to which object when, and the version that the object has since.

    `facts` are what else there is to say, each kept as a property of its own. The id is made with the event, outside
    of the transaction, so that a replayed transaction records it once.
    """

    at: str
    actor: PersonId
    action: str
    object_id: str
    version: int
    detail: str | None = None
    facts: Mapping[str, str | int | list[str] | None] = field(default_factory=dict[str, str | int | list[str] | None])
    event_id: str = field(default_factory=new_event_id)


async def record_event(tx: Tx, event: Event) -> None:
    """Append an event to the journal."""
    await tx.run(
        RECORD_EVENT,
        event_id=event.event_id,
        at=event.at,
        actor=event.actor,
        action=event.action,
        object=event.object_id,
        version=event.version,
        detail=event.detail,
        facts=dict(event.facts),
    )
