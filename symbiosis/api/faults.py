"""What a client is told of an error, and what is logged of it: never what was asked."""

import logging
import traceback
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final

from graphql import GraphQLError, GraphQLSyntaxError

from symbiosis.errors import StoreError, SymbiosisError

MAX_ERRORS: Final = 5

_log: Final = logging.getLogger(__name__)


def told(errors: Sequence[GraphQLError], *, debug: bool) -> list[dict[str, Any]]:
    """Return the first errors as a client may see them: ours in words, the client's own, and bugs as a number."""
    return [_told(error, debug=debug) for error in errors[:MAX_ERRORS]]


def _told(error: GraphQLError, *, debug: bool) -> dict[str, Any]:
    shown: dict[str, Any] = dict(error.formatted)
    cause = error.original_error
    if isinstance(cause, SymbiosisError):
        shown["message"] = str(cause)
        shown["extensions"] = _ours(cause)
    elif isinstance(cause, GraphQLError | None) and error.path is None:
        given = (error.extensions or {}).get("code")
        code = "GRAPHQL_PARSE_FAILED" if isinstance(error, GraphQLSyntaxError) else "GRAPHQL_VALIDATION_FAILED"
        shown["extensions"] = {"code": given or code}
    else:
        shown |= masked(cause or error, debug=debug)
    return shown


def masked(bug: BaseException, *, debug: bool) -> dict[str, Any]:
    """Return the message and extensions of a bug, after logging it with its traceback under the same id.

    The message says what the bug was where `debug` is on, and nowhere else.
    """
    error_id = uuid.uuid4().hex
    _log.error("Bug %s:\n%s", error_id, "".join(_trace(bug)))
    known = f"{type(bug).__name__}: {bug}" if debug else "nothing more is known here"
    return {
        "message": f"Something went wrong on our side; {known}. Report it as {error_id}.",
        "extensions": {"code": "BUG", "errorId": error_id},
    }


def _ours(error: SymbiosisError) -> dict[str, Any]:
    if isinstance(error, StoreError):
        _log.warning("The store failed a request: %s", error)
        return {"code": error.code, "retryable": error.retryable}
    return {"code": error.code}


def _trace(bug: BaseException | None) -> Iterator[str]:
    """Return the types and the frames of an exception and its causes; their texts may repeat what was asked."""
    seen: set[int] = set()
    while bug is not None and id(bug) not in seen:
        seen.add(id(bug))
        yield f"{type(bug).__module__}.{type(bug).__qualname__}\n"
        yield from traceback.format_tb(bug.__traceback__)
        bug = bug.__cause__ or (None if bug.__suppress_context__ else bug.__context__)
