"""An exchange with everything together: processors in between, periods with storage, links that cost or are scarce.

Nodes      tails, which arcs leave: supplies 0..S-1, then products S..S+Q-1 of the processors; heads, which arcs reach:
           demands 0..D-1, then processors D..D+P-1. Periods 0..T-1
Data       supply, supply_least (S, T), demand, demand_least (D, T); arc_tail, arc_head (A,) int64, arc_yield (A,), what
           arrives per unit taken; product_of (Q,) int64, product_yield (Q,), made per unit of intake, product_all (Q,)
           bool, nothing of it may be thrown away; uses, the limits and worth of the A arcs and then the P processors;
           stores; quality; links. Quantities are float64, zero or more; an absent limit is infinite
Variables  flow (A + P, T): what an arc takes, what a processor works through; stock (K, T) at the end of each period;
           each (A + P, T) and once (A + P,) binary: used in that period, used at all
Model      maximise sum value flow - sum each_cost each - sum once_cost once - sum store cost stock, where
           supply_least <= taken, taken + stock <= supply + kept; demand_least <= delivered + kept - stock <= demand;
           worked = delivered + kept - stock at a processor, taken + stock <= made + kept (= if product_all);
           least <= flow <= capacity each, flow >= lot each, each <= once; partner limits and the budget count once;
           for each property and period sum delivered (concentration - most) <= 0 at a head, >= 0 for the least;
           sum second flow >= second_least
           kept is the stock of the period before less its loss, or the initial stock
Outside    a mix that is drawn on again by several (pooling): a product has one quality, whatever went in
Source     generalised multi-period network design: R. K. Ahuja, T. L. Magnanti, J. B. Orlin (1993), Network Flows,
           chapters 15, 16 and 19.3
"""

from dataclasses import dataclass

import numpy as np

from optimizer.chain.columns import Need, settle
from optimizer.errors import ProblemError
from optimizer.linear import Floats
from optimizer.problem import Bools, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Uses:
    """What the arcs and then the processors are worth, and their limits; N = A + P.

    value (N, T) per unit, any sign; capacity, least (N, T); lot (N,), the least in a period in which there is anything;
    once_cost (N,) for using it at all, each_cost (N,) for each period of use; second (N, T), what a unit adds
    to the second objective, or None.
    """

    value: Floats
    capacity: Floats
    least: Floats
    lot: Floats
    once_cost: Floats
    each_cost: Floats
    second: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Stores:
    """Stocks (K,): at a head (at_head) or a tail, of which `node`; `loss` is the share lost from one period to the
    next, `cost` is per unit and period, `final` the least stock after the last period.
    """

    at_head: Bools
    node: Ints
    capacity: Floats
    loss: Floats
    cost: Floats
    initial: Floats
    final: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Quality:
    """Concentration of what arrives on an arc (A, K); limits of the mix at each head (D + P, K), infinite for none."""

    concentration: Floats
    most: Floats
    least: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """The most links of each tail (S + Q,) and head (D + P,), infinite for no limit; the budget of marked arcs (A,)."""

    tail_most: Floats
    head_most: Floats
    budget: float
    budgeted: Bools


