"""`symbiosis receivers` as a person types it: no store, a ranking with its precedents, words for what cannot be."""

import json

from tests.cli.conftest import Run


def test_a_code_and_a_donor_become_industries_with_precedents(run: Run) -> None:
    done = run("receivers", "--code", "10 02 02", "--donor", "24.10Z", "--level", "division", "--first", "3", "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert len(found) == 3
    assert {row["activity"] for row in found[:2]} == {"20", "23"}
    assert all(row["precedents"] for row in found[:2])


def test_a_waste_without_a_name_is_refused_in_words(run: Run) -> None:
    done = run("receivers")
    assert done.returncode == 2
    assert "name the waste by one of them" in done.stderr
