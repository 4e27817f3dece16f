"""The only place where units convert."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.units import (
    BASE_PER_TRADE,
    MAX_BASE,
    TRADE_UNIT,
    AmountError,
    BaseUnit,
    QuantityError,
    base_from_trade,
    cent_from_eur,
    eur_from_cent,
    fte_from_tenth,
    km_from_m,
    tco2e_from_g,
    tenth_from_fte,
    trade_from_base,
)


def test_every_base_unit_is_traded_in_some_unit() -> None:
    assert set(TRADE_UNIT) == set(BASE_PER_TRADE) == set(BaseUnit)


@given(st.sampled_from(BaseUnit), st.integers(1, MAX_BASE))
def test_what_is_stored_is_read_back_exactly(unit: BaseUnit, base: int) -> None:
    assert base_from_trade(trade_from_base(base, unit), unit) == base


def test_quantities_round_half_to_even() -> None:
    assert base_from_trade("1.0005", BaseUnit.KG) == 1000
    assert base_from_trade("1.0015", BaseUnit.KG) == 1002
    assert base_from_trade(" 12.5 ", BaseUnit.KWH) == 12_500


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0", "not above zero"),
        ("-3", "not above zero"),
        ("nan", "not a finite number"),
        ("inf", "not a finite number"),
        ("1e9999999", "beyond anything"),
        ("1000000001", "beyond anything"),
        ("0.0001", "below 1 kg"),
        ("ten", "not a number"),
        ("", "not a number"),
    ],
)
def test_a_quantity_that_cannot_be_listed_is_refused_in_words(value: str, words: str) -> None:
    with pytest.raises(QuantityError, match=words):
        base_from_trade(value, BaseUnit.KG)


def test_money_is_whole_cents_below_zero_too() -> None:
    assert cent_from_eur("-190.005") == -19_000
    assert eur_from_cent(cent_from_eur(12.34)) == 12.34


@pytest.mark.parametrize("value", ["nan", "1e13", "cheap"])
def test_an_amount_that_cannot_be_stored_is_refused(value: str) -> None:
    with pytest.raises(AmountError):
        cent_from_eur(value)


def test_kilometres_and_tonnes_of_co2e() -> None:
    assert km_from_m(2_450) == 2.45
    assert tco2e_from_g(105_000) == 0.105


@given(st.integers(0, 100_000))
def test_jobs_are_read_back_exactly(tenth: int) -> None:
    assert tenth_from_fte(fte_from_tenth(tenth)) == tenth


def test_jobs_round_half_to_even() -> None:
    assert [tenth_from_fte(jobs) for jobs in (0.25, 0.35, 1.04)] == [2, 4, 10]
