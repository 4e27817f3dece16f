"""What groups gain by cooperation, as the API shows it."""

from typing import Self

import strawberry

from symbiosis.analytics.cooperation import Party as PartyFacts
from symbiosis.analytics.cooperation import Together as TogetherFacts
from symbiosis.analytics.jobs import answers
from symbiosis.analytics.naming import Label
from symbiosis.api.analyses.where import AnalysisGroup, numbered
from symbiosis.api.nodes import After, Connection, First, connection, request
from symbiosis.units import eur_from_cent


@strawberry.type(description="What a group is worth alone, and its fair shares of the whole.")
class CooperatingGroup:
    """What a group is worth alone, and its fair shares of the whole."""

    group: AnalysisGroup = strawberry.field(description="The group.")
    alone_per_year_eur: float = strawberry.field(
        description="What its sites can exchange among themselves, EUR a year."
    )
    owen_share_per_year_eur: float = strawberry.field(
        description="Its share by the dual prices, EUR a year: no coalition of groups does better alone (Owen 1975)."
    )
    shapley_share_per_year_eur: float | None = strawberry.field(
        description="Its mean contribution over all orders, EUR a year (Shapley 1953); null beyond twelve groups."
    )


@strawberry.type(description="What two groups are worth together.")
class CooperatingPair:
    """What two groups are worth together."""

    one: AnalysisGroup = strawberry.field(description="One of them.")
    other: AnalysisGroup = strawberry.field(description="The other.")
    together_per_year_eur: float = strawberry.field(description="What they are worth together, EUR a year.")
    gain_per_year_eur: float = strawberry.field(description="What only their cooperation brings of it, EUR a year.")


@strawberry.type(description="What groups gain by exchanging with each other.")
class CooperationResult:
    """What groups gain by exchanging with each other."""

    answer: strawberry.Private[answers.CooperationAnswer]
    whole_per_year_eur: float = strawberry.field(description="What all are worth together, EUR a year.")
    alone_per_year_eur: float = strawberry.field(description="The sum of what each is worth alone, EUR a year.")

    @strawberry.field(description="The groups, by key.")
    async def groups(self, first: First, after: After = None) -> Connection[CooperatingGroup]:
        """Return a page of groups."""
        page = numbered(self.answer.cooperation.parties, request(first, after), "GROUP")
        return connection(page, self._group)

    @strawberry.field(description="The pairs of groups that exchange anything, the largest gain first; 100 at most.")
    async def pairs(self, first: First, after: After = None) -> Connection[CooperatingPair]:
        """Return a page of pairs."""
        page = numbered(self.answer.cooperation.pairs, request(first, after), "GAIN")
        return connection(page, self._pair)

    def _named(self, key: str) -> AnalysisGroup:
        known = {label.key: label for label in self.answer.groups}
        return AnalysisGroup.of(known.get(key, Label(key, key, key)))

    def _group(self, facts: PartyFacts) -> CooperatingGroup:
        exact = facts.shapley_share_cent_per_year
        return CooperatingGroup(
            group=self._named(facts.group),
            alone_per_year_eur=eur_from_cent(facts.alone_cent_per_year),
            owen_share_per_year_eur=eur_from_cent(facts.owen_share_cent_per_year),
            shapley_share_per_year_eur=None if exact is None else eur_from_cent(exact),
        )

    def _pair(self, facts: TogetherFacts) -> CooperatingPair:
        return CooperatingPair(
            one=self._named(facts.one),
            other=self._named(facts.other),
            together_per_year_eur=eur_from_cent(facts.together_cent_per_year),
            gain_per_year_eur=eur_from_cent(facts.gain_cent_per_year),
        )

    @classmethod
    def of(cls, answer: answers.CooperationAnswer) -> Self:
        """Return the result as the API shows it."""
        return cls(
            answer=answer,
            whole_per_year_eur=eur_from_cent(answer.cooperation.whole_cent_per_year),
            alone_per_year_eur=eur_from_cent(answer.cooperation.alone_cent_per_year),
        )
