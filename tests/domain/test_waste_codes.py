import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.domain.waste_codes import (
    EntryType,
    WasteCode,
    WasteCodeError,
    WasteCodes,
    hierarchy_distance,
    read_waste_code,
)

SAWDUST = WasteCode("030105", hazardous=False, entry_type=EntryType.MN, label_fr="Sciure", label_en="Sawdust")
TAILINGS = WasteCode("010304", hazardous=True, entry_type=EntryType.MH, label_fr="Stériles", label_en="Tailings")
TABLE = WasteCodes([SAWDUST, TAILINGS])
SIX_DIGITS = st.text("0123456789", min_size=6, max_size=6)


@pytest.mark.parametrize("written", ["03 01 05", "030105", " 03 01 05 ", "03.01.05", "03  01 05"])
def test_a_code_is_read_however_it_is_spaced(written: str) -> None:
    assert TABLE.parse(written) is SAWDUST


@pytest.mark.parametrize("written", ["01 03 04*", "010304*", "01 03 04 *", "010304"])
def test_a_hazardous_code_is_read_with_or_without_its_star(written: str) -> None:
    assert TABLE.parse(written) is TAILINGS


def test_a_star_on_a_code_that_is_not_hazardous_is_refused() -> None:
    with pytest.raises(WasteCodeError, match="03 01 05 is not hazardous; drop the star"):
        TABLE.parse("03 01 05*")


def test_a_code_outside_the_list_is_refused() -> None:
    with pytest.raises(WasteCodeError, match="no such entry"):
        TABLE.parse("99 99 99")


@pytest.mark.parametrize("written", ["", "0301", "03 01 5", "٠٣٠١٠٥", "O3 01 05", "03 01 05**", "*030105"])
def test_what_has_not_the_shape_of_a_code_is_refused(written: str) -> None:
    with pytest.raises(WasteCodeError, match="write six digits"):
        TABLE.parse(written)


def test_the_display_is_the_laws() -> None:
    assert (SAWDUST.display, TAILINGS.display) == ("03 01 05", "01 03 04*")
    assert (SAWDUST.chapter, SAWDUST.subchapter) == ("03", "0301")


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("030105", "030105", 0), ("030105", "030101", 1), ("030105", "030307", 2), ("030105", "010304", 3)],
)
def test_the_distance_of_two_codes_is_the_level_they_share(one: str, other: str, distance: int) -> None:
    assert hierarchy_distance(one, other) == distance


@settings(deadline=None)
@given(SIX_DIGITS, st.booleans(), st.booleans())
def test_reading_what_was_written_returns_the_digits_and_the_star(digits: str, starred: bool, spaced: bool) -> None:
    written = f"{digits[:2]} {digits[2:4]} {digits[4:]}" if spaced else digits
    assert read_waste_code(written + "*" * starred) == (digits, starred)


@settings(deadline=None)
@given(SIX_DIGITS, SIX_DIGITS)
def test_the_distance_is_symmetric_and_zero_only_for_the_same_code(one: str, other: str) -> None:
    assert hierarchy_distance(one, other) == hierarchy_distance(other, one)
    assert (hierarchy_distance(one, other) == 0) == (one == other)
