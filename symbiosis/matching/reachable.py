"""Rows of the catalogue that no open listing can reach are no part of a run's input: what is left of them."""

from collections.abc import Iterable, Sequence

from symbiosis.domain.resources import Substitution
from symbiosis.domain.roads import Roads, place_of
from symbiosis.store.snapshot import OpenListing


def roads_between(
    roads: Iterable[Roads], supplies: Sequence[OpenListing], demands: Sequence[OpenListing]
) -> tuple[Roads, ...]:
    """Return the distances from places of supplies to places of demands, sorted."""
    start, end = ({place_of(x.lat, x.lon, x.geo_precision) for x in side} for side in (supplies, demands))
    kept = []
    for road in sorted(roads, key=lambda road: road.origin):
        ways = sorted(way for way in zip(road.destinations, road.metres, strict=True) if way[0] in end)
        if road.origin in start and ways:
            kept.append(Roads(road.origin, tuple(to for to, _ in ways), tuple(metres for _, metres in ways)))
    return tuple(kept)


def usable_substitutions(
    rows: Iterable[Substitution], supplies: Sequence[OpenListing], demands: Sequence[OpenListing]
) -> tuple[Substitution, ...]:
    """Return the substitutions that an open supply and an open demand could use, one a pair of resources: that of the
    greatest yield, then the cheapest, then the first by name.
    """
    given, wanted = ({listing.resource_code for listing in side} for side in (supplies, demands))
    best: dict[tuple[str, str], Substitution] = {}
    for row in sorted(rows, key=lambda r: (-r.yield_share, r.treatment_cent_per_trade_unit, r.technique)):
        if row.by_product in given and row.input_ in wanted and row.by_product != row.input_:
            best.setdefault((row.by_product, row.input_), row)
    return tuple(row for _, row in sorted(best.items()))
