"""The same plan from both stores: `make same-plan`.

Runs `symbiosis demo --once --json` twice, on a fresh embedded store and on a fresh Neo4j (tools/neo4j: Java 17 and
Maven), and compares input hash, objective to the cent, plan hash and the ten best. Exit 1 where they differ.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from tools.neo4j.server import running_neo4j

SAME = (
    "input_sha256",
    "objective_eur_per_year",
    "bound_eur_per_year",
    "gap_share",
    "plan_sha256",
    "suggested_synergies",
)


def _demo(**environment: str) -> dict[str, Any]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SYMBIOSIS_")}
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "symbiosis", "demo", "--once", "--json"],
            env=inherited | {"SYMBIOSIS_DATA_DIR": folder} | environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return json.loads(done.stdout) | {"wall_s": round(time.perf_counter() - began, 1)}


def main() -> int:
    embedded = _demo()
    with running_neo4j() as neo4j:
        other = _demo(SYMBIOSIS_NEO4J_URI=neo4j.uri, SYMBIOSIS_NEO4J_PASSWORD=neo4j.password)
    print(f"{'':24} {'embedded':>66} {'Neo4j':>66}")
    for name in (*SAME, "check_verdict"):
        print(f"{name:24} {embedded['run'][name]!s:>66} {other['run'][name]!s:>66}")
    print(f"{'wall seconds':24} {embedded['wall_s']:>66} {other['wall_s']:>66}")
    best = "best_suggested_synergies"
    differing = [name for name in SAME if embedded["run"][name] != other["run"][name]]
    differing += [best] if embedded[best] != other[best] else []
    print(f"differing: {', '.join(differing) or 'nothing'}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
