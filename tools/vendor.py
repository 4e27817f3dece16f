"""Fetch the browser's libraries anew from npm: `python -m tools.vendor`. Needs npm, and its registry, once.

The named files of each package are copied as they are, with their licence; `sources.json` beside them records package,
version, licence and the SHA-256 of every file. A test compares the files with it; nothing is built.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

STATIC: Final = Path("symbiosis/console/static/vendor")
FOR_TESTS: Final = Path("tests/console/vendor")
RECORD: Final = "sources.json"


@dataclass(frozen=True)
class Package:
    """A package of npm: the files wanted of it, and the folder they go to."""

    name: str
    version: str
    licence: str
    files: tuple[str, ...]
    into: Path = STATIC


PACKAGES: Final = (
    Package("htm", "3.1.1", "Apache-2.0", ("preact/standalone.module.js", "LICENSE")),
    Package("echarts", "6.1.0", "Apache-2.0", ("dist/echarts.esm.min.js", "LICENSE", "NOTICE")),
    Package(
        "leaflet",
        "1.9.4",
        "BSD-2-Clause",
        ("dist/leaflet-src.esm.js", "dist/leaflet.css", "dist/images/layers.png", "LICENSE"),
    ),
    Package("axe-core", "4.14.1", "MPL-2.0", ("axe.min.js", "LICENSE"), FOR_TESTS),
)


def main() -> int:
    """Write the files and their records; return 0."""
    for into in (STATIC, FOR_TESTS):
        packages = [package for package in PACKAGES if package.into == into]
        record = {package.name: _fetched(package) for package in packages}
        (into / RECORD).write_text(json.dumps(record, indent=2) + "\n")
    return 0


def _fetched(package: Package) -> dict[str, object]:
    """Return the record of a package, its files written."""
    home = package.into / f"{package.name}-{package.version}"
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{package.name}@{package.version}"
        packed = subprocess.run(
            ["npm", "pack", "--silent", wanted], cwd=folder, check=True, text=True, capture_output=True
        ).stdout.split()[-1]
        with tarfile.open(Path(folder) / packed) as archive:
            archive.extractall(folder, filter="data")
        for name in package.files:
            (home / _here(name)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(folder) / "package" / name, home / _here(name))
    return {
        "version": package.version,
        "licence": package.licence,
        "sha256": {
            f"{home.name}/{_here(name)}": hashlib.sha256((home / _here(name)).read_bytes()).hexdigest()
            for name in package.files
        },
    }


def _here(name: str) -> str:
    """Return where a file of a package is kept; no folder is called `dist`, for such are ignored and not packed."""
    return name.removeprefix("dist/")


if __name__ == "__main__":
    sys.exit(main())
