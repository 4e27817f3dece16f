"""What bad input gets on the command line: a sentence, an exit code, and nothing half-written."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_no_command_shows_what_there_is(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    for name in ("demo", "serve", "import", "optimize", "schema", "store", "doctor"):
        assert name in done.stdout


def test_an_unknown_command_is_input(run: Run) -> None:
    assert run("optimise").returncode == 2


def test_a_store_that_does_not_answer_is_named(run: Run) -> None:
    done = run("store", "status", SYMBIOSIS_NEO4J_URI="bolt://127.0.0.1:9", SYMBIOSIS_NEO4J_PASSWORD="x")
    assert done.returncode == 3
    assert "bolt://127.0.0.1:9" in done.stderr


def test_a_uri_without_a_password_is_refused(run: Run) -> None:
    done = run("store", "status", SYMBIOSIS_NEO4J_URI="bolt://127.0.0.1:9")
    assert done.returncode == 2
    assert "SYMBIOSIS_NEO4J_PASSWORD" in done.stderr


def test_development_tokens_stay_on_loopback(run: Run) -> None:
    done = run("serve", "--dev-tokens", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2
    assert "127.0.0.1 only" in done.stderr


def test_a_data_folder_that_cannot_be_made_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    done = run("store", "status", SYMBIOSIS_DATA_DIR=str(file / "below"))
    assert done.returncode == 3
    assert str(file) in done.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        ("site;nom\nIndusteel;Châteauneuf\n".encode("cp1252"), "UTF-8"),
        (b"PK\x03\x04 not a workbook", "xlsx"),
    ],
    ids=["empty", "wrong encoding", "not a workbook"],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(run: Run, tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / ("listings.xlsx" if words == "xlsx" else "listings.csv")
    file.write_bytes(content)
    done = run("import", "listings", str(file))
    assert done.returncode == 2
    assert words in done.stderr


def test_a_file_that_is_not_there_is_named(run: Run) -> None:
    done = run("import", "sites", "/nowhere/sites.csv")
    assert done.returncode == 2
    assert "/nowhere/sites.csv" in done.stderr


def test_the_schema_is_printed(run: Run) -> None:
    done = run("schema")
    assert done.returncode == 0
    assert "type Query" in done.stdout
