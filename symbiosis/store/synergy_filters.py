"""What synergies can be filtered and sorted by."""

from enum import StrEnum
from typing import Final

from symbiosis.store.asking import Table
from symbiosis.store.statements import (
    FACILITATED_SYNERGY,
    SEATED_SYNERGY,
    VALUED_SYNERGY,
    WHOLE_DEMAND,
    WHOLE_SUPPLY,
    WHOLE_SYNERGY,
    SortDirection,
    SortKey,
)
from symbiosis.store.where import Place, Places, Standing


class SynergyOrder(StrEnum):
    """What synergies are sorted by: rank in the current run (those it does not suggest last), when they were made or
    last changed, when anybody last did anything with them, value, distance, or emissions avoided.
    """

    RANK = "RANK"
    CREATED = "CREATED"
    UPDATED = "UPDATED"
    ACTIVITY = "ACTIVITY"
    VALUE = "VALUE"
    DISTANCE = "DISTANCE"
    AVOIDED = "AVOIDED"


class SynergyField(StrEnum):
    """What of a synergy a filter compares. Listing, site, activity code, resource and territory: on either side.

    Quantities are in base units per year, the value in cents per year, emissions in g CO2e per year.
    """

    STATUS = "STATUS"
    ASSIGNED = "ASSIGNED"
    ASSIGNEE = "ASSIGNEE"
    DUE = "DUE"
    ACTIVITY = "ACTIVITY"
    CREATED = "CREATED"
    UPDATED = "UPDATED"
    LISTING = "LISTING"
    SITE = "SITE"
    NAF = "NAF"
    RESOURCE = "RESOURCE"
    KIND = "KIND"
    TERRITORY = "TERRITORY"
    ESTIMATED = "ESTIMATED"
    SUGGESTED = "SUGGESTED"
    BASE_UNIT = "BASE_UNIT"
    QUANTITY = "QUANTITY"
    DISTANCE = "DISTANCE"
    VALUE = "VALUE"
    AVOIDED = "AVOIDED"


EARLY: Final = frozenset({SynergyField.STATUS, SynergyField.CREATED, SynergyField.UPDATED})
"""Facts of the synergy alone that whoever sees it reads: comparing them is done before its two sides are read."""

_PLACES: Final[Places] = {
    SynergyField.STATUS: (Place("synergy.status"),),
    SynergyField.ASSIGNED: (Place("(synergy.assignee_id IS NOT NULL)", shown=SEATED_SYNERGY),),
    SynergyField.ASSIGNEE: (Place("synergy.assignee_id", shown=SEATED_SYNERGY),),
    SynergyField.DUE: (Place("synergy.due_on", shown=FACILITATED_SYNERGY),),
    SynergyField.ACTIVITY: (
        Place("coalesce(synergy.last_activity_at, synergy.updated_at)", shown=FACILITATED_SYNERGY),
    ),
    SynergyField.CREATED: (Place("synergy.created_at"),),
    SynergyField.UPDATED: (Place("synergy.updated_at"),),
    SynergyField.LISTING: (Place("supply.id", shown=WHOLE_SUPPLY), Place("demand.id", shown=WHOLE_DEMAND)),
    SynergyField.SITE: (Place("supplier.id", shown=WHOLE_SUPPLY), Place("receiver.id", shown=WHOLE_DEMAND)),
    SynergyField.NAF: (Place("supplier.naf", shown=WHOLE_SUPPLY), Place("receiver.naf", shown=WHOLE_DEMAND)),
    SynergyField.RESOURCE: (
        Place("resource.code", shown=WHOLE_SUPPLY),
        Place("wanted_resource.code", shown=WHOLE_DEMAND),
    ),
    SynergyField.KIND: (Place("resource.kind"), Place("wanted_resource.kind")),
    SynergyField.TERRITORY: (
        Place("EXISTS { MATCH (supplier_commune)-[:IN]->(within:Territory) WHERE within.id", " }", WHOLE_SUPPLY),
        Place("EXISTS { MATCH (receiver_commune)-[:IN]->(within:Territory) WHERE within.id", " }", WHOLE_DEMAND),
    ),
    SynergyField.ESTIMATED: (
        Place("(supply.provenance = 'ESTIMATED' OR demand.provenance = 'ESTIMATED')", shown=WHOLE_SYNERGY),
    ),
    SynergyField.SUGGESTED: (Place("(suggests IS NOT NULL)"),),
    SynergyField.BASE_UNIT: (Place("resource.base_unit"),),
    SynergyField.QUANTITY: (Place("suggests.quantity_base_per_year", shown=WHOLE_SYNERGY),),
    SynergyField.DISTANCE: (Place("suggests.distance_m", shown=WHOLE_SYNERGY),),
    SynergyField.VALUE: (Place("suggests.value_cent_per_year", shown=VALUED_SYNERGY),),
    SynergyField.AVOIDED: (Place("suggests.avoided_gco2e_per_year", shown=WHOLE_SYNERGY),),
}
SYNERGY_TABLE: Final = Table(
    _PLACES,
    (Standing("supplier.lat", "supplier.lon", WHOLE_SUPPLY), Standing("receiver.lat", "receiver.lon", WHOLE_DEMAND)),
)

EARLY_ORDERS: Final = frozenset({SynergyOrder.RANK, SynergyOrder.CREATED, SynergyOrder.UPDATED})
"""Orders by facts of the synergy and its suggestion alone: a cursor is decided before the two sides are read."""

SYNERGY_ORDERS: Final[dict[SynergyOrder, SortKey]] = {
    SynergyOrder.RANK: SortKey("coalesce(suggests.rank, 2147483647)", int),
    SynergyOrder.CREATED: SortKey("synergy.created_at", str, SortDirection.DESC),
    SynergyOrder.UPDATED: SortKey("synergy.updated_at", str, SortDirection.DESC),
    SynergyOrder.ACTIVITY: SortKey(
        "coalesce(CASE WHEN " + FACILITATED_SYNERGY + " THEN synergy.last_activity_at END, synergy.updated_at)",
        str,
        SortDirection.ASC,
    ),
    SynergyOrder.VALUE: SortKey(
        "coalesce(CASE WHEN " + VALUED_SYNERGY + " THEN suggests.value_cent_per_year END, -9007199254740991)",
        int,
        SortDirection.DESC,
    ),
    SynergyOrder.DISTANCE: SortKey(
        "coalesce(CASE WHEN " + WHOLE_SYNERGY + " THEN suggests.distance_m END, 2147483647)", int
    ),
    SynergyOrder.AVOIDED: SortKey(
        "coalesce(CASE WHEN " + WHOLE_SYNERGY + " THEN suggests.avoided_gco2e_per_year END, -9007199254740991)",
        int,
        SortDirection.DESC,
    ),
}
