"""The join of candidates by other libraries, each in a process of its own: `candidate_peers.py METHOD FILE`.

The file (made by bench/candidates.py) holds what the product's own join is given: supplies with class, degrees,
position on the unit sphere and four measured properties; demands likewise with four upper limits; the (demand, class)
pairs that fit; the reach as the square of a chord. Prints as JSON the seconds from arrays to arrays, the memory that
grew, the number of pairs and their checksum.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LIMITS = 4
MODULUS = 1_000_000_007

Arrays = dict[str, Any]
Found = tuple[NDArray[Any], NDArray[Any]]


def cells(data: Arrays) -> tuple[Any, Any, Any, Any]:
    """Return column and row of each supply and each demand in cells as wide and as high as the reach."""
    angle = 2 * np.arcsin(np.sqrt(data["chord_squared"]) / 2)
    thinnest = np.cos(np.radians(max(np.abs(data["s_lat"]).max(), np.abs(data["d_lat"]).max())))
    width, height = np.degrees(2 * np.arcsin(np.sin(angle / 2) / thinnest)), np.degrees(angle)
    both = ((data[f"{side}_lon"] / width, data[f"{side}_lat"] / height) for side in "sd")
    return tuple(np.floor(part).astype(np.int32) for pair in both for part in pair)


def sides(data: Arrays) -> tuple[Arrays, Arrays]:
    """Return the columns of the supplies and of the probes (a demand with a class that fits it)."""
    s_column, s_row, d_column, d_row = cells(data)
    demand = data["probe_demand"]
    s = {"i": np.arange(len(s_row), dtype=np.int32), "class": data["s_class"], "gx": s_column, "gy": s_row}
    d = {"j": demand, "class": data["probe_class"], "gx": d_column[demand], "gy": d_row[demand]}
    for axis in range(3):
        s[f"p{axis}"], d[f"q{axis}"] = data["s_xyz"][axis], data["d_xyz"][axis][demand]
    for limit in range(LIMITS):
        s[f"m{limit}"], d[f"n{limit}"] = data["measured"][limit], data["limit"][limit][demand]
    return s, d


def by_duckdb(data: Arrays, threads: int) -> Found:
    import duckdb

    s, d = sides(data)
    connection = duckdb.connect(config={"threads": threads})
    connection.register("s", s)
    connection.register("d", d)
    apart = " + ".join(f"(p{axis} - q{axis}) * (p{axis} - q{axis})" for axis in range(3))
    limits = " AND ".join(f"m{limit} <= n{limit}" for limit in range(LIMITS))
    found = connection.execute(
        "SELECT i, j FROM s JOIN (SELECT d.* EXCLUDE (gx, gy), gx + a.step AS gx, gy + b.step AS gy FROM d, "
        "(VALUES (-1), (0), (1)) a(step), (VALUES (-1), (0), (1)) b(step)) near "
        f"ON s.class = near.class AND s.gx = near.gx AND s.gy = near.gy WHERE {apart} <= ? AND {limits}",
        [float(data["chord_squared"])],
    ).fetchnumpy()
    return found["i"], found["j"]


def by_polars(data: Arrays) -> Found:
    import polars as pl

    s, d = (pl.DataFrame(side) for side in sides(data))
    for column in ("gx", "gy"):
        steps = [(pl.col(column) + step).cast(pl.Int32) for step in (-1, 0, 1)]
        d = d.with_columns(pl.concat_list(steps).alias(column)).explode(column)
    apart = sum(((pl.col(f"p{axis}") - pl.col(f"q{axis}")) ** 2 for axis in range(3)), pl.lit(0.0))
    inside = pl.all_horizontal([pl.col(f"m{limit}") <= pl.col(f"n{limit}") for limit in range(LIMITS)])
    joined = s.lazy().join(d.lazy(), on=["class", "gx", "gy"])
    found = joined.filter((apart <= float(data["chord_squared"])) & inside).select("i", "j").collect()
    return found["i"].to_numpy(), found["j"].to_numpy()


def by_ckdtree(data: Arrays) -> Found:
    from scipy.spatial import cKDTree

    s_order = np.argsort(data["s_class"], kind="stable")
    d_order = np.argsort(data["probe_class"], kind="stable")
    s_class, d_class = data["s_class"][s_order], data["probe_class"][d_order]
    reach, supplies, demands = float(np.sqrt(data["chord_squared"])), [], []
    for number in np.unique(s_class):
        i = s_order[slice(*np.searchsorted(s_class, [number, number + 1]))]
        j = data["probe_demand"][d_order[slice(*np.searchsorted(d_class, [number, number + 1]))]]
        if len(j):
            one, other = cKDTree(data["s_xyz"][:, i].T), cKDTree(data["d_xyz"][:, j].T)
            near = one.sparse_distance_matrix(other, reach, output_type="ndarray")
            supplies.append(i[near["i"]])
            demands.append(j[near["j"]])
    i, j = np.concatenate(supplies), np.concatenate(demands)
    inside = np.ones(len(i), np.bool_)
    for limit in range(LIMITS):
        inside &= data["measured"][limit][i] <= data["limit"][limit][j]
    return i[inside], j[inside]


METHODS = {
    "duckdb-1": lambda data: by_duckdb(data, 1),
    "duckdb-2": lambda data: by_duckdb(data, 2),
    "polars": by_polars,
    "ckdtree": by_ckdtree,
}


def checksum(i: NDArray[Any], j: NDArray[Any]) -> int:
    """Return a number that a changed pair changes, whatever the order of the pairs."""
    mixed = (i.astype(np.uint64) * np.uint64(1_000_003)) ^ (j.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return int((mixed % np.uint64(MODULUS)).sum())


def resident_mb(line: str) -> float:
    """Return VmRSS, the resident memory now, or VmHWM, its peak since `forget_peak`, in megabytes (10^6 bytes)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(text.split()[1]) * 1024 / 1e6 for text in lines if text.startswith(line))


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def measured(work: Callable[[], Found]) -> dict[str, float]:
    """Return seconds, memory that grew, number of pairs and checksum of one call that returns pairs."""
    forget_peak()
    before = resident_mb("VmRSS")
    began = time.perf_counter()
    i, j = work()
    seconds = time.perf_counter() - began
    grown = resident_mb("VmHWM") - before
    return {"seconds": seconds, "grown_mb": grown, "pairs": len(i), "checksum": checksum(i, j)}


def main() -> None:
    method, path = sys.argv[1:]
    with np.load(path) as stored:
        data = dict(stored)
    print(json.dumps(measured(lambda: METHODS[method](data))))


if __name__ == "__main__":
    main()
