"""From a flow that nearly keeps the quality limits to one that keeps every limit, and from prices to a proven bound.

Order      scale down to what arcs, supplies and demands have; dilute each mix by the cleanest supply that serves only
           this demand (a virgin material); take less of what still exceeds a limit; fill what is left, best arcs first
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp

from optimizer.linear import Floats, LinearProgram, solve_linear
from optimizer.problem import Bools, Ints
from optimizer.sided.model import Model
from optimizer.sided.problem import SidedProblem

HAIR: Final = 1e-8
"""Share of what exceeds a limit in a mix by which its mending stays below the limit."""
SETTLES: Final = 20
"""Rounds in which the prices of supplies and demands are settled in turn."""
NOTHING: Final = 1e-7
"""Share of what an arc can carry below which a flow is left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The quality rows of a problem as entries, and what every arc and row may take.

    most (A,): what each arc can carry; entry_arc, entry_row, entry (N,): the coefficients; row_demand (R,): whose row
    """

    problem: SidedProblem
    model: Model
    most: Floats
    quality: sp.csr_matrix
    entry_arc: Ints
    entry_row: Ints
    entry: Floats
    row_demand: Ints

    @classmethod
    def of(cls, problem: SidedProblem, model: Model) -> "Rows":
        """Return the quality rows of a model."""
        base = problem.exchange
        quality = sp.csr_matrix(model.program.matrix[len(base.supply) + len(base.demand) :])
        entries = quality.tocoo()
        demand = np.concatenate((model.most[0], model.least[0]))
        arc, row = entries.col.astype(np.int64), entries.row.astype(np.int64)
        return cls(problem, model, problem.most_on_arcs(), quality, arc, row, entries.data, demand)

    def fitted(self, flow: Floats) -> Floats:
        """Return the flow within the limits of arcs, supplies and demands, scaled down where it exceeded them."""
        base, yields, room = self.problem.exchange, self.problem.yields(), self.most
        flow = np.clip(flow, 0, room)
        flow = np.where(flow > NOTHING * room, flow, 0.0)
        taken: Floats = np.bincount(base.arc_supply, flow, len(base.supply)).astype(np.float64)
        flow = flow * _share(taken, base.supply)[base.arc_supply]
        delivered: Floats = np.bincount(base.arc_demand, flow * yields, len(base.demand)).astype(np.float64)
        fitted: Floats = flow * _share(delivered, base.demand)[base.arc_demand]
        return fitted

    def diluted(self, flow: Floats) -> Floats:
        """Return the flow with every demand that has a clean supply of its own diluted as far as its limits need."""
        base, yields = self.problem.exchange, self.problem.yields()
        cleaner = self._cleaners()
        having = np.flatnonzero(cleaner >= 0)
        clean = cleaner[having]
        others = flow.copy()
        others[clean] = 0
        over, cleaned = np.maximum(self.quality @ others, 0), self._cleaned(cleaner)
        wanted = np.divide(over, cleaned, out=np.zeros(len(over)), where=cleaned > 0)
        need = np.zeros(len(base.demand))
        np.maximum.at(need, self.row_demand, wanted)
        rest = np.bincount(base.arc_demand, others * yields, len(base.demand))[having]
        together = rest + need[having] * yields[clean]
        share = np.ones(len(base.demand))
        share[having] = np.minimum(_share(together, base.demand[having]), _share(need[having], self.most[clean]))
        others = others * share[base.arc_demand]
        need *= share
        earned = np.where(base.value_per_unit[clean] > 0, flow[clean], 0.0)
        left = (base.demand[having] - rest * share[having]) / yields[clean]
        most = np.minimum(left, self.most[clean])
        others[clean] = np.minimum(np.maximum(need[having], earned), np.maximum(most, 0))
        return others

    def mended(self, flow: Floats) -> Floats:
        """Return the flow with less on the arcs of mixes that exceed a limit, until every limit holds."""
        above = np.bincount(self.entry_row, np.maximum(self.entry * flow[self.entry_arc], 0), len(self.row_demand))
        broken = np.zeros(len(self.problem.exchange.demand), np.bool_)
        broken[self.row_demand[self.quality @ flow > 0]] = True
        rows = np.flatnonzero(broken[self.row_demand])
        arcs = np.flatnonzero(broken[self.problem.exchange.arc_demand] & (flow > 0))
        flow = flow.copy()
        if len(arcs):
            # Each mix on its own: what is best of what it has. A hair below the limits leaves room for rounding.
            program = self.model.program
            least = LinearProgram(
                objective=program.objective[arcs],
                matrix=sp.csr_matrix(self.quality[rows][:, arcs]),
                row_lower=np.full(len(rows), -np.inf),
                row_upper=(-HAIR * above[rows]).astype(np.float64),
                lower=np.zeros(len(arcs)),
                upper=flow[arcs],
                maximise=True,
            )
            answer = solve_linear(least)
            flow[arcs] = 0.0 if answer.x is None else np.clip(answer.x, 0, flow[arcs])
        lost = np.zeros(len(broken), np.bool_)
        lost[self.row_demand[self.quality @ flow > 0]] = True
        return np.where(lost[self.problem.exchange.arc_demand], 0.0, flow)

    def settled(self, dual: Floats) -> Floats:
        """Return the duals with the prices of supplies and demands as low as those of quality allow, found in turn."""
        base, yields = self.problem.exchange, self.problem.yields()
        rows, columns = len(base.supply), len(base.demand)
        quality = dual[rows + columns :]
        worth = self.model.program.objective - self.quality.T @ quality
        # An arc at its own limit earns a rent: it asks nothing of the prices, but its rows do not fall below theirs.
        own = limited(self.problem)
        free = np.flatnonzero(~own)
        tail, head, worth, yields = base.arc_supply[free], base.arc_demand[free], worth[free], yields[free]
        least_supply, least_demand = np.zeros(rows), np.zeros(columns)
        least_supply[base.arc_supply[own]] = dual[:rows][base.arc_supply[own]]
        least_demand[base.arc_demand[own]] = dual[rows : rows + columns][base.arc_demand[own]]
        supply, demand = least_supply, dual[rows : rows + columns]
        for _ in range(SETTLES):
            before, supply, wanted = supply, least_supply.copy(), least_demand.copy()
            np.maximum.at(supply, tail, worth - yields * demand[head])
            np.maximum.at(wanted, head, (worth - supply[tail]) / yields)
            demand = wanted
            if np.array_equal(before, supply):
                break
        return np.concatenate((supply, demand, quality))

    def filled(self, flow: Floats) -> Floats:
        """Return the flow with what is left of supplies and demands put on the arcs that earn most, diluted."""
        base, yields = self.problem.exchange, self.problem.yields()
        cleaner = self._cleaners()
        dose, worth = self._doses(cleaner)
        flow = flow.copy()
        left = base.supply - np.bincount(base.arc_supply, flow, len(base.supply))
        wanted = base.demand - np.bincount(base.arc_demand, flow * yields, len(base.demand))
        open_supply, open_demand = left > NOTHING * base.supply, wanted > NOTHING * base.demand
        fit = np.flatnonzero((worth > 0) & open_supply[base.arc_supply] & open_demand[base.arc_demand])
        for a in fit[np.argsort(-worth[fit], kind="stable")].tolist():
            i, j, c = base.arc_supply[a], base.arc_demand[a], cleaner[base.arc_demand[a]]
            room = min(left[i], self.most[a] - flow[a])
            if dose[a] > 0:
                room = min(room, (self.most[c] - flow[c]) / dose[a])
                room = min(room, wanted[j] / (yields[a] + dose[a] * yields[c]))
                more = max(0.0, room * (1 - NOTHING))
                flow[c] += more * dose[a]
                wanted[j] -= more * dose[a] * yields[c]
            else:
                more = max(0.0, min(room, wanted[j] / yields[a]) * (1 - NOTHING))
            flow[a] += more
            left[i] -= more
            wanted[j] -= more * yields[a]
        return flow

    def _doses(self, cleaner: Ints) -> tuple[Floats, Floats]:
        """Return what of the cleaner a unit on each arc needs (A,), and what the two together are worth (A,)."""
        base = self.problem.exchange
        own = cleaner[self.row_demand[self.entry_row]]
        cleaned = self._cleaned(cleaner)
        dirty = np.flatnonzero(self.entry > 0)
        needs = np.full(len(dirty), np.inf)
        np.divide(self.entry[dirty], cleaned[self.entry_row[dirty]], out=needs, where=own[dirty] >= 0)
        dose = np.zeros(base.arcs)
        np.maximum.at(dose, self.entry_arc[dirty], needs)
        of_arc = cleaner[base.arc_demand]
        price = np.where(of_arc >= 0, -base.value_per_unit[of_arc], 0)
        mixable = np.isfinite(dose)
        worth = np.where(mixable, base.value_per_unit - price * np.where(mixable, dose, 0), -np.inf)
        return np.where(mixable, dose, 0.0), worth

    def _cleaned(self, cleaner: Ints) -> Floats:
        """Return how far below its limit a unit of the cleaner is, in each quality row (R,)."""
        cleaned = np.zeros(len(self.row_demand))
        mine = np.flatnonzero(self.entry_arc == cleaner[self.row_demand[self.entry_row]])
        cleaned[self.entry_row[mine]] = -self.entry[mine]
        return cleaned

    def _cleaners(self) -> Ints:
        """Return for each demand its cleanest arc (D,): from a supply of its own, below every limit; -1 for none."""
        base = self.problem.exchange
        alone = np.bincount(base.arc_supply, minlength=len(base.supply))[base.arc_supply] == 1
        worst = np.full(base.arcs, -np.inf)
        np.maximum.at(worst, self.entry_arc, self.entry)
        entries = np.bincount(self.entry_arc[self.entry < 0], minlength=base.arcs)
        limits = np.bincount(self.row_demand, minlength=len(base.demand))[base.arc_demand]
        fit = np.flatnonzero(alone & (worst < 0) & (entries == limits))
        order = fit[np.argsort(worst[fit], kind="stable")][::-1]
        cleaner = np.full(len(base.demand), -1, np.int64)
        cleaner[base.arc_demand[order]] = order
        return cleaner


def limited(problem: SidedProblem) -> Bools:
    """Return the arcs whose own capacity is stricter than what their supply and demand imply (A,)."""
    base = problem.exchange
    if base.arc_capacity is None:
        return np.zeros(base.arcs, np.bool_)
    implied = np.minimum(base.supply[base.arc_supply], base.demand[base.arc_demand] / problem.yields())
    own: Bools = base.arc_capacity < implied
    return own


def _share(used: Floats, most: Ints | Floats) -> Floats:
    """Return the share of what is used that there is room for, at most 1, a hair on the safe side."""
    share: Floats = np.divide(most, used, out=np.ones(len(used)), where=used > most)
    return np.where(share < 1, share * (1 - 1e-13), 1.0)
