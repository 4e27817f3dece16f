"""The GraphQL API as data frames, for notebooks: `Client(url, token).frame("Listings")`.

An operation is the name of a shipped document (`graphql/operations`) or the text of a query of one's own. Lists that
come in pages are read to their end; nested objects become columns with dots (`site.commune.name`). It needs
`pip install 'symbiosis[analysis]'`, which brings httpx and polars; pandas is taken where it is installed.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from symbiosis.api.trusted import trusted, trusted_names
from symbiosis.errors import InputError

if TYPE_CHECKING:
    import httpx
    import pandas as pd
    import polars as pl

HERE: Final = "http://127.0.0.1:8000/graphql"
TIMEOUT_S: Final = 60.0
PAGE: Final = 100
MOST_ROWS: Final = 100_000

Row = dict[str, Any]


class ClientExtraError(InputError):
    """A library that the client needs is not installed."""

    code = "CLIENT_EXTRA"

    def __init__(self, library: str) -> None:
        how = "`pip install pandas`" if library == "pandas" else "`pip install 'symbiosis[analysis]'`"
        super().__init__(f"The client needs {library}: {how}.")


class UnknownOperationError(InputError):
    """No shipped document has this name."""

    code = "UNKNOWN_OPERATION"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no operation {name!r}; take one of graphql/operations, or give the text of a query."
        )


class RowsError(InputError):
    """The answer has no list where one was looked for, or a longer one than is read."""

    code = "CLIENT_ROWS"


class RefusedError(InputError):
    """The server answered with an error; `server_code` is its code, and `retryable` says whether again may help."""

    code: ClassVar[str] = "SERVER_REFUSED"

    def __init__(self, message: str, server_code: str, *, retryable: bool = False) -> None:
        super().__init__(f"{message} ({server_code})")
        self.server_code, self.retryable = server_code, retryable


class Client:
    """Asks one server in the name of one person, or as a visitor; close it, or use it in a `with` block."""

    def __init__(self, url: str = HERE, token: str | None = None, timeout_s: float = TIMEOUT_S) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http: httpx.Client = _library("httpx").Client(headers=headers, timeout=timeout_s)
        self._url = url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, operation: str, **variables: Any) -> Row:  # noqa: ANN401 - variables are whatever the document takes.
        """Return the data of an operation; raise UnknownOperation- or RefusedError."""
        httpx = _library("httpx")
        try:
            answer = self._http.post(self._url, json={"query": text_of(operation), "variables": variables})
            body = answer.json()
        except (httpx.HTTPError, ValueError) as failed:
            message = f"There is no GraphQL API at {self._url}: {type(failed).__name__}; check the address."
            raise RefusedError(message, "UNREACHABLE", retryable=True) from failed
        if errors := body.get("errors"):
            facts = errors[0].get("extensions", {})
            raise RefusedError(errors[0]["message"], facts.get("code", "ERROR"), retryable=bool(facts.get("retryable")))
        data: Row = body["data"]
        return data

    def rows(self, operation: str, at: str | None = None, **variables: Any) -> Iterator[Row]:  # noqa: ANN401
        """Yield the rows of an operation's list, flat, page after page; raise RowsError.

        `at` is the way to the list where there are several (`observatory.flows`); else it is the first one.
        Pages hold 100 rows unless `first` says otherwise.
        """
        asked, read = ({"first": PAGE} if "$first" in text_of(operation) else {}) | variables, 0
        while True:
            listed = _list_in(self.ask(operation, **asked), at)
            nodes = listed["nodes"] if isinstance(listed, dict) else listed
            for node in nodes:
                read += 1
                if read > MOST_ROWS:
                    raise RowsError(f"More than {MOST_ROWS} rows; ask for a part of them with `where`.")
                yield flat(node)
            page = listed.get("pageInfo") if isinstance(listed, dict) else None
            if page is None or not page["hasNextPage"]:
                return
            asked = asked | {"after": page["endCursor"]}

    def frame(self, operation: str, at: str | None = None, **variables: Any) -> "pl.DataFrame":  # noqa: ANN401
        """Return the rows as a polars data frame, one column a field."""
        made: pl.DataFrame = _library("polars").DataFrame(
            list(self.rows(operation, at, **variables)), infer_schema_length=None
        )
        return made

    def pandas(self, operation: str, at: str | None = None, **variables: Any) -> "pd.DataFrame":  # noqa: ANN401
        """Return the rows as a pandas data frame, one column a field."""
        made: pd.DataFrame = _library("pandas").DataFrame(list(self.rows(operation, at, **variables)))
        return made


def text_of(operation: str) -> str:
    """Return the text of a shipped operation, or of a query as it is; raise UnknownOperationError."""
    if "{" in operation:
        return operation
    for document, name in trusted_names().items():
        if name == operation:
            return trusted()[document]
    raise UnknownOperationError(operation)


def flat(node: Mapping[str, Any] | object) -> Row:
    """Return a row with its nested objects as columns with dots; a null object is a null of that name."""
    if not isinstance(node, Mapping):
        return {"value": node}
    row: Row = {}
    for name, value in node.items():
        if isinstance(value, Mapping):
            row |= {f"{name}.{inner}": cell for inner, cell in flat(value).items()}
        else:
            row[name] = value
    return row


def _list_in(data: Row, at: str | None) -> Any:  # noqa: ANN401 - a page or a plain list, as the answer has it.
    """Return the page or list on a way into an answer, or the first one found, the shallowest first."""
    if at is not None:
        found: Any = data
        for name in at.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        if not _is_list(found):
            raise RowsError(f"There is no list at {at!r} in the answer.")
        return found
    level: list[Any] = [data]
    while level:
        inner = [value for each in level if isinstance(each, Mapping) for value in each.values()]
        for value in inner:
            if _is_list(value):
                return value
        level = inner
    raise RowsError("The answer has no list to make rows of; ask with `ask`.")


def _is_list(value: object) -> bool:
    return isinstance(value, list) or (isinstance(value, Mapping) and isinstance(value.get("nodes"), list))


def _library(name: str) -> Any:  # noqa: ANN401 - an optional library, typed where it is used.
    try:
        return import_module(name)
    except ImportError as missing:
        raise ClientExtraError(name) from missing
