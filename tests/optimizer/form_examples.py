"""The example forms of the documentation, for the tests of the forms."""

import json
from pathlib import Path
from typing import Any

from optimizer.forms import answer
from optimizer.forms.document import parse

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "docs" / "examples" / "optimizer").glob("*.json"))
Json = dict[str, Any]


def example(name: str) -> Json:
    form = json.loads((ROOT / "docs" / "examples" / "optimizer" / f"{name}.json").read_text("utf-8"))
    assert isinstance(form, dict)
    return form


def solved(form: Json) -> Json:
    return answer(parse(json.dumps(form)))


def by_id(rows: list[Json]) -> dict[str, Json]:
    return {row["id"]: row for row in rows}
