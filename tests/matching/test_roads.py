"""Distances by road: asked of a small HTTP server that answers as OSRM does, kept in the store, done without."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from symbiosis.domain.places import GeoPrecision
from symbiosis.domain.runs import Run, RunKind
from symbiosis.matching.limits import RunOptions
from symbiosis.matching.pair import explain_stored_pair
from symbiosis.matching.run import is_up_to_date, read_snapshot, run_exchange
from symbiosis.matching.worker import ComputeIn
from symbiosis.store.graph import Graph
from symbiosis.store.roads import forget_roads
from symbiosis.store.snapshot import read_market
from tests.matching.conftest import Put
from tests.matching.markets import listing, market

SUPPLY = listing("s1", "slag", 24_000_000)
DEMAND = listing("d1", "aggregates", 10_000_000, km=20.0)
FAR = listing("d2", "aggregates", 10_000_000, km=25.0)
HEAT = (listing("s2", "heat", 1000, km=1.0), listing("d3", "heat", 1000, km=2.0))


@dataclass
class Router:
    """A routing server whose roads are twice the difference of latitude, in metres, rounded; it counts questions."""

    url: str = ""
    questions: list[str] = field(default_factory=list)
    status: int = 200
    answer: str | None = None
    nowhere: bool = False

    def table(self, path: str) -> str:
        if self.answer is not None:
            return self.answer
        where, _, query = path.partition("?")
        places = [tuple(map(float, place.split(","))) for place in where.rpartition("/")[2].split(";")]
        asked = parse_qs(query)
        starts, ends = ([places[int(at)] for at in asked[side][0].split(";")] for side in ("sources", "destinations"))
        far = [[None if self.nowhere else abs(a[1] - b[1]) * 222_390 for b in ends] for a in starts]
        return json.dumps({"code": "Ok", "distances": far})


@pytest.fixture
def router() -> Iterator[Router]:
    """Give a routing server that listens on this machine until the test ends."""
    made = Router()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.questions.append(self.path)
            body = made.table(self.path).encode()
            self.send_response(made.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


async def run(graph: Graph, period: str, router: Router | None) -> Run:
    url = None if router is None else router.url
    return await run_exchange(graph, period=period, compute_in=ComputeIn.THREAD, options=RunOptions(url))


async def test_a_run_takes_the_way_by_road_and_remembers_it(graph: Graph, put: Put, router: Router) -> None:
    await put(market(SUPPLY, DEMAND, FAR, *HEAT))
    straight = await run(graph, "straight", None)
    assert straight.distances == "great circle x detour factor for all candidates"
    by_road = await run(graph, "by road", router)
    assert by_road.distances == "by road for 2 of 2 candidates that go on roads"
    assert by_road.input_sha256 != straight.input_sha256
    assert len(router.questions) == 1
    assert "/table/v1/driving/4.85000,45.70000;4.85000," in router.questions[0]
    assert router.questions[0].endswith("?sources=0&destinations=1;2&annotations=distance")
    again = await run(graph, "again", router)
    assert len(router.questions) == 1
    assert (again.input_sha256, again.plan_sha256) == (by_road.input_sha256, by_road.plan_sha256)
    assert await is_up_to_date(graph)
    (roads,) = (await graph.read(read_market, RunKind.EXCHANGE)).roads
    assert roads.metres == (39_999, 50_000)


async def test_an_explanation_states_the_way_that_a_run_takes(graph: Graph, put: Put, router: Router) -> None:
    await put(market(SUPPLY, DEMAND))
    before = await explain_stored_pair(graph, SUPPLY.listing_id, DEMAND.listing_id)
    await run(graph, "by road", router)
    after = await explain_stored_pair(graph, SUPPLY.listing_id, DEMAND.listing_id)
    assert before.meeting is not None
    assert after.meeting is not None
    assert (before.meeting.way_m, after.meeting.way_m) == (26_000, 39_999)
    assert "transport.detour@1" in before.meeting.factor_ids
    assert "transport.detour@1" not in after.meeting.factor_ids


@pytest.mark.parametrize(
    ("status", "answer", "told"),
    [
        (500, "{}", "the routing server answered 500"),
        (200, "not json", "did not answer with a table (JSONDecodeError)"),
        (200, '{"code": "Ok", "distances": [[1, 2, 3, 4]]}', "without a table of the size that was asked for"),
        (200, '{"code": "NoSegment"}', "without a table of the size that was asked for"),
        (200, "[]", "without a table of the size that was asked for"),
    ],
)
async def test_a_run_goes_on_without_a_server_that_fails_and_says_so(
    graph: Graph, put: Put, router: Router, status: int, answer: str, told: str
) -> None:
    await put(market(SUPPLY, DEMAND))
    router.status, router.answer = status, answer
    made = await run(graph, "without", router)
    assert made.distances is not None
    assert made.distances.startswith("great circle x detour factor for all candidates; ")
    assert told in made.distances
    assert made.suggestions == 1


async def test_a_server_that_is_not_there_is_done_without(graph: Graph, put: Put) -> None:
    await put(market(SUPPLY, DEMAND))
    made = await run(graph, "gone", Router(url="http://127.0.0.1:9"))
    assert made.distances is not None
    assert "the routing server did not answer with a table (URLError)" in made.distances


async def test_what_the_server_knows_no_way_for_stays_as_the_crow_flies(graph: Graph, put: Put, router: Router) -> None:
    await put(market(SUPPLY, DEMAND))
    router.nowhere = True
    made = await run(graph, "no way", router)
    assert made.distances == "great circle x detour factor for all candidates"


async def test_places_known_by_their_commune_only_are_not_asked_for(graph: Graph, put: Put, router: Router) -> None:
    blurred = listing("d1", "aggregates", 10_000_000, km=20.0, geo_precision=GeoPrecision.COMMUNE)
    await put(market(SUPPLY, blurred))
    await run(graph, "blurred", router)
    assert router.questions == []


async def test_many_places_are_asked_for_in_blocks_of_a_hundred(graph: Graph, put: Put, router: Router) -> None:
    supplies = [listing(f"s{n:03}", "slag", 1000, km=n / 100) for n in range(60)]
    demands = [listing(f"d{n:03}", "aggregates", 1000, km=10 + n / 100) for n in range(70)]
    await put(market(*supplies, *demands))
    made = await run(graph, "many", router)
    assert made.distances == "by road for 4200 of 4200 candidates that go on roads"
    assert len(router.questions) == 4
    assert max(asked.partition("?")[0].count(";") + 1 for asked in router.questions) == 100


async def test_forgotten_roads_are_asked_for_again(graph: Graph, put: Put, router: Router) -> None:
    await put(market(SUPPLY, DEMAND))
    await run(graph, "first", router)
    assert await graph.write(forget_roads, 10) == 1
    assert (await read_snapshot(graph)).roads == ()
    await run(graph, "second", router)
    assert len(router.questions) == 2
