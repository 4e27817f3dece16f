"""`symbiosis runs`: what is kept of them."""

import json

from tests.cli.conftest import Run


def test_sweeping_a_store_without_leftovers_says_that_there_was_nothing(run: Run) -> None:
    swept = run("runs", "sweep")
    assert (swept.returncode, swept.stdout.strip()) == (0, "There was nothing to remove.")


def test_a_number_of_plans_below_two_is_refused_in_words(run: Run) -> None:
    refused = run("runs", "sweep", SYMBIOSIS_KEEP_RUNS="1")
    assert refused.returncode == 2
    assert "SYMBIOSIS_KEEP_RUNS: Input should be greater than or equal to 2" in refused.stderr


def test_the_list_shows_ids_whole_however_narrow_the_screen_is(run: Run) -> None:
    assert run("runs", "list").stdout.strip() == "There is no run yet: `symbiosis optimize` makes one."
    assert run("optimize", "--period", "2026-W47").returncode == 0
    listed = run("runs", "list", COLUMNS="60").stdout.splitlines()
    run_id = listed[1].split()[0]
    shown = json.loads(run("runs", "show", run_id).stdout)
    assert (shown["run_id"], shown["period"]) == (run_id, "2026-W47")
