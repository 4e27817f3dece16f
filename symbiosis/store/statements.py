"""How a page statement is composed: from constants of this package only, never from what somebody wrote.

Every piece is a `LiteralString`, and so is what comes out (PEP 675): a type checker refuses a text that was not
written in the source. What a user wrote travels in parameters. See docs/adr/0021.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, LiteralString

VISIBLE_LISTING: Final[LiteralString] = """(listing.visibility = 'PUBLIC'
       OR site.id IN $manager_site_ids
       OR commune.insee IN $facilitator_communes
       OR listing.id IN $consented_listing_ids
       OR (listing.visibility = 'TERRITORY' AND commune.insee IN $member_communes))"""
"""Which listings a viewer reads: the one place where Cypher says so. Parameters: those of `ListingScope`."""

WHOLE_LISTING: Final[LiteralString] = VISIBLE_LISTING
"""Which listings a viewer reads with all their facts: conditions and orders on a fact that is not shown of every
visible listing hold for these only."""

PRICED_LISTING: Final[LiteralString] = "(site.id IN $manager_site_ids OR commune.insee IN $facilitator_communes)"
"""Of which listings a viewer reads the price that the site states."""

VISIBLE_SYNERGY: Final[LiteralString] = """(supplier.id IN $manager_site_ids OR receiver.id IN $manager_site_ids
       OR supplier_commune.insee IN $facilitator_communes OR receiver_commune.insee IN $facilitator_communes
       OR (supply.visibility IN ['TERRITORY', 'PUBLIC'] AND demand.visibility IN ['TERRITORY', 'PUBLIC']
           AND (supplier_commune.insee IN $analyst_communes OR receiver_commune.insee IN $analyst_communes)))"""
"""Which synergies a viewer reads. Parameters: those of `SynergyScope`."""

WHOLE_SUPPLY: Final[LiteralString] = """(supply.visibility IN ['TERRITORY', 'PUBLIC']
       OR supplier.id IN $manager_site_ids
       OR supplier_commune.insee IN $facilitator_communes
       OR supply.id IN $consented_listing_ids)"""
WHOLE_DEMAND: Final[LiteralString] = """(demand.visibility IN ['TERRITORY', 'PUBLIC']
       OR receiver.id IN $manager_site_ids
       OR receiver_commune.insee IN $facilitator_communes
       OR demand.id IN $consented_listing_ids)"""
"""Of which synergies a viewer reads who is on that side: `policy.side_shown` in Cypher."""

WHOLE_SYNERGY: Final[LiteralString] = "(" + WHOLE_SUPPLY + " AND " + WHOLE_DEMAND + ")"
"""Of which synergies a viewer reads exact amounts; conditions and orders on an amount hold for these only."""


class SortDirection(StrEnum):
    """Smallest first, or largest first; equal ones go by id, smallest first either way."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of a page come from.

    `pattern` matches them (each piece ends where a WHERE may follow), `carried` names the variables that the columns
    need, `row_id` is the unique id that breaks ties, `columns` is what a row tells, its id under the name `id_column`.
    """

    pattern: LiteralString
    carried: LiteralString
    row_id: LiteralString
    id_column: LiteralString
    columns: LiteralString


@dataclass(frozen=True, slots=True)
class SortKey:
    """What rows are sorted by: an expression that is never null, and what it holds (text, or a whole number)."""

    expression: LiteralString
    kind: type[str] | type[int]


_AFTER: Final[dict[SortDirection, LiteralString]] = {SortDirection.ASC: " > ", SortDirection.DESC: " < "}
_WORD: Final[dict[SortDirection, LiteralString]] = {SortDirection.ASC: " ASC, ", SortDirection.DESC: " DESC, "}
_CALLED: Final[LiteralString] = " AS sort_key"


def all_of(conditions: Sequence[LiteralString]) -> LiteralString:
    """Return the conditions, joined so that all of them hold; at least one is given."""
    joint: LiteralString = "\n  AND "
    return joint.join(conditions)


def page_statement(
    source: Source, conditions: Sequence[LiteralString], key: SortKey, direction: SortDirection, *, goes_on: bool
) -> LiteralString:
    """Return the statement of one page: `$at_most` rows for which all conditions hold, in an order that is total.

    With `goes_on` it starts behind the row of the parameters `$after_key` and `$after_id`.
    """
    kept: list[LiteralString] = list(conditions)
    if goes_on:
        kept.append(keyset(source, key, direction))
    by = _WORD[direction]
    return (
        (source.pattern + "\nWHERE " + all_of(kept) if kept else source.pattern)
        + ("\nWITH " + source.carried + ", " + key.expression + _CALLED)
        + ("\nORDER BY sort_key" + by + source.row_id + " LIMIT $at_most")
        + ("\nRETURN " + source.columns + ", sort_key")
        + ("\nORDER BY sort_key" + by + source.id_column)
    )


def keyset(source: Source, key: SortKey, direction: SortDirection) -> LiteralString:
    """Return the condition that a row comes behind the one that a cursor names."""
    sorted_by = "(" + key.expression + ")"
    behind = sorted_by + _AFTER[direction] + "$after_key"
    return "(" + behind + " OR (" + sorted_by + " = $after_key AND " + source.row_id + " > $after_id))"
