"""The published plan's input gives each of its listings as the whole of it would."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from symbiosis.matching import older_input
from symbiosis.matching.older_input import OlderInput
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.snapshot import StoredMarket
from tests.matching.markets import listing, market, markets


@pytest.mark.parametrize("most", [0, 3000])
@given(stored=markets())
@settings(max_examples=30)
def test_every_listing_is_found_and_no_other(stored: StoredMarket, most: int) -> None:
    content = snapshot_of(stored).canonical()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(older_input, "MANY", most)
        held(content)


def held(content: bytes) -> None:
    """Hold what is found against the whole of the input."""
    read, older = json.loads(content), OlderInput.of(content)
    rows = {row[0]: row for row in (*read["supplies"], *read["demands"])}
    assert older.listings(rows) == rows
    assert older.factors == {row[0]: row[1:] for row in read["factors"]}
    assert older.listings(["", *(f"{name}~" for name in rows)]) == {}


def test_texts_like_the_end_of_a_row_are_no_end() -> None:
    odd = ']],["s1",null]],["'
    listings = [replace(listing(f"s{n}", "slag", 1000), site_id=odd, headings=(odd, '"')) for n in range(9)]
    older = OlderInput.of(snapshot_of(market(*listings)).canonical())
    assert older.listings([f"s{n}" for n in range(10)]).keys() == {f"s{n}" for n in range(9)}
