"""The join finds what a double loop finds, wherever the points are and however they are cut up."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.matching import join
from symbiosis.matching.join import (
    EARTH_RADIUS_M,
    Points,
    chords_squared,
    metres_apart,
    on_sphere,
    pairs_within,
    points,
)

CLASSES = 3


def haversine_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    phi, psi = math.radians(lat), math.radians(other_lat)
    half = math.sin((psi - phi) / 2) ** 2
    half += math.cos(phi) * math.cos(psi) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(half))


def apart_m(lat: float, lon: float, other_lat: float, other_lon: float) -> int:
    one, other = (on_sphere(np.array([x]), np.array([y])) for x, y in ((lat, lon), (other_lat, other_lon)))
    return int(metres_apart(chords_squared(one, other), np.zeros(1))[0])


@st.composite
def sides(draw: st.DrawFn, middle: float) -> Points:
    n = draw(st.integers(0, 12))
    spread = draw(st.sampled_from([0.0, 0.001, 0.1, 1.0, 5.0]))
    offset = st.floats(-1, 1)
    lat = np.array([min(90.0, max(-90.0, middle + spread * draw(offset))) for _ in range(n)])
    lon = np.array([4.8 + spread * draw(offset) for _ in range(n)])
    class_ = np.array([draw(st.integers(0, CLASSES - 1)) for _ in range(n)], dtype=np.int64)
    error_m = np.array([draw(st.sampled_from([0, 100, 1500])) for _ in range(n)], dtype=np.int64)
    return points(class_, lat, lon, error_m)


@st.composite
def joins(draw: st.DrawFn) -> tuple[Points, Points, np.ndarray, int]:
    middle = draw(st.sampled_from([0.0, 45.7, -60.0, 85.0, 90.0]))
    fits = np.array([draw(st.booleans()) for _ in range(CLASSES**2)]).reshape(CLASSES, CLASSES)
    return draw(sides(middle)), draw(sides(middle)), fits, draw(st.sampled_from([0, 50, 2_000, 45_000, 900_000]))


def by_double_loop(one: Points, other: Points, fits: np.ndarray, reach_m: int) -> list[tuple[int, int, int]]:
    pairs = []
    for i in range(len(one.lat)):
        for j in range(len(other.lat)):
            known = haversine_m(one.lat[i], one.lon[i], other.lat[j], other.lon[j])
            metres = round(math.sqrt(round(known) ** 2 + one.error_m2[i] + other.error_m2[j]))
            if fits[one.class_[i], other.class_[j]] and metres <= reach_m:
                pairs.append((i, j, metres))
    return pairs


def joined(one: Points, other: Points, fits: np.ndarray, reach_m: int) -> list[tuple[int, int, int]]:
    found = pairs_within(one, other, fits, reach_m)
    columns = [(near.supply.tolist(), near.demand.tolist(), near.distance_m.tolist()) for near in found]
    return sorted(pair for part in columns for pair in zip(*part, strict=True))


@given(joins())
@settings(max_examples=200, deadline=None)
def test_the_join_finds_the_pairs_of_a_double_loop_once_each(given_: tuple[Points, Points, np.ndarray, int]) -> None:
    assert joined(*given_) == by_double_loop(*given_)


@given(joins())
@settings(max_examples=50, deadline=None)
def test_how_it_is_cut_up_does_not_touch_what_is_found(given_: tuple[Points, Points, np.ndarray, int]) -> None:
    whole = joined(*given_)
    for name, value in (("CHUNK_PAIRS", 2), ("BLOCK_PROBES", 1), ("CELLS", 1), ("COLUMNS_IN_REACH", 5)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(join, name, value)
            assert joined(*given_) == whole


def test_a_chunk_holds_no_more_than_its_bound_and_one_range(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join, "CHUNK_PAIRS", 100)
    crowd = points(np.zeros(40, np.int64), np.full(40, 45.7), np.full(40, 4.8), np.zeros(40, np.int64))
    sizes = [len(near.supply) for near in pairs_within(crowd, crowd, np.ones((1, 1), np.bool_), 1000)]
    assert sum(sizes) == 1600
    assert max(sizes) <= 100 + 40


@pytest.mark.parametrize(
    ("other_lat", "other_lon"),
    [(45.0, 4.0), (45.00001, 4.0), (45.0, 4.00002), (45.3, 4.4), (46.7, 2.1), (-45.0, -176.0), (90.0, 12.0)],
)
def test_a_chord_gives_the_metres_of_the_haversine(other_lat: float, other_lon: float) -> None:
    assert apart_m(45.0, 4.0, other_lat, other_lon) == round(haversine_m(45.0, 4.0, other_lat, other_lon))


def test_the_distance_of_a_pair_is_the_same_both_ways_and_zero_to_itself() -> None:
    assert apart_m(45.7, 4.85, 45.44, 4.39) == apart_m(45.44, 4.39, 45.7, 4.85)
    assert apart_m(45.7, 4.85, 45.7, 4.85) == 0
