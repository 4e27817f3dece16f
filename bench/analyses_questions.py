"""The questions whose time and memory `make bench-analyses` measures; each prepares what it asks of, then answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import rustworkx as rx

from bench.analyses_market import ACTIVITIES, ACTIVITY, EMPLOYEES
from symbiosis.analytics.attacker import attack
from symbiosis.analytics.balances import GroupBy, balances, flows_between
from symbiosis.analytics.cascades import cascades
from symbiosis.analytics.cells import cells_of
from symbiosis.analytics.cooperation import cooperation
from symbiosis.analytics.cycles import cycles
from symbiosis.analytics.days import Days
from symbiosis.analytics.decided import Decided, decided
from symbiosis.analytics.drawn import value_bands
from symbiosis.analytics.flow_graph import FlowGraph
from symbiosis.analytics.indicators import Records
from symbiosis.analytics.marginals import marginals, tried
from symbiosis.analytics.newcomer import Newcomer, arrival
from symbiosis.analytics.observatory import contributions_of, public_cube
from symbiosis.analytics.plants import Wanted, places_of
from symbiosis.analytics.radar import portfolio
from symbiosis.analytics.resilience import single_points
from symbiosis.analytics.secrecy import marks_of
from symbiosis.analytics.structure import edges_of, shape_of
from symbiosis.analytics.unmatched import unmatched
from symbiosis.domain.ids import SynergyId
from symbiosis.domain.resources import ResourceKind
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.exports.sankey import sankey_svg
from symbiosis.store.flow_columns import FlowSite
from symbiosis.store.realised import DeliveredOn, Moved, WorkedOn
from symbiosis.store.snapshot import StoredMarket

TRIED: Final = 50
STOPS: Final = 10
PLANTS: Final = 3
PLACES: Final = 4
YEAR: Final = Days(date(2026, 1, 1), date(2026, 12, 31))
QUARTERS: Final = ("2026-02-15", "2026-05-15", "2026-08-15", "2026-11-15")
STEPS: Final = tuple(zip(("2026-01-05", "2026-02-01", "2026-03-02"), list(SynergyStatus)[1:4], strict=True))
PEER_SITES: Final = 2_000
"""networkx is tried up to so many sites: its time grows with sites times edges."""

Answer = Callable[[], object]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A market, read, its sites, its free optimum, and the plan as a flow graph."""

    market: StoredMarket
    sites: list[FlowSite]
    now: Decided
    graph: FlowGraph


def _fifty(case: Case) -> str:
    rows = np.random.default_rng(1).choice(np.flatnonzero(case.now.plan.price_supply_low > 0), TRIED)
    found = tried(case.now, rows)
    return f"{max(abs(one.predicted_millicent - one.found_millicent) for one in found)} off at most"


def _radar(case: Case) -> str:
    places = places_of(case.sites, PLACES)
    found = portfolio(case.market, ACTIVITIES, places, Wanted(PLANTS, EMPLOYEES))
    gain = sum(plant.gain_cent_per_year for plant in found.plants) // 100
    return f"{len(found.plants)} of {found.candidate_count} candidates, EUR {gain:,} a year"


def _newcomer(case: Case) -> Answer:
    """Prepare a plant in the middle of the largest territory."""
    place = places_of(case.sites, 1)[0]
    plant = Newcomer(ACTIVITY, EMPLOYEES, place.lat, place.lon)

    def answer() -> str:
        found = arrival(case.market, plant)
        return f"{len(found.exchanges)} exchanges, EUR {found.gain_cent_per_year // 100:,} a year"

    return answer


def _sankey(case: Case) -> str:
    picture = sankey_svg("", "kEUR", value_bands(case.graph, GroupBy.SECTION), ("gives", "kind", "takes"))
    return f"{len(picture):,} characters"


