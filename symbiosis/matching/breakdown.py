"""What a quantity of a candidate is worth, line by line in whole cents and grams, each with its range."""

from collections.abc import Sequence

import numpy as np

from symbiosis.domain.worth import LINES, Breakdown, Line
from symbiosis.matching.candidates import Candidates
from symbiosis.matching.readings import references_of
from symbiosis.matching.snapshot import Snapshot
from symbiosis.matching.value import ArcValues, Ranges, ranges_of
from symbiosis.units import BASE_PER_TRADE


def breakdowns(
    snapshot: Snapshot, candidates: Candidates, values: ArcValues, rows: Sequence[int], quantities: Sequence[int]
) -> list[Breakdown]:
    """Return the breakdown of a quantity (base units) of each of these candidates."""
    ranges = ranges_of(candidates, values, np.array(rows, dtype=np.int64))
    made = []
    for place, (row, quantity) in enumerate(zip(rows, quantities, strict=True)):
        supply = snapshot.supplies.listings[int(candidates.supply[row])]
        per_trade = BASE_PER_TRADE[snapshot.resources[supply.resource_code].base_unit]
        amounts = [halved(int(amount) * quantity, per_trade) for amount in values.lines[:, row].tolist()]
        references = references_of(snapshot, candidates, values.ways, row)
        made.append(_breakdown(quantity, quantity / per_trade, amounts, references, ranges, place))
    return made


def factor_ids(worth: Breakdown) -> tuple[str, ...]:
    """Return the factor versions that a breakdown is made of, sorted."""
    return tuple(sorted({used for line in worth.lines for used in line.references if "@" in used}))


def halved(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded half to even, exactly; the denominator is above zero."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def _breakdown(
    quantity: int,
    trade_units: float,
    amounts: list[int],
    references: tuple[tuple[str, ...], ...],
    ranges: Ranges,
    place: int,
) -> Breakdown:
    falls = (ranges.line_fall[:, place] * trade_units).tolist()
    rises = (ranges.line_rise[:, place] * trade_units).tolist()
    lines = tuple(
        Line(measure, part, amount, amount - round(fall), amount + round(rise), used)
        for (measure, part), amount, fall, rise, used in zip(LINES, amounts, falls, rises, references, strict=True)
        if used or amount
    )
    bare = Breakdown(quantity, lines, 0, 0, 0, 0)
    down = (ranges.total_fall[:, place] * trade_units).tolist()
    up = (ranges.total_rise[:, place] * trade_units).tolist()
    return Breakdown(
        quantity_base=quantity,
        lines=lines,
        value_low_cent=bare.value_cent - round(down[0]),
        value_high_cent=bare.value_cent + round(up[0]),
        avoided_low_gco2e=bare.avoided_gco2e - round(down[1]),
        avoided_high_gco2e=bare.avoided_gco2e + round(up[1]),
    )