@dataclass(frozen=True, slots=True, eq=False)
class ChainProblem:
    """A checked problem; its arrays are copies and cannot be written. Raises ProblemError with the entry at fault."""

    supply: Floats
    supply_least: Floats
    demand: Floats
    demand_least: Floats
    arc_tail: Ints
    arc_head: Ints
    arc_yield: Floats
    product_of: Ints
    product_yield: Floats
    product_all: Bools
    uses: Uses
    stores: Stores
    quality: Quality
    links: Links
    second_least: float = -np.inf

    def __post_init__(self) -> None:
        if np.ndim(self.supply) != 2 or np.ndim(self.demand) != 2 or np.ndim(self.uses.value) != 2:
            raise ProblemError("supply, demand and value have two dimensions: rows and periods.")
        if self.processors < 0:
            raise ProblemError(f"There are {self.arcs} arcs, but value has {len(self.uses.value)} rows: arcs first.")
        settle(self, self._needs())
        settle(self.uses, self._use_needs())
        stores, kept = (len(self.stores.node),), Need((len(self.stores.node),))
        bounded = dict.fromkeys(("cost", "initial", "final"), kept)
        settle(
            self.stores,
            {
                "at_head": Need(stores, np.bool_),
                "node": Need(stores, np.int64),
                "capacity": Need(stores, may_be_infinite=True),
                "loss": Need(stores, below=1.0),
                **bounded,
            },
        )
        wanted = Need((self.arcs, self.properties), signed=True)
        limit = Need((self.heads, self.properties), signed=True, may_be_infinite=True)
        settle(self.quality, {"concentration": wanted, "most": limit, "least": limit})
        links = {"tail_most": self.tails, "head_most": self.heads}
        settle(self.links, {name: Need((size,), may_be_infinite=True) for name, size in links.items()})
        settle(self.links, {"budgeted": Need((self.arcs,), np.bool_)})
        self._check_indices()
        self._check_limits()

    @property
    def periods(self) -> int:
        """Return the number of periods (T)."""
        return int(self.supply.shape[1])

    @property
    def arcs(self) -> int:
        """Return the number of arcs (A)."""
        return len(self.arc_tail)

    @property
    def processors(self) -> int:
        """Return the number of processors (P)."""
        return len(self.uses.value) - self.arcs

    @property
    def tails(self) -> int:
        """Return the number of supplies and products."""
        return len(self.supply) + len(self.product_of)

    @property
    def heads(self) -> int:
        """Return the number of demands and processors."""
        return len(self.demand) + self.processors

    @property
    def properties(self) -> int:
        """Return the number of properties of a mix."""
        return int(np.shape(self.quality.concentration)[1])

    def scarce_arcs(self) -> Bools:
        """Return the arcs (A,) whose use is counted: a partner limit or the budget could bind on them."""
        links = self.links
        many_out = np.bincount(self.arc_tail, minlength=self.tails) > links.tail_most
        many_in = np.bincount(self.arc_head, minlength=self.heads) > links.head_most
        counted = many_out[self.arc_tail] | many_in[self.arc_head]
        counted |= links.budgeted & bool(links.budgeted.sum() > links.budget)
        return counted

    def _needs(self) -> dict[str, Need]:
        supply, demand = self.supply.shape, (len(self.demand), self.periods)
        products = (len(self.product_of),)
        return {
            "supply": Need(supply),
            "supply_least": Need(supply),
            "demand": Need(demand),
            "demand_least": Need(demand),
            "arc_tail": Need((self.arcs,), np.int64),
            "arc_head": Need((self.arcs,), np.int64),
            "arc_yield": Need((self.arcs,), above=0.0),
            "product_of": Need(products, np.int64),
            "product_yield": Need(products, above=0.0),
            "product_all": Need(products, np.bool_),
        }

    def _use_needs(self) -> dict[str, Need]:
        uses = len(self.uses.value)
        each = (uses, self.periods)
        needs = {"value": Need(each, signed=True), "capacity": Need(each, may_be_infinite=True), "least": Need(each)}
        needs |= {name: Need((uses,)) for name in ("lot", "once_cost", "each_cost")}
        return needs if self.uses.second is None else {**needs, "second": Need(each, signed=True)}

    def _check_indices(self) -> None:
        at_head = self.stores.at_head
        for name, column, size in (
            ("arc_tail", self.arc_tail, self.tails),
            ("arc_head", self.arc_head, self.heads),
            ("product_of", self.product_of, self.processors),
            ("a store's node", self.stores.node[at_head], self.heads),
            ("a store's node", self.stores.node[~at_head], self.tails),
        ):
            outside = (column < 0) | (column >= size)
            if outside.any():
                raise ProblemError(f"{name} is {column[outside][0]}, but there are {size} rows to point at.")
        if len(np.unique(2 * self.stores.node + at_head)) < len(at_head):
            raise ProblemError("A node has two stores; give it one.")

    def _check_limits(self) -> None:
        for low_name, low, high_name, high in (
            ("supply_least", self.supply_least, "supply", self.supply),
            ("demand_least", self.demand_least, "demand", self.demand),
            ("least", self.uses.least, "capacity", self.uses.capacity),
        ):
            stored = np.zeros(low.shape, np.bool_)
            if low is self.supply_least:
                stored[self.stores.node[~self.stores.at_head & (self.stores.node < len(stored))]] = True
            over = (low > high) & ~stored
            if over.any():
                row, t = (int(n) for n in np.argwhere(over)[0])
                told = f"{low_name}[{row}, {t}] is {low[row, t]:g}, but {high_name} is only {high[row, t]:g}."
                raise ProblemError(told)
        if self.second_least > -np.inf and self.uses.second is None:
            raise ProblemError("second_least asks for the second objective of the uses.")