def _indicators(case: Case) -> Answer:
    """Prepare the records of synergies that all flows became, each with three steps and four deliveries."""
    graph = case.graph
    synergies = tuple(_worked_on(graph, row) for row in range(len(graph)))
    records = Records(
        sites=graph.sites,
        resources={resource.code: resource for resource in graph.resources},
        synergies=synergies,
        delivered=tuple(
            DeliveredOn(one.synergy_id, (one.quantity_base_per_year or 0) // len(QUARTERS), day, evidenced=True)
            for one in synergies
            for day in QUARTERS
        ),
        moves=tuple(Moved(one.synergy_id, f"{day}T08:00:00.000000Z", to) for one in synergies for day, to in STEPS),
        days=YEAR,
    )
    return lambda: f"{len(records.indicators(synergies).amounts):,} rows"


def _worked_on(graph: FlowGraph, row: int) -> WorkedOn:
    return WorkedOn(
        synergy_id=SynergyId(f"synergy-{row:07}"),
        status=SynergyStatus.OPERATING,
        agreed_base_per_year=int(graph.quantity_base[row]),
        jobs_tenth_fte=None,
        started_on=YEAR.first.isoformat(),
        supply_id=graph.listings[graph.supply[row]],
        demand_id=graph.listings[graph.demand[row]],
        giver_id=graph.sites[graph.giver[row]].site_id,
        taker_id=graph.sites[graph.taker[row]].site_id,
        given=graph.resources[graph.given[row]].code,
        wanted=graph.resources[graph.wanted[row]].code,
        waste_code=str(graph.waste_code[row]) or None,
        quantity_base_per_year=int(graph.quantity_base[row]),
        value_cent_per_year=int(graph.value_cent[row]),
        avoided_gco2e_per_year=int(graph.avoided_gco2e[row]),
        distance_m=int(graph.distance_m[row]),
        estimated=False,
    )


def _attacker(case: Case) -> Answer:
    """Prepare the cube of tonnes as it is published; the answer is what the attacker alone takes and finds."""
    cells = cells_of(contributions_of(case.graph, case.graph.quantity_base))
    marks = marks_of(cells)
    shown = sum(mark == "SHOWN" for mark in marks.values())

    def answer() -> str:
        return f"{len({one.firm for one in attack(cells, marks)})} firms narrowed; {shown} of {len(cells)} cells shown"

    return answer


def _peer(case: Case) -> Answer:
    """Prepare the sites and edges in both libraries; the answer is how long betweenness takes in each, one by one."""
    nodes, edges = edges_of(case.graph)
    pairs = list(zip(edges.giver.tolist(), edges.taker.tolist(), strict=True))

    def answer() -> str:
        if len(nodes) > PEER_SITES:
            return f"networkx is not tried with {len(nodes):,} sites"
        import networkx as nx  # As the library itself does: half a second that is not the question's.

        ours, theirs = rx.PyDiGraph(multigraph=False), nx.DiGraph()
        ours.add_nodes_from(list(range(len(nodes))))
        ours.add_edges_from([(giver, taker, None) for giver, taker in pairs])
        theirs.add_nodes_from(range(len(nodes)))
        theirs.add_edges_from(pairs)
        began = time.perf_counter()
        mine = rx.digraph_betweenness_centrality(ours, normalized=True)
        middle = time.perf_counter()
        other = nx.betweenness_centrality(theirs, normalized=True)
        seconds = middle - began, time.perf_counter() - middle
        off = max(abs(mine[row] - other[row]) for row in range(len(nodes)))
        return f"{seconds[0]:.3f} s, networkx {seconds[1]:.2f} s: {seconds[1] / seconds[0]:.0f} times; off {off:.0e}"

    return answer


QUESTIONS: Final[dict[str, Callable[[Case], Answer]]] = {
    "decide": lambda case: lambda: decided(case.now.snapshot).value_cent,
    "between": lambda case: lambda: len(flows_between(case.graph, GroupBy.TERRITORY)),
    "balance": lambda case: lambda: len(balances(case.graph, GroupBy.DIVISION)),
    "sankey": lambda case: lambda: _sankey(case),
    "shape": lambda case: lambda: shape_of(case.graph).communities,
    "betweenness": _peer,
    "cascades": lambda case: lambda: len(cascades(case.graph, ResourceKind.MATERIAL).best),
    "cycles": lambda case: lambda: sum(cycles(case.graph).counts.values()),
    "unmatched": lambda case: lambda: len(unmatched(case.now.snapshot, {})),
    "marginals": lambda case: lambda: len(marginals(case.now)),
    "50 tried": lambda case: lambda: _fifty(case),
    "stops": lambda case: lambda: len(single_points(case.now, STOPS)),
    "cooperation": lambda case: (
        lambda: len(cooperation(case.now, {site.site_id: str(site.metropole_id) for site in case.sites}).parties)
    ),
    "newcomer": _newcomer,
    "radar": lambda case: lambda: _radar(case),
    "indicators": _indicators,
    "observatory": lambda case: lambda: len(public_cube(case.graph)),
    "attacker": _attacker,
}
