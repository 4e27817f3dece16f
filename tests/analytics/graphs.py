"""Small flow graphs that a person can follow, and random ones."""

from hypothesis import strategies as st

from symbiosis.analytics.flow_graph import FlowGraph, Layer, flow_graph_of
from symbiosis.domain.ids import ListingId, OrganisationId, ResourceCode, SiteId, SynergyId, TerritoryId
from symbiosis.domain.resources import ResourceKind
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.store.flow_columns import Flow, FlowResource, FlowSite
from symbiosis.units import BaseUnit

RESOURCES = (
    FlowResource(ResourceCode("heat"), "Heat", "Chaleur", ResourceKind.HEAT, BaseUnit.KWH, ()),
    FlowResource(ResourceCode("slag"), "Slag", "Laitier", ResourceKind.MATERIAL, BaseUnit.KG, ("100202",)),
    FlowResource(ResourceCode("water"), "Water", "Eau", ResourceKind.WATER, BaseUnit.L, ()),
)
SECTORS = {"a": "20.11Z", "b": "20.14Z", "c": "24.10Z", "d": None}
METROPOLES = {"a": "lyon", "b": "lyon", "c": "saint-etienne", "d": None}


def site(name: str) -> FlowSite:
    """Return a site; its name begins with what decides its sector and its métropole."""
    metropole = METROPOLES.get(name[0])
    territory_ids = () if metropole is None else (TerritoryId(metropole),)
    return FlowSite(
        site_id=SiteId(name),
        organisation_id=OrganisationId(f"org-{name}"),
        name=name.upper(),
        naf=SECTORS.get(name[0]),
        siren=None,
        insee="69123",
        commune="Lyon",
        lat=45.7,
        lon=4.8,
        territory_ids=territory_ids,
        metropole_id=territory_ids[0] if territory_ids else None,
    )


def flow(giver: str, taker: str, quantity: int = 1000, value: int = 100, *, given: str = "slag") -> Flow:
    """Return a flow; a site has one listing of each resource and direction."""
    supply, demand = f"{giver}-gives-{given}", f"{taker}-takes-{given}"
    return Flow(
        synergy_id=SynergyId(f"{supply}-{demand}"),
        status=SynergyStatus.SUGGESTED,
        supply_id=ListingId(supply),
        demand_id=ListingId(demand),
        giver_id=SiteId(giver),
        taker_id=SiteId(taker),
        given=ResourceCode(given),
        wanted=ResourceCode(given),
        waste_code="100202" if given == "slag" else None,
        quantity_base_per_year=quantity,
        value_cent_per_year=value,
        avoided_gco2e_per_year=10 * value,
        distance_m=5000,
        estimated=False,
    )


def graph(*flows: Flow) -> FlowGraph:
    """Return the suggested flow graph of these flows and the sites they name."""
    names = sorted({name for each in flows for name in (each.giver_id, each.taker_id)})
    return flow_graph_of(Layer.SUGGESTED, [site(name) for name in names], RESOURCES, flows)


_NAMES = [f"{letter}{number}" for letter in "abcd" for number in range(3)]

graphs = st.lists(
    st.builds(
        flow,
        st.sampled_from(_NAMES),
        st.sampled_from(_NAMES),
        st.integers(1, 10**9),
        st.integers(-(10**6), 10**9),
        given=st.sampled_from([resource.code for resource in RESOURCES]),
    ),
    max_size=30,
).map(lambda flows: graph(*flows))
"""Random graphs, loops and repeated pairs among them."""
