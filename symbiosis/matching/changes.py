"""What a new plan changes of the published one, pair by pair, and why.

Both inputs are compared as they were hashed: the rows of listings, the factors in force. A pair is told with the first
cause that holds, in the order of `ChangeCause`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from symbiosis.domain.candidates import Refusal
from symbiosis.domain.changes import ChangeCause, ChangeKind, PairChange
from symbiosis.domain.ids import ListingId, synergy_id_of
from symbiosis.domain.worth import LeftOut
from symbiosis.matching.candidates import Candidates, distance_m
from symbiosis.matching.classes import classify
from symbiosis.matching.older_input import OlderInput
from symbiosis.matching.planned import Suggestions
from symbiosis.matching.rules import RULES, Pairs, facts_of
from symbiosis.matching.snapshot import Bools, Ints, Snapshot, listing_row
from symbiosis.matching.stability import rows_of
from symbiosis.matching.value import MILLICENT_PER_CENT, ArcValues
from symbiosis.store.published import PublishedPair

LISTING_FIELDS: Final = (
    "listing",
    "site",
    "latitude",
    "longitude",
    "precision",
    "resource",
    "quantity",
    "waste code",
    "price",
    "available from",
    "available until",
    "qualities",
    "estimated",
    "least quantity",
    "physical states",
    "evidence",
    "activity",
    "headings",
)
"""What `snapshot.listing_row` holds, in words."""

ROUNDED_CENT: Final = 3
"""How far rounding may have moved the value of a suggestion."""

Pair = tuple[ListingId, ListingId]
Amounts = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The new input and what was found in it; `published_at` is the candidate of each published pair, -1 for none."""

    snapshot: Snapshot
    candidates: Candidates
    values: ArcValues
    left_out: Mapping[LeftOut, Bools]
    published_at: Ints


@dataclass(slots=True, eq=False)
class _Differences:
    """Two plans and their inputs, ready to be asked about a pair."""

    compared: Compared
    before: OlderInput | None
    listings_before: dict[str, list[Any]]
    listings_now: dict[str, list[Any]]
    factors_changed: tuple[str, ...]
    moved: dict[Pair, tuple[Amounts, Amounts]]
    row: dict[Pair, int | None]
    failed: dict[Pair, Refusal] = field(default_factory=dict)
    rivals: dict[tuple[ListingId, bool], list[Pair]] = field(default_factory=dict)


def changes_of(compared: Compared, rows: Suggestions) -> tuple[PairChange, ...]:
    """Return every pair whose quantity differs from the published plan, those of the most value first; none without
    one.
    """
    published = compared.snapshot.published
    if published is None:
        return ()
    moved = _moved(compared, published.pairs, rows)
    differences = _differences(compared, moved)
    changes = [_change(differences, pair) for pair in moved]
    changes.sort(key=lambda c: (-abs(c.after_cent_per_year - c.before_cent_per_year), c.supply_id, c.demand_id))
    return tuple(changes)


def _moved(
    compared: Compared, published: Sequence[PublishedPair], rows: Suggestions
) -> dict[Pair, tuple[Amounts, Amounts]]:
    """Return the pairs of which the quantity differs, sorted, with quantity and value before and after."""
    order, quantity, none = np.argsort(rows.candidate), np.append(rows.worths.quantity, 0), (0, 0)
    now = np.full(len(published), -1, np.int64)
    if len(rows):
        candidate = rows.candidate[order]
        place = np.minimum(np.searchsorted(candidate, compared.published_at), len(rows) - 1)
        there = candidate[place] == compared.published_at
        now[there] = order[place[there]]
    was = np.array([pair.quantity_base_per_year for pair in published], dtype=np.int64)
    new = np.ones(len(rows), np.bool_)
    new[now[now >= 0]] = False
    value = rows.worths.value_cent
    moved: dict[Pair, tuple[Amounts, Amounts]] = {}
    for number in np.flatnonzero(was != quantity[now]).tolist():
        pair, at = published[number], int(now[number])
        after = none if at < 0 else (int(quantity[at]), int(value[at]))
        before = pair.quantity_base_per_year, pair.value_cent_per_year
        moved[pair.supply_id, pair.demand_id] = before, after
    for at in np.flatnonzero(new & (quantity[:-1] != 0)).tolist():
        moved[rows.pairs[at]] = none, (int(quantity[at]), int(value[at]))
    return dict(sorted(moved.items()))


def _differences(compared: Compared, moved: dict[Pair, tuple[Amounts, Amounts]]) -> _Differences:
    snapshot = compared.snapshot
    canonical = None if snapshot.published is None else snapshot.published.canonical
    old = None if canonical is None or not moved else OlderInput.of(canonical)
    touched = {listing_id for pair in moved for listing_id in pair}
    now = {factor.factor_id: list(factor[1:]) for factor in snapshot.factors.values()}
    found = rows_of(snapshot, compared.candidates, list(moved))
    differences = _Differences(
        compared=compared,
        before=old,
        listings_before={} if old is None else old.listings(touched),
        listings_now={
            listing.listing_id: listing_row(listing)
            for side in (snapshot.supplies, snapshot.demands)
            for listing in side.listings
            if listing.listing_id in touched
        },
        factors_changed=tuple(sorted(key for key, row in now.items() if old and old.factors.get(key) != row)),
        moved=moved,
        row={pair: row if row >= 0 else None for pair, row in zip(moved, found.tolist(), strict=True)},
    )
    differences.failed = _failed(differences)
    for pair, (was, is_) in moved.items():
        for listing_id in pair:
            differences.rivals.setdefault((listing_id, is_[0] > was[0]), []).append(pair)
    return differences


