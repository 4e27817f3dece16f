"""What stays unmatched, and why: every open listing's quantity that the current rules and the current plan leave over.

A listing's rest has one reason, the first of these that is true:

NO_COUNTERPART   no open listing of the other side fits its resource
OUT_OF_REACH     some fit, none is within reach
one of Refusal   some are within reach, none may be met: the rule that the pair which came furthest fails
NOT_WORTH        some may be met, none pays
LEFT_OUT         some pay, but all are below the least value or the least emissions that a run suggests
TAKEN            some are worth suggesting, and the plan gives what they have or need to others

In an optimal plan without further limits TAKEN is all that can be left where a pair is worth suggesting: if both sides
had a rest, using it would be worth something.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from symbiosis.analytics.flow_graph import Bools, Ints
from symbiosis.domain.candidates import Refusal
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction
from symbiosis.domain.runs import RunKind
from symbiosis.matching.candidates import Candidates, find_candidates, within_reach
from symbiosis.matching.classes import Classes, classify
from symbiosis.matching.rules import AFTER_REACH, Facts, facts_of
from symbiosis.matching.snapshot import Side, Snapshot, snapshot_of
from symbiosis.matching.value import value_candidates
from symbiosis.matching.worth import worthwhile
from symbiosis.store.flow_columns import suggested_flows
from symbiosis.store.graph import Graph, Tx
from symbiosis.store.snapshot import StoredMarket, read_market
from symbiosis.units import BaseUnit

NO_COUNTERPART: Final = "NO_COUNTERPART"
NOT_WORTH: Final = "NOT_WORTH"
LEFT_OUT: Final = "LEFT_OUT"
TAKEN: Final = "TAKEN"

REASONS: Final = (
    NO_COUNTERPART,
    Refusal.OUT_OF_REACH.value,
    *(rule.refusal.value for rule in AFTER_REACH),
    NOT_WORTH,
    LEFT_OUT,
    TAKEN,
)
"""In order: a listing whose best pair came further has a later reason."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """What a listing has left, in base units a year, and why."""

    listing_id: ListingId
    site_id: SiteId
    direction: Direction
    resource_code: ResourceCode
    base_unit: BaseUnit
    rest_base_per_year: int
    reason: str


@dataclass(frozen=True, slots=True)
class UnmatchedSum:
    """How many listings of a direction and unit have a rest for one reason, and how much it is in a year."""

    direction: Direction
    base_unit: BaseUnit
    reason: str
    listings: int
    rest_base_per_year: int


async def read_unmatched(graph: Graph) -> list[Unmatched]:
    """Return what the current plan leaves of every open listing, by id; read in one transaction."""
    market, used = await graph.read(_read)
    return await asyncio.to_thread(lambda: unmatched(snapshot_of(market), used))


def unmatched(snapshot: Snapshot, used: dict[ListingId, int]) -> list[Unmatched]:
    """Return the rest of every listing of a snapshot of which less is `used` than there is (base units), by id."""
    reached = _furthest(snapshot)
    made = []
    for side, direction, furthest in zip(
        (snapshot.supplies, snapshot.demands), (Direction.SUPPLY, Direction.DEMAND), reached, strict=True
    ):
        for listing, reason in zip(side.listings, furthest.tolist(), strict=True):
            rest = listing.quantity_base_per_year - used.get(listing.listing_id, 0)
            if rest > 0:
                unit = snapshot.resources[listing.resource_code].base_unit
                made.append(
                    Unmatched(
                        listing.listing_id,
                        listing.site_id,
                        direction,
                        listing.resource_code,
                        unit,
                        rest,
                        REASONS[reason],
                    )
                )
    return sorted(made, key=lambda rest: rest.listing_id)


def summed(rests: Sequence[Unmatched]) -> list[UnmatchedSum]:
    """Return the rests by direction, unit and reason, the reasons in their order."""
    sums: dict[tuple[Direction, BaseUnit, str], list[int]] = {}
    for rest in rests:
        row = sums.setdefault((rest.direction, rest.base_unit, rest.reason), [0, 0])
        row[0] += 1
        row[1] += rest.rest_base_per_year
    order = {reason: place for place, reason in enumerate(REASONS)}
    return [
        UnmatchedSum(*key, *both)
        for key, both in sorted(sums.items(), key=lambda item: (item[0][0], item[0][1], order[item[0][2]]))
    ]


async def _read(tx: Tx) -> tuple[StoredMarket, dict[ListingId, int]]:
    used: dict[ListingId, int] = {}
    for flow in await suggested_flows(tx, RunKind.EXCHANGE):
        for listing_id in (flow.supply_id, flow.demand_id):
            used[listing_id] = used.get(listing_id, 0) + flow.quantity_base_per_year
    return await read_market(tx, RunKind.EXCHANGE), used


def _furthest(snapshot: Snapshot) -> tuple[Ints, Ints]:
    """Return for each supply and each demand the place in REASONS of the pair that came furthest."""
    classes = classify(snapshot)
    candidates = find_candidates(snapshot)
    furthest = (_by_class(classes, snapshot.supplies, axis=1), _by_class(classes, snapshot.demands, axis=0))
    _among_candidates(snapshot, candidates, furthest)
    alone = tuple(reached < REASONS.index(NOT_WORTH) for reached in furthest)
    _among_refused(snapshot, facts_of(snapshot, classes), furthest, (alone[0], alone[1]))
    return furthest


def _by_class(classes: Classes, side: Side, axis: int) -> Ints:
    """Return OUT_OF_REACH for the listings of classes that fit some other, NO_COUNTERPART for the rest."""
    of_side = classes.of_supply if axis == 1 else classes.of_demand
    other = classes.of_demand if axis == 1 else classes.of_supply
    there = np.bincount(other, minlength=classes.match.shape[axis]) > 0
    fits: Bools = np.any((classes.match > 0) & (there[None, :] if axis == 1 else there[:, None]), axis=axis)
    reached: Ints = np.where(fits[of_side], 1, 0) if len(side) else np.zeros(0, np.int64)
    return reached


def _among_candidates(snapshot: Snapshot, candidates: Candidates, furthest: tuple[Ints, Ints]) -> None:
    values = value_candidates(snapshot, candidates)
    kept = worthwhile(snapshot, candidates, values).kept
    pays = values.millicent_per_base > 0
    reached = np.where(pays, np.where(kept, REASONS.index(TAKEN), REASONS.index(LEFT_OUT)), REASONS.index(NOT_WORTH))
    np.maximum.at(furthest[0], candidates.supply, reached)
    np.maximum.at(furthest[1], candidates.demand, reached)


def _among_refused(snapshot: Snapshot, facts: Facts, furthest: tuple[Ints, Ints], alone: tuple[Bools, Bools]) -> None:
    """Note the furthest rule of those listings that have no candidate at all."""
    for near in within_reach(snapshot, facts):
        standing = near.kept(alone[0][near.supply] | alone[1][near.demand])
        for place, rule in enumerate(AFTER_REACH, start=REASONS.index(Refusal.OUT_OF_REACH.value) + 1):
            passed = rule.passes(facts, standing)
            failed = standing.kept(~passed)
            for reached, rows, lonely in zip(furthest, (failed.supply, failed.demand), alone, strict=True):
                np.maximum.at(reached, rows[lonely[rows]], place)
            standing = standing.kept(passed)
