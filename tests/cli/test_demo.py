"""The first command of the README, as a newcomer meets it."""

import json
import socket
from typing import Any

import pytest

from tests.cli.conftest import Run


@pytest.fixture(scope="session")
def summary(run: Run) -> dict[str, Any]:
    done = run("demo", "--once", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_the_demo_shows_real_sites_and_a_proven_plan(summary: dict[str, Any]) -> None:
    run = summary["run"]
    assert summary["sites"] >= 290
    assert summary["listings"]["total"] >= 1000
    assert run["suggested_synergies"] >= 200
    assert sum(1 for territory in summary["territories"] if territory["suggested_synergies"]) >= 3
    assert run["gap_share"] == 0
    assert run["objective_eur_per_year"] == run["bound_eur_per_year"] > 0
    assert run["check_verdict"].startswith("passed: ")
    assert len(run["input_sha256"]) == 64


def test_what_is_estimated_says_so(summary: dict[str, Any]) -> None:
    assert summary["listings"]["estimated"] == summary["listings"]["total"]
    assert all(best["estimated"] for best in summary["best_suggested_synergies"])


def test_the_ten_best_come_by_rank_and_value(summary: dict[str, Any]) -> None:
    best = summary["best_suggested_synergies"]
    assert [s["rank"] for s in best] == list(range(1, 11))
    values = [s["value_eur_per_year"] for s in best]
    assert values == sorted(values, reverse=True)


def test_a_second_demo_changes_nothing(run: Run, summary: dict[str, Any]) -> None:
    again = json.loads(run("demo", "--once", "--json").stdout)
    assert again["run"] == summary["run"]
    assert {**again, "seconds": 0} == {**summary, "seconds": 0}


@pytest.mark.usefixtures("summary")
def test_for_people_the_summary_is_tables(run: Run) -> None:
    done = run("demo", "--once")
    assert done.returncode == 0
    for words in ("Métropole de Lyon", "proven bound", "no better plan exists", "estimated from the sector"):
        assert words in done.stdout


def test_a_port_in_use_is_said_before_any_work(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("demo", "--port", port)
    assert done.returncode == 2
    assert f"Port {port} on 127.0.0.1 is in use" in done.stderr
    assert "--port 0" in done.stderr


def test_the_first_plan_changes_nothing_and_stability_costs_nothing(run: Run, summary: dict[str, Any]) -> None:
    told = json.loads(run("runs", "changes", "--json").stdout)
    assert told["run_id"].startswith("run")
    assert (told["counts"], told["changes"], told["stability_cost_eur_per_year"]) == ([], [], 0.0)
    assert "no pair changed" in run("runs", "changes").stdout
    assert summary
