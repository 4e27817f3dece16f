"""House rules of the tree that a linter cannot see."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("symbiosis", "optimizer")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
TEXT_ENDINGS = {".py", ".md", ".toml", ".lock", ".yml", ".yaml", ".xml", ".cypher", ".graphql", ".sh", ""}
MODULE_LINES = 300
FUNCTION_LINES = 40


def _relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: there is nothing committed to look at")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_python_file_in_the_graphql_folder_shadows_graphql_core() -> None:
    assert [_relative(path) for path in (ROOT / "graphql").rglob("*.py*")] == []


@pytest.mark.parametrize("path", MODULES, ids=_relative)
def test_a_module_stays_under_300_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MODULE_LINES


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function, its docstring not counted."""
    first = function.body[0]
    documented = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


@pytest.mark.parametrize("path", MODULES, ids=_relative)
def test_a_function_stays_under_40_lines(path: Path) -> None:
    long = {
        node.name: _length(node)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > FUNCTION_LINES
    }
    assert long == {}


@pytest.mark.parametrize("path", MODULES, ids=_relative)
def test_every_public_module_class_and_function_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not any(isinstance(one, ast.Name) and one.id == "overload" for one in node.decorator_list)
        and ast.get_docstring(node) is None
    ]
    assert ast.get_docstring(tree) is not None
    assert silent == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-peers.lock"])
def test_every_locked_package_is_pinned_with_a_hash_and_no_index(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    blocks = [block for block in re.split(r"\n(?=\S)", text) if block and not block.startswith("#")]
    loose = [block.splitlines()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block]
    assert loose == []
    assert "://" not in text


def test_every_dependency_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    peers = project["optional-dependencies"]["peers"]
    for name, needs in (("requirements.lock", project["dependencies"]), ("requirements-peers.lock", peers)):
        locked = {line.split("==")[0] for line in (ROOT / name).read_text("utf-8").splitlines() if "==" in line}
        assert {re.split(r"[\[<>=]", need)[0].lower() for need in needs} - locked == set()


def test_no_committed_file_names_a_registry() -> None:
    hosts = re.compile(r"(files\.pythonhosted|pypi)\.org/(simple|packages)|registry\.npmjs|repo\d?\.maven|index-url")
    naming = [
        _relative(path)
        for path in _committed()
        if path.suffix in TEXT_ENDINGS
        and path != Path(__file__)
        and hosts.search(path.read_text("utf-8", errors="ignore"))
    ]
    naming = [name for name in naming if name != "tools/lock.py"]
    assert naming == []


def test_nothing_reads_the_environment_but_the_settings() -> None:
    reading = [
        _relative(path)
        for path in MODULES
        if re.search(r"os\.environ|os\.getenv|getenv\(", path.read_text("utf-8")) and path.name != "settings.py"
    ]
    assert reading == []
