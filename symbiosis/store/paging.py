"""Every row of a query, page by page: no statement returns more than a page holds."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, LiteralString

if TYPE_CHECKING:  # The process that computes a run imports what is read, but never speaks to a store.
    from symbiosis.store.graph import Tx

PAGE: Final = 10_000
"""Rows of one statement; the pages of one read follow each other by key until one is short."""


async def every_row(tx: "Tx", query: LiteralString, **parameters: str) -> list[Mapping[str, Any]]:
    """Return every row of a query that is paged by its column `key`, from `$after` on, `$at_most` at once."""
    rows: list[Mapping[str, Any]] = []
    after = ""
    while True:
        page = await tx.run(query, after=after, at_most=PAGE, **parameters)
        rows += page
        if len(page) < PAGE:
            return rows
        after = page[-1]["key"]
