"""Previews: what a run would decide now, shown to whoever asked and published to nobody."""

from dataclasses import dataclass
from typing import Final

from symbiosis.domain.fronts import FEWEST, MOST, FrontPointsError
from symbiosis.domain.ids import PersonId, TerritoryId

KEPT_PREVIEWS: Final = 10
"""So many of each person's are kept, the newest."""

OPERATOR: Final = PersonId("operator")
"""Whose the previews of the command are."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What is to be previewed, and for whom.

    Of a territory: only pairs whose two sites lie in it are decided anew, and what the published plan exchanges across
    its border stays. Without one: the whole market. `front_points` is how many points of the front between value and
    emissions are drawn over the same market; 0 draws none.
    """

    started_by: PersonId
    territory_id: TerritoryId | None = None
    front_points: int = 0

    def __post_init__(self) -> None:
        if self.front_points and not FEWEST <= self.front_points <= MOST:
            raise FrontPointsError(self.front_points)
