"""The front of a run: four lists of equal length beside its facts."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Final, LiteralString

from symbiosis.domain.fronts import FrontPoint
from symbiosis.domain.ids import RunId
from symbiosis.domain.runs import RunKind
from symbiosis.store.graph import Tx

KEEP_FRONT: Final[LiteralString] = """
MATCH (:Current {kind: $kind})-[:IS]->(run:Run {input_sha256: $input_sha256})
SET run += $facts
RETURN run.id AS run_id
"""

FRONT: Final[LiteralString] = """
MATCH (run:Run {id: $run_id})
RETURN run.front_avoided_gco2e_per_year AS avoided_gco2e_per_year, run.front_value_cent_per_year AS value_cent_per_year,
       run.front_bound_cent_per_year AS bound_cent_per_year, run.front_marginal_cent_per_t AS marginal_cent_per_t
"""

_COLUMNS: Final = tuple(field.name for field in fields(FrontPoint))


async def keep_front(tx: Tx, input_sha256: str, front: Sequence[FrontPoint]) -> bool:
    """Keep a front with the current run, if that run decided over this input; return whether it did."""
    keys = {"kind": RunKind.EXCHANGE.value, "input_sha256": input_sha256}
    return bool(await tx.run(KEEP_FRONT, **keys, facts=front_facts(front)))


def front_facts(front: Sequence[FrontPoint]) -> dict[str, list[int]]:
    """Return what a run keeps of a front; nothing for no points."""
    return {f"front_{name}": [getattr(point, name) for point in front] for name in _COLUMNS if front}


async def front_of_run(tx: Tx, run_id: RunId) -> tuple[FrontPoint, ...] | None:
    """Return the front that is kept with a run, or None."""
    rows = await tx.run(FRONT, run_id=run_id)
    if not rows or rows[0][_COLUMNS[0]] is None:
        return None
    return tuple(FrontPoint(*each) for each in zip(*(rows[0][name] for name in _COLUMNS), strict=True))
