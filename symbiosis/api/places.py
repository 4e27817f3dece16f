"""Sites, communes, territories and resources: public facts."""

from typing import Self

import strawberry

from symbiosis.api.context import Info
from symbiosis.api.nodes import Node
from symbiosis.domain import places
from symbiosis.domain.places import GeoPrecision, TerritoryKind
from symbiosis.domain.resources import Resource as ResourceFacts
from symbiosis.domain.resources import ResourceKind
from symbiosis.store.sites import SiteRow
from symbiosis.units import TRADE_UNIT, TradeUnit


@strawberry.type(description="A métropole or a project territory, made of whole communes.")
class Territory(Node):
    """A métropole or a project territory."""

    name: str = strawberry.field(description="Its name.")
    kind: TerritoryKind = strawberry.field(description="Métropole or project territory.")

    @classmethod
    def of(cls, facts: places.Territory) -> Self:
        """Return the territory as the API shows it."""
        return cls(id=strawberry.ID(facts.territory_id), name=facts.name, kind=facts.kind)


@strawberry.type(description="A commune, with its centre.")
class Commune(Node):
    """A commune, with its centre."""

    name: str = strawberry.field(description="Its name.")
    lat: float = strawberry.field(description="Latitude of the centre, WGS84 degrees.")
    lon: float = strawberry.field(description="Longitude of the centre, WGS84 degrees.")
    territory_ids: list[strawberry.ID] = strawberry.field(description="The territories it lies in.")

    @strawberry.field(description="The territories it lies in.")
    async def territories(self, info: Info) -> list[Territory]:
        """Return the territories, métropoles first."""
        known = await info.context.loaders.all_territories()
        return [
            Territory.of(territory)
            for territory in known
            if strawberry.ID(territory.territory_id) in self.territory_ids
        ]


@strawberry.type(description="A legal unit that operates sites.")
class Organisation(Node):
    """A legal unit that operates sites."""

    name: str = strawberry.field(description="Its name.")
    siren: str | None = strawberry.field(description="SIREN, nine digits; null where the register does not tell it.")


@strawberry.type(description="One place where an organisation works.")
class Site(Node):
    """One place where an organisation works."""

    name: str = strawberry.field(description="Its name.")
    organisation: Organisation = strawberry.field(description="Who operates it.")
    commune: Commune = strawberry.field(description="Where it stands.")
    lat: float = strawberry.field(description="Latitude, WGS84 degrees.")
    lon: float = strawberry.field(description="Longitude, WGS84 degrees.")
    geo_precision: GeoPrecision = strawberry.field(description="What the position is the position of.")
    siret: str | None = strawberry.field(description="SIRET, fourteen digits; null where it is not known.")
    naf: str | None = strawberry.field(description="Activity code, NAF rev. 2; null where it is not known.")
    staff_band: str | None = strawberry.field(description="Band of the number of staff, as the register writes it.")
    headings: list[str] = strawberry.field(
        description="ICPE headings (rubriques) under which it is known to take waste, e.g. 2790-1; empty: not known."
    )
    version: int = strawberry.field(description="Counts what people changed; give it back with the next change.")
    source: str = strawberry.field(description="Where these facts are from.")
    licence: str = strawberry.field(description="Under which licence.")

    @classmethod
    def of(cls, row: SiteRow) -> Self:
        """Return the site as the API shows it."""
        site, organisation, commune = row.site, row.organisation, row.commune
        return cls(
            id=strawberry.ID(site.site_id),
            name=site.name,
            organisation=Organisation(
                id=strawberry.ID(organisation.organisation_id), name=organisation.name, siren=organisation.siren
            ),
            commune=Commune(
                id=strawberry.ID(commune.insee),
                name=commune.name,
                lat=commune.lat,
                lon=commune.lon,
                territory_ids=[strawberry.ID(territory) for territory in commune.territory_ids],
            ),
            lat=site.lat,
            lon=site.lon,
            geo_precision=site.geo_precision,
            siret=site.siret,
            naf=site.naf,
            staff_band=site.staff_band,
            headings=list(site.headings),
            version=site.version,
            source=site.source,
            licence=site.licence,
        )


@strawberry.type(description="A resource of the catalogue: what flows. Its id is its code.")
class Resource(Node):
    """A resource of the catalogue."""

    name_en: str = strawberry.field(description="Its name in English.")
    name_fr: str = strawberry.field(description="Its name in French.")
    kind: ResourceKind = strawberry.field(description="Its kind.")
    unit: TradeUnit = strawberry.field(description="The unit in which it is listed and priced.")
    waste_codes: list[str] = strawberry.field(
        description="Six-digit codes of the List of Waste under which it is thrown away; empty if it is not waste."
    )

    @classmethod
    def of(cls, facts: ResourceFacts) -> Self:
        """Return the resource as the API shows it."""
        return cls(
            id=strawberry.ID(facts.code),
            name_en=facts.name_en,
            name_fr=facts.name_fr,
            kind=facts.kind,
            unit=TRADE_UNIT[facts.base_unit],
            waste_codes=list(facts.waste_codes),
        )
