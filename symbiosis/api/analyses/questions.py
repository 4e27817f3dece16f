"""What can be asked that takes longer than an answer, as inputs."""

import strawberry

from symbiosis.analytics.balances import GroupBy
from symbiosis.analytics.jobs.asking import Asked
from symbiosis.analytics.jobs.questions import (
    CooperationQuestion,
    MarginalsQuestion,
    Question,
    RadarQuestion,
    StopsQuestion,
)
from symbiosis.analytics.newcomer import Newcomer
from symbiosis.api.nodes import ONCE
from symbiosis.domain.ids import SiteId, TerritoryId
from symbiosis.errors import InputError
from symbiosis.market.inputs import FieldError


@strawberry.input(description="What is lost when a site stops, for the costliest stops of the territory.")
class StopsInput:
    """What is lost when a site stops."""

    at_most: int = strawberry.field(default=20, description="How many stops, 1 to 100.")
    pairs: int = strawberry.field(
        default=0, description="How many of the costliest sites are also stopped two at once, every two; 0 to 20."
    )
    site_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Only these sites of the territory, all at once; 10 at most."
    )

    def question(self) -> Question:
        """Return the question, or raise AnalysisQuestionError."""
        return StopsQuestion(self.at_most, self.pairs, tuple(SiteId(one) for one in self.site_ids or ()))


@strawberry.input(description="What one unit more or less of each listing of the territory is worth.")
class MarginalsInput:
    """What one unit more or less of each listing is worth."""

    at_most: int = strawberry.field(default=100, description="How many listings, the most valuable first, 1 to 1,000.")

    def question(self) -> Question:
        """Return the question, or raise AnalysisQuestionError."""
        return MarginalsQuestion(self.at_most)


@strawberry.input(description="What groups of sites are worth alone, two together and all together.")
class CooperationInput:
    """What groups of sites are worth alone and together."""

    by: GroupBy = strawberry.field(
        default=GroupBy.TERRITORY,
        description="What makes a group: all métropoles by TERRITORY, else the groups of the territory's own sites.",
    )

    def question(self) -> Question:
        """Return the question."""
        return CooperationQuestion(self.by)


@strawberry.input(description="A plant that is not there yet; nothing of it is written.")
class NewcomerInput:
    """A plant that is not there yet."""

    naf: str = strawberry.field(description="Its activity, a NAF sub-class, e.g. 24.51Z.")
    employees: int = strawberry.field(description="How many people work there, 1 to 100,000.")
    lat: float = strawberry.field(description="Latitude, degrees (WGS84).")
    lon: float = strawberry.field(description="Longitude, degrees (WGS84).")

    def question(self) -> Question:
        """Return the question, or raise ActivityCodeError or NewcomerError."""
        return Newcomer(self.naf, self.employees, self.lat, self.lon)


@strawberry.input(description="Which new plants and treatments in the territory would unlock most value.")
class RadarInput:
    """Which new plants would unlock most value."""

    plants: int = strawberry.field(default=10, description="How many, 1 to 30.")
    places: int = strawberry.field(default=8, description="In how many communes, those with most sites, 1 to 50.")
    employees: int = strawberry.field(default=100, description="How many people work in each, 1 to 100,000.")
    activities: list[str] | None = strawberry.field(
        default=None,
        description="Only of these activities (NAF sub-classes), at most 50; else of those that are there.",
    )

    treatments: bool = strawberry.field(
        default=True, description="Look also at treatments that are missing, beside plants by activity."
    )

    def question(self) -> Question:
        """Return the question, or raise ActivityCodeError or AnalysisQuestionError."""
        activities = tuple(self.activities or ())
        return RadarQuestion(self.plants, self.places, self.employees, activities, self.treatments)


_OneQuestion = StopsInput | MarginalsInput | CooperationInput | NewcomerInput | RadarInput


@strawberry.input(one_of=True, description="One question.")
class AnalysisQuestion:
    """One question."""

    stops: StopsInput | None = strawberry.field(default=strawberry.UNSET, description="What is lost when a site stops.")
    marginals: MarginalsInput | None = strawberry.field(
        default=strawberry.UNSET, description="What a unit more or less is worth."
    )
    cooperation: CooperationInput | None = strawberry.field(
        default=strawberry.UNSET, description="What groups gain by exchanging with each other."
    )
    newcomer: NewcomerInput | None = strawberry.field(
        default=strawberry.UNSET, description="What a plant that is not there yet would bring."
    )
    radar: RadarInput | None = strawberry.field(
        default=strawberry.UNSET, description="Which new plants would unlock most value."
    )

    def question(self) -> Question:
        """Return the question; raise FieldError, with the path to what is wrong in it."""
        given: dict[str, _OneQuestion | None] = {
            "stops": self.stops,
            "marginals": self.marginals,
            "cooperation": self.cooperation,
            "newcomer": self.newcomer,
            "radar": self.radar,
        }
        for name, one in given.items():
            if one:
                return _question(name, one)
        raise FieldError("question", message="Ask one question.")


def _question(name: str, given: _OneQuestion) -> Question:
    try:
        return given.question()
    except InputError as wrong:
        raise FieldError("question", name, message=str(wrong), code=wrong.code) from wrong


@strawberry.input(description="A question about a territory that is worked on in the background.")
class StartAnalysisInput:
    """A question about a territory."""

    territory_id: strawberry.ID = strawberry.field(description="The territory, one of yours.")
    question: AnalysisQuestion = strawberry.field(description="What is asked.")
    again: bool = strawberry.field(
        default=False, description="Decide anew, also where an answer of the current run is kept."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ONCE)

    def asked(self) -> Asked:
        """Return the question as the use-case takes it, or raise FieldError."""
        return Asked(TerritoryId(self.territory_id), self.question.question(), self.again, self.idempotency_key)
