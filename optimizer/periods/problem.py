"""An exchange over several periods, with stores that keep what one period leaves for the next.

Data       supply (S, T), demand (D, T), whole units, not negative; arcs a = (i, j), each pair at most once:
           arc_supply, arc_demand (A,); value_per_unit (A,) or (A, T), any sign; arc_capacity likewise, per period, or
           None; supply_store (S,), demand_store (D,), what may be kept from one period to the next, None for nothing;
           supply_holding, demand_holding (S,), (D,), what keeping a unit for one period costs, zero or more. All int64
Variables  flow (A, T), supply_stock (S, T), demand_stock (D, T) at the end of each period; none after the last
Model      maximise sum value flow - sum holding stock, where for every period
           sum_i flow + stock <= supply + stock of the period before,
           0 <= sum_j flow + stock of the period before - stock <= demand, 0 <= stock <= store,
           0 <= flow <= arc_capacity, and flow = 0 where value <= 0
Outside    stores that lose a share of what they keep: that is no longer a network flow (optimizer.chain solves them)
Source     R. K. Ahuja, T. L. Magnanti, J. B. Orlin (1993), Network Flows, 19.6: time-expanded networks
"""

from dataclasses import dataclass

import numpy as np

from optimizer.errors import ProblemError, ProblemTooLargeError
from optimizer.problem import MAX_TOTAL, ExchangeProblem, Ints, exact_sum

_OPTIONAL = ("arc_capacity", "supply_store", "demand_store", "supply_holding", "demand_holding")


