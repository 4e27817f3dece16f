"""What analyses come to, as it is kept: rows with the names of sites as they were then, lists limited and ordered.

Money is in cents, quantities in base units, both a year; `…_count` counts what a list is cut to, or does not name.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from pydantic import TypeAdapter, ValidationError

from symbiosis.analytics.cooperation import Cooperation
from symbiosis.analytics.marginals import Marginal
from symbiosis.analytics.naming import Label
from symbiosis.analytics.newcomer import LikelyListing
from symbiosis.analytics.plants import Plant
from symbiosis.domain.analyses import AnalysisKind
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction
from symbiosis.units import BaseUnit

MOST_TOUCHED: Final = 50
ANSWER_VERSION: Final = 2
"""Goes up when the answer to a question changes its shape or its meaning: then none that is kept is given again."""


@dataclass(frozen=True, slots=True)
class NamedSite:
    """A site by its id and its name."""

    site_id: SiteId
    name: str


@dataclass(frozen=True, slots=True)
class Touched:
    """A listing that a stop leaves alone, or of which more is taken then: by how much."""

    site: NamedSite
    listing_id: ListingId
    direction: Direction
    resource_code: ResourceCode
    base_unit: BaseUnit
    quantity_base_per_year: int


@dataclass(frozen=True, slots=True)
class StopRow:
    """What the stop of some sites costs, see `resilience.Stop`. Stand-ins and stand-bys are named where own."""

    sites: tuple[NamedSite, ...]
    partner_count: int
    exchanged_cent_per_year: int
    lost_cent_per_year: int
    replaced_share: float
    orphan_count: int
    orphans: tuple[Touched, ...]
    stand_in_count: int
    stand_ins: tuple[Touched, ...]
    standby_count: int
    standbys: tuple[NamedSite, ...]


@dataclass(frozen=True, slots=True)
class StopsAnswer:
    """Stops, the costliest first, and what the market as it shows is worth without any."""

    whole_cent_per_year: int
    stops: tuple[StopRow, ...]


@dataclass(frozen=True, slots=True)
class MarginalRow:
    """What a unit more or less of a listing is worth, and where it is."""

    site: NamedSite
    marginal: Marginal


@dataclass(frozen=True, slots=True)
class MarginalsAnswer:
    """Marginal values, the most valuable first, of so many own listings in all."""

    listing_count: int
    marginals: tuple[MarginalRow, ...]


@dataclass(frozen=True, slots=True)
class CooperationAnswer:
    """What groups gain, and what they are called."""

    cooperation: Cooperation
    groups: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One exchange that the plant would have with a site of one's own."""

    direction: Direction
    resource_code: ResourceCode
    partner: NamedSite
    base_unit: BaseUnit
    quantity_base_per_year: int
    value_cent_per_year: int
    distance_m: int


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """How the value of the exchanges of an own site would change."""

    site: NamedSite
    change_cent_per_year: int


@dataclass(frozen=True, slots=True)
class NewcomerAnswer:
    """What a plant would bring; of exchanges with, and changes at, sites elsewhere only how many."""

    gain_cent_per_year: int
    whole_cent_per_year: int
    listings: tuple[LikelyListing, ...]
    exchanges: tuple[ExchangeRow, ...]
    elsewhere_exchange_count: int
    changes: tuple[ChangeRow, ...]
    elsewhere_change_count: int


@dataclass(frozen=True, slots=True)
class RadarAnswer:
    """A portfolio of plants and treatments, each the best addition to those before it."""

    candidate_count: int
    plants: tuple[Plant, ...]


Answer: TypeAlias = StopsAnswer | MarginalsAnswer | CooperationAnswer | NewcomerAnswer | RadarAnswer

_ADAPTERS: Final[dict[AnalysisKind, TypeAdapter[Answer]]] = {
    AnalysisKind.STOPS: TypeAdapter(StopsAnswer),
    AnalysisKind.MARGINALS: TypeAdapter(MarginalsAnswer),
    AnalysisKind.COOPERATION: TypeAdapter(CooperationAnswer),
    AnalysisKind.NEWCOMER: TypeAdapter(NewcomerAnswer),
    AnalysisKind.RADAR: TypeAdapter(RadarAnswer),
}


def text_of(kind: AnalysisKind, answer: Answer) -> str:
    """Return an answer as one JSON text, as the store keeps it."""
    return _ADAPTERS[kind].dump_json(answer).decode()


def answer_from(kind: AnalysisKind, text: str) -> Answer | None:
    """Return the answer that `text_of` wrote; None where a version of the program did whose answers were others."""
    try:
        return _ADAPTERS[kind].validate_json(text)
    except ValidationError:
        return None
