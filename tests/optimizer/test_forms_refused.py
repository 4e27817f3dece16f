"""What a wrong form gets: a sentence with the path of the field."""

from typing import Any

import pytest

from optimizer.forms import FormError, answer
from optimizer.forms.document import parse
from tests.optimizer.form_examples import example, solved

WRONG: list[tuple[str, list[str | int], Any, str]] = [
    ("exchange", ["supplies", 2, "quantity"], -3, "supplies[2].quantity: -3 is negative; give zero or more."),
    ("exchange", ["supplies", 0, "quantity"], "12", 'supplies[0].quantity: "12" is not a number.'),
    ("exchange", ["supplies", 0, "quantity"], True, "supplies[0].quantity: true is not a number."),
    ("exchange", ["supplies", 0, "quantity"], None, "supplies[0].quantity: null is not a number."),
    ("exchange", ["supplies", 0, "quantity"], 1e16, "supplies[0].quantity: 1E+16 is beyond 10^15; state it in a coars"),
    ("exchange", ["supplies", 0, "id"], 7, 'supplies[0].id: 7 is not a text; write "7".'),
    ("exchange", ["supplies", 0, "id"], " ", 'supplies[0].id: " " has 1 characters; write 1 to 200.'),
    (
        "exchange",
        ["supplies", 1, "id"],
        "ash, heating plant",
        'supplies[2].id: "ash, heating plant" already stands in s',
    ),
    ("exchange", ["supplies", 1, "yield"], 0.9, "supplies[1].yield: is not known here; the fields are id, quantity, m"),
    ("exchange", ["supplies", 1, "quantitty"], 1, "supplies[1].quantitty: is not known here; did you mean quantity?"),
    ("exchange", ["supplies"], {}, "supplies: {} is not a list."),
    ("exchange", ["supplies", 1], 5, "supplies[1]: 5 is not an object; write {...} with id, quantity, must_ship"),
    ("exchange", ["arcs", 0, "supply"], "slag", 'arcs[0].supply: "slag" is not the id of a supply'),
    ("exchange", ["arcs", 1, "demand"], "road base", "arcs[1]: joins the same supply and demand as arcs[0]"),
    ("exchange", ["gap"], 1, "gap: 1 is too great; give less than 1."),
    ("exchange", ["time_limit_seconds"], -1, "time_limit_seconds: -1 is negative"),
    ("exchange", ["kind"], "exchnge", 'kind: "exchnge" is none of exchange, heat, shares, siting.'),
    ("exchange", ["lots"], [], "lots: is not known here; the fields are"),
    ("heat", ["streams"], [], "streams: has 0 entries; give at least 1."),
    ("heat", ["dt_min"], -1, "dt_min: -1 is negative"),
    (
        "heat",
        ["streams", 0, "heat_capacity_flow"],
        0,
        "streams[0].heat_capacity_flow: 0 is too small; give more than 0.",
    ),
    (
        "heat",
        ["streams", 0, "duty"],
        5,
        "streams[0]: give exactly one of heat_capacity_flow or duty; found heat_capacity_",
    ),
    ("heat", ["streams", 0, "side"], "COLD", "streams[0].side: COLD contradicts the temperatures, which make it HOT."),
    ("heat", ["streams", 0, "target_temperature"], 170, "streams[0].heat_capacity_flow: does not apply: both temperat"),
    ("heat-steam", ["streams", 0, "side"], "WARM", 'streams[0].side: "WARM" is none of HOT, COLD.'),
    (
        "shares",
        ["worth", 0, "members", 1],
        "right 3",
        'worth[0].members[1]: "right 3" is not the id of a player; did yo',
    ),
    ("shares", ["worth", 0, "members", 1], "left", 'worth[0].members[1]: "left" already stands in worth[0].members[0]'),
    ("shares", ["worth", 0, "members", 1], "right 2", "worth[1].members: this coalition is listed already"),
    ("shares", ["players"], [f"p{n}" for n in range(13)], "players: 13 players are too many to list coalitions"),
    (
        "shares",
        ["exchange"],
        {"supplies": [], "demands": [], "arcs": []},
        "worth: give exactly one of worth or exchange",
    ),
    ("shares", ["proposal", 0, "player"], "right", 'proposal[0].player: "right" is not the id of a player'),
    ("shares", ["samples"], 29, "samples: 29 is too small; give 30 or more."),
    ("shares", ["seed"], 0.5, "seed: 0.5 is not a whole number."),
    ("shares-exchange", ["players"], ["town"], "players: does not go with exchange"),
    (
        "shares-exchange",
        ["exchange", "arcs", 0, "supply"],
        "x",
        'exchange.arcs[0].supply: "x" is not the id of a supply.',
    ),
    ("siting", ["goal"], "MOST_VALUE", "arcs[0].value_per_unit: is missing; the goal MOST_VALUE asks for it."),
    ("siting", ["at_most"], 0, "at_most: 0 is too small; give 1 or more."),
    ("siting", ["sites", 0, "fixed_cost"], -1, "sites[0].fixed_cost: -1 is negative"),
    ("siting", ["arcs", 0, "site"], "nort", 'arcs[0].site: "nort" is not the id of a site; did you mean "north"?'),
]


@pytest.mark.parametrize(("name", "path", "value", "words"), WRONG)
def test_a_wrong_field_is_named_with_its_path(name: str, path: list[str | int], value: object, words: str) -> None:
    form: Any = example(name)
    place = form
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(FormError) as refused:
        solved(form)
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize(
    ("name", "path", "words"),
    [
        ("exchange", ["kind"], "kind: is missing; give one of exchange, heat, shares, siting."),
        ("exchange", ["arcs", 0, "value_per_unit"], "arcs[0].value_per_unit: is missing; give it, or cost_per_unit."),
        (
            "heat-steam",
            ["streams", 1, "side"],
            "streams[1].side: is missing: both temperatures are equal, so say HOT or",
        ),
        (
            "heat",
            ["streams", 1, "heat_capacity_flow"],
            "streams[1]: give exactly one of heat_capacity_flow or duty; found",
        ),
        ("shares", ["players"], "players: is missing; worth asks for it."),
        ("shares", ["worth_of_others"], "worth: the coalition left is missing; list it, or give worth_of_others."),
        ("shares", ["proposal", 2], "proposal: the share of right 2 is missing"),
        ("siting", ["arcs", 0, "cost_per_unit"], "arcs[0]: give exactly one of cost_per_unit or value_per_unit; found"),
    ],
)
def test_a_missing_field_is_named_with_its_path(name: str, path: list[str | int], words: str) -> None:
    form: Any = example(name)
    place = form
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    with pytest.raises(FormError) as refused:
        solved(form)
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Line 1, column 1: this is not JSON"),
        ('{"kind": "heat",\n "dt_min": }', "Line 2, column 12: this is not JSON"),
        ('{"kind": "heat", "dt_min": NaN}', "NaN is not JSON"),
        ('{"kind": "heat", "dt_min": -Infinity}', "-Infinity is not JSON"),
        ('{"kind": "heat", "kind": "heat"}', 'The field "kind" stands twice'),
        ('{"kind": "heat", "dt_min": 1e999999999999999999999, "streams": []}', "out of range|beyond 10"),
        ('{"kind": "heat", "dt_min": ' + "9" * 5000 + "}", "too many digits"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "A form is an object"),
        ("7", "A form is an object"),
    ],
)
def test_a_text_that_is_no_form_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(FormError, match=words):
        answer(parse(text))
