"""What is shown of an anonymised listing."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.domain.disclosure import (
    MIN_FIRMS,
    Anonymised,
    AreaKind,
    Clue,
    area_of,
    band_of,
    departement_of,
    outline_of,
)
from symbiosis.domain.ids import ListingId, OrganisationId, ResourceCode
from symbiosis.domain.listings import Direction
from symbiosis.domain.resources import ResourceKind
from symbiosis.units import BaseUnit

LYON: Final = "lyon"


def clue(firm: str, *codes: str, insee: str = "69001", epci: str | None = LYON, resource: str = "wood") -> Clue:
    supply = Direction.SUPPLY
    return Clue(OrganisationId(firm), supply, ResourceKind.MATERIAL, ResourceCode(resource), codes, insee, epci)


def anonymised(own: Clue, code: str | None = "150103", quantity: int = 347_000) -> Anonymised:
    return Anonymised(ListingId("lst-1"), own, code, quantity, BaseUnit.KG)


OWN: Final = clue("org-own", "150103")


@pytest.mark.parametrize(
    ("others", "shown"),
    [
        ([clue("b", "150103"), clue("c", "150103")], ("150103", AreaKind.COMMUNE, "69001")),
        ([clue("b", "150103"), clue("c", "150103", insee="69002")], ("150103", AreaKind.EPCI, LYON)),
        ([clue("b", "150101"), clue("c", "150103")], ("1501", AreaKind.EPCI, LYON)),
        (
            [clue("b", "150101", insee="69999", epci=None), clue("c", "150103")],
            ("1501", AreaKind.DEPARTEMENT, "69"),
        ),
        ([clue("b", "150203"), clue("c", "150110")], ("15", AreaKind.DEPARTEMENT, "69")),
        ([clue("b", "150103"), clue("b", "150103")], None),
        ([clue("b", "170201"), clue("c", "150103")], None),
        ([clue("b", "150103", insee="42001", epci="stetienne"), clue("c", "150103")], None),
        ([], None),
    ],
)
def test_code_and_place_widen_until_three_firms_could_be_meant_or_nothing_shows(
    others: list[Clue], shown: tuple[str, AreaKind, str] | None
) -> None:
    outline = outline_of(anonymised(OWN), [OWN, *others])
    assert (None if outline is None else (outline.waste_code, outline.area_kind, outline.area)) == shown


def test_a_listing_without_a_waste_code_shows_its_resource_and_then_only_the_kind() -> None:
    own = clue("org-own")
    same = outline_of(anonymised(own, None), [clue("b"), clue("c")])
    other = outline_of(anonymised(own, None), [clue("b", resource="glass"), clue("c", resource="sand")])
    assert same is not None
    assert (same.resource_code, same.waste_code, same.area_kind) == ("wood", None, AreaKind.COMMUNE)
    assert other is not None
    assert (other.resource_code, other.kind, other.area) == (None, ResourceKind.MATERIAL, "69")


@pytest.mark.parametrize(
    ("quantity", "band"),
    [(0, (0, 1)), (1, (1, 2)), (2, (2, 5)), (4, (2, 5)), (5, (5, 10)), (347_000, (200_000, 500_000)), (10, (10, 20))],
)
def test_a_quantity_shows_as_a_band_of_the_series_one_two_five(quantity: int, band: tuple[int, int]) -> None:
    assert band_of(quantity) == band


@pytest.mark.parametrize(("insee", "number"), [("69266", "69"), ("2A004", "2A"), ("97411", "974")])
def test_the_departement_is_in_the_code_of_the_commune(insee: str, number: str) -> None:
    assert departement_of(insee) == number


CLUES: Final = st.builds(
    clue,
    st.sampled_from("abcdef"),
    st.sampled_from(["150103", "150101", "150203", "170201"]),
    insee=st.sampled_from(["69001", "69002", "42001"]),
    epci=st.sampled_from([LYON, None]),
)


@given(st.lists(CLUES, max_size=12), CLUES, st.integers(0, 10**12))
def test_whatever_shows_could_mean_three_firms_and_holds_the_quantity(
    others: list[Clue], own: Clue, quantity: int
) -> None:
    outline = outline_of(anonymised(own, own.codes[0], quantity), others)
    if outline is None:
        return
    start = outline.waste_code or ""
    firms = {
        other.organisation_id
        for other in [own, *others]
        if area_of(other, outline.area_kind) == outline.area and other.codes[0].startswith(start)
    }
    assert len(firms) >= MIN_FIRMS
    assert outline.low_base <= quantity < outline.high_base
