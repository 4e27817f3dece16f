"""How a page statement is composed: from constants of this package only, never from what somebody wrote.

Every piece is a `LiteralString`, and so is what comes out (PEP 675): a type checker refuses a text that was not
written in the source. What a user wrote travels in parameters. See docs/adr/0021.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, LiteralString, TypeVar

T = TypeVar("T", bound=StrEnum)

VISIBLE_LISTING: Final[LiteralString] = """(listing.visibility = 'PUBLIC'
       OR site.id IN $manager_site_ids
       OR commune.insee IN $facilitator_communes
       OR listing.id IN $consented_listing_ids
       OR (listing.visibility = 'TERRITORY' AND commune.insee IN $member_communes))"""
"""Which listings a viewer reads: the one place where Cypher says so. Parameters: those of `ListingScope`."""

WHOLE_LISTING: Final[LiteralString] = ""
"""Of which of these a viewer reads all the facts: conditions and orders on a fact that is not shown of every visible
listing hold for these only. Empty: what is visible is seen whole."""

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

_PRICES_SHOWN: Final[LiteralString] = """(supplier_commune.insee IN $facilitator_communes
       OR receiver_commune.insee IN $facilitator_communes
       OR ((supplier.id IN $manager_site_ids OR supply.price_cent_per_trade_unit IS NULL)
           AND (receiver.id IN $manager_site_ids OR demand.price_cent_per_trade_unit IS NULL)))"""

FACILITATED_SYNERGY: Final[LiteralString] = """(supplier_commune.insee IN $facilitator_communes
       OR receiver_commune.insee IN $facilitator_communes)"""
"""Of which synergies a viewer reads what facilitators keep to themselves: due dates, and when anything happened."""

SEATED_SYNERGY: Final[LiteralString] = (
    "(" + FACILITATED_SYNERGY + " OR supplier.id IN $manager_site_ids OR receiver.id IN $manager_site_ids)"
)
"""At the table of which synergies a viewer sits: `policy.seats` in Cypher."""

VALUED_SYNERGY: Final[LiteralString] = "(" + WHOLE_SYNERGY + " AND " + _PRICES_SHOWN + ")"
"""Of which synergies a viewer reads the value: `policy.numbers_between` in Cypher."""


class SortDirection(StrEnum):
    """Smallest first, or largest first; equal ones go by id, smallest first either way."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of a page come from.

    `pattern` matches them (each piece ends where a WHERE may follow), `carried` names the variables that the columns
    need, `row_id` is the unique id that breaks ties, `columns` is what a row tells, its id under the name `id_column`,
    and `fetched` is matched for the page's own rows only.
    """

    pattern: LiteralString
    carried: LiteralString
    row_id: LiteralString
    id_column: LiteralString
    columns: LiteralString
    fetched: LiteralString = ""


@dataclass(frozen=True, slots=True)
class SortKey:
    """What rows are sorted by: an expression that is never null, what it holds (text, or a whole number), its direction
    unless another is asked for, and the condition under which a viewer reads it; empty is always.
    """

    expression: LiteralString
    kind: type[str] | type[int]
    direction: SortDirection = SortDirection.ASC
    shown: LiteralString = ""


_AFTER: Final[dict[SortDirection, LiteralString]] = {SortDirection.ASC: " > ", SortDirection.DESC: " < "}
_WORD: Final[dict[SortDirection, LiteralString]] = {SortDirection.ASC: " ASC, ", SortDirection.DESC: " DESC, "}
_CALLED: Final[LiteralString] = " AS sort_key"


def all_of(conditions: Sequence[LiteralString]) -> LiteralString:
    """Return the conditions, joined so that all of them hold; at least one is given."""
    joint: LiteralString = "\n  AND "
    return joint.join(conditions)


@dataclass(frozen=True, slots=True)
class Sorted:
    """The order of a page: what it goes by, in which direction, and its name, which its cursors carry."""

    by: SortKey
    direction: SortDirection
    name: str


@dataclass(frozen=True, slots=True)
class OrderBy(Generic[T]):
    """The order that is asked for; without a direction, the usual one of what it goes by."""

    by: T
    direction: SortDirection | None = None

    def sorted_in(self, keys: Mapping[T, SortKey]) -> Sorted:
        """Return the order as a statement takes it."""
        key = keys[self.by]
        direction = self.direction or key.direction
        return Sorted(key, direction, f"{self.by}_{direction}")


def page_statement(
    source: Source, conditions: Sequence[LiteralString], order: Sorted, *, goes_on: bool
) -> LiteralString:
    """Return the statement of one page: `$at_most` rows for which all conditions hold, in an order that is total.

    With `goes_on` it starts behind the row of the parameters `$after_key` and `$after_id`.
    """
    kept: list[LiteralString] = [condition for condition in (*conditions, order.by.shown) if condition]
    if goes_on:
        kept.append(behind_cursor(source.row_id, order))
    by = _WORD[order.direction]
    return (
        (source.pattern + "\nWHERE " + all_of(kept) if kept else source.pattern)
        + ("\nWITH " + source.carried + ", " + order.by.expression + _CALLED)
        + ("\nORDER BY sort_key" + by + source.row_id + " LIMIT $at_most" + source.fetched)
        + ("\nRETURN " + source.columns + ", sort_key")
        + ("\nORDER BY sort_key" + by + source.id_column)
    )


def behind_cursor(row_id: LiteralString, order: Sorted) -> LiteralString:
    """Return the condition that a row comes behind the one that a cursor names."""
    sorted_by = "(" + order.by.expression + ")"
    behind = sorted_by + _AFTER[order.direction] + "$after_key"
    return "(" + behind + " OR (" + sorted_by + " = $after_key AND " + row_id + " > $after_id))"
