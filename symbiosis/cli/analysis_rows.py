"""Rows of analyses as people read them: with the names of sites."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from symbiosis.analytics.marginals import Marginal
from symbiosis.domain.ids import SiteId
from symbiosis.units import BaseUnit, eur_from_cent

Names = Mapping[SiteId, str]


@dataclass(frozen=True, slots=True)
class MarginalRow:
    """What a trade unit more or less of a listing is worth; see `Marginal`."""

    site: str
    direction: str
    resource: str
    base_unit: BaseUnit
    more_eur_per_unit: float
    less_eur_per_unit: float
    more_up_to_base_per_year: int | None
    less_up_to_base_per_year: int | None
    listing_id: str

    @classmethod
    def of(cls, row: Marginal, names: Names) -> Self:
        """Return the row of a marginal value."""
        return cls(
            site=names.get(row.site_id, row.site_id),
            direction=row.direction,
            resource=row.resource_code,
            base_unit=row.base_unit,
            more_eur_per_unit=eur_from_cent(row.more_cent),
            less_eur_per_unit=eur_from_cent(row.less_cent),
            more_up_to_base_per_year=row.more_up_to_base_per_year,
            less_up_to_base_per_year=row.less_up_to_base_per_year,
            listing_id=row.listing_id,
        )