@dataclass(frozen=True, slots=True, eq=False)
class PeriodsProblem:
    """A checked problem; its arrays are copies and cannot be written.

    Raises ProblemError when an array has a wrong type, shape, sign or index or when a pair is given twice, and
    ProblemTooLargeError when an exact answer could leave 64 bits.
    """

    supply: Ints
    demand: Ints
    arc_supply: Ints
    arc_demand: Ints
    value_per_unit: Ints
    arc_capacity: Ints | None = None
    supply_store: Ints | None = None
    supply_holding: Ints | None = None
    demand_store: Ints | None = None
    demand_holding: Ints | None = None

    def __post_init__(self) -> None:
        for name in ("supply", "demand"):
            if np.ndim(getattr(self, name)) != 2:
                raise ProblemError(f"{name} has {np.ndim(getattr(self, name))} dimensions; give rows and periods.")
        rows, columns, arcs = len(self.supply), len(self.demand), len(self.arc_supply)
        periods = self.supply.shape[1]
        each = ((arcs,), (arcs, periods))
        shapes = {
            "supply": ((rows, periods),),
            "demand": ((columns, periods),),
            "arc_supply": ((arcs,),),
            "arc_demand": ((arcs,),),
            "value_per_unit": each,
            "arc_capacity": each,
            "supply_store": ((rows,),),
            "supply_holding": ((rows,),),
            "demand_store": ((columns,),),
            "demand_holding": ((columns,),),
        }
        for name, allowed in shapes.items():
            if getattr(self, name) is not None or name not in _OPTIONAL:
                object.__setattr__(self, name, _column(name, getattr(self, name), allowed))
        self._check_range()
        self.whole_time()

    @property
    def arcs(self) -> int:
        """Return the number of arcs (A)."""
        return len(self.arc_supply)

    @property
    def periods(self) -> int:
        """Return the number of periods (T)."""
        return int(self.supply.shape[1])

    def values(self) -> Ints:
        """Return the value of a unit on each arc in each period (A, T)."""
        return _spread(self.value_per_unit, self.periods)

    def capacities(self) -> Ints:
        """Return the own capacity of each arc in each period (A, T), MAX_TOTAL where there is none."""
        if self.arc_capacity is None:
            return np.broadcast_to(np.int64(MAX_TOTAL), (self.arcs, self.periods))
        return _spread(self.arc_capacity, self.periods)

    def stores(self) -> tuple[Ints, Ints]:
        """Return what each supply (S,) and each demand (D,) may keep."""
        return _or_zeros(self.supply_store, len(self.supply)), _or_zeros(self.demand_store, len(self.demand))

    def holdings(self) -> tuple[Ints, Ints]:
        """Return what keeping a unit for one period costs at each supply (S,) and each demand (D,)."""
        return _or_zeros(self.supply_holding, len(self.supply)), _or_zeros(self.demand_holding, len(self.demand))

    def whole_time(self) -> ExchangeProblem:
        """Return the exchange of all periods together, every arc at its best value: never worth less than a plan."""
        best = self.values().max(axis=1) if self.periods else np.zeros(self.arcs, np.int64)
        return ExchangeProblem(
            supply=self.supply.sum(axis=1, dtype=np.int64),
            demand=self.demand.sum(axis=1, dtype=np.int64),
            arc_supply=self.arc_supply,
            arc_demand=self.arc_demand,
            value_per_unit=best,
        )

    def most(self) -> Ints:
        """Return what the rows of each arc let pass in each period at most (A, T): what there is and can be kept."""
        supply_store, demand_store = self.stores()
        came = np.cumsum(self.supply, axis=1) - self.supply
        there = self.supply + np.minimum(came, supply_store[:, None])
        later = np.cumsum(self.demand[:, ::-1], axis=1)[:, ::-1] - self.demand
        wanted = self.demand + np.minimum(later, demand_store[:, None])
        most: Ints = np.minimum(there[self.arc_supply], wanted[self.arc_demand])
        return most

    def part(self, arcs: Ints) -> tuple["PeriodsProblem", Ints, Ints]:
        """Return the problem over some of the arcs, and the supplies and demands that it has."""
        supplies, tail = np.unique(self.arc_supply[arcs], return_inverse=True)
        demands, head = np.unique(self.arc_demand[arcs], return_inverse=True)
        part = PeriodsProblem(
            supply=self.supply[supplies],
            demand=self.demand[demands],
            arc_supply=tail.astype(np.int64),
            arc_demand=head.astype(np.int64),
            value_per_unit=self.value_per_unit[arcs],
            arc_capacity=None if self.arc_capacity is None else self.arc_capacity[arcs],
            supply_store=None if self.supply_store is None else self.supply_store[supplies],
            supply_holding=None if self.supply_holding is None else self.supply_holding[supplies],
            demand_store=None if self.demand_store is None else self.demand_store[demands],
            demand_holding=None if self.demand_holding is None else self.demand_holding[demands],
        )
        return part, supplies, demands

    def _check_range(self) -> None:
        for name in ("supply", "demand", *_OPTIONAL):
            column = getattr(self, name)
            if column is not None and column.size and int(column.min()) < 0:
                at = ", ".join(str(int(n)) for n in np.argwhere(column < 0)[0])
                raise ProblemError(f"{name}[{at}] is {column.min()}; it must be zero or more.")
        for name in ("supply", "demand"):
            if exact_sum(getattr(self, name).ravel()) > MAX_TOTAL:
                raise ProblemTooLargeError(f"The sum of {name} is above 2^61; state quantities in a coarser unit.")
        for name in ("value_per_unit", "supply_holding", "demand_holding"):
            column = getattr(self, name)
            most = MAX_TOTAL // max(1, 2 * self.periods)
            if column is not None and column.size and int(np.abs(column).max()) > most:
                raise ProblemTooLargeError(f"A {name} is beyond {most}; state money in a coarser unit.")


def _column(name: str, given: object, allowed: tuple[tuple[int, ...], ...]) -> Ints:
    if not isinstance(given, np.ndarray) or given.dtype != np.int64:
        kind = given.dtype if isinstance(given, np.ndarray) else type(given).__name__
        raise ProblemError(f"{name} is {kind}; give an int64 array (a float would be truncated without a word).")
    if given.shape not in allowed:
        raise ProblemError(f"{name} has shape {given.shape}; give {' or '.join(map(str, allowed))}.")
    column = given.copy()
    column.setflags(write=False)
    return column


def _spread(column: Ints, periods: int) -> Ints:
    return column if column.ndim == 2 else np.broadcast_to(column[:, None], (len(column), periods))


def _or_zeros(column: Ints | None, size: int) -> Ints:
    return np.zeros(size, np.int64) if column is None else column
