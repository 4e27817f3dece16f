"""`symbiosis suggest` as a person types it: no store, a ranking, words for what cannot be."""

import json

from tests.cli.conftest import Run


def test_a_few_words_become_codes_and_resources(run: Run) -> None:
    done = run("suggest", "paper mil sludge", "--first", "1", "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert [row["code"] for row in found["waste_codes"]] == ["03 03 05"]
    assert [row["code"] for row in found["resources"]] == ["paper-sludge"]


def test_an_empty_text_is_refused_in_words(run: Run) -> None:
    done = run("suggest", " ")
    assert done.returncode == 2
    assert "name the waste in a few words" in done.stderr
