"""No query is built by string operations, and every list is ordered and limited."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STORE = ROOT / "symbiosis" / "store"
CYPHER = re.compile(r"\b(MATCH|MERGE|UNWIND|CREATE|DETACH DELETE)\b[^\n]*[({$]")
PORT = {"graph.py", "migrate.py", "local.py"}
QUERY_MODULES = sorted(path for path in STORE.glob("*.py") if path.name not in PORT)
OTHER_MODULES = sorted(path for path in (ROOT / "symbiosis").rglob("*.py") if STORE not in path.parents)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _built(node: ast.AST) -> bool:
    """Say whether this expression puts a string together and one of its pieces is Cypher."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(v, ast.Constant) and CYPHER.search(str(v.value)) for v in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return any(
            isinstance(n, ast.Constant) and isinstance(n.value, str) and CYPHER.search(n.value) for n in ast.walk(node)
        )
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"format", "replace", "join"}
    ):
        return any(
            isinstance(n, ast.Constant) and isinstance(n.value, str) and CYPHER.search(n.value) for n in ast.walk(node)
        )
    return False


@pytest.mark.parametrize("path", QUERY_MODULES, ids=_name)
def test_no_query_is_built_by_string_operations(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert [node.lineno for node in ast.walk(tree) if _built(node)] == []


@pytest.mark.parametrize("path", QUERY_MODULES, ids=_name)
def test_a_statement_is_a_constant_when_it_is_run(path: Path) -> None:
    """The first argument of `tx.run` is a NAME of a constant or a row of a table of constants, never an expression."""
    loose = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "run"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "tx"
        and not _constant(node.args[0])
    ]
    assert loose == []


def _constant(argument: ast.expr) -> bool:
    if isinstance(argument, ast.Subscript):
        return _constant(argument.value)
    return isinstance(argument, ast.Name) and (argument.id.isupper() or argument.id == "query")


@pytest.mark.parametrize("path", OTHER_MODULES, ids=_name)
def test_cypher_lives_in_the_store_only(path: Path) -> None:
    found = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"\b(MATCH|MERGE|UNWIND) [\[($]", node.value)
    ]
    assert found == []


@pytest.mark.parametrize("path", QUERY_MODULES, ids=_name)
def test_every_list_is_ordered_and_limited(path: Path) -> None:
    """A statement whose name says that it lists (`…S_IN`, `PAGE`, `LIST`) has ORDER BY, and LIMIT or a list of keys."""
    unbounded = []
    for node in ast.parse(path.read_text("utf-8")).body:
        if not (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            continue
        text = node.value.value
        reads_many = re.search(r"^\s*RETURN\b", text, re.MULTILINE) and not re.search(
            r"\b(MERGE|CREATE|SET|DELETE)\b", text
        )
        one_row = re.search(r"\{\s*\w+:\s*\$\w+\s*\}", text) or re.search(r"RETURN\s+count\(", text)
        bounded = "ORDER BY" in text and ("LIMIT" in text or re.search(r"(IN|UNWIND) \$", text))
        if reads_many and not one_row and not bounded:
            unbounded.append(ast.unparse(node.target))
    assert unbounded == []
