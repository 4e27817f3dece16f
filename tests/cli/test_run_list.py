"""`symbiosis runs`: what is kept of them."""

import pytest

from symbiosis.cli.run_list import show_runs
from symbiosis.domain.ids import new_run_id
from symbiosis.domain.runs import Run as DoneRun
from symbiosis.domain.runs import RunKind, RunStatus
from tests.cli.conftest import Run


def test_sweeping_a_store_without_leftovers_says_that_there_was_nothing(run: Run) -> None:
    swept = run("runs", "sweep")
    assert (swept.returncode, swept.stdout.strip()) == (0, "There was nothing to remove.")


def test_a_number_of_plans_below_two_is_refused_in_words(run: Run) -> None:
    refused = run("runs", "sweep", SYMBIOSIS_KEEP_RUNS="1")
    assert refused.returncode == 2
    assert "SYMBIOSIS_KEEP_RUNS: Input should be greater than or equal to 2" in refused.stderr


def test_the_list_shows_ids_whole_however_narrow_the_screen_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    made = DoneRun(
        run_id=new_run_id(),
        kind=RunKind.EXCHANGE,
        period="demo 2026-11-23T07:25:41.004996Z",
        status=RunStatus.PUBLISHED,
        started_at="2026-11-23T07:25:41.004996Z",
        suggestions=2255,
        objective_cent_per_year=3_982_791_745,
        duration_s=8.2,
    )
    show_runs([made])
    _, row, *_ = capsys.readouterr().out.splitlines()
    assert row.split()[:6] == [made.run_id, "EXCHANGE", "PUBLISHED", "2,255", "39,827,917.45", "8.2"]
    show_runs([])
    assert capsys.readouterr().out == "There is no run yet: `symbiosis optimize` makes one.\n"
