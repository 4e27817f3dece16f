"""Every command, setting, error code and operation is documented."""

import re
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from symbiosis.cli import commands
from symbiosis.domain.candidates import Refusal
from symbiosis.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path for room in ("symbiosis", "optimizer") for path in (ROOT / room).rglob("*.py"))


def _document(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def _command_names(command: object, before: str = "") -> list[str]:
    children = getattr(command, "commands", None)
    if not children:
        return [before]
    return [found for name, child in children.items() for found in _command_names(child, f"{before} {name}".strip())]


def test_every_command_is_documented() -> None:
    page = _document("cli.md")
    assert isinstance(commands, typer.Typer)
    names = _command_names(get_command(commands))
    assert "demo" in names
    assert [name for name in names if f"symbiosis {name}" not in page] == []


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_and_described(name: str) -> None:
    assert Settings.model_fields[name].description
    assert f"SYMBIOSIS_{name.upper()}" in _document("operations.md")


def test_every_error_code_is_documented() -> None:
    codes = {
        code
        for path in MODULES
        for code in re.findall(r'^    code(?:: \w+(?:\[str\])?)? = "(\w+)"', path.read_text("utf-8"), re.M)
    }
    page = _document("errors.md")
    assert len(codes) > 10
    assert sorted(code for code in codes if f"`{code}`" not in page) == []


def test_every_operation_is_documented() -> None:
    page = _document("api.md") + _document("console.md")
    names = [path.stem for path in (ROOT / "graphql" / "operations").glob("*.graphql")]
    assert sorted(name for name in names if name not in page) == []


def test_every_reason_of_a_refusal_is_documented() -> None:
    page = _document("matching-reasons.md")
    assert [code for code in Refusal if f"`{code}`" not in page] == []
