"""Random documents and random data, most of it right, executed by graphql-core alone and with compiled selections."""

import asyncio
import random
from dataclasses import dataclass, field
from enum import StrEnum
from inspect import isawaitable
from typing import Annotated, Any, Final

import strawberry
from graphql import ExecutionResult, GraphQLSchema, execute, parse, validate
from strawberry.execution.is_awaitable import optimized_is_awaitable

from symbiosis.api.execution.executor import CompilingExecutor
from symbiosis.api.execution.plans import Plans
from symbiosis.api.execution.selected import READY


@strawberry.enum
class Status(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@strawberry.interface
class Node:
    id: strawberry.ID


@strawberry.type
class Tag(Node):
    label: str
    weight: int | None


@strawberry.type
class Site(Node):
    name: str
    tags: list[Tag]
    maybe_tags: list[Tag | None] | None
    grid: list[list[float]]
    parent: "Site | None"


@strawberry.type
class Listing(Node):
    title: str
    quantity: float
    count: int
    is_open: bool
    status: Status
    words: list[str]
    note: str | None
    site: Site
    read_before: strawberry.Private[Site | None]
    fetched: strawberry.Private[Site | None]
    any: Node
    either: Annotated[Tag | Site, strawberry.union("Either")]

    @strawberry.field
    def shout(self, times: int = 1) -> str:
        return str(self.title).upper() * times

    @strawberry.field(metadata={READY: "read_before"})
    async def ready(self) -> Site | None:
        return self.read_before or self.fetched

    @strawberry.field
    async def later(self) -> Site:
        await asyncio.sleep(0)
        return self.site


@strawberry.type
class Page:
    nodes: list[Listing]
    end: str | None


@strawberry.type
class Query:
    @strawberry.field
    async def listings(self, info: strawberry.Info) -> list[Listing]:
        found: list[Listing] = info.context
        return found

    @strawberry.field
    def maybe(self, info: strawberry.Info) -> list[Listing | None] | None:
        found: list[Listing | None] = info.context
        return found

    @strawberry.field
    def one(self, info: strawberry.Info) -> Listing | None:
        found: Listing = info.context[0]
        return found

    @strawberry.field
    async def page(self, info: strawberry.Info) -> Page:
        return Page(nodes=info.context, end="e")


SCHEMA: Final[GraphQLSchema] = strawberry.Schema(Query, types=[Tag, Site])._schema
WRONG: Final = (None, 3, "x", 1.5, [], {}, ValueError("v"), float("nan"), 2**40, True, object, 10**400, b"b")
RIGHT: Final[dict[str, Any]] = {
    "id": "i",
    "text": "s",
    "float": 1.5,
    "whole": 40,
    "int": 7,
    "bool": True,
    "status": Status.OPEN,
    "words": ["a", "b"],
    "grid": [[1.0, 2], []],
}
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "Tag": ("id", "label", "weight", "__typename"),
    "Site": ("id", "name", "grid", "__typename", "tags>Tag", "maybeTags>Tag", "parent>Site"),
    "Listing": (
        *("id", "title", "quantity", "count", "isOpen", "status", "words", "note", "__typename", "shout(times: 2)"),
        *("site>Site", "any>Node", "either>Either", "later>Site", "ready>Site"),
    ),
    "Node": ("id", "__typename"),
    "Either": ("__typename",),
    "Page": ("end", "__typename", "nodes>Listing"),
}
DIRECTIVES: Final = ("", "", "", "", " @include(if: $t)", " @skip(if: $t)", " @skip(if: $u)", " @include(if: true)")


