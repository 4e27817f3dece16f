"""The market of today, decided once and ready to be decided again with other quantities.

What is decided is the free optimum of all open listings: what people already work on is not held, so that every
question ("what if this site stopped?") is about sites and quantities alone. Its value is never below that of the
published plan, which keeps such synergies. Deciding again starts from the answer that is known: what a change does not
touch is carried over with its proof, the rest is repaired (`optimizer.repair`) or solved anew, and proven each time.
"""

from collections.abc import Container
from dataclasses import dataclass, replace

import numpy as np

from optimizer import ExchangePlan, ExchangeProblem
from optimizer.exchange import solve
from optimizer.repair import Start
from symbiosis.analytics.flow_graph import Bools, Ints
from symbiosis.domain.ids import ListingId, SiteId
from symbiosis.domain.runs import RunKind
from symbiosis.matching.candidates import Candidates, find_candidates
from symbiosis.matching.snapshot import Side, Snapshot, snapshot_of
from symbiosis.matching.value import MILLICENT_PER_CENT, ArcValues, value_candidates
from symbiosis.matching.worth import worthwhile
from symbiosis.store.graph import Graph
from symbiosis.store.snapshot import read_market


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """A snapshot, its candidates and what they are worth, the problem of its free optimum, and the proven plan.

    supply_site (S,), demand_site (D,)   row in `sites` of each listing; money in the problem is thousandths of a cent
    """

    snapshot: Snapshot
    candidates: Candidates
    values: ArcValues
    problem: ExchangeProblem
    plan: ExchangePlan
    sites: tuple[SiteId, ...]
    supply_site: Ints
    demand_site: Ints

    @property
    def value_cent(self) -> int:
        """Return the value of the plan, cents per year, rounded down."""
        return self.plan.objective // MILLICENT_PER_CENT

    def sites_of_arcs(self) -> tuple[Ints, Ints]:
        """Return the row in `sites` of the giver and of the taker of every arc (A,)."""
        return self.supply_site[self.problem.arc_supply], self.demand_site[self.problem.arc_demand]

    def value_by_site(self, plan: ExchangePlan | None = None) -> Ints:
        """Return the value of the exchanges of each site in a plan, thousandths of a cent; each counts at both ends."""
        worth = self.problem.value_per_unit * (self.plan if plan is None else plan).flow
        by_site = np.zeros(len(self.sites), np.int64)
        for ends in self.sites_of_arcs():
            np.add.at(by_site, ends, worth)
        return by_site

    def again(self, supply: Ints, demand: Ints, value_per_unit: Ints | None = None) -> ExchangePlan:
        """Return the proven plan of the same pairs with other quantities (S,), (D,), base units, and other values (A,)
        of a base unit, thousandths of a cent, where they are given.
        """
        problem = self.problem
        value = problem.value_per_unit if value_per_unit is None else value_per_unit
        changed = (supply != problem.supply, demand != problem.demand)
        moved = value != problem.value_per_unit
        changed[0][problem.arc_supply[moved]] = True
        changed[1][problem.arc_demand[moved]] = True
        start = Start(
            flow=self.plan.flow,
            supply_low=self.plan.price_supply_low,
            supply_high=self.plan.price_supply_high,
            demand_low=self.plan.price_demand_low,
            demand_high=self.plan.price_demand_high,
            supply_changed=changed[0],
            demand_changed=changed[1],
        )
        return solve(replace(problem, supply=supply, demand=demand, value_per_unit=value), start=start)

    def at(self, supply: Ints, demand: Ints, plan: ExchangePlan, value_per_unit: Ints | None = None) -> "Decided":
        """Return the same market with other quantities and values and the plan that was proven for them."""
        value = self.problem.value_per_unit if value_per_unit is None else value_per_unit
        problem = replace(self.problem, supply=supply, demand=demand, value_per_unit=value)
        return replace(self, problem=problem, plan=plan)

    def with_pairs(self, supply: Ints, demand: Ints) -> "Decided":
        """Return the same market with further pairs (n,), which are worth nothing yet and so change no plan."""
        nothing, problem = np.zeros(len(supply), np.int64), self.problem
        wider = replace(
            problem,
            arc_supply=np.concatenate([problem.arc_supply, supply]),
            arc_demand=np.concatenate([problem.arc_demand, demand]),
            value_per_unit=np.concatenate([problem.value_per_unit, nothing]),
        )
        return replace(self, problem=wider, plan=replace(self.plan, flow=np.concatenate([self.plan.flow, nothing])))

    def quantities_without(self, stopped: Bools) -> tuple[Ints, Ints]:
        """Return the quantities (S,), (D,) if some sites (rows of `sites`) gave and took nothing."""
        supply = np.where(stopped[self.supply_site], 0, self.problem.supply)
        return supply, np.where(stopped[self.demand_site], 0, self.problem.demand)


async def read_decided(graph: Graph) -> Decided:
    """Return the open listings of a store, decided; read in one transaction."""
    return decided(snapshot_of(await graph.read(read_market, RunKind.EXCHANGE)))


def decided(snapshot: Snapshot, absent: Container[ListingId] = ()) -> Decided:
    """Return the free optimum of a snapshot in which the absent listings have and need nothing yet."""
    candidates = find_candidates(snapshot)
    values = value_candidates(snapshot, candidates)
    kept = worthwhile(snapshot, candidates, values).kept
    problem = ExchangeProblem(
        supply=_present(snapshot.supplies, absent),
        demand=_present(snapshot.demands, absent),
        arc_supply=candidates.supply,
        arc_demand=candidates.demand,
        value_per_unit=np.where(kept, values.millicent_per_base, np.minimum(values.millicent_per_base, 0)),
    )
    sites = tuple(sorted({x.site_id for side in (snapshot.supplies, snapshot.demands) for x in side.listings}))
    row = {site_id: number for number, site_id in enumerate(sites)}
    return Decided(
        snapshot,
        candidates,
        values,
        problem,
        solve(problem),
        sites,
        _rows(snapshot.supplies, row),
        _rows(snapshot.demands, row),
    )


def _present(side: Side, absent: Container[ListingId]) -> Ints:
    return np.array([0 if x.listing_id in absent else x.quantity_base_per_year for x in side.listings], dtype=np.int64)


def _rows(side: Side, row: dict[SiteId, int]) -> Ints:
    return np.array([row[listing.site_id] for listing in side.listings], dtype=np.int64)
