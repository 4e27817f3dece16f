"""Balances: what goes from one group to another, and what each group gives, takes and exchanges within.

A group is a territory (the métropole of the site), a sector (NACE section or division of the site), or the kind of the
resource. Quantities of different units are never added: every row has its unit. Nothing is counted twice: a flow is in
one row of the table between groups, and a group's row says apart what leaves it, what enters it and what stays inside.

Source     Material flow analysis: what crosses a boundary apart from what stays within it (Eurostat 2018,
           "Economy-wide material flow accounts handbook", chapter 1).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from symbiosis.analytics.flow_graph import UNITS, FlowGraph, Ints
from symbiosis.domain.activity import section_of
from symbiosis.store.flow_columns import FlowSite
from symbiosis.units import BaseUnit

UNKNOWN: Final = "?"


class GroupBy(StrEnum):
    """What makes sites a group: their métropole, commune (INSEE code), NACE section or division, or each alone (id)."""

    TERRITORY = "TERRITORY"
    COMMUNE = "COMMUNE"
    SECTION = "SECTION"
    DIVISION = "DIVISION"
    SITE = "SITE"


@dataclass(frozen=True, slots=True)
class FlowBetween:
    """What goes from one group to another, of one kind of resource; per year, in base units, cents and g CO2e."""

    giver: str
    taker: str
    kind: str
    base_unit: BaseUnit
    flows: int
    quantity_base_per_year: int
    value_cent_per_year: int
    avoided_gco2e_per_year: int


@dataclass(frozen=True, slots=True)
class GroupBalance:
    """What leaves a group, what enters it and what stays inside, of one kind of resource; base units per year."""

    group: str
    kind: str
    base_unit: BaseUnit
    given_base_per_year: int
    taken_base_per_year: int
    within_base_per_year: int

    @property
    def net_base_per_year(self) -> int:
        """Return what leaves less what enters."""
        return self.given_base_per_year - self.taken_base_per_year


def groups_of(sites: Sequence[FlowSite], by: GroupBy) -> list[str]:
    """Return the group of each site; what is not known is "?"."""
    return [_GROUP[by](site) for site in sites]


def flows_between(graph: FlowGraph, by: GroupBy) -> list[FlowBetween]:
    """Return the flows between groups, largest value first; a group's flows to itself are among them."""
    names, giver, taker = _ends(graph, by)
    keys = np.stack([giver, taker, _kinds(graph), graph.unit])
    found, row, counted = np.unique(keys, axis=1, return_inverse=True, return_counts=True)
    sums = [_summed(row, column, found.shape[1]) for column in (graph.quantity_base, graph.value_cent)]
    avoided = _summed(row, graph.avoided_gco2e, found.shape[1])
    made = [
        FlowBetween(
            names[found[0, i]],
            names[found[1, i]],
            _kind_names(graph)[found[2, i]],
            UNITS[found[3, i]],
            int(counted[i]),
            int(sums[0][i]),
            int(sums[1][i]),
            int(avoided[i]),
        )
        for i in range(found.shape[1])
    ]
    return sorted(made, key=lambda f: (-f.value_cent_per_year, f.giver, f.taker, f.kind, f.base_unit))


def balances(graph: FlowGraph, by: GroupBy) -> list[GroupBalance]:
    """Return one row a group, kind and unit, by name of the group."""
    sums: dict[tuple[str, str, BaseUnit], list[int]] = {}
    for flow in flows_between(graph, by):
        inside = flow.giver == flow.taker
        places = [(flow.giver, 2)] if inside else [(flow.giver, 0), (flow.taker, 1)]
        for group, place in places:
            sums.setdefault((group, flow.kind, flow.base_unit), [0, 0, 0])[place] += flow.quantity_base_per_year
    return [GroupBalance(*key, *three) for key, three in sorted(sums.items())]


def _ends(graph: FlowGraph, by: GroupBy) -> tuple[list[str], Ints, Ints]:
    """Return the names of the groups, and the row in them of each flow's giver and taker."""
    of_site = groups_of(graph.sites, by)
    names = sorted(set(of_site))
    number = {name: row for row, name in enumerate(names)}
    rows = np.array([number[name] for name in of_site], dtype=np.int64)
    return names, rows[graph.giver], rows[graph.taker]


def _kind_names(graph: FlowGraph) -> list[str]:
    return sorted({resource.kind for resource in graph.resources})


def _kinds(graph: FlowGraph) -> Ints:
    names = _kind_names(graph)
    rows = np.array([names.index(resource.kind) for resource in graph.resources], dtype=np.int64)
    of_flow: Ints = rows[graph.given]
    return of_flow


def _summed(row: Ints, column: Ints, groups: int) -> Ints:
    """Return exact sums of integers by group."""
    sums = np.zeros(groups, np.int64)
    np.add.at(sums, row.ravel(), column)
    return sums


_GROUP: Final[dict[GroupBy, Callable[[FlowSite], str]]] = {
    GroupBy.TERRITORY: lambda site: site.metropole_id or UNKNOWN,
    GroupBy.COMMUNE: lambda site: site.insee,
    GroupBy.SECTION: lambda site: UNKNOWN if site.naf is None else section_of(site.naf),
    GroupBy.DIVISION: lambda site: UNKNOWN if site.naf is None else site.naf[:2],
    GroupBy.SITE: lambda site: site.site_id,
}
