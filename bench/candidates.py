"""Candidates at size, beside other joins: `make bench-candidates`.

A seeded country of territories: five industrial zones and a scattered rest each, 180 resources in 30 subchapters (few
of them common), demands that take a resource, what substitutes for it, and half of them a whole subchapter, four
properties measured and limited, and the product's own reach of 80 km. Every method runs in a fresh process, in turn;
all must find the same pairs. First a plain double loop, which shares no code with them, on 500 x 500.

`find_candidates` is the product's whole path: classes, all rules, counts of what each refused, pairs in order.
`pairs_within` is the join under it, with the four limits, as the others have them; it also returns the distances.
"""

import json
import math
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from bench.candidate_peers import measured
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction
from symbiosis.domain.places import GeoPrecision
from symbiosis.domain.resources import Quality, Resource, ResourceKind, Substitution
from symbiosis.domain.transport import TRANSPORT
from symbiosis.ingest import tables
from symbiosis.matching.candidates import find_candidates
from symbiosis.matching.classes import classify
from symbiosis.matching.join import EARTH_RADIUS_M, on_sphere, pairs_within, points
from symbiosis.matching.snapshot import QUALITIES, Snapshot, snapshot_of
from symbiosis.store.snapshot import OpenListing, StoredMarket
from symbiosis.units import BaseUnit

ROUNDS = 3
SIZES = (10_000, 100_000)
PER_TERRITORY = 1_000
SPACING_DEG = 2.2
REACH_M = TRANSPORT[ResourceKind.MATERIAL].reach_m
RESOURCES, PER_GROUP, PER_CHAPTER = 180, 6, 18
LIMITED = (Quality.MOISTURE_SHARE, Quality.CHLORINE_SHARE, Quality.CALORIFIC_MJ_PER_KG, Quality.CONDUCTIVITY_US_PER_CM)
OURS = ("find_candidates", "pairs_within")
PEERS = ("duckdb-2", "duckdb-1", "polars", "ckdtree")
PEERS_PYTHON = Path(".venv-peers/bin/python")


