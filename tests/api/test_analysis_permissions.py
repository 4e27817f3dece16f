"""Analyses in the background, role by role: who starts them, who reads whose, and which listings they look at."""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from symbiosis.analytics.jobs.working import JobOptions
from symbiosis.matching.worker import ComputeIn
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph, Tx
from tests.api import matrix
from tests.api.conftest import Api
from tests.api.test_analysis_jobs import FACTORS, ROWS, ended, jobs_of
from tests.api.test_permission_matrix import seed

pytestmark = pytest.mark.store

STARTS: Final = {
    "facilitator-there": matrix.VISIBILITIES,
    "analyst-there": ("TERRITORY", "PUBLIC"),
}
"""Who starts an analysis of `there`, and the visibilities of the demands there that it looks at."""
ASKED: Final = {"territoryId": "there", "question": {"marginals": {"atMost": 100}}}


@pytest.fixture
async def jobs(graph: Graph, settings: Settings) -> AsyncIterator[Api]:
    """Give the API over the pairs of the permission matrix."""

    async def put(tx: Tx) -> None:
        await seed(tx)
        await tx.run(FACTORS, rows=ROWS)

    await graph.write(put)
    async with jobs_of(graph, settings, JobOptions(compute_in=ComputeIn.THREAD)) as api:
        yield api


async def test_each_role_starts_and_reads_what_its_mandates_cover(jobs: Api) -> None:
    ids: dict[str, str] = {}
    for role, mandate in matrix.MANDATES.items():
        answer: Any = await jobs.ask(None if mandate is None else role, "StartAnalysis", input=ASKED)
        if answer["__typename"] == "Analysis":
            ids[role] = answer["id"]
        else:
            assert (role, answer["code"]) == (role, "NOT_ALLOWED")
    assert ids.keys() == STARTS.keys()
    for role, visibilities in STARTS.items():
        analysis = await ended(jobs, role, ids[role])
        assert (analysis["state"], analysis["failure"]) == ("DONE", None)
        rows = analysis["result"]["marginals"]["nodes"]
        looked_at = {row["listingId"] for row in rows if row["listingId"].startswith("lst-")}
        assert looked_at == {case.demand for case in matrix.CASES if case.visibility in visibilities}
    for role in ("facilitator-partner", "facilitator-elsewhere", "analyst-partner", "analyst-elsewhere"):
        assert [await jobs.ask(role, "Analysis", id=one) for one in ids.values()] == [None, None]
    assert await jobs.ask("analyst-there", "Analysis", id=ids["facilitator-there"]) is None
    assert await jobs.ask("facilitator-there", "Analysis", id=ids["analyst-there"]) is not None
    assert await jobs.ids("analyst-there", "Analyses", territoryId="there") == [ids["analyst-there"]]
