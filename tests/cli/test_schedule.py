"""`symbiosis runs schedule` and `symbiosis optimize --period auto`, as a person types them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from symbiosis.cli import commands
from symbiosis.market.schedules import NoScheduleError


def said(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(commands, ["--data-dir", str(folder), *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_schedule_is_set_and_removed(tmp_path: Path) -> None:
    with pytest.raises(NoScheduleError):
        said(tmp_path, "optimize", "--period", "auto")
    assert "EXCHANGE runs: 0 3 * * 1 (Europe/Paris); the next one is due" in said(
        tmp_path, "runs", "schedule", "0 3 * * 1"
    )
    assert said(tmp_path, "runs", "schedule", "--remove") == "EXCHANGE runs have no schedule any more.\n"
