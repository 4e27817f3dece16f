"""The published plan's input gives each of its listings as the whole of it would."""

import json
from dataclasses import replace

from hypothesis import given, settings

from symbiosis.matching.older_input import OlderInput
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.store.snapshot import StoredMarket
from tests.matching.markets import listing, market, markets


@given(markets())
@settings(max_examples=50)
def test_every_listing_is_found_and_no_other(stored: StoredMarket) -> None:
    content = snapshot_of(stored).canonical()
    read, older = json.loads(content), OlderInput.of(content)
    rows = {row[0]: row for row in (*read["supplies"], *read["demands"])}
    assert {key: older.listing(key) for key in rows} == rows
    assert older.factors == {row[0]: row[1:] for row in read["factors"]}
    for name in rows:
        assert older.listing(f"{name}~") is None
    assert older.listing("") is None


def test_texts_like_the_end_of_a_row_are_no_end() -> None:
    odd = ']],["s1",null]],["'
    listings = [replace(listing(f"s{n}", "slag", 1000), site_id=odd, headings=(odd, '"')) for n in range(9)]
    older = OlderInput.of(snapshot_of(market(*listings)).canonical())
    assert [(older.listing(f"s{n}") or [None])[0] for n in range(10)] == [*(f"s{n}" for n in range(9)), None]
