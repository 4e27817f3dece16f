"""Fail where `graphql/schema.graphql` breaks what clients rely on and CHANGELOG.md does not announce it.

    python -m tools.sdl_check             # exit code 1, and the coordinates to announce
    python -m tools.sdl_check --release   # at a release: what clients rely on is the schema of now

What clients rely on is `graphql/released.graphql`, the schema of the last release; its first line says which one.
A change that breaks is announced by an item `- **Breaking:** …` of a section of CHANGELOG.md above that release's
which names the coordinate in backticks: `Query.sites(filter:)`, or all of the field `Query.sites`, or the type `Query`.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from graphql import build_schema, find_breaking_changes

from symbiosis import VERSION

ROOT: Final = Path(__file__).resolve().parents[1]
NOW: Final = ROOT / "graphql" / "schema.graphql"
RELEASED: Final = ROOT / "graphql" / "released.graphql"
CHANGELOG: Final = ROOT / "CHANGELOG.md"
FIRST_LINE: Final = "# The schema that clients rely on: "
_COORDINATE: Final = re.compile(r"(?P<whole>(?P<field>(?P<type>@?\w+)\.\w+)(?:\(\w+:\))?)|(?P<alone>@\w+)(?:\(\w+:\))?")
_ITEM: Final = re.compile(r"^- \*\*Breaking:\*\*(.*?)(?=^- |^#|\Z)", re.MULTILINE | re.DOTALL)


def names_of(change: str, types: frozenset[str]) -> tuple[str, ...]:
    """Return the coordinates by any of which a described change may be announced, the closest one first."""
    found = _COORDINATE.search(change.removesuffix("."))
    if found is None:
        return tuple(word for word in re.findall(r"\w+", change) if word in types)
    return tuple(dict.fromkeys(name for name in found.group("whole", "field", "type", "alone") if name is not None))


def unannounced(released: str, now: str, changelog: str) -> Iterator[tuple[str, str]]:
    """Yield each breaking change that the changelog is silent about, with the coordinate to announce."""
    before, after = build_schema(released), build_schema(now)
    announced = set(re.findall(r"`([^`]+)`", " ".join(_ITEM.findall(_since(changelog, released)))))
    types = frozenset(before.type_map) | frozenset(after.type_map)
    for change in find_breaking_changes(before, after):
        names = names_of(change.description, types)
        if announced.isdisjoint(names):
            yield change.description, names[0] if names else change.description


def _since(changelog: str, released: str) -> str:
    """Return the sections of the changelog above the one of the release that the schema is of."""
    release = released.partition("\n")[0].removeprefix(FIRST_LINE)
    return changelog.partition(f"\n## {release} ")[0]


def main() -> int:
    """Print what is not announced and return 1, or 0 if nothing is."""
    if "--release" in sys.argv[1:]:
        RELEASED.write_text(f"{FIRST_LINE}{VERSION}\n{NOW.read_text('utf-8')}", "utf-8")
        return 0
    silent = list(unannounced(*(path.read_text("utf-8") for path in (RELEASED, NOW, CHANGELOG))))
    for change, coordinate in silent:
        print(f"{change} Announce it in CHANGELOG.md: - **Breaking:** `{coordinate}` …")
    return 1 if silent else 0


if __name__ == "__main__":
    raise SystemExit(main())
