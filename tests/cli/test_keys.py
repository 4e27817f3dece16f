"""`symbiosis keys` as an operator types it."""

from tests.cli.conftest import Run


def test_a_subject_that_nobody_registered_has_no_keys(run: Run) -> None:
    done = run("keys", "make", "nobody", "--label", "ERP")
    assert (done.returncode, done.stdout) == (2, "")
    assert "UNKNOWN_PERSON" in done.stderr


def test_a_scope_that_is_none_is_refused_with_those_that_are(run: Run) -> None:
    done = run("keys", "make", "nobody", "--label", "ERP", "--scope", "EVERYTHING")
    assert done.returncode == 2
    assert "LISTINGS" in done.stderr
