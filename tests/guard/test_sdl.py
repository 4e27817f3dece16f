"""What breaks clients is announced, and what is to go can be deprecated first."""

from typing import Final

import pytest
import strawberry

from tools.sdl_check import CHANGELOG, FIRST_LINE, NOW, RELEASED, unannounced

OLD: Final = f"""{FIRST_LINE}0.1.0
type Query {{ sites(filter: String): [Site!]! site: Site }}
type Site {{ id: ID! name: String naf: String }}
enum Kind {{ HEAT WATER }}
input Wanted {{ name: String }}
union Thing = Site | Query
type Gone {{ kind: Kind a(w: Wanted): Thing }}
"""
CHANGES: Final = [
    ("sites(filter: String)", "sites", "Query.sites(filter:)"),
    ("site: Site }", "}", "Query.site"),
    ("name: String naf", "naf", "Site.name"),
    ("naf: String", "naf: Int", "Site.naf"),
    ("HEAT WATER", "HEAT", "Kind.WATER"),
    ("{ name: String }", "{ name: String b: Int! }", "Wanted.b"),
    ("sites(filter: String)", "sites(filter: String, first: Int!)", "Query.sites(first:)"),
    ("type Gone { kind: Kind a(w: Wanted): Thing }", "", "Gone"),
]


def test_every_breaking_change_of_the_schema_is_announced_in_the_changelog() -> None:
    silent = list(unannounced(*(path.read_text("utf-8") for path in (RELEASED, NOW, CHANGELOG))))
    assert silent == [], "announce each in CHANGELOG.md: - **Breaking:** `coordinate` …"


@pytest.mark.parametrize(("before", "after", "coordinate"), CHANGES)
def test_a_change_that_breaks_is_found_until_its_coordinate_is_announced(
    before: str, after: str, coordinate: str
) -> None:
    assert before in OLD
    now = OLD.replace(before, after)
    assert [found for _, found in unannounced(OLD, now, "## 0.2.0\n\n- something else\n")][:1] == [coordinate]
    announced = f"## 0.2.0\n\n- **Breaking:** away with\n  `{coordinate}`.\n- more\n\n## 0.1.0 (2027)\n"
    assert [found for _, found in unannounced(OLD, now, announced) if found == coordinate] == []
    too_early = f"## 0.2.0\n\n- `{coordinate}`\n\n## 0.1.0 (2027)\n\n- **Breaking:** `{coordinate}`\n"
    assert coordinate in [found for _, found in unannounced(OLD, now, too_early)]


def test_what_is_added_needs_no_announcement() -> None:
    now = OLD.replace("naf: String", "naf: String siret: String").replace("filter: String", "filter: String, b: Int")
    assert list(unannounced(OLD, now, "")) == []


def test_a_deprecated_field_and_argument_are_printed_as_such() -> None:
    @strawberry.type
    class Query:
        old: str = strawberry.field(deprecation_reason="Ask `new`.")

    assert 'old: String! @deprecated(reason: "Ask `new`.")' in strawberry.Schema(Query).as_str()
