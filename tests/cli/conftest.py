"""The command line as a person runs it: a process of its own, a data folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli") / "data"


@pytest.fixture(scope="session")
def run(data_dir: Path) -> Run:
    """Return `run(*arguments, **environment)`: the finished process of `symbiosis …`, never with a traceback."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SYMBIOSIS_")}

    def runs(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "symbiosis", *arguments],
            env=inherited | {"SYMBIOSIS_DATA_DIR": str(data_dir), "COLUMNS": "140"} | environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return done

    return runs
