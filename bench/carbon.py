"""Two sums of the carbon arithmetic that anybody can redo, made by the code of a run: `make show-carbon`.

24 t of anything over 50 km in an articulated lorry of 34 to 40 t, and 1,000 t of scrap made into steel where steel from
ore was bought. Both with the shipped factors, and each factor with its version, source and licence.
"""

from dataclasses import replace

from symbiosis.domain.factors import Factor
from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.listings import Direction
from symbiosis.domain.places import GeoPrecision
from symbiosis.domain.resources import Resource, ResourceKind, Substitution
from symbiosis.domain.roads import Roads, place_of
from symbiosis.domain.worth import Breakdown, Measure, Spread
from symbiosis.ingest import tables
from symbiosis.matching.breakdown import breakdowns, factor_ids
from symbiosis.matching.candidates import find_candidates
from symbiosis.matching.snapshot import snapshot_of
from symbiosis.matching.value import value_candidates
from symbiosis.store.snapshot import OpenListing, StoredMarket
from symbiosis.units import BaseUnit, g_from_kg, tco2e_from_g

LOAD_KG = 24_000
WAY_M = 50_000
SCRAP_KG = 1_000_000
PRIMARY, RECYCLED = "material.steel_primary.emissions", "material.steel_recycled.emissions"


def load_of_24_t() -> Breakdown:
    """Return what 24 t over 50 km of road emit: a flow of 500 t a year goes by articulated lorry of 34 to 40 t."""
    anything = _resource("anything")
    start, end = _listing("s", anything, 45.70), _listing("d", anything, 45.90)
    return _breakdown(_market((anything,), start, end, WAY_M), LOAD_KG)


def scrap_for_primary_steel() -> Breakdown:
    """Return what 1,000 t of scrap avoid that are made into steel next door, where steel from ore was bought."""
    steel = replace(_resource("steel"), virgin_emission_factor=PRIMARY)
    scrap = _resource("scrap")
    melting = _in_force(RECYCLED)
    made = Substitution(
        by_product=scrap.code,
        input_=steel.code,
        yield_share=1.0,
        treatment_cent_per_trade_unit=0,
        treatment_gco2e_per_trade_unit=g_from_kg(melting.value),
        technique="Electric arc furnace",
        source=melting.factor_id,
        treatment_low_gco2e_per_trade_unit=g_from_kg(melting.low),
        treatment_high_gco2e_per_trade_unit=g_from_kg(melting.high),
    )
    market = _market((scrap, steel), _listing("s", scrap, 45.70), _listing("d", steel, 45.70), 0)
    return _breakdown(replace(market, substitutions=(made,)), SCRAP_KG)


def _resource(code: str) -> Resource:
    return Resource(ResourceCode(code), code, code, ResourceKind.MATERIAL, BaseUnit.KG)


def _listing(side: str, resource: Resource, lat: float) -> OpenListing:
    return OpenListing(
        listing_id=ListingId(side),
        site_id=SiteId(f"site-{side}"),
        lat=lat,
        lon=4.85,
        geo_precision=GeoPrecision.BUILDING,
        resource_code=resource.code,
        direction=Direction.SUPPLY if side == "s" else Direction.DEMAND,
        version=1,
        quantity_base_per_year=500_000,
    )


def _market(resources: tuple[Resource, ...], start: OpenListing, end: OpenListing, way_m: int) -> StoredMarket:
    places = [place_of(x.lat, x.lon, x.geo_precision) or "" for x in (start, end)]
    factors = {f.factor_id: Spread(f.value, f.low, f.high) for f in tables.factors()}
    return StoredMarket((start, end), resources, (), factors, (), (Roads(places[0], (places[1],), (way_m,)),))


def _breakdown(market: StoredMarket, quantity: int) -> Breakdown:
    snapshot = snapshot_of(market)
    candidates = find_candidates(snapshot)
    return breakdowns(snapshot, candidates, value_candidates(snapshot, candidates), [0], [quantity])[0]


def _in_force(key: str) -> Factor:
    return next(factor for factor in reversed(tables.factors()) if factor.factor_id.startswith(f"{key}@"))


def _show(title: str, made: Breakdown, *others: str) -> None:
    ends = [tco2e_from_g(end) for end in (made.avoided_gco2e, made.avoided_low_gco2e, made.avoided_high_gco2e)]
    print(f"{title}\n  avoided {ends[0]:,.3f} t CO2e ({ends[1]:,.3f} to {ends[2]:,.3f})")
    for line in made.lines:
        if line.measure is Measure.GCO2E:
            print(f"  {line.part.lower():10} {tco2e_from_g(line.amount):12,.3f} t CO2e   {', '.join(line.references)}")
    used = {*factor_ids(made), *others}
    for factor in tables.factors():
        if factor.factor_id in used and factor.unit.startswith("kgCO2e"):
            print(
                f"  {factor.factor_id}: {factor.value:g} {factor.unit} ({factor.low:g} to {factor.high:g}), "
                f"{factor.basis}, {factor.year}; {factor.source}; {factor.licence}"
            )
    print()


def main() -> None:
    """Print both sums with the factors that they are made of."""
    _show("24 t over 50 km by articulated lorry of 34 to 40 t: 24 x 50 x 0.0875 kg", load_of_24_t())
    recycled = _in_force(RECYCLED).factor_id
    _show("1,000 t of scrap for steel from ore: 1,000 x (2,211 - 938) kg", scrap_for_primary_steel(), recycled)


if __name__ == "__main__":
    main()
