"""The documented table of steps is that of the program."""

from pathlib import Path

from tools.step_table import table

DESK = Path(__file__).resolve().parents[2] / "docs" / "desk.md"


def test_the_documented_steps_are_those_of_the_life_cycle() -> None:
    assert table() in DESK.read_text("utf-8"), "run `python -m tools.step_table` and paste what it prints"
