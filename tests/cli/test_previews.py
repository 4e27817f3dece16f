"""`symbiosis optimize --preview`, `runs show` and `runs watch`, as a person types them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from symbiosis.cli import commands
from symbiosis.errors import NotFoundError


def said(folder: Path, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(commands, ["--data-dir", str(folder), *arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def test_a_preview_of_an_empty_market_is_kept_shown_and_watched(tmp_path: Path) -> None:
    told = json.loads(said(tmp_path, "optimize", "--preview", "--json"))
    assert (told["kind"], told["status"], told["suggestions"], told["changes"]) == ("PREVIEW", "PREVIEW", 0, [])
    shown = json.loads(said(tmp_path, "runs", "show", told["run_id"]))
    assert (shown["status"], shown["progress"]) == ("PREVIEW", None)
    assert said(tmp_path, "runs", "watch", told["run_id"]) == "preview: 0 suggestions, 0.00 EUR a year\n"
    words = said(tmp_path, "optimize", "--preview")
    assert "Nothing was published." in words
    assert "Against the published plan: no pair changed." in words
    with pytest.raises(NotFoundError, match="territory nowhere"):
        said(tmp_path, "optimize", "--preview", "--territory", "nowhere")
    with pytest.raises(NotFoundError, match="run run-nowhere"):
        said(tmp_path, "runs", "watch", "run-nowhere")


@pytest.mark.parametrize(
    "options",
    [("--territory", "lyon"), ("--front", "11"), ("--preview", "--period", "x"), ("--preview", "--cluster", "x")],
)
def test_what_a_preview_and_a_run_have_for_themselves_is_refused_in_words(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    said(tmp_path, "optimize", *options, code=2)
