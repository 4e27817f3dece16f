"""`symbiosis runs`: what is kept of them."""

from tests.cli.conftest import Run


def test_sweeping_a_store_without_leftovers_says_that_there_was_nothing(run: Run) -> None:
    swept = run("runs", "sweep")
    assert (swept.returncode, swept.stdout.strip()) == (0, "There was nothing to remove.")


def test_a_number_of_plans_below_two_is_refused_in_words(run: Run) -> None:
    refused = run("runs", "sweep", SYMBIOSIS_KEEP_RUNS="1")
    assert refused.returncode == 2
    assert "SYMBIOSIS_KEEP_RUNS: Input should be greater than or equal to 2" in refused.stderr
