"""Make the four lock files anew from pyproject.toml: `make lock`. Needs `uv`, which it asks pip for in passing.

`requirements.lock` is what runs (and builds) the product, `requirements-dev.lock` what checks it (a
cluster's packages among it), `requirements-cluster.lock` what a run on a Dask cluster needs,
`requirements-peers.lock` the solvers that `make bench-optimizer` compares with, in an environment of their own; all
carry hashes and name no index, so that any mirror serves them.
"""

import subprocess
import sys
import tempfile
import tomllib
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
    """Write the files and return 0, or the exit code of what failed."""
    with tempfile.TemporaryDirectory() as folder:
        tool = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, "uv"]
        if code := subprocess.call(tool):
            return code
        uv = str(Path(folder) / "bin" / "uv")
        runtime = [uv, *COMPILE, "--extra=build", "pyproject.toml", "--output-file=requirements.lock"]
        dev = [
            *(uv, *COMPILE, "--extra=dev", "--extra=cluster", "--extra=build", "--constraints=requirements.lock"),
            *("pyproject.toml", "--output-file=requirements-dev.lock"),
        ]
        cluster = [
            *(uv, *COMPILE, "--extra=cluster", "--constraints=requirements.lock"),
            *("pyproject.toml", "--output-file=requirements-cluster.lock"),
        ]
        return subprocess.call(runtime) or subprocess.call(dev) or subprocess.call(cluster) or _peers(uv)


def _peers(uv: str) -> int:
    """Lock the extra `peers` by itself: ortools, which the product needs, must not come along."""
    wanted = tomllib.loads(Path("pyproject.toml").read_text())["project"]["optional-dependencies"]["peers"]
    command = [uv, *COMPILE, "--constraints=requirements.lock", "-", "--output-file=requirements-peers.lock"]
    return subprocess.run(command, input="\n".join(wanted), text=True, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
