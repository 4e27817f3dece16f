"""Exchange problems in words."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from optimizer import ExchangeProblem


@pytest.fixture(scope="session")
def exchange() -> Callable[..., ExchangeProblem]:
    """Return a maker of problems: exchange([supply], [demand], {(i, j): value}, {(i, j): capacity})."""

    def ints(values: Sequence[int]) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    def build(
        supply: Sequence[int],
        demand: Sequence[int],
        values: Mapping[tuple[int, int], int],
        limits: Mapping[tuple[int, int], int] | None = None,
    ) -> ExchangeProblem:
        pairs = list(values)
        return ExchangeProblem(
            supply=ints(supply),
            demand=ints(demand),
            arc_supply=ints([i for i, _ in pairs]),
            arc_demand=ints([j for _, j in pairs]),
            value_per_unit=ints(list(values.values())),
            arc_capacity=None if limits is None else ints([limits.get(pair, 2**40) for pair in pairs]),
        )

    return build
