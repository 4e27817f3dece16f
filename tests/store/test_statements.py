"""Page statements are ordered in full and limited, whatever is asked."""

import pytest

from symbiosis.store.listing_queries import LISTING_ORDERS, LISTINGS, ListingOrder
from symbiosis.store.statements import VISIBLE_LISTING, OrderBy, SortDirection, page_statement


@pytest.mark.parametrize("order", list(ListingOrder))
@pytest.mark.parametrize("direction", list(SortDirection))
@pytest.mark.parametrize("goes_on", [False, True])
def test_every_page_statement_is_limited_and_ordered_down_to_the_id(
    order: ListingOrder, direction: SortDirection, goes_on: bool
) -> None:
    asked = OrderBy(order, direction).sorted_in(LISTING_ORDERS)
    text = page_statement(LISTINGS, (VISIBLE_LISTING,), asked, goes_on=goes_on)
    assert text.count(f"ORDER BY sort_key {direction}, listing") == 2
    assert f"ORDER BY sort_key {direction}, listing.id LIMIT $at_most" in text
    assert text.endswith("listing_id")
    assert ("$after_key" in text) == goes_on
    assert VISIBLE_LISTING in text
