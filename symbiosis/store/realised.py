"""What is really done: synergies that operate or operated, what was agreed and delivered, and how long steps take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from symbiosis.domain.ids import ListingId, ResourceCode, SiteId, SynergyId
from symbiosis.domain.runs import RunKind
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.store.graph import Tx
from symbiosis.store.paging import every_row

WORKED_ON: Final[LiteralString] = """
MATCH (synergy:Synergy)
WHERE synergy.id > $after
WITH synergy ORDER BY synergy.id LIMIT $at_most
MATCH (synergy)-[:TAKES_FROM]->(supply:Listing)-[:AT]->(giver:Site)
MATCH (supply)-[:OF]->(given:Resource)
MATCH (synergy)-[:GIVES_TO]->(demand:Listing)-[:AT]->(taker:Site)
MATCH (demand)-[:OF]->(wanted:Resource)
OPTIONAL MATCH (:Current {kind: $kind})-[:IS]->(:Run)-[suggests:SUGGESTS]->(synergy)
RETURN synergy.id AS key, synergy.status AS status, synergy.agreed_base_per_year AS agreed_base_per_year,
       synergy.jobs_tenth_fte AS jobs_tenth_fte, synergy.started_on AS started_on, supply.id AS supply_id,
       demand.id AS demand_id, giver.id AS giver_id, taker.id AS taker_id, given.code AS given,
       wanted.code AS wanted, supply.waste_code AS waste_code,
       suggests.quantity_base_per_year AS quantity_base_per_year,
       suggests.value_cent_per_year AS value_cent_per_year,
       suggests.avoided_gco2e_per_year AS avoided_gco2e_per_year, suggests.distance_m AS distance_m,
       suggests.estimated AS estimated
ORDER BY key LIMIT $at_most
"""

DELIVERIES: Final[LiteralString] = """
MATCH (delivery:Delivery)-[:OF]->(synergy:Synergy)
WHERE delivery.id > $after AND delivery.replaced_by_id IS NULL AND delivery.quantity_base > 0
  AND delivery.delivered_on >= $from_day AND delivery.delivered_on <= $until_day
RETURN delivery.id AS key, synergy.id AS synergy_id, delivery.quantity_base AS quantity_base,
       delivery.delivered_on AS delivered_on, delivery.evidence_ids AS evidence_ids
ORDER BY key LIMIT $at_most
"""

MOVES: Final[LiteralString] = """
MATCH (event:Event {action: 'MOVE_SYNERGY'})
WHERE event.id > $after
RETURN event.id AS key, event.object AS synergy_id, event.at AS at, event.to_status AS to
ORDER BY key LIMIT $at_most
"""


@dataclass(frozen=True, slots=True)
class WorkedOn:
    """A synergy and what the current run says of it; None where the run does not suggest it, or nobody agreed yet."""

    synergy_id: SynergyId
    status: SynergyStatus
    agreed_base_per_year: int | None
    jobs_tenth_fte: int | None
    started_on: str | None
    supply_id: ListingId
    demand_id: ListingId
    giver_id: SiteId
    taker_id: SiteId
    given: ResourceCode
    wanted: ResourceCode
    waste_code: str | None
    quantity_base_per_year: int | None
    value_cent_per_year: int | None
    avoided_gco2e_per_year: int | None
    distance_m: int | None
    estimated: bool | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A step of a synergy: the status it took, and when (UTC)."""

    synergy_id: SynergyId
    at: str
    to: SynergyStatus


@dataclass(frozen=True, slots=True)
class DeliveredOn:
    """What was delivered under a synergy on a day (ISO), base units, and whether there is evidence of it."""

    synergy_id: SynergyId
    quantity_base: int
    delivered_on: str
    evidenced: bool


async def worked_on(tx: Tx) -> list[WorkedOn]:
    """Return every synergy, by id."""
    return [_worked_on(row) for row in await every_row(tx, WORKED_ON, kind=RunKind.EXCHANGE.value)]


async def deliveries_between(tx: Tx, from_day: str, until_day: str) -> list[DeliveredOn]:
    """Return the deliveries that stand of the days between two (ISO, both inclusive), by id."""
    rows = await every_row(tx, DELIVERIES, from_day=from_day, until_day=until_day)
    return [
        DeliveredOn(SynergyId(row["synergy_id"]), row["quantity_base"], row["delivered_on"], bool(row["evidence_ids"]))
        for row in rows
    ]


async def moves(tx: Tx) -> list[Moved]:
    """Return every step that people took, each synergy's in time."""
    rows = [
        Moved(SynergyId(row["synergy_id"]), row["at"], SynergyStatus(row["to"])) for row in await every_row(tx, MOVES)
    ]
    return sorted(rows, key=lambda move: (move.synergy_id, move.at))


def _worked_on(row: Mapping[str, Any]) -> WorkedOn:
    return WorkedOn(
        synergy_id=SynergyId(row["key"]),
        status=SynergyStatus(row["status"]),
        agreed_base_per_year=row["agreed_base_per_year"],
        jobs_tenth_fte=row["jobs_tenth_fte"],
        started_on=row["started_on"],
        supply_id=ListingId(row["supply_id"]),
        demand_id=ListingId(row["demand_id"]),
        giver_id=SiteId(row["giver_id"]),
        taker_id=SiteId(row["taker_id"]),
        given=ResourceCode(row["given"]),
        wanted=ResourceCode(row["wanted"]),
        waste_code=row["waste_code"],
        quantity_base_per_year=row["quantity_base_per_year"],
        value_cent_per_year=row["value_cent_per_year"],
        avoided_gco2e_per_year=row["avoided_gco2e_per_year"],
        distance_m=row["distance_m"],
        estimated=row["estimated"],
    )
