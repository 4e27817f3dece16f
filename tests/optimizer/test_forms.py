"""The JSON forms: every example is solved, every wrong field is named, and nothing ends in a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from optimizer.__main__ import main
from optimizer.errors import ProblemTooLargeError
from optimizer.forms import KINDS, FormError, answer, schema
from optimizer.forms.document import dump, parse
from tests.optimizer.form_examples import EXAMPLES, ROOT, Json, by_id, example, fits, solved


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_solved_fits_its_schema_and_stands_in_the_document(path: Path) -> None:
    text = path.read_text("utf-8")
    found = answer(parse(text))
    assert found["status"] in ("OPTIMAL", "EXACT")
    assert parse(dump(found)) is not None
    assert fits(json.loads(text), schema(), schema())
    assert text.strip() in (ROOT / "docs" / "optimizer.md").read_text("utf-8")


def test_every_kind_has_an_example() -> None:
    assert {example(path.stem)["kind"] for path in EXAMPLES} == set(KINDS)


def test_the_exchange_example_is_exact_to_the_cent() -> None:
    found = solved(example("exchange"))
    assert (found["objective"], found["bound"], found["gap"]) == (27877.5, 27877.5, 0)
    assert found["resolution"] == {"quantity": 0.1, "value_per_unit": 0.01, "exact": True}
    assert by_id(found["supplies"])["bricks, demolition yard"] == {
        "id": "bricks, demolition yard",
        "used": 550,
        "left": 250.5,
        "price": 0,
        "price_low": 0,
        "price_low_holds_for": None,
        "price_high": 0,
        "price_high_holds_for": 250.5,
        "component": 0,
    }
    assert {flow["quantity"] for flow in found["flows"]} == {950, 250, 550, 150}
    assert sum(part["objective"] for part in found["components"]) == 27877.5


def test_the_heat_example_has_its_published_targets() -> None:
    found = solved(example("heat"))
    assert (found["hot_utility"], found["cold_utility"]) == (20, 60)
    assert found["pinches"] == [{"hot_temperature": 90, "cold_temperature": 80, "shifted_temperature": 85}]
    steam = solved(example("heat-steam"))
    assert (steam["hot_utility"], steam["cold_utility"], steam["threshold"]) == (130, 0, True)


def test_heat_goes_from_site_to_site_and_says_what_it_lost() -> None:
    """900 over 2 km arrive as 900 x 0.98^2; the dairy's 600 need 600 / 0.98^4, and the district gets what is left."""
    found = solved(example("heat-sites"))["between_sites"]
    furnace = 1200 - 150 - 600 / 0.98**4
    district = 900 * 0.98**2 + furnace * 0.98**6
    assert found["status"] == "OPTIMAL"
    assert found["objective"] == pytest.approx(150 + 1.2 * 600 + district - 0.1 * 600 / 0.98**4)
    assert by_id(found["streams"])["district heating"]["exchanged"] == pytest.approx(district)


def test_a_stream_without_a_site_is_named_where_there_are_links() -> None:
    form = example("heat-sites")
    del form["streams"][1]["site"]
    with pytest.raises(FormError, match=r"streams\[1\].site"):
        solved(form)


def test_the_glove_example_splits_and_judges() -> None:
    found = solved(example("shares"))
    assert [row["shapley"] for row in found["players"]] == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert [row["least_core"] for row in found["players"]] == [1, 0, 0]
    assert found["core"]["empty"] is False
    assert found["proposal"] == {
        "in_core": False,
        "left_over": 0,
        "worst_coalition": ["left", "right 1"],
        "worst_excess": 0.25,
    }


def test_costs_are_shared_as_costs() -> None:
    """Littlechild & Owen's airport with landings that need 12, 28 and 30: 4, 4 + 8 and 4 + 8 + 2."""
    need = {"a": 12, "b": 28, "c": 30}
    sets = [["a"], ["b"], ["c"], ["a", "b"], ["a", "c"], ["b", "c"], ["a", "b", "c"]]
    worth = [{"members": members, "worth": max(need[m] for m in members)} for members in sets]
    form = {"kind": "shares", "measure": "COST", "players": ["a", "b", "c"], "worth": worth}
    proposal = [{"player": "a", "share": 13}, {"player": "b", "share": 8}, {"player": "c", "share": 9}]
    found = solved({**form, "proposal": proposal})
    assert [row["shapley"] for row in found["players"]] == [4, 12, 14]
    assert [row["alone"] for row in found["players"]] == [12, 28, 30]
    assert found["objective"] == 30
    assert found["proposal"]["in_core"] is False
    assert (found["proposal"]["worst_coalition"], found["proposal"]["worst_excess"]) == (["a"], 1)


def test_an_empty_core_says_what_would_fill_it() -> None:
    pairs = [{"members": [a, b], "worth": 1} for a, b in (("a", "b"), ("a", "c"), ("b", "c"))]
    worth = [*pairs, {"members": ["a", "b", "c"], "worth": 1}]
    found = solved({"kind": "shares", "players": ["a", "b", "c"], "worth": worth, "worth_of_others": 0})
    assert found["core"]["empty"] is True
    assert (found["core"]["epsilon"], found["core"]["subsidy"]) == (pytest.approx(1 / 3), 0.5)


