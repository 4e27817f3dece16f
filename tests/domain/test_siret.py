import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.domain.siret import SiretError, is_siret, luhn_sum, siren_of, siret_of

DIGITS = st.text("0123456789", min_size=13, max_size=13)


def test_the_siret_of_industeel_is_read_with_and_without_spaces() -> None:
    assert siret_of("33131087000141") == "33131087000141"
    assert siret_of(" 331 310 870 00141 ") == "33131087000141"


def test_a_siren_is_read_and_its_key_checked() -> None:
    assert siren_of("331 310 870") == "331310870"
    with pytest.raises(SiretError, match="check digit is wrong"):
        siren_of("331310871")


@pytest.mark.parametrize("post_office", ["35600000049837", "35600000009075"])
def test_an_establishment_of_la_poste_needs_a_digit_sum_that_five_divides(post_office: str) -> None:
    assert luhn_sum(post_office) % 10 != 0
    assert siret_of(post_office) == post_office


def test_the_head_office_of_la_poste_carries_a_luhn_key() -> None:
    assert sum(map(int, "35600000000048")) % 5 != 0
    assert siret_of("35600000000048") == "35600000000048"


def test_la_poste_with_a_wrong_digit_sum_is_refused() -> None:
    assert not is_siret("35600000049838")
    with pytest.raises(SiretError, match="check digit"):
        siret_of("35600000049838")


def test_the_rule_of_la_poste_serves_la_poste_only() -> None:
    other = "33131087000004"
    assert sum(map(int, other)) % 5 == 0
    assert not is_siret(other)


@pytest.mark.parametrize(
    ("given_text", "reason"),
    [
        ("", "it is empty"),
        ("3313108700014", "it has 13 digits instead of 14"),
        ("331310870001411", "it has 15 digits instead of 14"),
        ("3313108700014A", "something other than digits"),
        ("٣٣١٣١٠٨٧٠٠٠١٤١", "something other than digits"),
        ("00000000000000", "it is all zeros"),
        ("33131087000142", "its check digit is wrong"),
    ],
)
def test_a_wrong_siret_is_told_what_is_wrong_with_it(given_text: str, reason: str) -> None:
    with pytest.raises(SiretError) as refused:
        siret_of(given_text)
    assert reason in str(refused.value)
    assert refused.value.noun == "SIRET"
    assert not is_siret(given_text)


@settings(deadline=None)
@given(DIGITS)
def test_exactly_one_last_digit_satisfies_luhn(body: str) -> None:
    assert sum(luhn_sum(body + last) % 10 == 0 for last in "0123456789") == 1


@settings(deadline=None)
@given(DIGITS, st.integers(0, 13), st.integers(1, 9))
def test_one_mistyped_digit_never_passes(body: str, place: int, step: int) -> None:
    siret = next(body + last for last in "0123456789" if luhn_sum(body + last) % 10 == 0)
    mistyped = siret[:place] + str((int(siret[place]) + step) % 10) + siret[place + 1 :]
    assert luhn_sum(mistyped) % 10 != 0
