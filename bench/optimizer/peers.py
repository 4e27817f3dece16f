"""Ask another solver for the same exchange, in its own process and, but for GLOP, in an environment of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.optimizer.instances import stored

ROOT: Final = Path(__file__).parents[2]
PYTHON: Final = ROOT / ".venv-peers" / "bin" / "python"
OURS: Final = frozenset({"glop"})
"""What comes with OR-Tools and runs in our own environment."""


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """Seconds to build, solve and read out; the objective in our units, None where there was none; peak memory."""

    seconds: float
    objective: float | None
    peak_mb: float


def ask(solver: str, instance: str, time_limit_s: float = 600.0) -> PeerAnswer:
    """Return what a solver of peer.py makes of an instance; leaves with a sentence where it cannot run."""
    python = Path(sys.executable) if solver in OURS else PYTHON
    if not python.exists():
        raise SystemExit(
            f"The other solvers are not installed in {PYTHON.parents[1].name}: run `make bench-optimizer`."
        )
    command = [str(python), str(Path(__file__).with_name("peer.py")), solver, str(stored(instance)), str(time_limit_s)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=4 * time_limit_s)
    except subprocess.TimeoutExpired:
        return PeerAnswer(4 * time_limit_s, None, 0.0)
    except subprocess.CalledProcessError as failed:
        raise SystemExit(f"{solver} failed on {instance}:\n{failed.stderr}") from None
    return PeerAnswer(**json.loads(done.stdout.splitlines()[-1]))
