"""`symbiosis explain`, as a person runs it."""

from tests.cli.conftest import Run


def test_a_listing_that_is_not_there_is_named(run: Run) -> None:
    done = run("explain", "nobody", "nothing")
    assert done.returncode == 2
    assert "There is no listing nobody" in done.stderr
    assert "NOT_FOUND" in done.stderr
    assert done.stdout == ""
