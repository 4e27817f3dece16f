"""The example forms of the documentation, for the tests of the forms."""

import json
import math
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


TYPES = {"object": dict, "array": list, "string": str, "number": (int, float), "integer": (int, float), "boolean": bool}


def fits(given: Any, node: Json, whole: Json) -> bool:
    """Say whether a value fits a schema; the words of JSON Schema that the forms use, no others."""
    if "$ref" in node:
        return fits(given, whole["$defs"][node["$ref"].rsplit("/", 1)[1]], whole)
    rules = [
        "const" not in node or given == node["const"],
        "enum" not in node or given in node["enum"],
        all(fits(given, part, whole) for part in node.get("allOf", ())),
        "oneOf" not in node or sum(fits(given, part, whole) for part in node["oneOf"]) == 1,
    ]
    if "type" in node:
        typed = isinstance(given, TYPES[node["type"]]) and (node["type"] == "boolean" or not isinstance(given, bool))
        if not typed or (node["type"] == "integer" and given != math.floor(given)):
            return False
    if isinstance(given, int | float) and not isinstance(given, bool):
        rules.append(node.get("minimum", given) <= given <= node.get("maximum", given))
        rules.append("exclusiveMinimum" not in node or given > node["exclusiveMinimum"])
        rules.append("exclusiveMaximum" not in node or given < node["exclusiveMaximum"])
    if isinstance(given, str) and "minLength" in node:
        rules.append(node["minLength"] <= len(given) <= node["maxLength"] and given.strip() != "")
    if isinstance(given, list):
        rules.append(len(given) >= node.get("minItems", 0))
        rules.append("uniqueItems" not in node or len({str(one) for one in given}) == len(given))
        rules += [fits(one, node.get("items", {}), whole) for one in given]
    if isinstance(given, dict):
        properties = node.get("properties", {})
        rules.append(all(name in given for name in node.get("required", ())))
        others = node.get("additionalProperties", True)
        if isinstance(others, dict):
            rules += [fits(one, others, whole) for name, one in given.items() if name not in properties]
        rules.append(others is not False or all(name in properties for name in given))
        rules += [fits(given[name], part, whole) for name, part in properties.items() if name in given]
    return all(rules)
