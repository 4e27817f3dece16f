"""The exchange problem: who gives how much to whom, so that the whole gains the most.

Data       supply (S,), demand (D,), whole units, not negative; arcs a = (i, j), each pair at most once:
           arc_supply (A,), arc_demand (A,) indices; value_per_unit (A,) whole money units, any sign;
           arc_capacity (A,) whole units or None where no arc has a limit of its own. All int64.
Variables  flow (A,), whole units
Model      maximise sum_a value[a] flow[a], where sum_a(i) flow <= supply[i], sum_a(j) flow <= demand[j],
           0 <= flow <= arc_capacity, and flow[a] = 0 where value[a] <= 0
Source     F. L. Hitchcock (1941), J. Math. Phys. 20, 224-230: transportation, here with partial service
"""

from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimizer.errors import ProblemError, ProblemTooLargeError

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

MAX_TOTAL: Final = 2**61
"""Largest sum of supplies or of demands, largest capacity and value, and largest conceivable objective."""
MAX_ROWS: Final = 2**31 - 2
"""Largest number of nodes or arcs: the solver numbers them with 32 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class ExchangeProblem:
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
    _found: dict[str, NDArray[Any]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("supply", "demand", "arc_supply", "arc_demand", "value_per_unit", "arc_capacity"):
            given = getattr(self, name)
            if given is None and name == "arc_capacity":
                continue
            object.__setattr__(self, name, _vector(name, given))
        self._check_shapes()
        self._check_signs()
        self._check_pairs()
        self._check_range()

    @property
    def arcs(self) -> int:
        """Return the number of arcs."""
        return len(self.arc_supply)

    def capacity(self) -> Ints:
        """Return what each arc can carry at most: its own limit, its supply or its demand, whichever is least."""
        if "capacity" not in self._found:
            least = np.minimum(self.supply[self.arc_supply], self.demand[self.arc_demand])
            least = least if self.arc_capacity is None else np.minimum(least, self.arc_capacity)
            least.setflags(write=False)
            self._found["capacity"] = least
        return self._found["capacity"]

    def limited(self) -> Bools:
        """Return the arcs whose own capacity is stricter than what their supply and demand imply."""
        if self.arc_capacity is None:
            return np.zeros(self.arcs, np.bool_)
        implied = np.minimum(self.supply[self.arc_supply], self.demand[self.arc_demand])
        return self.arc_capacity < implied

    def useful(self) -> Bools:
        """Return the arcs that may carry something worth having: value and capacity above zero."""
        if "useful" not in self._found:
            useful = self.value_per_unit > 0
            for quantity, rows in ((self.supply, self.arc_supply), (self.demand, self.arc_demand)):
                if not quantity.all():
                    useful &= (quantity > 0)[rows]
            if self.arc_capacity is not None:
                useful &= self.arc_capacity > 0
            useful.setflags(write=False)
            self._found["useful"] = useful
        return self._found["useful"]

    def best_values(self) -> tuple[Ints, Ints]:
        """Return the best value per unit, zero or more, that each supply (S,) and each demand (D,) has on any arc."""
        for name, quantity, rows in (
            ("best_supply", self.supply, self.arc_supply),
            ("best_demand", self.demand, self.arc_demand),
        ):
            if name not in self._found:
                best = np.zeros(len(quantity), np.int64)
                np.maximum.at(best, rows, self.value_per_unit)
                best.setflags(write=False)
                self._found[name] = best
        return self._found["best_supply"], self._found["best_demand"]

    def valued(self, value_per_unit: Ints) -> "ExchangeProblem":
        """Return the same problem with other values; raise ProblemError or ProblemTooLargeError."""
        other = copy(self)
        object.__setattr__(other, "value_per_unit", _vector("value_per_unit", value_per_unit))
        object.__setattr__(other, "_found", {name: found for name, found in self._found.items() if name == "capacity"})
        other._check_shapes()  # noqa: SLF001  It is a copy of itself.
        other._check_range()  # noqa: SLF001
        return other

    def objective(self, flow: Ints) -> int:
        """Return the value of a flow, exactly, whatever its size."""
        return exact_dot(self.value_per_unit, flow)

    def _check_shapes(self) -> None:
        columns = {
            "arc_supply": self.arc_supply,
            "arc_demand": self.arc_demand,
            "value_per_unit": self.value_per_unit,
        }
        if self.arc_capacity is not None:
            columns["arc_capacity"] = self.arc_capacity
        lengths = {name: len(column) for name, column in columns.items()}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise ProblemError(f"The arc columns differ in length: {told}.")
        if len(self.supply) + len(self.demand) + 1 + self.arcs > MAX_ROWS:
            raise ProblemTooLargeError(
                f"{len(self.supply)} supplies, {len(self.demand)} demands and {self.arcs} arcs are more rows than the "
                f"solver can number ({MAX_ROWS})."
            )

    def _check_signs(self) -> None:
        limits = [("supply", self.supply), ("demand", self.demand)]
        if self.arc_capacity is not None:
            limits.append(("arc_capacity", self.arc_capacity))
        for name, column in limits:
            if column.size and int(column.min()) < 0:
                row = int(np.argmax(column < 0))
                raise ProblemError(f"{name}[{row}] is {column[row]}; a quantity is zero or more.")

    def _check_pairs(self) -> None:
        for name, column, size in (
            ("arc_supply", self.arc_supply, len(self.supply)),
            ("arc_demand", self.arc_demand, len(self.demand)),
        ):
            if column.size and (int(column.min()) < 0 or int(column.max()) >= size):
                row = int(np.argmax((column < 0) | (column >= size)))
                raise ProblemError(f"{name}[{row}] is {column[row]}, but there are {size} rows to point at.")
        if self.arcs < 2:
            return
        tail, head = self.arc_supply, self.arc_demand
        later = tail[1:] > tail[:-1]
        later |= (tail[1:] == tail[:-1]) & (head[1:] > head[:-1])
        if later.all():
            return
        keys = tail * len(self.demand) + head
        keys.sort()
        twice = keys[1:] == keys[:-1]
        if twice.any():
            i, j = divmod(int(keys[np.argmax(twice)]), len(self.demand))
            raise ProblemError(f"The pair of supply {i} and demand {j} is given twice; give each pair one arc.")

    def _check_range(self) -> None:
        for name, column in (("supply", self.supply), ("demand", self.demand)):
            if exact_sum(column) > MAX_TOTAL:
                raise ProblemTooLargeError(f"The sum of {name} is above 2^61; state quantities in a coarser unit.")
        value = self.value_per_unit
        if self.arcs and (int(value.max()) > MAX_TOTAL or int(value.min()) < -MAX_TOTAL):
            raise ProblemTooLargeError("A value per unit is beyond 2^61; state values in a coarser unit.")
        if trivial_bound(self) > MAX_TOTAL:
            raise ProblemTooLargeError(
                "The most this exchange could be worth is above 2^61 money units; state values in a coarser unit."
            )


def trivial_bound(problem: ExchangeProblem) -> int:
    """Return an upper bound without solving: each supply (or each demand) earns its best arc's value."""
    best_supply, best_demand = problem.best_values()
    return min(exact_dot(best_supply, problem.supply), exact_dot(best_demand, problem.demand))


