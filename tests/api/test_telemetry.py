"""What is kept of operations: numbers, spans and lines, and nothing of what was asked."""

import io
import re
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from symbiosis.api import telemetry
from symbiosis.api.services import Services
from symbiosis.api.telemetry import Telemetry, lines_written
from symbiosis.app import create_app
from symbiosis.settings import Settings
from symbiosis.store.graph import Graph
from tests.api.conftest import OPERATIONS
from tests.api.served import quick_app

SITE: Final = (OPERATIONS / "Site.graphql").read_text("utf-8").strip()
TOKEN: Final = "a-token-of-16-chars"
PARENT: Final = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    """Return where the spans of the test go."""
    return InMemorySpanExporter()


@pytest.fixture
async def watched(api: Any, graph: Graph, spans: InMemorySpanExporter) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of an app whose spans are kept."""
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    app = quick_app(api.settings, graph, telemetry=Telemetry(provider))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        yield client


async def asked(client: httpx.AsyncClient, query: str, headers: dict[str, str] | None = None, **variables: Any) -> Any:
    """Return the answer to a query."""
    body = {"query": query, "variables": variables}
    return (await client.post("/graphql", json=body, headers=headers or {})).json()


async def numbers(client: httpx.AsyncClient) -> dict[str, float]:
    """Return the value of every sample."""
    lines = (await client.get("/metrics")).text.splitlines()
    return {key: float(value) for key, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


async def test_operations_are_counted_by_their_name_if_they_are_trusted_and_by_how_they_end(
    watched: httpx.AsyncClient,
) -> None:
    for _ in range(2):
        assert "errors" not in await asked(watched, SITE, id="site-a")
    await asked(watched, "query Invented { me { name } }")
    await asked(watched, "query Site { nothing }")
    found = await numbers(watched)
    counted = {key: value for key, value in found.items() if key.startswith("symbiosis_operation_seconds_count")}
    assert counted == {
        'symbiosis_operation_seconds_count{operation="Site",outcome="ok"}': 2,
        'symbiosis_operation_seconds_count{operation="other",outcome="ok"}': 1,
        'symbiosis_operation_seconds_count{operation="other",outcome="GRAPHQL_VALIDATION_FAILED"}': 1,
    }
    assert found['symbiosis_store_statements_total{operation="Site"}'] >= 2
    assert found['symbiosis_store_seconds_total{operation="Site"}'] > 0
    assert found['symbiosis_store_statements_total{operation="other"}'] == 0
    assert found["symbiosis_open_streams"] == 0


async def test_an_operation_is_one_span_in_the_sender_s_trace_and_tells_nothing_of_what_was_asked(
    watched: httpx.AsyncClient, spans: InMemorySpanExporter
) -> None:
    await asked(watched, SITE, {"traceparent": PARENT}, id="site-a")
    await asked(watched, 'query Secret { site(id: "top-secret") { nothing } }')
    site, other = spans.get_finished_spans()
    assert (site.name, f"{site.context.trace_id:032x}") == ("query Site", PARENT.split("-")[1])
    attributes = dict(site.attributes or {})
    assert attributes.pop("symbiosis.store.seconds") > 0  # type: ignore[operator]
    assert re.fullmatch("sha256:[0-9a-f]{64}", str(attributes.pop("symbiosis.document")))
    assert attributes.pop("symbiosis.store.statements") >= 1  # type: ignore[operator]
    assert attributes == {
        "graphql.operation.name": "Site",
        "graphql.operation.type": "query",
        "symbiosis.outcome": "ok",
    }
    assert (other.name, other.status.description) == ("document other", "GRAPHQL_VALIDATION_FAILED")
    assert "secret" not in (site.to_json() + other.to_json()).lower()


async def test_an_event_of_a_stream_is_counted(api: Any, watched: httpx.AsyncClient) -> None:
    query = 'subscription { runProgress(id: "run-now") { status } }'
    headers = {**api.headers("analyst"), "accept": "text/event-stream"}
    answer = await watched.post("/graphql", json={"query": query}, headers=headers)
    assert '"runProgress":{"status":"PUBLISHED"}' in answer.text
    assert (await numbers(watched))['symbiosis_stream_events_total{operation="other"}'] == 1


async def test_a_line_is_written_for_each_operation_where_that_is_wanted(watched: httpx.AsyncClient) -> None:
    written = io.StringIO()
    with lines_written(written):
        await asked(watched, SITE, id="top-secret")
        await asked(watched, "query Secret { me { name } }")
    await asked(watched, SITE, id="site-a")
    lines = [
        re.sub(r"sha256:\w{64}|[\d.]+ ms|\d+ statements", "N", line[24:]) for line in written.getvalue().split("\n")
    ]
    assert lines == ["query Site N: ok in N, N in N", "query other N: ok in N, N in N", ""]


async def test_without_opentelemetry_operations_are_counted_all_the_same(
    watched: httpx.AsyncClient, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telemetry, "HAS_SPANS", False)
    await asked(watched, SITE, id="site-a")
    assert (await numbers(watched))['symbiosis_operation_seconds_count{operation="Site",outcome="ok"}'] == 1
    assert spans.get_finished_spans() == ()


@pytest.mark.parametrize(
    ("given", "sent", "status"),
    [
        ({}, {}, 200),
        ({"production": True}, {}, 404),
        ({"metrics_token": TOKEN}, {}, 401),
        ({"metrics_token": TOKEN}, {"authorization": f"Bearer {TOKEN}z"}, 401),
        (
            {"production": True, "metrics_token": TOKEN},
            {"authorization": f"Bearer {TOKEN}"},
            200,
        ),
    ],
)
async def test_metrics_are_shown_on_a_development_machine_or_to_who_knows_the_token(
    tmp_path: Any, graph: Graph, given: dict[str, Any], sent: dict[str, str], status: int
) -> None:
    app = create_app(Settings(data_dir=tmp_path, **given), graph=graph)
    assert isinstance(app.state.services, Services)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        assert (await client.get("/metrics", headers=sent)).status_code == status
