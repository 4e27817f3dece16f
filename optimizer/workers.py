"""Independent solves in processes of their own: a solver holds the interpreter's lock, so threads gain nothing."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def crew(processes: int | Executor) -> Generator[Executor | None]:
    """Give so many processes, which start at once and beside what the caller does next; None for one, which is this.
    An executor, whose workers may be elsewhere, is given as it is and stays the caller's to close.

    They are started afresh, so a script that asks for several must guard its own start (`__name__`).
    """
    if isinstance(processes, Executor):
        yield processes
        return
    if processes == 1:
        yield None
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("forkserver")) as pool:
        for _ in range(processes):
            pool.submit(_ready)
        yield pool


def in_turn(work: Callable[[T], R], tasks: Iterable[T], pool: Executor | None, ahead: int) -> Iterator[R]:
    """Yield the results of the tasks in their order.

    At most `ahead` tasks are drawn from the iterable beyond the result last given, so that the caller may end them
    early by ending the iterable: what it decides upon is the results it has been given by then, the same on every run.
    """
    if pool is None:
        yield from map(work, tasks)
        return
    running: deque[Future[R]] = deque()
    for task in tasks:
        running.append(pool.submit(work, task))
        if len(running) > ahead:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def _ready() -> None:
    """Do nothing: to be asked for it makes a process start and read this package."""
