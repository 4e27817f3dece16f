"""What can be asked that needs the market decided again, and how equal questions are told."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Final, TypeAlias

from symbiosis.analytics.balances import GroupBy
from symbiosis.analytics.jobs.answers import ANSWER_VERSION
from symbiosis.analytics.newcomer import MOST_EMPLOYEES, Newcomer
from symbiosis.analytics.plants import MOST_PLANTS
from symbiosis.domain.activity import naf_of
from symbiosis.domain.analyses import AnalysisKind, Sight
from symbiosis.domain.ids import SiteId, TerritoryId
from symbiosis.errors import InputError

MOST_STOPS: Final = 100
MOST_PAIRED: Final = 20
MOST_STOPPED: Final = 10
MOST_MARGINALS: Final = 1000
MOST_PLACES: Final = 50
MOST_ACTIVITIES: Final = 50


class AnalysisQuestionError(InputError):
    """A number or a list of a question is beyond what an analysis works on."""

    code = "ANALYSIS_QUESTION"

    def __init__(self, name: str, found: int, least: int, most: int) -> None:
        super().__init__(f"{name} is {found}; ask for {least} to {most}.")
        self.name, self.found, self.least, self.most = name, found, least, most


def _within(name: str, found: int, least: int, most: int) -> None:
    if not least <= found <= most:
        raise AnalysisQuestionError(name, found, least, most)


@dataclass(frozen=True, slots=True)
class StopsQuestion:
    """The costliest stops of a site; also of every two of the `pairs` costliest; or only of `site_ids`, all at once."""

    at_most: int = 20
    pairs: int = 0
    site_ids: tuple[SiteId, ...] = ()

    def __post_init__(self) -> None:
        _within("atMost", self.at_most, 1, MOST_STOPS)
        _within("pairs", self.pairs, 0, MOST_PAIRED)
        _within("The number of sites", len(self.site_ids), 0, MOST_STOPPED)
        object.__setattr__(self, "site_ids", tuple(sorted(set(self.site_ids))))


@dataclass(frozen=True, slots=True)
class MarginalsQuestion:
    """The listings of which a unit more is worth most."""

    at_most: int = 100

    def __post_init__(self) -> None:
        _within("atMost", self.at_most, 1, MOST_MARGINALS)


@dataclass(frozen=True, slots=True)
class CooperationQuestion:
    """What groups gain: all métropoles by TERRITORY, else the groups of the sites of the territory."""

    by: GroupBy = GroupBy.TERRITORY


@dataclass(frozen=True, slots=True)
class RadarQuestion:
    """At most so many plants of this size, in the communes of the territory with most sites; of some activities (NAF
    sub-classes), or of those that are there; and of treatments that are missing, unless told not to.
    """

    plants: int = 10
    places: int = 8
    employees: int = 100
    activities: tuple[str, ...] = ()
    treatments: bool = True

    def __post_init__(self) -> None:
        _within("plants", self.plants, 1, MOST_PLANTS)
        _within("places", self.places, 1, MOST_PLACES)
        _within("employees", self.employees, 1, MOST_EMPLOYEES)
        _within("The number of activities", len(self.activities), 0, MOST_ACTIVITIES)
        object.__setattr__(self, "activities", tuple(sorted({naf_of(naf) for naf in self.activities})))


Question: TypeAlias = StopsQuestion | MarginalsQuestion | CooperationQuestion | Newcomer | RadarQuestion

KIND_OF: Final = {
    StopsQuestion: AnalysisKind.STOPS,
    MarginalsQuestion: AnalysisKind.MARGINALS,
    CooperationQuestion: AnalysisKind.COOPERATION,
    Newcomer: AnalysisKind.NEWCOMER,
    RadarQuestion: AnalysisKind.RADAR,
}


def kind_of(question: Question) -> AnalysisKind:
    """Return the kind of a question."""
    return KIND_OF[type(question)]


def arguments_of(question: Question) -> str:
    """Return the arguments of a question as one JSON text; equal questions give equal texts."""
    return json.dumps(asdict(question), sort_keys=True, ensure_ascii=False)


def key_of(question: Question, territory_id: TerritoryId, sight: Sight) -> str:
    """Return what is equal for equal questions about equal parts of the market."""
    facts = [
        ANSWER_VERSION,
        kind_of(question),
        arguments_of(question),
        territory_id,
        sorted(sight.seen),
        sorted(sight.brokered),
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
