"""`symbiosis analyse radar` over a valley in which spent acid misses a treatment."""

import asyncio
import json
from pathlib import Path

import pytest

from symbiosis.analytics.plants import Place, Portfolio
from symbiosis.analytics.radar import portfolio
from symbiosis.cli.radar import PlantRow
from symbiosis.domain.runs import RunKind
from symbiosis.settings import Settings
from symbiosis.store.graph import Tx
from symbiosis.store.opening import open_graph
from symbiosis.store.snapshot import read_market
from tests.api.acid import spend_acid
from tests.api.conftest import FACTOR_ROWS, FACTORS, seed
from tests.api.test_analysis_jobs import PALLETS
from tests.cli.conftest import Run


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of the valley."""
    folder = tmp_path_factory.mktemp("radar") / "data"

    async def put(tx: Tx) -> None:
        await seed(tx)
        await tx.run(FACTORS, rows=FACTOR_ROWS)
        await spend_acid(tx)
        await tx.run(PALLETS)

    async def write() -> None:
        async with open_graph(Settings(data_dir=folder)) as graph:
            await graph.write(put)

    asyncio.run(write())
    return folder


def test_a_missing_treatment_is_a_row_with_what_it_takes_and_makes(run: Run, valley: Path) -> None:
    done = run("analyse", "radar", "--format", "json", SYMBIOSIS_DATA_DIR=str(valley))
    assert done.returncode == 0, done.stderr
    (one,) = (row for row in json.loads(done.stdout) if row["kind"] == "TREATMENT")
    assert (one["technique"], one["by_product"], one["replaces"], one["heading"]) == (
        "Purifying",
        "acid",
        "fresh-acid",
        "2790",
    )
    assert (one["quantity_per_year"], one["unit"], one["site_count"], one["employees"]) == (10.0, "t", 2, None)


def test_without_treatments_a_screen_of_a_hundred_columns_shows_plants_with_every_word_whole(
    run: Run, valley: Path
) -> None:
    done = run(
        "analyse", "radar", "--no-treatments", "--activity", "24.51Z", SYMBIOSIS_DATA_DIR=str(valley), COLUMNS="100"
    )
    assert done.returncode == 0, done.stderr
    head, *rows = done.stdout.splitlines()
    assert " ".join(head.split()) == "rank what place size sites gain eur per year whole eur per year"
    words = " ".join(rows).split()
    assert {"plant", "24.51Z:", "Casting", "Bron", "people"} <= set(words)
    assert "Purifying:" not in words


def test_the_row_of_a_treatment_says_what_it_makes_of_what_and_how_much(valley: Path) -> None:
    found = asyncio.run(_portfolio(valley))
    rows = [PlantRow.of(plant) for plant in found.plants]
    assert [(row.what, row.place, row.size, row.sites) for row in rows] == [
        ("Purifying: acid → fresh-acid (heading 2790)", "Bron", "10.0 t a year", 2)
    ]


async def _portfolio(folder: Path) -> Portfolio:
    async with open_graph(Settings(data_dir=folder)) as graph:
        stored = await graph.read(read_market, RunKind.EXCHANGE)
    return portfolio(stored, (), [Place("69002", "Bron", 45.7, 4.8)])