def _change(differences: _Differences, pair: Pair) -> PairChange:
    (before, before_cent), (after, after_cent) = differences.moved[pair]
    cause, detail = _cause(differences, pair)
    kind = (
        (ChangeKind.NEW if before == 0 else ChangeKind.LARGER)
        if after > before
        else (ChangeKind.GONE if after == 0 else ChangeKind.SMALLER)
    )
    return PairChange(*pair, kind, cause, detail, before, after, before_cent, after_cent)


def _cause(differences: _Differences, pair: Pair) -> tuple[ChangeCause, str]:
    (before, _), (after, _) = differences.moved[pair]
    gone = [listing_id for listing_id in pair if listing_id not in differences.listings_now]
    if gone:
        return ChangeCause.LISTING_WITHDRAWN, ", ".join(gone)
    known = differences.listings_before
    new = [listing_id for listing_id in pair if differences.before is not None and listing_id not in known]
    if new:
        return ChangeCause.LISTING_NEW, ", ".join(new)
    if differences.failed.get(pair) is Refusal.REVIEWED:
        return ChangeCause.REJECTED, synergy_id_of(*pair)
    fields = [text for listing_id in pair for text in _fields(differences, listing_id)]
    rule = _rule(differences, pair) if after < before else None
    if fields:
        return ChangeCause.LISTING_CHANGED, "; ".join([*fields, *([rule] if rule else [])])
    if rule:
        return ChangeCause.RULE, rule
    if _revalued(differences, pair):
        return ChangeCause.FIGURES, ", ".join(differences.factors_changed[:5])
    return (ChangeCause.DISPLACED if after < before else ChangeCause.FREED), _rival(differences, pair)


def _fields(differences: _Differences, listing_id: ListingId) -> list[str]:
    """Return which fields of a listing state something else than before."""
    known = differences.listings_before.get(listing_id)
    if known is None:
        return []
    pairs = zip(LISTING_FIELDS, known, differences.listings_now[listing_id], strict=True)
    changed = [name for name, was, now in pairs if was != now]
    return [f"{listing_id}: {', '.join(changed)}"] if changed else []


def _rule(differences: _Differences, pair: Pair) -> str | None:
    """Return the rule that keeps a pair out of the plan now, or None."""
    if pair in differences.failed:
        return differences.failed[pair].value
    row = differences.row[pair]
    out = differences.compared.left_out
    return next((rule.value for rule, left in out.items() if row is not None and left[row]), None)


def _failed(differences: _Differences) -> dict[Pair, Refusal]:
    """Return the first rule that each pair fails of those whose listings are open, but which is no candidate."""
    asked = [
        pair
        for pair, row in differences.row.items()
        if row is None and all(listing_id in differences.listings_now for listing_id in pair)
    ]
    if not asked:
        return {}
    snapshot = differences.compared.snapshot
    facts = facts_of(snapshot, classify(snapshot))
    supply, demand = (
        _places(side.listings, [pair[end] for pair in asked])
        for end, side in enumerate((snapshot.supplies, snapshot.demands))
    )
    pairs = Pairs(supply, demand, distance_m(snapshot, supply, demand))
    failed: dict[Pair, Refusal] = {}
    for rule in RULES:
        for place in np.flatnonzero(~rule.passes(facts, pairs)).tolist():
            failed.setdefault(asked[place], rule.refusal)
    return failed


def _places(listings: Iterable[Any], wanted: Sequence[ListingId]) -> Ints:
    place = {listing.listing_id: row for row, listing in enumerate(listings)}
    return np.array([place[listing_id] for listing_id in wanted], dtype=np.int64)


def _revalued(differences: _Differences, pair: Pair) -> bool:
    """Say whether a unit of a pair of the plan before is worth another sum now, beyond what rounding explains."""
    row = differences.row[pair]
    quantity, cent = differences.moved[pair][0]
    if row is None or quantity == 0:
        return bool(differences.factors_changed)
    now = int(differences.compared.values.millicent_per_base[row]) * quantity
    return abs(now - cent * MILLICENT_PER_CENT) > ROUNDED_CENT * MILLICENT_PER_CENT + quantity


def _rival(differences: _Differences, pair: Pair) -> str:
    """Return the pair of one of the same listings that moved most the other way, as its synergy's id, or nothing."""
    (before, _), (after, _) = differences.moved[pair]
    rivals = [other for listing_id in pair for other in differences.rivals.get((listing_id, after < before), [])]

    def weight(other: Pair) -> tuple[int, Pair]:
        (was, _), (is_, _) = differences.moved[other]
        return -abs(is_ - was), other

    return synergy_id_of(*min(rivals, key=weight)) if rivals else ""