def waste_codes() -> list[str]:
    """Return the first six harmless codes of the first thirty subchapters that have them: the law bars none."""
    harmless: dict[str, list[str]] = {}
    for entry in tables.waste_codes():
        if not entry.hazardous:
            harmless.setdefault(entry.code[:4], []).append(entry.code)
    full = [codes[:PER_GROUP] for codes in harmless.values() if len(codes) >= PER_GROUP]
    return [code for codes in full[: RESOURCES // PER_GROUP] for code in codes]


def country(n: int, seed: int = 7) -> StoredMarket:
    """Return n supplies and n demands in territories of about a thousand each."""
    rng, codes = np.random.default_rng(seed), waste_codes()
    side = max(1, math.isqrt(max(1, n // PER_TERRITORY)))
    centres = np.stack(np.meshgrid(42 + SPACING_DEG * np.arange(side), -3 + SPACING_DEG * np.arange(side)), -1)
    centres = centres.reshape(-1, 2) + rng.normal(0, 0.2, (side * side, 2))
    zones = centres[:, None] + rng.normal(0, 0.12, (len(centres), 5, 2))
    common = 1 / (np.arange(RESOURCES) + 8.0) ** 0.9
    common = common[rng.permutation(RESOURCES)] / common.sum()
    typical = rng.lognormal(0, 0.6, (RESOURCES, len(LIMITED)))
    resources = tuple(
        Resource(ResourceCode(f"r{leaf:03}"), "", "", ResourceKind.MATERIAL, BaseUnit.KG, waste_codes=(code,))
        for leaf, code in enumerate(codes)
    )
    substitutions = tuple(
        Substitution(resources[by].code, resources[leaf].code, 1.0, 0, 0, "test", "seeded")
        for leaf in range(RESOURCES)
        for by in sorted(rng.choice(RESOURCES, 12, replace=False, p=common))
        if by != leaf
    )
    listings: list[OpenListing] = []
    for direction in Direction:
        territory, zone = rng.integers(0, len(centres), n), rng.integers(0, 5, n)
        scattered = rng.random(n) < 0.35
        place = np.where(scattered[:, None], centres[territory], zones[territory, zone])
        place = place + rng.normal(0, 1, (n, 2)) * np.where(scattered, 0.15, 0.015)[:, None]
        leaf = rng.choice(RESOURCES, n, p=common)
        demanded = direction is Direction.DEMAND
        spread = rng.lognormal(1.6, 0.5, (n, 4)) if demanded else rng.lognormal(0, 0.35, (n, 4))
        value = typical[leaf] * spread
        other = leaf // PER_CHAPTER * PER_CHAPTER + rng.integers(0, PER_CHAPTER, n)
        whole = rng.random(n) < 0.5
        for k in range(n):
            accepted = codes[other[k]][:4] if whole[k] else None
            texts = [
                f"{q}|{'' if demanded else float(v)!s}|{float(v)!r}" for q, v in zip(LIMITED, value[k], strict=True)
            ]
            name = f"{direction[0].lower()}{k:06}"
            listings.append(
                OpenListing(
                    listing_id=ListingId(name),
                    site_id=SiteId(f"site-{name}"),
                    lat=float(place[k, 0]),
                    lon=float(place[k, 1]),
                    geo_precision=GeoPrecision.BUILDING,
                    resource_code=resources[leaf[k]].code,
                    direction=direction,
                    version=1,
                    quantity_base_per_year=1000,
                    waste_code=accepted if demanded else codes[leaf[k]],
                    qualities=tuple(texts),
                )
            )
    return StoredMarket(tuple(listings), resources, substitutions, {}, ())


def arrays(snapshot: Snapshot) -> dict[str, np.ndarray]:
    """Return what every join is given: the classes already found, the demands already with the classes that fit."""
    classes, columns = classify(snapshot), [QUALITIES.index(quality) for quality in LIMITED]
    fits = classes.match > 0
    row = np.nonzero(fits.T)[1]
    per_class = fits.sum(axis=0)
    starts, times = np.cumsum(per_class) - per_class, per_class[classes.of_demand]
    offset = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    s, d = snapshot.supplies, snapshot.demands
    half_chord = math.sin((REACH_M + 0.5) / EARTH_RADIUS_M / 2)
    return {
        "s_class": classes.of_supply.astype(np.int32),
        "d_class": classes.of_demand.astype(np.int32),
        "fits": fits,
        "probe_demand": np.repeat(np.arange(len(d)), times).astype(np.int32),
        "probe_class": row[np.repeat(starts[classes.of_demand], times) + offset].astype(np.int32),
        "s_lat": s.lat,
        "s_lon": s.lon,
        "s_xyz": on_sphere(s.lat, s.lon),
        "d_lat": d.lat,
        "d_lon": d.lon,
        "d_xyz": on_sphere(d.lat, d.lon),
        "measured": np.ascontiguousarray(s.quality_high[:, columns].T),
        "limit": np.ascontiguousarray(d.quality_high[:, columns].T),
        "chord_squared": np.float64(4 * half_chord**2),
    }


def by_our_join(data: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    n = len(data["s_lat"])
    supplying, demanding = (
        points(data[f"{x}_class"].astype(np.int64), data[f"{x}_lat"], data[f"{x}_lon"], np.zeros(n, np.int64))
        for x in "sd"
    )
    supplies, demands, metres = [], [], []
    for near in pairs_within(supplying, demanding, data["fits"], REACH_M):
        i, j, apart = near.supply, near.demand, near.distance_m
        for m, n in zip(data["measured"], data["limit"], strict=True):
            inside = m[i] <= n[j]
            i, j, apart = i[inside], j[inside], apart[inside]
        supplies.append(i.astype(np.int32))
        demands.append(j.astype(np.int32))
        metres.append(apart.astype(np.int32))
    return np.concatenate(supplies), np.concatenate(demands)


def by_double_loop(snapshot: Snapshot) -> list[tuple[int, int]]:
    """Return the pairs by asking every pair in plain Python: nothing of the join, nothing of numpy."""
    replaces = {(row.by_product, row.input_) for row in snapshot.substitutions}
    found = []
    for i, s in enumerate(snapshot.supplies.listings):
        has = {text.split("|")[0]: float(text.split("|")[2]) for text in s.qualities}
        for j, d in enumerate(snapshot.demands.listings):
            subchapter = d.waste_code is not None and str(s.waste_code).startswith(d.waste_code)
            same = s.resource_code == d.resource_code
            if not (same or subchapter or (s.resource_code, d.resource_code) in replaces):
                continue
            phi, psi = math.radians(s.lat), math.radians(d.lat)
            half = math.sin((psi - phi) / 2) ** 2
            half += math.cos(phi) * math.cos(psi) * math.sin(math.radians(d.lon - s.lon) / 2) ** 2
            near = round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(half))) <= REACH_M
            if near and all(has[text.split("|")[0]] <= float(text.split("|")[2]) for text in d.qualities):
                found.append((i, j))
    return found


def child(method: str, folder: str, n: int) -> None:
    if method == "pairs_within":
        with np.load(f"{folder}/{n}.npz") as stored:
            data = dict(stored)
        print(json.dumps(measured(lambda: by_our_join(data))))
        return
    snapshot = snapshot_of(country(n))

    def whole() -> tuple[np.ndarray, np.ndarray]:
        found = find_candidates(snapshot)
        return found.supply, found.demand

    print(json.dumps(measured(whole)))


def run(method: str, folder: str, n: int) -> dict[str, float]:
    command = (
        [sys.executable, "-m", "bench.candidates", method, folder, str(n)]
        if method in OURS
        else [str(PEERS_PYTHON), "bench/candidate_peers.py", method, f"{folder}/{n}.npz"]
    )
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def main() -> None:
    if len(sys.argv) == 4:
        child(sys.argv[1], sys.argv[2], int(sys.argv[3]))
        return
    sample = snapshot_of(country(500))
    found = find_candidates(sample)
    looped = by_double_loop(sample)
    equal = looped == list(zip(found.supply.tolist(), found.demand.tolist(), strict=True))
    print(f"500 x 500, double loop: {len(looped)} pairs, {'the same' if equal else 'DIFFERENT'} as find_candidates")
    same = equal
    with tempfile.TemporaryDirectory() as folder:
        for n in SIZES:
            np.savez(f"{folder}/{n}.npz", allow_pickle=False, **arrays(snapshot_of(country(n))))
            rounds = [{method: run(method, folder, n) for method in (*OURS, *PEERS)} for _ in range(ROUNDS)]
            same &= agree(rounds)
            report(n, rounds)
    print("every method found the same pairs" if same else "THE METHODS DISAGREE")
    raise SystemExit(0 if same else 1)


def agree(rounds: list[dict[str, dict[str, float]]]) -> bool:
    """Return whether every method found the same pairs in every round, and print what else was found."""
    found = {(one["pairs"], one["checksum"]): name for each in rounds for name, one in each.items()}
    for (pairs, number), name in found.items() if len(found) > 1 else ():
        print(f"{name} found {pairs:.0f} pairs, checksum {number:.0f}")
    return len(found) == 1


def report(n: int, rounds: list[dict[str, dict[str, float]]]) -> None:
    pairs = int(rounds[0]["find_candidates"]["pairs"])
    print(f"\n{n} x {n}: {pairs} pairs within {REACH_M // 1000} km, medians of {len(rounds)} rounds in turn")
    print(f"{'method':18}{'s':>8}{'pairs/s':>12}{'MB grown':>10}{'x join':>8}{'checksum':>18}")
    ours = statistics.median(each["pairs_within"]["seconds"] for each in rounds)
    for method in (*OURS, *PEERS):
        seconds = statistics.median(each[method]["seconds"] for each in rounds)
        grown = statistics.median(each[method]["grown_mb"] for each in rounds)
        tail = f"{seconds / ours:8.2f}{int(rounds[0][method]['checksum']):18}"
        print(f"{method:18}{seconds:8.2f}{pairs / seconds:12.3g}{grown:10.0f}{tail}")


if __name__ == "__main__":
    main()
