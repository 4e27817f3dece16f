"""A Dask cluster as the workers that solve independent components: the extra `symbiosis[cluster]`.

The scheduler gives the task of a lost worker to another, RETRIES times; a plan is the same for any number of workers,
because the parts and the order in which they are put together depend on the problem only. Workers need the same
Symbiosis as this machine. TLS is configured in Dask's own settings (`distributed.comm.tls`), with a `tls://` address.
"""

import contextlib
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from dataclasses import dataclass
from typing import Final

from symbiosis.errors import InputError, StoreError

CONNECT_S: Final = 15
RETRIES: Final = 3
LARGE: Final = "distributed.admin.large-graph-warning-threshold"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the scheduler of a cluster listens, like `tcp://scheduler:8786` or `tls://…`."""

    address: str


class ClusterExtraError(InputError):
    """The optional packages for a cluster are not installed."""

    code = "CLUSTER_EXTRA"

    def __init__(self) -> None:
        super().__init__("A cluster needs the extra packages: install symbiosis[cluster], or leave out --cluster.")


class ClusterError(StoreError):
    """The cluster does not answer, or lost what it was computing."""

    code = "CLUSTER"
    retryable = True

    def __init__(self, address: str, what: str) -> None:
        super().__init__(f"The cluster at {address} {what} Look at its scheduler, or leave out --cluster.")
        self.address = address


@contextlib.contextmanager
def workers_of(cluster: Cluster) -> Iterator[Executor]:
    """Give the workers of a cluster as an executor; raise ClusterExtraError or ClusterError."""
    try:
        import dask
        from distributed import Client, KilledWorker
        from distributed.comm.core import CommClosedError
    except ImportError as missing:
        raise ClusterExtraError from missing
    address = cluster.address
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as silent:
        raise ClusterError(address, f"does not answer within {CONNECT_S} s.") from silent
    try:
        if not client.scheduler_info()["workers"]:
            raise ClusterError(address, "has no workers; start one.")
        with dask.config.set({LARGE: "4GB"}):  # A part is as large as it is; warning people would not make it smaller.
            yield client.get_executor(retries=RETRIES, pure=False)
    except KilledWorker as killed:
        raise ClusterError(
            address, f"lost {RETRIES + 1} workers over the same part; they may be short of memory."
        ) from killed
    except (CommClosedError, CancelledError, TimeoutError) as lost:
        raise ClusterError(address, "was lost while it computed; nothing was published.") from lost
    finally:
        client.close(timeout=CONNECT_S)
