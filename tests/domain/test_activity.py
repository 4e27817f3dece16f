from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.domain.activity import ActivityCodeError, lineage_of, nace_of, naf_of, section_of

DIVISIONS = st.sampled_from(["01", "09", "10", "25", "33", "35", "39", "43", "86", "99"])


@pytest.mark.parametrize("written", ["25.61Z", "2561Z", " 25.61z ", "25.61 Z"])
def test_a_sub_class_is_read_however_it_is_written(written: str) -> None:
    assert naf_of(written) == "25.61Z"


@pytest.mark.parametrize(
    ("written", "code"), [("25", "25"), ("25.6", "25.6"), ("25.61", "25.61"), ("2561", "25.61"), ("256", "25.6")]
)
def test_a_division_group_or_class_is_read(written: str, code: str) -> None:
    assert nace_of(written) == code


@pytest.mark.parametrize("written", ["", "25.61", "25.6Z", "25.611Z", "ZZ.61Z", "25,61Z"])
def test_what_is_not_a_sub_class_is_refused(written: str) -> None:
    with pytest.raises(ActivityCodeError, match=r"25\.61Z"):
        naf_of(written)


def test_a_division_that_no_section_holds_is_refused() -> None:
    with pytest.raises(ActivityCodeError, match=r"no section of NACE Rev\.2 holds a division 34"):
        naf_of("34.10Z")


def test_the_lineage_runs_from_the_sub_class_to_the_section() -> None:
    assert lineage_of("25.61Z") == ("25.61Z", "25.61", "25.6", "25", "C")
    assert lineage_of("38") == ("38", "E")


@settings(deadline=None)
@given(DIVISIONS, st.integers(0, 99), st.sampled_from("ABCDEFGHZ"))
def test_every_parent_is_a_prefix_of_its_child(division: str, rest: int, letter: str) -> None:
    naf = naf_of(f"{division}{rest:02}{letter}")
    *rungs, section = lineage_of(naf)
    assert all(child.startswith(parent) for child, parent in pairwise(rungs))
    assert (rungs[-1], section) == (division, section_of(division))
