"""Suggestions in columns are the suggestions that they stand for, one by one and as the plan that is hashed."""

import hashlib
import json
import pickle
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, settings

from symbiosis.domain.worth import LINES, Line, Measure, Part, Spread
from symbiosis.matching.compute import compute
from symbiosis.matching.planned import Suggestions
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.snapshot import StoredMarket
from tests.matching.markets import listing, markets
from tests.matching.test_compute import RUN, computed, silent

ENDS: Final = ("value_low_cent", "avoided_low_gco2e", "value_high_cent", "avoided_high_gco2e")
NOTHING: Final = Line(Measure.CENT, Part.TAX, 0, 0, 0)


def hashed_one_by_one(made: Suggestions) -> str:
    """Return the hash of a plan as `Suggestions.sha256` describes it, from the suggestions themselves."""
    rows = sorted(made, key=lambda row: (row.supply_id, row.demand_id))
    told = [row.suggestion for row in rows]
    lines = [{(line.measure, line.part): line for line in each.lines} for each in told]
    named: list[list[Any]] = [
        [str(each.match) for each in told],
        [each.technique or "" for each in told],
        [each.vehicle for each in told],
        [each.unpriced for each in told],
        [tuple(row[key].references if key in row else () for key in LINES) for row in lines],
    ]
    names = [sorted(set(column)) for column in named]
    head = [[row.supply_id for row in rows], [row.demand_id for row in rows]], names
    numbers = [
        *([getattr(each, name) for each in told] for name in ("quantity_base_per_year", "distance_m")),
        *([getattr(each, name) for each in told] for name in ("supplier_share_cent_per_year", "estimated")),
        *([kept.index(name) for name in column] for kept, column in zip(names, named, strict=True)),
        *([getattr(row.get(key, NOTHING), end) for row in lines] for end in ("amount", "low", "high") for key in LINES),
        *([getattr(each, f"{name}_per_year") for each in told] for name in ENDS),
    ]
    digest = hashlib.sha256(json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode())
    for column in numbers:
        digest.update(b"".join(int(number).to_bytes(8, "little", signed=True) for number in column))
    return digest.hexdigest()


@given(markets())
@settings(max_examples=30)
def test_the_columns_hash_as_their_suggestions_do(stored: StoredMarket) -> None:
    wide = {key: Spread(x.value, x.value * 0.5, x.value * 1.5) for key, x in stored.factors.items()}
    made = compute(snapshot_of(replace(stored, factors=wide)), RUN, silent)
    assert made.plan_sha256 == hashed_one_by_one(made.rows)
    for row in made.rows:
        suggestion, lines = row.suggestion, row.suggestion.lines
        cents, grams = (sum(x.amount for x in lines if x.measure == measure) for measure in ("CENT", "GCO2E"))
        assert (suggestion.value_cent_per_year, suggestion.avoided_gco2e_per_year) == (cents, grams)
        assert suggestion.factor_ids == tuple(sorted({used for x in lines for used in x.references if "@" in used}))
    assert made.rows.amounts() == {
        (row.supply_id, row.demand_id): (row.suggestion.quantity_base_per_year, row.suggestion.value_cent_per_year)
        for row in made.rows
    }


def test_rows_are_asked_for_like_those_of_a_list() -> None:
    listings = [listing(f"{side}{n}", "slag", 1000 * (n + 1)) for n in range(4) for side in "sd"]
    made = computed(*listings).rows
    rows = list(made)
    assert len(rows) == len(made) >= 4
    assert made[1:3] == rows[1:3]
    assert (made[0], made[-1], made[::-1]) == (rows[0], rows[-1], rows[::-1])
    assert made == rows
    assert pickle.loads(pickle.dumps(made)) == made
    with pytest.raises(IndexError):
        made[len(rows)]


def test_sums_beyond_64_bits_on_the_way_are_exact() -> None:
    """10^15 + 7 kg at 10.00 EUR/t are 10^15 + 7 cents; the grams of the same row go beyond 64 bits on the way."""
    vast = {"quantity_base_per_year": 10**15 + 7, "price_cent_per_trade_unit": 1000}
    rows = computed(listing("s1", "slag", **vast), listing("d1", "slag", **vast)).rows
    suggestion = rows[0].suggestion
    assert suggestion.quantity_base_per_year == 10**15 + 7
    line = next(x for x in suggestion.lines if x.part == "DISPOSAL" and x.measure == "CENT")
    assert line.amount == 10**15 + 7
