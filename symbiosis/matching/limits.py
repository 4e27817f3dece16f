"""How long a run may compute, and in how much memory; and everything else that a run can be told by its operator."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

import psutil

from symbiosis.errors import RuleError
from symbiosis.settings import Settings
from symbiosis.store.sweeping import Keep

T = TypeVar("T")

WATCH_EVERY_S: Final = 0.25
BYTES_PER_MB: Final = 1_000_000


class RunTimeError(RuleError):
    """The run computed for longer than it may."""

    code = "RUN_TIME"

    def __init__(self, limit_s: float) -> None:
        super().__init__(
            f"The run computed for more than {limit_s:g} s and was ended; nothing of it was visible. "
            "Allow more with SYMBIOSIS_RUN_TIME_LIMIT_S."
        )
        self.limit_s = limit_s


class RunMemoryError(RuleError):
    """The run took more memory than it may."""

    code = "RUN_MEMORY"

    def __init__(self, limit_mb: int) -> None:
        super().__init__(
            f"The run took more than {limit_mb} MB of memory and was ended; nothing of it was visible. "
            "Allow more with SYMBIOSIS_RUN_MEMORY_LIMIT_MB."
        )
        self.limit_mb = limit_mb


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process that computes may take; None is no limit. `memory_mb` is resident, in 10^6 bytes."""

    time_s: float | None = None
    memory_mb: int | None = None


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Whom to ask for distances, how long a run may be silent before another takes over, its limits, how often it
    says where it stands, which plans are kept beside its own, the folder in which a run finds what the one before has
    left (None: nothing is carried over), and from how many listings on it does.
    """

    osrm_url: str | None = None
    lease_s: float = 90.0
    limits: Limits = Limits()
    progress_s: float = 1.0
    keep: Keep = field(default_factory=Keep)
    carry: Path | None = None
    carry_from: int = 20_000

    def carry_of(self, listings: int) -> Path | None:
        """Return the folder for a market of so many listings; a small one is found anew sooner than carried over."""
        return self.carry if listings >= self.carry_from else None


def run_options(settings: Settings) -> RunOptions:
    """Return the options that the settings name."""
    limits = Limits(settings.run_time_limit_s, settings.run_memory_limit_mb)
    keep = Keep(settings.keep_runs, settings.keep_days)
    carry = (settings.carry_dir or settings.data_dir / "carried") if settings.carry_over else None
    return RunOptions(
        settings.osrm_url, settings.run_lease_s, limits, keep=keep, carry=carry, carry_from=settings.carry_from
    )


async def within(limits: Limits, pid: int, work: Awaitable[T]) -> T:
    """Return what `work` returns while the process stays within its limits; raise RunTimeError or RunMemoryError."""
    working, watching = asyncio.ensure_future(work), asyncio.create_task(_too_large(pid, limits.memory_mb))
    try:
        done, _ = await asyncio.wait({working, watching}, timeout=limits.time_s, return_when=asyncio.FIRST_COMPLETED)
        if working in done:
            return working.result()
        if watching in done:
            raise RunMemoryError(watching.result())
        raise RunTimeError(limits.time_s or 0.0)
    finally:
        working.cancel()
        watching.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _too_large(pid: int, limit_mb: int | None) -> int:
    """Return the limit once a process has taken more; never if there is none, or the process has ended."""
    while limit_mb is not None:
        try:
            if psutil.Process(pid).memory_info().rss > limit_mb * BYTES_PER_MB:
                return limit_mb
        except psutil.NoSuchProcess:
            break
        await asyncio.sleep(WATCH_EVERY_S)
    await asyncio.Event().wait()
    raise RuntimeError  # Nobody sets that event.
