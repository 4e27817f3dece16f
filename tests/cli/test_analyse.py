"""`symbiosis analyse` on an empty store, and with names that are not there."""

import json

from tests.cli.conftest import Run


def test_an_empty_store_has_flows_in_no_format(run: Run) -> None:
    assert "Nothing flows here" in run("analyse", "between").stdout
    assert json.loads(run("analyse", "unmatched", "--format", "json").stdout) == []
    header = "group,kind,unit,given_per_year,taken_per_year,within_per_year\n"
    assert run("analyse", "balance", "--format", "csv").stdout == header


def test_a_territory_that_is_not_there_is_named(run: Run) -> None:
    done = run("analyse", "shape", "--territory", "atlantis")
    assert (done.returncode, done.stdout) == (2, "")
    assert "atlantis" in done.stderr
    assert "SELECTION" in done.stderr
