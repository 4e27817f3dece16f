"""Keyset pages: at most 100 rows after a cursor, which names the order it belongs to and the last row's keys."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from symbiosis.domain.ids import RunId
from symbiosis.errors import InputError

T = TypeVar("T")

MAX_FIRST: Final = 100
DEFAULT_FIRST: Final = 20
_MAX_CURSOR: Final = 1000
_INT64: Final = 2**63
_ORDER: Final = re.compile(r"[A-Z_]{1,30}")
_FILTER: Final = re.compile(r"[0-9a-f]{0,16}(@[\w-]{0,80})?")

SortKey = str | int


class PageSizeError(InputError):
    """More rows, or fewer, than a page can have."""

    code = "PAGE_SIZE"

    def __init__(self, first: int) -> None:
        super().__init__(f"`first` is {first}; ask for 1 to {MAX_FIRST} and read on with `after`.")
        self.first = first


class RunGoneError(InputError):
    """The run that the pages before were read of is not kept any more."""

    code = "RUN_GONE"

    def __init__(self, run_id: RunId) -> None:
        super().__init__(
            f"The run {run_id} that the pages before show is no longer kept; begin again at the first page, without "
            "`after`."
        )
        self.run_id = run_id


class CursorError(InputError):
    """A cursor that this list did not give, or gave for another order or another filter."""

    code = "CURSOR"

    def __init__(self, wanted: str, given: str | None = None) -> None:
        if given == wanted:
            text = "`after` belongs to the same list under another `where`; start again without it."
        elif given is None:
            text = "`after` is not a cursor of this list; take `endCursor` of the page before, unchanged."
        else:
            text = f"`after` belongs to the order {given}, not {wanted}; start again without it."
        super().__init__(text)
        self.wanted, self.given = wanted, given


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page: `first` rows (1 to 100) after the cursor `after`, or from the start."""

    first: int = DEFAULT_FIRST
    after: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.first <= MAX_FIRST:
            raise PageSizeError(self.first)

    def parameters(self, order: str, kind: type[SortKey], where: str = "") -> dict[str, SortKey | None]:
        """Return `after_key`, `after_id` and `at_most` (one row more than asked: is there a next page?).

        A cursor goes on in the order and under the filter that it was given for; `where` is the digest of a filter.
        """
        key, row_id = (None, None) if self.after is None else _read_cursor(self.after, order, kind, where)
        return {"after_key": key, "after_id": row_id, "at_most": self.first + 1}

    def run_id(self, order: str) -> RunId | None:
        """Return the run that the page before was read of, or None for a first page; raise CursorError if none is told.

        Empty is a page that was read before there was any run.
        """
        if self.after is None:
            return None
        _, run, run_id = _parts(self.after, order)[3].partition("@")
        if not run:
            raise CursorError(order)
        return RunId(run_id)


def of_run(where: str, run_id: RunId) -> str:
    """Return what cursors carry of a list that shows a run: the digest of its filter, and the run."""
    return f"{where}@{run_id}"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of one page, the cursor of each, and whether there are more."""

    items: tuple[T, ...]
    cursors: tuple[str, ...]
    has_next: bool


def page_of(
    rows: Sequence[Mapping[str, Any]],
    request: PageRequest,
    order: str,
    id_column: str,
    read: Callable[[Mapping[str, Any]], T],
    *,
    where: str = "",
) -> Page[T]:
    """Return the page that `rows` are, the surplus row cut off; each row has the columns `sort_key` and `id_column`."""
    kept = rows[: request.first]
    return Page(
        items=tuple(read(row) for row in kept),
        cursors=tuple(_cursor(order, row["sort_key"], row[id_column], where) for row in kept),
        has_next=len(rows) > request.first,
    )


def _cursor(order: str, key: SortKey, row_id: str, where: str) -> str:
    text = json.dumps([order, key, row_id, where], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _read_cursor(cursor: str, order: str, kind: type[SortKey], where: str) -> tuple[SortKey, str]:
    """Return the sort key and the id that a cursor holds, or raise CursorError."""
    given, key, row_id, filtered = _parts(cursor, order)
    if isinstance(given, str) and given != order and _ORDER.fullmatch(given):
        raise CursorError(order, given)
    if given == order and filtered != where and _FILTER.fullmatch(filtered):
        raise CursorError(order, given)
    if (given, filtered) != (order, where) or type(key) is not kind or not isinstance(row_id, str):
        raise CursorError(order)
    if isinstance(key, int) and not -_INT64 <= key < _INT64:
        raise CursorError(order)
    return key, row_id


def _parts(cursor: str, order: str) -> tuple[Any, Any, Any, str]:
    """Return what a cursor holds, as it was written: nothing is known of it but that the last part is text."""
    try:
        if len(cursor) > _MAX_CURSOR:
            raise CursorError(order)
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        given, key, row_id, filtered = json.loads(text)
        json.dumps(
            [given, key, row_id, filtered], ensure_ascii=False
        ).encode()  # Lone surrogates can be written, but not stored.
    except (ValueError, TypeError, UnicodeError, binascii.Error, RecursionError) as garbage:
        raise CursorError(order) from garbage
    if not isinstance(filtered, str):
        raise CursorError(order)
    return given, key, row_id, filtered
