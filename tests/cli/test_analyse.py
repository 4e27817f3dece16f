"""`symbiosis analyse` on an empty store, and with names that are not there."""

import json

from tests.cli.conftest import Run


def test_an_empty_store_leaves_nothing_over(run: Run) -> None:
    done = run("analyse", "unmatched", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])


def test_a_territory_that_is_not_there_is_named(run: Run) -> None:
    done = run("analyse", "shape", "--territory", "atlantis")
    assert (done.returncode, done.stdout) == (2, "")
    assert "atlantis" in done.stderr
    assert "SELECTION" in done.stderr
