"""Independent solves in processes of their own: a solver holds the interpreter's lock, so threads gain nothing."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_turn(work: Callable[[T], R], tasks: Iterable[T], processes: int) -> Iterator[R]:
    """Yield the results of the tasks in their order; one process is this one.

    Tasks are drawn from the iterable only when a process is free for them, so that the caller may end them early by
    ending the iterable: what it decides upon is the results it has been given by then, the same on every run. The
    processes are started afresh, so a script that asks for several must guard its own start (`__name__`).
    """
    if processes == 1:
        yield from map(work, tasks)
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("forkserver")) as pool:
        running: deque[Future[R]] = deque()
        for task in tasks:
            running.append(pool.submit(work, task))
            if len(running) > processes:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
