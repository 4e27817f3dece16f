"""The front between money and emissions: how much value is given up for each tonne CO2e more that is avoided."""

from dataclasses import dataclass

from symbiosis.errors import InputError

FEWEST, MOST = 2, 101


class FrontPointsError(InputError):
    """A front of so many points cannot be drawn."""

    code = "FRONT_POINTS"

    def __init__(self, points: int) -> None:
        super().__init__(f"A front has {FEWEST} to {MOST} points, not {points}; ask for that many.")
        self.points = points


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """The most value, in cents per year, among the plans that avoid at least so many g CO2e per year.

    No such plan is worth more than `bound_cent_per_year`. `marginal_cent_per_t` is what the last tonne CO2e costs
    there, in cents of value given up.
    """

    avoided_gco2e_per_year: int
    value_cent_per_year: int
    bound_cent_per_year: int
    marginal_cent_per_t: int