@dataclass
class Cases:
    """Documents and data of one seed; `wrong_share` of the values are not what their field says."""

    seed: int
    wrong_share: float = 0.02
    fragments: list[str] = field(default_factory=list)
    aliases: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def document(self) -> str:
        self.fragments = []
        roots = {"listings": "Listing", "maybe": "Listing", "one": "Listing", "page": "Page"}
        asked = self._random.sample(sorted(roots), k=self._random.choice((1, 1, 1, 2)))
        body = " ".join(f"{name} {{ {self._selection(roots[name])} }}" for name in asked)
        switches = "a: __typename @skip(if: $u) b: __typename @skip(if: $t)"
        fragments = " ".join(self.fragments)
        return f"query Q($t: Boolean!, $u: Boolean = false) {{ {body} {switches} }} {fragments}"

    def listings(self) -> list[Listing]:
        return [self._listing() for _ in range(self._random.randint(0, 4))] or [self._listing()]

    def _selection(self, of: str, depth: int = 0) -> str:
        wanted = self._random.sample(FIELDS[of], k=self._random.randint(1, min(6, len(FIELDS[of]))))
        parts = [self._field(name, depth) for name in wanted]
        if of in ("Listing", "Site", "Tag") and self._random.random() < 0.2:
            parts.append(f"... on {of}{self._random.choice(DIRECTIVES)} {{ id __typename }}")
        if of in ("Listing", "Site", "Tag") and self._random.random() < 0.2:
            name = f"F{len(self.fragments)}"
            self.fragments.append("")
            self.fragments[int(name[1:])] = f"fragment {name} on {of} {{ {self._selection(of, depth + 2)} }}"
            parts.append(f"...{name}{self._random.choice(DIRECTIVES)}")
        return " ".join(part for part in parts if part) or "__typename"

    def _field(self, name: str, depth: int) -> str:
        asked, _, of = name.partition(">")
        self.aliases += 1
        alias = f"k{self.aliases}: " if self._random.random() < 0.2 else ""
        head = f"{alias}{asked}{self._random.choice(DIRECTIVES)}"
        if not of:
            return head
        if depth > 3:
            return ""
        inner = self._selection(of, depth + 1)
        if of in ("Node", "Either"):
            inner += " ... on Tag { " + self._selection("Tag", 4) + " }"
        return f"{head} {{ {inner} }}"

    def _value(self, kind: str) -> Any:
        if self._random.random() < self.wrong_share:
            return self._random.choice(WRONG)
        return RIGHT[kind]

    def _tag(self) -> Tag:
        return Tag(
            id=self._value("id"), label=self._value("text"), weight=self._random.choice((None, 7, self._value("int")))
        )

    def _site(self, depth: int = 0) -> Site:
        tags: list[Any] = [self._tag() for _ in range(2)]
        if self._random.random() < self.wrong_share:
            tags.append(self._random.choice(WRONG))
        return Site(
            id=self._value("id"),
            name=self._value("text"),
            tags=tags,
            maybe_tags=self._random.choice((None, [self._tag(), None], [])),
            grid=self._value("grid"),
            parent=self._site(depth + 1) if depth < 2 and self._random.random() < 0.6 else None,
        )

    def _listing(self) -> Listing:
        site = self._tag() if self._random.random() < self.wrong_share else self._site()
        ready = self._site() if self._random.random() < 0.8 else None
        return Listing(
            id=self._value("id"),
            title=self._value("text"),
            quantity=self._value(self._random.choice(("float", "whole"))),
            count=self._value("int"),
            is_open=self._value("bool"),
            status=self._value("status"),
            words=self._value("words"),
            note=self._random.choice((None, "n", self._value("text"))),
            site=site,  # type: ignore[arg-type]
            read_before=ready if self._random.random() < 0.8 else None,
            fetched=ready,
            any=self._random.choice((self._tag, self._site))(),
            either=self._random.choice((self._tag, self._site))(),
        )


@dataclass
class Compared:
    """What came of many executions."""

    executions: int = 0
    with_errors: int = 0
    compiled: int = 0
    differences: list[str] = field(default_factory=list)


async def compare(seed: int, documents: int) -> Compared:
    """Return what came of executing random documents both ways, each with both values of a variable."""
    done, cases = Compared(), Cases(seed)
    for number in range(documents):
        cases.wrong_share = 0.0 if number % 2 else 0.1
        text, data = cases.document(), cases.listings()
        document = parse(text)
        assert not validate(SCHEMA, document), text
        plans = Plans(document, at_once=True)
        for switch in (True, False):
            stock = await _answer(document, data, switch)
            ours = await _answer(document, data, switch, executor_class=CompilingExecutor, plans=plans)
            done.executions += 1
            done.with_errors += bool(stock[1])
            if stock != ours:
                done.differences.append(f"{text}\n t={switch}\n core: {stock}\n ours: {ours}")
        done.compiled += plans.compiled
    return done


async def _answer(document: Any, data: list[Listing], switch: bool, **options: Any) -> tuple[str, list[Any]]:
    answer = execute(
        SCHEMA,
        document,
        context_value=data,
        variable_values={"t": switch},
        is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
        **options,
    )
    result: ExecutionResult = await answer if isawaitable(answer) else answer  # type: ignore[assignment]
    errors = sorted((error.message, str(error.path), str(error.locations)) for error in result.errors or ())
    return repr(result.data), errors