def test_the_owners_of_an_exchange_share_its_optimum_in_the_core() -> None:
    form = example("shares-exchange")
    found = solved(form)
    assert found["objective"] == 28150
    for column in ("shapley", "least_core", "owen", "owen_best_for_supplies", "owen_best_for_demands"):
        assert sum(row[column] for row in found["players"]) == pytest.approx(28150)
    owen = [{"player": row["id"], "share": row["owen"]} for row in found["players"]]
    assert solved({**form, "proposal": owen})["proposal"]["in_core"] is True


def test_more_than_twelve_owners_are_sampled_with_a_standard_error() -> None:
    supplies = [{"id": f"s{n}", "owner": f"giver {n}", "quantity": 1 + n} for n in range(7)]
    demands = [{"id": f"d{n}", "owner": f"taker {n}", "quantity": 3} for n in range(7)]
    arcs = [
        {"supply": f"s{i}", "demand": f"d{j}", "value_per_unit": 1 + (3 * i + 5 * j) % 7}
        for i in range(7)
        for j in range(7)
    ]
    form = {"kind": "shares", "samples": 60, "exchange": {"supplies": supplies, "demands": demands, "arcs": arcs}}
    found = solved(form)
    assert found["status"] == "SAMPLED"
    assert found["sampling"] == {"samples": 60, "seed": 0, "confidence": 0.95}
    assert sum(row["shapley"] for row in found["players"]) == pytest.approx(found["objective"])
    assert all(row["shapley_low"] <= row["shapley"] <= row["shapley_high"] for row in found["players"])
    assert found["core"] == {"empty": False, "proof": "PRICES"}
    again = solved(form)
    assert again["players"] == found["players"]
    with pytest.raises(FormError, match="a split can be judged for at most 12 players; here are 14"):
        solved({**form, "proposal": []})


def test_the_siting_example_opens_two_of_three() -> None:
    found = solved(example("siting"))
    assert (found["status"], found["objective"], found["bound"]) == ("OPTIMAL", 104345, 104345)
    assert [site["id"] for site in found["sites"]] == ["port", "valley"]
    most = {**example("siting"), "goal": "MOST_VALUE", "at_most": 1}
    for arc in most["arcs"]:
        arc["value_per_unit"] = 300 - arc.pop("cost_per_unit")
    found = solved(most)
    assert found["objective"] == 180 * 255 + 90 * 240 + 230 * 150 - 42000
    assert [site["id"] for site in found["sites"]] == ["north"]


def test_a_still_is_put_where_its_product_is_bought() -> None:
    """Treating 350 brings 180 x 90 - 170 x 20, the 280 it makes 120 x 210 + 160 x 140, and the still costs 42,000."""
    found = solved(example("siting-products"))
    assert (found["objective"], found["bound"], found["status"]) == (18400, 18400, "OPTIMAL")
    assert [(sale["outlet"], sale["quantity"]) for sale in found["sales"]] == [("print shop", 120), ("degreasing", 160)]


def test_a_yield_that_does_not_divide_is_rounded_down_and_said() -> None:
    found = solved({**example("siting-products"), "yield": 0.7})
    assert found["resolution"]["exact"] is False
    assert all(sale["quantity"] <= 160 for sale in found["sales"])


@pytest.mark.parametrize(
    ("supply", "demand", "costs", "least"),
    [
        pytest.param(
            [350, 600],
            [325, 300, 275],
            [[0.225, 0.153, 0.162], [0.225, 0.162, 0.126]],
            153.675,
            id="Dantzig 1963, 3-3, canneries",
        ),
        pytest.param(
            [35, 50, 40],
            [45, 20, 30, 30],
            [[8, 6, 10, 9], [9, 12, 13, 7], [14, 9, 16, 5]],
            1020,
            id="Winston, Operations Research, Powerco",
        ),
        pytest.param(
            [75, 125, 100],
            [80, 65, 70, 85],
            [[464, 513, 654, 867], [352, 416, 690, 791], [995, 682, 388, 685]],
            152535,
            id="Hillier and Lieberman, P & T Company",
        ),
        pytest.param(
            [1] * 5,
            [1] * 4,
            [[90, 80, 75, 70], [35, 85, 55, 65], [125, 95, 90, 95], [45, 110, 95, 115], [50, 100, 90, 100]],
            265,
            id="OR-Tools guide, assignment",
        ),
    ],
)
def test_sites_that_cost_nothing_to_open_make_a_transport_problem(
    supply: list[int], demand: list[int], costs: list[list[float]], least: float
) -> None:
    form = {
        "kind": "siting",
        "goal": "LEAST_COST",
        "sites": [{"id": f"s{i}", "fixed_cost": 0, "capacity": s} for i, s in enumerate(supply)],
        "customers": [{"id": f"d{j}", "quantity": d} for j, d in enumerate(demand)],
        "arcs": [
            {"site": f"s{i}", "customer": f"d{j}", "cost_per_unit": cost}
            for i, row in enumerate(costs)
            for j, cost in enumerate(row)
        ],
    }
    found = solved(form)
    assert (found["status"], found["objective"]) == ("OPTIMAL", least)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"at_most": 1}, "No choice of at most 1 sites serves every customer"),
        ({"sites": [{"id": name, "fixed_cost": 1, "capacity": 100} for name in ("north", "port", "valley")]}, "short"),
    ],
)
def test_an_infeasible_siting_says_which_limit(change: Json, words: str) -> None:
    found = solved({**example("siting"), **change})
    assert (found["status"], found["objective"], found["sites"], found["flows"]) == ("INFEASIBLE", None, [], [])
    assert words in found["reason"]


