"""An exchange with side rows: least quantities, yields, and limits on the quality of a mix.

Data       an ExchangeProblem (values of any sign), and any of: supply_least (S,), demand_least (D,), arc_least (A,)
           int64, what must be shipped, served or carried; arc_yield (A,) float64 above zero, what is delivered per
           unit taken (may be above 1); concentration (A, K) float64 of what arrives, with quality_most and
           quality_least (D, K) float64, +inf and -inf where a demand has no such limit
Variables  flow (A,), taken from the supplies
Model      maximise sum_a value[a] flow[a], where
           supply_least[i] <= sum_a(i) flow <= supply[i], demand_least[j] <= sum_a(j) yield flow <= demand[j],
           arc_least <= flow <= arc_capacity, and for every property k and demand j
           sum_a(j) yield flow (concentration[a, k] - quality_most[j, k]) <= 0, and >= 0 for quality_least
Outside    a mix that is drawn on again by several demands (pooling): its quality times its flow is not linear
Source     G. B. Dantzig (1963), Linear Programming and Extensions, 3-4 (blending), 21 (generalised transportation)
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from optimizer.errors import ProblemError, ProblemTooLargeError
from optimizer.linear import Floats
from optimizer.problem import ExchangeProblem, Ints

MAX_EXACT: Final = 2**53
"""Largest quantity or value: beyond it a float no longer holds every whole number."""


@dataclass(frozen=True, slots=True, eq=False)
class SidedProblem:
    """A checked problem with side rows; None is the limit that is not there. Its arrays cannot be written.

    Raises ProblemError, with the row at fault, when a column has a wrong type, shape or number.
    """

    exchange: ExchangeProblem
    supply_least: Ints | None = None
    demand_least: Ints | None = None
    arc_least: Ints | None = None
    arc_yield: Floats | None = None
    concentration: Floats | None = None
    quality_most: Floats | None = None
    quality_least: Floats | None = None

    def __post_init__(self) -> None:
        base = self.exchange
        for name, most, most_name in (
            ("supply_least", base.supply, "supply"),
            ("demand_least", base.demand, "demand"),
            ("arc_least", base.arc_capacity, "arc_capacity"),
        ):
            size = base.arcs if most is None else len(most)
            self._set(name, np.dtype(np.int64), (size,))
            self._check_least(name, most, most_name)
        self._set("arc_yield", np.dtype(np.float64), (base.arcs,))
        self._check_rows(
            "arc_yield", self.arc_yield, lambda column: ~(np.isfinite(column) & (column > 0)), "above zero"
        )
        self._check_qualities()
        for name in ("supply", "demand", "value_per_unit"):
            column = getattr(base, name)
            if column.size and max(int(column.max()), -int(column.min())) > MAX_EXACT:
                raise ProblemTooLargeError(f"{name} is beyond 2^53; with side rows state it in a coarser unit.")

    @property
    def properties(self) -> int:
        """Return the number of properties (K)."""
        return 0 if self.concentration is None else int(self.concentration.shape[1])

    @property
    def whole(self) -> bool:
        """Return whether some best plan is in whole units: least quantities alone keep the problem a network flow."""
        return self.arc_yield is None and self.quality_most is None and self.quality_least is None

    def yields(self) -> Floats:
        """Return what each arc delivers per unit taken (A,)."""
        return np.ones(self.exchange.arcs) if self.arc_yield is None else self.arc_yield

    def least(self, name: str) -> Floats:
        """Return `supply_least`, `demand_least` or `arc_least` as floats, zeros where it is None."""
        sizes = {
            "supply_least": len(self.exchange.supply),
            "demand_least": len(self.exchange.demand),
            "arc_least": self.exchange.arcs,
        }
        column = getattr(self, name)
        filled: Floats = np.zeros(sizes[name]) if column is None else column.astype(np.float64)
        return filled

    def most_on_arcs(self) -> Floats:
        """Return what each arc can carry at most (A,): its capacity, its supply, or its demand over its yield."""
        base = self.exchange
        most: Floats = np.minimum(base.supply[base.arc_supply], base.demand[base.arc_demand] / self.yields())
        return most if base.arc_capacity is None else np.minimum(most, base.arc_capacity)

    def room_on_arcs(self) -> Floats:
        """Return a limit for each arc (A,) that binds only where the arc's own capacity does, so that the prices of
        supplies and demands are theirs alone.
        """
        base, most = self.exchange, self.most_on_arcs()
        room: Floats = 2 * np.minimum(base.supply[base.arc_supply], base.demand[base.arc_demand] / self.yields()) + 1
        return room if base.arc_capacity is None else np.where(2 * most + 1 < room, most, room)

    def _set(self, name: str, dtype: np.dtype[np.generic], shape: tuple[int, ...]) -> None:
        given = getattr(self, name)
        if given is None:
            return
        if not isinstance(given, np.ndarray) or given.dtype != dtype or given.shape != shape:
            told = f"{given.dtype} {given.shape}" if isinstance(given, np.ndarray) else type(given).__name__
            raise ProblemError(f"{name} is {told}; give {dtype} {shape}.")
        column = given.copy()
        column.setflags(write=False)
        object.__setattr__(self, name, column)

    def _check_least(self, name: str, most: Ints | None, most_name: str) -> None:
        self._check_rows(name, getattr(self, name), lambda column: column < 0, "zero or more")
        column = getattr(self, name)
        if column is None:
            return
        if most is not None and (column > most).any():
            row = int(np.argmax(column > most))
            raise ProblemError(f"{name}[{row}] is {column[row]}, but {most_name}[{row}] is only {most[row]}.")
        if column.size and int(column.max()) > MAX_EXACT:
            raise ProblemTooLargeError(f"{name} is beyond 2^53; with side rows state it in a coarser unit.")

    def _check_qualities(self) -> None:
        limits = ("quality_most", "quality_least")
        limited = [name for name in limits if getattr(self, name) is not None]
        if self.concentration is None:
            if limited:
                raise ProblemError(f"{limited[0]} needs the concentration of every arc.")
            return
        if np.ndim(self.concentration) != 2:
            raise ProblemError("concentration is not an array of two dimensions, arcs and properties.")
        count = self.concentration.shape[1]
        self._set("concentration", np.dtype(np.float64), (self.exchange.arcs, count))
        self._check_rows("concentration", self.concentration, lambda column: ~np.isfinite(column), "finite")
        for name, absent in zip(limits, (np.inf, -np.inf), strict=True):
            self._set(name, np.dtype(np.float64), (len(self.exchange.demand), count))
            self._check_rows(
                name,
                getattr(self, name),
                lambda column, absent=absent: ~(np.isfinite(column) | (column == absent)),
                f"finite, or {absent} for none",
            )

    def _check_rows(self, name: str, column: object, wrong_in: object, wanted: str) -> None:
        if column is None:
            return
        wrong = wrong_in(column)  # type: ignore[operator]
        if wrong.any():
            at = tuple(int(n) for n in np.argwhere(wrong)[0])
            place = ", ".join(map(str, at))
            raise ProblemError(f"{name}[{place}] is {column[at]}; it must be {wanted}.")  # type: ignore[index]