def exact_dot(left: Ints, right: Ints) -> int:
    """Return the sum of products, exactly: in Python's integers where 64 bits could overflow."""
    used = np.flatnonzero(right)
    left, right = left[used], right[used]
    if _largest(left) * _largest(right) * len(used) <= MAX_TOTAL:
        return int(left @ right)
    return sum(a * b for a, b in zip(left.tolist(), right.tolist(), strict=True))


def exact_sum(column: Ints) -> int:
    """Return the sum, exactly: in Python's integers where 64 bits could overflow."""
    if _largest(column) * column.size <= MAX_TOTAL:
        return int(column.sum())
    return sum(column.tolist())


def _largest(column: Ints) -> int:
    return max(int(column.max()), -int(column.min())) if column.size else 0


def _vector(name: str, given: object) -> Ints:
    if not isinstance(given, np.ndarray) or given.dtype != np.int64:
        kind = given.dtype if isinstance(given, np.ndarray) else type(given).__name__
        raise ProblemError(f"{name} is {kind}; give an int64 array (a float would be truncated without a word).")
    if given.ndim != 1:
        raise ProblemError(f"{name} has shape {given.shape}; give one dimension.")
    if given.base is None and not given.flags.writeable:
        return given
    column = given.copy()
    column.setflags(write=False)
    return column
