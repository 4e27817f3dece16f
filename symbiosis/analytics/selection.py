"""Which part of the flow graph is looked at: a territory, a sector, a kind of resource.

A flow belongs to a selection if both its ends fit, if either does, or if its giver does; the analysis says which.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from symbiosis.analytics.flow_graph import Bools, FlowGraph
from symbiosis.domain.activity import section_of
from symbiosis.domain.ids import TerritoryId
from symbiosis.domain.resources import ResourceKind
from symbiosis.errors import InputError
from symbiosis.store.flow_columns import FlowSite


class SelectionError(InputError):
    """A selection names what is not there."""

    code = "SELECTION"


class Ends(StrEnum):
    """Which ends of a flow have to fit."""

    BOTH = "BOTH"
    EITHER = "EITHER"
    GIVER = "GIVER"


@dataclass(frozen=True, slots=True)
class Selection:
    """What is looked at; None is everything. `sector` is a NACE section (C) or the beginning of a code (20, 20.1)."""

    territory_id: TerritoryId | None = None
    sector: str | None = None
    kind: ResourceKind | None = None

    def sites(self, graph: FlowGraph) -> Bools:
        """Return which sites fit, or raise SelectionError if the territory holds none."""
        fits = np.array([self._has(site) for site in graph.sites], dtype=np.bool_)
        if self.territory_id is not None and not any(self.territory_id in site.territory_ids for site in graph.sites):
            message = f"No site lies in the territory {self.territory_id!r}; `territories` lists their ids."
            raise SelectionError(message)
        return fits

    def of(self, graph: FlowGraph, ends: Ends = Ends.EITHER) -> FlowGraph:
        """Return the graph of the flows that fit."""
        return graph.kept(self.flows(graph, ends))

    def flows(self, graph: FlowGraph, ends: Ends = Ends.EITHER) -> Bools:
        """Return which flows fit."""
        sites = self.sites(graph)
        giver, taker = sites[graph.giver], sites[graph.taker]
        fits: Bools = {Ends.BOTH: giver & taker, Ends.EITHER: giver | taker, Ends.GIVER: giver}[ends]
        if self.kind is not None:
            of_kind = np.array([resource.kind is self.kind for resource in graph.resources], dtype=np.bool_)
            fits &= of_kind[graph.given]
        return fits

    def _has(self, site: FlowSite) -> bool:
        if self.territory_id is not None and self.territory_id not in site.territory_ids:
            return False
        return self.sector is None or in_sector(site.naf, self.sector)


def in_sector(naf: str | None, sector: str) -> bool:
    """Say whether an activity code lies in a NACE section (a letter) or begins so."""
    if naf is None:
        return False
    return section_of(naf) == sector.upper() if sector.isalpha() else naf.startswith(sector)
