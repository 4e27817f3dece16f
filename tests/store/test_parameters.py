"""What may be sent to the store."""

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pytest

from symbiosis.domain.listings import Direction
from symbiosis.store.failures import ParameterError
from symbiosis.store.parameters import check_parameters


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (float("nan"), "is nan: missing is None"),
        (float("-inf"), "is -inf: missing is None"),
        (2**63, "does not fit into 64 bits"),
        (-(2**63) - 1, "does not fit into 64 bits"),
        (datetime(2026, 1, 1, tzinfo=UTC), "is a datetime: send text, numbers, or UTC ISO text for a time"),
        (date(2026, 1, 1), "is a date: send text, numbers, or UTC ISO text for a time"),
        (np.int64(3), "is a int64: send text, numbers, or UTC ISO text for a time"),
        (Decimal("0.1"), "is a Decimal: send text, numbers, or UTC ISO text for a time"),
        ({1: "a"}, "has the key 1, which is not text"),
    ],
)
def test_what_a_server_would_store_wrongly_is_not_sent(value: object, what: str) -> None:
    with pytest.raises(ParameterError) as refused:
        check_parameters({"given": value})
    assert str(refused.value) == f"The parameter given {what}; nothing was sent to the store."


def test_the_message_names_the_place_inside_a_batch() -> None:
    with pytest.raises(ParameterError) as refused:
        check_parameters({"rows": [{"mass_kg": 1}, {"mass_kg": float("inf")}]})
    assert refused.value.name == "rows[1].mass_kg"


def test_text_numbers_and_collections_of_them_are_sent() -> None:
    check_parameters(
        {
            "a": None,
            "b": True,
            "c": 2**63 - 1,
            "d": -(2**63),
            "e": 0.5,
            "f": ["x", ("y", 2)],
            "g": {"h": [{"i": None}]},
            "j": Direction.SUPPLY,
            "k": b"\x00",
        }
    )
