"""Small markets for the matching room: named ones that a person can follow, and random ones."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from symbiosis.domain.ids import ListingId, ResourceCode, SiteId
from symbiosis.domain.legal import BY_PRODUCT_CONDITIONS
from symbiosis.domain.listings import Direction
from symbiosis.domain.permits import Operation
from symbiosis.domain.places import GeoPrecision
from symbiosis.domain.resources import PhysicalState, Quality, QualityRange, Resource, ResourceKind, Substitution
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.domain.worth import Spread
from symbiosis.store.snapshot import OpenListing, StoredMarket, TakenUpPair
from symbiosis.units import BaseUnit

LYON = (45.70, 4.85)
KM_NORTH = 1 / 111.19508372419142
"""Degrees of latitude in a kilometre, on the sphere of 6 371 008.8 m."""

RESOURCES = (
    Resource(
        ResourceCode("slag"),
        "Slag",
        "Laitier",
        ResourceKind.MATERIAL,
        BaseUnit.KG,
        waste_codes=("100202", "100903"),
        disposal_factor="disposal.inert.cost",
        disposal_emission_factor="disposal.inert.emissions",
    ),
    Resource(
        ResourceCode("aggregates"),
        "Aggregates",
        "Granulats",
        ResourceKind.MATERIAL,
        BaseUnit.KG,
        purchase_factor="purchase.aggregates.cost",
        virgin_emission_factor="virgin.aggregates.emissions",
    ),
    Resource(ResourceCode("dust"), "Dust", "Poussières", ResourceKind.MATERIAL, BaseUnit.KG, waste_codes=("100208",)),
    Resource(ResourceCode("warm-water"), "Warm water", "Eau tiède", ResourceKind.WATER, BaseUnit.L),
    Resource(
        ResourceCode("heat"), "Heat", "Chaleur", ResourceKind.HEAT, BaseUnit.KWH, purchase_factor="purchase.heat.cost"
    ),
    Resource(ResourceCode("power"), "Power", "Courant", ResourceKind.ELECTRICITY, BaseUnit.KWH),
    Resource(ResourceCode("store"), "Store", "Entrepôt", ResourceKind.CAPACITY, BaseUnit.M2),
    Resource(
        ResourceCode("acid"),
        "Spent acid",
        "Acide usé",
        ResourceKind.MATERIAL,
        BaseUnit.KG,
        waste_codes=("110105",),
        physical_states=(PhysicalState.LIQUID,),
        adr_class="8",
    ),
    Resource(ResourceCode("fresh-acid"), "Acid", "Acide", ResourceKind.MATERIAL, BaseUnit.KG),
    Resource(
        ResourceCode("sludge"),
        "Sludge",
        "Boue",
        ResourceKind.MATERIAL,
        BaseUnit.KG,
        waste_codes=("190805",),
        physical_states=(PhysicalState.SLUDGE,),
    ),
    Resource(ResourceCode("fuel"), "Fuel", "Combustible", ResourceKind.MATERIAL, BaseUnit.KG),
    Resource(ResourceCode("litres-of-oil"), "Oil by the litre", "Huile au litre", ResourceKind.MATERIAL, BaseUnit.L),
)

SUBSTITUTIONS = (
    Substitution(ResourceCode("slag"), ResourceCode("aggregates"), 0.9, 800, 3000, "Crushing", "test"),
    Substitution(ResourceCode("slag"), ResourceCode("aggregates"), 0.7, 100, 1000, "Screening", "test"),
    Substitution(ResourceCode("dust"), ResourceCode("slag"), 1.5, 0, 0, "Wishing", "test"),
    Substitution(
        ResourceCode("acid"), ResourceCode("fresh-acid"), 0.8, 0, 0, "Purifying", "test", operation=Operation.R6
    ),
    Substitution(
        ResourceCode("sludge"),
        ResourceCode("fuel"),
        0.3,
        0,
        0,
        "Drying",
        "test",
        operation=Operation.R1,
        restores=("MOISTURE_SHARE:HIGH", "PHYSICAL_STATE"),
    ),
    Substitution(ResourceCode("warm-water"), ResourceCode("heat"), 1.0, 0, 0, "Other kinds never meet", "test"),
)

FACTORS = {
    "transport.detour@1": 1.3,
    "transport.truck.cost@1": 0.2,
    "transport.truck.cost@2": 0.13,
    "transport.truck.loading@1": 6.0,
    "transport.truck.emissions@1": 0.0875,
    "transport.truck_44t.cost@1": 0.13,
    "transport.truck_44t.emissions@1": 0.0875,
    "transport.rigid.cost@1": 0.13,
    "transport.rigid.emissions@1": 0.0875,
    "transport.water_pipe.cost@1": 0.35,
    "transport.water_pipe.emissions@1": 0.016,
    "transport.heat_pipe.cost@1": 12.0,
    "transport.heat_pipe.loss@1": 0.03,
    "transport.power_line.cost@1": 25.0,
    "transport.gas_tube.cost@1": 0.55,
    "transport.gas_tube.loading@1": 45.0,
    "transport.gas_tube.emissions@1": 0.3,
    "disposal.inert.cost@1": 16.0,
    "disposal.inert.emissions@1": 12.0,
    "purchase.aggregates.cost@9": 11.0,
    "purchase.aggregates.cost@10": 14.0,
    "virgin.aggregates.emissions@1": 4.0,
    "purchase.heat.cost@1": 60.0,
    "unrelated@1": 1.0,
}


def listing(name: str, resource: str, quantity: int = 1000, *, km: float = 0.0, **facts: object) -> OpenListing:
    """Return a listing `km` north of Lyon at a site of its own; `name` begins with s for a supply, d for a demand."""
    given: dict[str, object] = {
        "listing_id": ListingId(name),
        "site_id": SiteId(f"site-of-{name}"),
        "lat": LYON[0] + km * KM_NORTH,
        "lon": LYON[1],
        "geo_precision": GeoPrecision.BUILDING,
        "resource_code": ResourceCode(resource),
        "direction": Direction.SUPPLY if name.startswith("s") else Direction.DEMAND,
        "version": 1,
        "quantity_base_per_year": quantity,
    }
    return OpenListing(**{**given, **facts})  # type: ignore[arg-type]


def market(
    *listings: OpenListing,
    pairs: Sequence[TakenUpPair] = (),
    factors: Mapping[str, float | Spread] = FACTORS,
    resources: Sequence[Resource] = RESOURCES,
) -> StoredMarket:
    """Return a market of these listings with the little catalogue above."""
    spreads = {key: value if isinstance(value, Spread) else Spread.exact(value) for key, value in factors.items()}
    return StoredMarket(tuple(listings), tuple(resources), SUBSTITUTIONS, spreads, tuple(pairs))


def pair(
    supply: str, demand: str, status: SynergyStatus, quantity: int | None = None, basis: str = "1:1"
) -> TakenUpPair:
    """Return a synergy that people have looked at."""
    return TakenUpPair(ListingId(supply), ListingId(demand), status, basis, quantity)


FIVE = tuple(f"{kind}||a document" for kind in BY_PRODUCT_CONDITIONS)
"""Evidence for all five conditions of a by-product."""

_QUALITY_ENDS = st.sampled_from([None, 0.0, 40.0, 60.0])
_STATES = st.sampled_from([(), (PhysicalState.SOLID,), (PhysicalState.SOLID, PhysicalState.SLUDGE)])
_DATES = st.sampled_from([None, "2026-01-01", "2026-06-30", "2026-07-01", "2027-12-31"])


@st.composite
def _qualities(draw: st.DrawFn) -> tuple[str, ...]:
    chosen = draw(st.lists(st.sampled_from([Quality.TEMPERATURE_C, Quality.MOISTURE_SHARE]), unique=True))
    ranges = []
    for quality in chosen:
        low, high = draw(_QUALITY_ENDS), draw(_QUALITY_ENDS)
        if low is not None and high is not None:
            low, high = min(low, high), max(low, high)
        ranges.append(QualityRange(quality, low, high).as_text())
    return tuple(ranges)


@st.composite
def _listings(draw: st.DrawFn, direction: str) -> list[OpenListing]:
    return [
        listing(
            f"{direction}{number:02}",
            draw(st.sampled_from([resource.code for resource in RESOURCES])),
            draw(st.integers(1, 100_000)),
            site_id=SiteId(f"site-{draw(st.integers(0, 6))}"),
            lat=LYON[0] + draw(st.floats(-0.8, 0.8)) * draw(st.sampled_from([0.01, 0.05, 1.0])),
            lon=LYON[1] + draw(st.floats(-1.2, 1.2)) * draw(st.sampled_from([0.01, 0.05, 1.0])),
            geo_precision=draw(st.sampled_from(list(GeoPrecision))),
            version=draw(st.integers(1, 3)),
            waste_code=draw(st.sampled_from([None, "100202", "100207", "1002", "150101", "110105"])),
            price_cent_per_trade_unit=draw(st.one_of(st.none(), st.integers(-5000, 30_000))),
            available_from=draw(_DATES),
            available_until=draw(_DATES),
            qualities=draw(_qualities()),
            estimated=draw(st.booleans()),
            minimum_base_per_year=draw(st.sampled_from([None, None, 1, 20_000])),
            physical_states=draw(_STATES),
            evidence=draw(st.sampled_from([(), FIVE, FIVE[:4], ("END_OF_WASTE|FR-2019-02-22|attestation",)])),
            naf=draw(st.sampled_from([None, "24.10Z", "38.22Z"])),
            headings=draw(st.sampled_from([(), ("2790",), ("2718",), ("2791", "3510")])),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


@st.composite
def markets(draw: st.DrawFn) -> StoredMarket:
    """Draw a market: all kinds of resources, crowded and far sites, limits, dates, decisions of people."""
    supplies, demands = draw(_listings("s")), draw(_listings("d"))
    taken_up = []
    if supplies and demands:
        for supply, demand in draw(
            st.lists(st.tuples(st.sampled_from(supplies), st.sampled_from(demands)), unique=True, max_size=6)
        ):
            taken_up.append(
                pair(
                    supply.listing_id,
                    demand.listing_id,
                    draw(st.sampled_from([s for s in SynergyStatus if s is not SynergyStatus.SUGGESTED])),
                    draw(st.one_of(st.none(), st.integers(1, 50_000))),
                    draw(st.sampled_from([f"{supply.version}:{demand.version}", "0:0"])),
                )
            )
    return market(*supplies, *demands, pairs=taken_up)
