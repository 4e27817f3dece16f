"""The form of an exchange with everything: what it refuses, what it answers, and how it tells why."""

import json
from pathlib import Path
from typing import Any

import pytest

from optimizer.__main__ import main
from optimizer.forms import FormError, explain
from optimizer.forms.document import parse
from optimizer.forms.exchange import solved as dispatch
from tests.optimizer.form_examples import ROOT, Json, by_id, example, solved


def form(**more: Any) -> Json:
    """Return two supplies that both may go to two demands."""
    base: Json = {
        "kind": "exchange",
        "supplies": [{"id": "a", "quantity": 10}, {"id": "b", "quantity": 20}],
        "demands": [{"id": "x", "quantity": 12}, {"id": "y", "quantity": 9}],
        "arcs": [
            {"supply": "a", "demand": "x", "value_per_unit": 3},
            {"supply": "a", "demand": "y", "value_per_unit": 5},
            {"from": "b", "to": "x", "value_per_unit": 2},
            {"from": "b", "to": "y", "cost_per_unit": -1},
        ],
    }
    return {**base, **more}


def change(side: str, row: int, **fields: Any) -> Json:
    changed = form()
    changed[side][row] = {**changed[side][row], **fields}
    return changed


STILL: Json = {"id": "still", "products": [{"id": "top", "yield": 0.5}, {"id": "rest", "yield": 0.25}]}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (change("arcs", 0, cost_per_unit=1), "arcs[0]: give value_per_unit or cost_per_unit, not both."),
        (change("arcs", 2, demand="x"), "arcs[2]: give exactly one of demand or to; found demand and to."),
        (change("arcs", 2, to="z"), 'arcs[2].to: "z" is not the id of a demand or processor.'),
        (change("arcs", 2, **{"from": "c"}), 'arcs[2].from: "c" is not the id of a supply, processor or product.'),
        (change("arcs", 2, to="y"), "arcs[3]: joins the same supply and demand as arcs[2]"),
        (change("arcs", 0, product="top"), "arcs[0].product: does not go with supply"),
        (change("arcs", 0, fixed_quantity=3, capacity=9), "arcs[0].capacity: does not go with fixed_quantity."),
        (change("arcs", 0, forbidden=True, must_carry=1), "arcs[0].must_carry: does not go with forbidden."),
        (change("arcs", 0, forbidden="no"), 'arcs[0].forbidden: "no" is neither true nor false.'),
        (change("arcs", 0, in_link_budget=True), "link_budget: is missing, but arcs are marked as in_link_budget."),
        (change("arcs", 0, value_per_unit=[1, 2]), "arcs[0].value_per_unit: has 2 numbers for 1 period."),
        (change("arcs", 0, capacity=[]), "arcs[0].capacity: is an empty list; give a number, or one for each period."),
        (change("arcs", 0, **{"yield": 0}), "arcs[0].yield: 0 is too small; give more than 0."),
        (change("demands", 0, must_serve=13), "demands[0].must_serve: 13 is more than the quantity, 12."),
        (change("demands", 0, quality={"ash": {"at_most": 3}}), "arcs[0]: the ash of a is not given, but x limits ash"),
        (change("demands", 0, quality={"ash": {}}), "demands[0].quality.ash: give at_least, at_most or both."),
        (change("demands", 0, quality=[]), 'demands[0].quality: [] is not an object; write {"name": ...}.'),
        (change("supplies", 0, storage={"loss_per_period": 1}), "supplies[0].storage.loss_per_period: 1 is too great"),
        (
            change("supplies", 0, storage={"initial": 2, "capacity": 1}),
            "supplies[0].storage.initial: is more than the c",
        ),
        (form(second_objective={"at_most": 3}), "second_objective.at_most: does not go with the sense MAXIMISE"),
        (form(processors=[{**STILL, "yield": 1}]), "processors[0].yield: does not go with products"),
        (
            form(processors=[STILL], arcs=[{"from": "still", "to": "x", "value_per_unit": 1}]),
            "arcs[0].product: is missing; the processor makes top, rest.",
        ),
        (
            form(processors=[STILL], arcs=[{"from": "still", "product": "mid", "to": "x", "value_per_unit": 1}]),
            'arcs[0].product: "mid" is not made there, but top, rest.',
        ),
        (
            form(
                processors=[{"id": "p"}, {"id": "q"}],
                arcs=[{"from": "p", "to": "q", "value_per_unit": 1}, {"from": "q", "to": "p", "value_per_unit": 1}],
            ),
            "processors[0].capacity: is missing: the processor stands in a circle",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused_with_its_path(given: Json, words: str) -> None:
    with pytest.raises(FormError) as refused:
        solved(given)
    assert str(refused.value).startswith(words)


def test_least_cost_serves_every_demand_and_speaks_of_costs() -> None:
    """Hitchcock's transport of two plants and three towns: F. L. Hitchcock (1941), in the numbers of the page.

    Serving x from a and y from b costs 10 x 1 + 2 x 2 + 9 x 3 = 41; the dual 2 x 12 + 3 x 9 - 1 x 10 proves it.
    """
    costs = [("a", "x", 1), ("a", "y", 4), ("b", "x", 2), ("b", "y", 3)]
    arcs = [{"supply": i, "demand": j, "cost_per_unit": cost} for i, j, cost in costs]
    found = solved(form(goal="LEAST_COST", arcs=arcs))
    assert (found["status"], found["objective"], found["bound"]) == ("OPTIMAL", 41, 41)
    assert [row["price"] for row in found["demands"]] == [-2, -3]
    assert [row["price"] for row in found["supplies"]] == [1, 0]
    assert [row["regret"] for row in found["unused_arcs"]] == [2]
    assert [row["cost"] for row in found["flows"]] == [10, 4, 27]


def test_wagner_and_whitins_lots_over_twelve_months() -> None:
    """H. M. Wagner, T. M. Whitin (1958), Management Sci. 5, 89-96, table 1: the least cost is 864."""
    needs = [69, 29, 36, 61, 61, 26, 34, 67, 45, 67, 79, 56]
    setups = [85, 102, 102, 101, 98, 114, 105, 86, 119, 110, 98, 114]
    # The cost of a set-up differs by month: one arc a month, open in that month alone.
    supplies = [{"id": f"order {t}", "quantity": [700 if n == t else 0 for n in range(12)]} for t in range(12)]
    arcs = [{"supply": f"order {t}", "demand": "shop", "cost_per_unit": 0, "fixed_cost": setups[t]} for t in range(12)]
    shop = {"id": "shop", "quantity": needs, "storage": {"cost_per_unit": 1}}
    found = solved(
        {"kind": "exchange", "goal": "LEAST_COST", "periods": 12, "supplies": supplies, "demands": [shop], "arcs": arcs}
    )
    assert (found["status"], found["objective"]) == ("OPTIMAL", 864)


def test_tahas_transshipment_passes_towns_and_goes_round_no_circle() -> None:
    """H. A. Taha, Operations Research (8th ed.), example 5.5-1: cars by way of transit points and dealers, 20,700."""
    routes = [
        *(("P1", "T1", 3), ("P1", "T2", 4), ("P2", "T1", 2), ("P2", "T2", 5), ("T1", "T2", 7), ("T2", "T1", 7)),
        *(("T1", "W1", 8), ("T1", "W2", 6), ("T2", "W2", 4), ("T2", "D3", 9), ("W1", "D1", 0), ("W1", "W2", 5)),
        *(("W2", "D2", 0), ("W2", "D3", 3)),
    ]
    given = {
        "kind": "exchange",
        "goal": "LEAST_COST",
        "supplies": [{"id": "P1", "quantity": 1000}, {"id": "P2", "quantity": 1200}],
        "demands": [{"id": "D1", "quantity": 800}, {"id": "D2", "quantity": 900}, {"id": "D3", "quantity": 500}],
        "processors": [{"id": name} for name in ("T1", "T2", "W1", "W2")],
        "arcs": [{"from": tail, "to": head, "cost_per_unit": cost} for tail, head, cost in routes],
    }
    found = solved(given)
    assert (found["status"], found["objective"], found["bound"]) == ("OPTIMAL", 20700, 20700)


def test_an_infeasible_exchange_names_demand_and_limit() -> None:
    found = solved(change("demands", 0, must_serve=12, max_partners=1) | {"goal": "LEAST_COST"})
    assert found["status"] == "OPTIMAL"
    short = change("demands", 0, must_serve=12, quality={"ash": {"at_most": 2}})
    for row, ash in enumerate((1, 9)):
        short["supplies"][row]["properties"] = {"ash": ash}
    short["demands"][0]["must_serve"] = 12
    found = solved(short)
    assert found["status"] == "INFEASIBLE"
    assert found["objective"] is found["bound"] is None
    assert found["shortfalls"] == ["Demand x must be served 12, but 0.5714285714 of it is missing."]
    assert found["obstacles"] == ["Supply a has only 10.", "Demand x takes ash at most at 2."]
    both = solved(change("demands", 0, must_serve=12, max_partners=0))
    assert both["obstacles"][-1] == "Demand x may have only 0 links."
    idle = solved(form(processors=[{"id": "p", "capacity": 5, "must_process": 4}]))
    assert idle["reason"] == "Processor p must process 4, but 4 of it is missing. No arc reaches processor p."
    alone = solved({**form(arcs=[]), "goal": "LEAST_COST"})
    assert "No arc reaches demand x." in alone["reason"]


def test_the_examples_have_the_values_of_the_page() -> None:
    assert solved(example("exchange-water"))["objective"] == 90
    links = solved(example("exchange-links"))
    assert (links["objective"], links["method"]) == (950, "BRANCH_AND_BOUND")
    still = solved(example("exchange-still"))
    assert still["objective"] == pytest.approx(41728.4539474)
    assert by_id(still["processors"])["still"]["processed"] == [18.75, 21.875, 18.75]
    front = solved(example("exchange-front"))
    assert front["second_objective"] == 40
    earned = [point["objective"] for point in front["front"]]
    saved = [point["second_objective"] for point in front["front"]]
    costs = [point["second_objective_price"] for point in front["front"][1:]]
    assert len(earned) == 4
    assert earned == sorted(earned, reverse=True)
    assert saved == sorted(saved)
    assert costs == sorted(costs)


def test_a_search_over_links_and_branch_and_bound_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    given = form(link_budget=3)
    for arc, cost in zip(given["arcs"], (4, 11.5, 7, 3), strict=True):
        arc["fixed_cost"] = cost
    given["supplies"][1]["max_partners"] = 1
    proven = solved(given)
    monkeypatch.setattr(dispatch, "SMALL", 0)
    searched = solved(given)
    assert proven["method"] == "BRANCH_AND_BOUND"
    assert searched["method"] in ("LINK_SEARCH", "BRANCH_AND_BOUND")
    assert "resolution" in searched
    assert (searched["objective"], searched["status"]) == (proven["objective"], "OPTIMAL")


def test_a_demand_is_explained_from_suppliers_to_the_next_best() -> None:
    text = explain(parse(json.dumps(example("exchange"))), "road base")
    assert text in (ROOT / "docs" / "optimizer.md").read_text("utf-8")
    told = explain(parse(json.dumps(example("exchange-still"))), "paint shop", 1)
    assert told.count("Period") == 3
    assert "quality: demand paint shop takes water at most at 0.5; a looser limit is worth 711.25" in told
    assert "supply: there is no more of product regenerate." in told
    stuck = explain(parse(json.dumps(form(goal="LEAST_COST", arcs=[]))), "x")
    assert stuck.startswith("There is no plan to explain (INFEASIBLE): Demand x must be served 12")


def test_explain_is_a_command_that_refuses_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(ROOT / "docs" / "examples" / "optimizer" / "exchange-links.json")
    assert main(["explain", file, "--demand", "digester south", "--alternatives", "1"]) == 0
    said = capsys.readouterr().out
    assert "60 from supply brewery at -3 a unit, less 200 for the link" in said
    assert "quantity: 60 must be served." in said
    assert said.count("a unit on this arc") == 1
    assert main(["explain", file, "--demand", "digester"]) == 2
    assert '--demand: "digester" is not the id of a demand' in capsys.readouterr().err
    assert main(["explain", str(ROOT / "docs" / "examples" / "optimizer" / "heat.json"), "--demand", "x"]) == 2
    assert "only the demands of an exchange are explained" in capsys.readouterr().err
    with pytest.raises(FormError, match="negative"):
        explain(parse(json.dumps(form())), "x", -1)
