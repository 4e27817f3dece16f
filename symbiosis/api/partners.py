"""Whom a listing could meet now."""

from typing import Self

import strawberry

from symbiosis.api.listings import Listing
from symbiosis.api.pairs import PairMeeting
from symbiosis.matching.partners import Partner
from symbiosis.units import eur_from_cent, km_from_m


@strawberry.type(description="A listing that another could meet now, and what their meeting would be worth.")
class PossiblePartner:
    """A listing that another could meet now."""

    listing: Listing = strawberry.field(description="The partner's listing.")
    distance_km: float = strawberry.field(
        description="How far the sites are apart, the error of their positions added, in km."
    )
    meeting: PairMeeting = strawberry.field(description="How the two fit, and what it would be worth.")

    regret_per_unit_eur: float | None = strawberry.field(
        description="At least so much would the current plan as a whole lose for each unit that went this way instead, "
        "in EUR per trade unit (`meeting.unit`). Null where it is not known (a listing was changed since the run, or "
        "people work on all that is suggested at it), and where it rests on what you may not see."
    )

    @classmethod
    def of(cls, facts: Partner) -> Self:
        """Return the partner as the API shows it to this viewer."""
        return cls(
            listing=Listing.of(facts.row),
            distance_km=km_from_m(facts.distance_m),
            meeting=PairMeeting.of(facts.meeting, facts.unit, facts.shown),
            regret_per_unit_eur=None if facts.regret_cent is None else eur_from_cent(facts.regret_cent),
        )
