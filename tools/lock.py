"""Make the two lock files anew from pyproject.toml: `make lock`. Needs `uv`, which it asks pip for in passing.

`requirements.lock` is what runs (and builds) the product, `requirements-dev.lock` what checks it; both carry hashes
and name no index, so that any mirror serves them.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

COMPILE = (
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--upgrade",
)


def main() -> int:
    """Write both files and return 0, or the exit code of what failed."""
    with tempfile.TemporaryDirectory() as folder:
        tool = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, "uv"]
        if code := subprocess.call(tool):
            return code
        uv = str(Path(folder) / "bin" / "uv")
        runtime = [uv, *COMPILE, "--extra=build", "pyproject.toml", "--output-file=requirements.lock"]
        dev = [
            *(uv, *COMPILE, "--extra=dev", "--extra=build", "--constraints=requirements.lock"),
            *("pyproject.toml", "--output-file=requirements-dev.lock"),
        ]
        return subprocess.call(runtime) or subprocess.call(dev)


if __name__ == "__main__":
    sys.exit(main())
