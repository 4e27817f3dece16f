"""What a run's plan changes of the plan before it, pair by pair, and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from symbiosis.domain.ids import ListingId, SynergyId, synergy_id_of


class ChangeKind(StrEnum):
    """How a pair's quantity differs from the plan before."""

    NEW = "NEW"
    GONE = "GONE"
    LARGER = "LARGER"
    SMALLER = "SMALLER"


class ChangeCause(StrEnum):
    """Why, in the order in which it is asked; the first that holds is told.

    LISTING_WITHDRAWN  one of its listings is no longer open
    LISTING_NEW        one of its listings was not there before
    REJECTED           people turned the pair down
    LISTING_CHANGED    one of its listings states something else
    RULE               its listings are the same, but a rule or a least sum keeps it out now
    FIGURES            a factor, a substitution or a distance by road has another figure
    DISPLACED          another pair of one of its listings is worth more now
    FREED              one of its listings is used less by another pair now
    """

    LISTING_WITHDRAWN = "LISTING_WITHDRAWN"
    LISTING_NEW = "LISTING_NEW"
    REJECTED = "REJECTED"
    LISTING_CHANGED = "LISTING_CHANGED"
    RULE = "RULE"
    FIGURES = "FIGURES"
    DISPLACED = "DISPLACED"
    FREED = "FREED"


@dataclass(frozen=True, slots=True)
class PairChange:
    """One pair whose quantity is another than in the plan before; 0 where a plan does not have it.

    `detail` names what changed (a field of a listing, a rule, a factor version, another synergy), never a number.
    """

    supply_id: ListingId
    demand_id: ListingId
    kind: ChangeKind
    cause: ChangeCause
    detail: str
    before_base_per_year: int
    after_base_per_year: int
    before_cent_per_year: int
    after_cent_per_year: int

    @property
    def synergy_id(self) -> SynergyId:
        """Return the name of the pair."""
        return synergy_id_of(self.supply_id, self.demand_id)


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """How many pairs changed in one way for one cause."""

    kind: ChangeKind
    cause: ChangeCause
    pairs: int

    def as_text(self) -> str:
        """Return it as the store keeps it."""
        return f"{self.kind}|{self.cause}|{self.pairs}"

    @classmethod
    def from_text(cls, text: str) -> "ChangeCount":
        """Return what `as_text` wrote."""
        kind, cause, pairs = text.split("|")
        return cls(ChangeKind(kind), ChangeCause(cause), int(pairs))


def counted(changes: Iterable[PairChange]) -> tuple[ChangeCount, ...]:
    """Return how many pairs changed in each way for each cause, in the order of the two lists."""
    found = Counter((change.kind, change.cause) for change in changes)
    return tuple(
        ChangeCount(kind, cause, found[kind, cause])
        for kind in ChangeKind
        for cause in ChangeCause
        if found[kind, cause]
    )
