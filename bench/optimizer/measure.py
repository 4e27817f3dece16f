"""Seconds, medians, exponents, and the peak memory of a process of its own."""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

ROUNDS: Final = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Child:
    """What a function returned in a process of its own, its seconds there, and the peak memory of that process."""

    result: Any
    seconds: float
    peak_mb: float


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds that a call took, and its result."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def interleaved(works: Mapping[str, Callable[[], T]], rounds: int = ROUNDS) -> dict[str, tuple[float, T]]:
    """Return the median seconds of each call and its last result, the calls taking turns."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    results: dict[str, T] = {}
    for _ in range(rounds):
        for name, work in works.items():
            took, results[name] = timed(work)
            seconds[name].append(took)
    return {name: (statistics.median(seconds[name]), results[name]) for name in works}


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """Return b of seconds = a size^b by least squares of the logarithms; two points give the exact one."""
    slope, _ = np.polyfit(np.log(sizes), np.log(seconds), 1)
    return float(slope)


def peak_mb() -> float:
    """Return the greatest resident memory of this process so far, in megabytes (10^6 bytes); Linux only."""
    # What getrusage says begins with the memory of the process that started this one.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6


def in_child(function: Callable[..., Any], *arguments: object) -> Child:
    """Return what a function of a module returns in a fresh process; its result must be small and picklable.

    Raises RuntimeError if the process ends without an answer.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, function, arguments))
    process.start()
    theirs.close()
    try:
        child: Child = ours.recv()
    except EOFError:
        raise RuntimeError(f"{function.__name__}{arguments} ended without an answer.") from None
    finally:
        process.join()
    return child


def _answer(to: Connection, function: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    seconds, result = timed(lambda: function(*arguments))
    to.send(Child(result, seconds, peak_mb()))