def test_a_customer_without_room_is_named_with_its_own_amount() -> None:
    form = example("siting")
    form["arcs"] = [arc for arc in form["arcs"] if arc["customer"] != "pharma"]
    form["customers"][2]["quantity"] = 240.5
    assert solved(form)["reason"].startswith(
        'Even with every site open, 240.5 of the 240.5 of customers[2] "pharma" cannot be served'
    )


def one_arc(supply: str, demand: str, value: str) -> Json:
    text = f"""{{"kind": "exchange", "supplies": [{{"id": "s", "quantity": {supply}}}],
        "demands": [{{"id": "d", "quantity": {demand}}}],
        "arcs": [{{"supply": "s", "demand": "d", "value_per_unit": {value}}}]}}"""
    return answer(parse(text))


def test_decimals_are_counted_exactly_not_as_binary_fractions() -> None:
    assert one_arc("0.1", "0.3", "0.7")["objective"] == 0.07
    assert one_arc("1234567.891", "2e6", "0.001")["objective"] == 1234.567891


def test_what_must_be_rounded_is_rounded_down_and_said() -> None:
    found = one_arc("0.3333333333333", "1", "3")
    assert found["resolution"] == {"quantity": 1e-9, "value_per_unit": 1, "exact": False}
    assert found["flows"][0]["quantity"] == 0.333333333
    wide = one_arc("1000000000.123", "1e12", "1000000.000001")
    assert wide["resolution"]["exact"] is False
    assert wide["objective"] == pytest.approx(1000000000.123 * 1000000.000001, rel=1e-9)
    assert wide["objective"] <= 1000000000.123 * 1000000.000001


def test_no_time_limit_is_too_long_and_no_time_at_all_is_an_answer_too() -> None:
    for seconds in (1e15, 0):
        found = solved({**example("siting"), "time_limit_seconds": seconds})
        assert found["status"] in ("OPTIMAL", "FEASIBLE")
        assert found["objective"] >= 104345


def test_numbers_too_large_to_be_exact_are_refused() -> None:
    with pytest.raises(ProblemTooLargeError, match="coarser units"):
        one_arc("1e15", "1e15", "1e15")
    assert one_arc("1e-40", "1", "1")["flows"] == []


def test_the_command_answers_to_stdout_or_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(EXAMPLES[0])
    assert main(["solve", file]) == 0
    shown = json.loads(capsys.readouterr().out)
    out = tmp_path / "answer.json"
    assert main(["solve", file, "--out", str(out)]) == 0
    assert capsys.readouterr().out == ""
    written = json.loads(out.read_text("utf-8"))
    for found in (shown, written):
        del found["seconds"]
        for part in found["components"]:
            del part["seconds"]
    assert shown == written


def test_the_command_refuses_in_a_sentence_with_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    latin, wrong = tmp_path / "latin.json", tmp_path / "wrong.json"
    latin.write_bytes(b'{"kind": "caf\xe9"}')
    wrong.write_text('{"kind": "heat", "dt_min": 10, "streams": [{"id": "a"}]}', "utf-8")
    cases = {
        str(tmp_path / "none.json"): "cannot be read: No such file",
        str(tmp_path): "cannot be read: Is a directory",
        str(latin): "is not UTF-8 text: byte 13 is wrong",
        str(wrong): "streams[0].supply_temperature: is missing.",
    }
    for file, words in cases.items():
        assert main(["solve", file]) == 2
        said = capsys.readouterr()
        assert words in said.err
        assert (said.out, said.err.count("\n")) == ("", 1)
    assert main(["solve", str(EXAMPLES[0]), "--out", str(tmp_path / "no" / "where.json")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_module_runs_and_reads_stdin() -> None:
    text = (ROOT / "docs" / "examples" / "optimizer" / "heat.json").read_text("utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "optimizer", "solve", "-"],
        input=text,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert json.loads(ran.stdout)["hot_utility"] == 20


def test_what_a_solver_prints_by_itself_stays_out_of_the_answer() -> None:
    program = (
        "import ctypes, sys\n"
        "from optimizer.__main__ import chatter_to_stderr\n"
        "with chatter_to_stderr():\n"
        "    ctypes.CDLL(None).puts(b'chatter')\n"
        "sys.stdout.write('answer')\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert (ran.stdout, ran.stderr) == ("answer", "chatter\n")
