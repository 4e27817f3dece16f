"""Who is shown the analyses of a territory. Territories are public: one that is not there is named as such."""

from typing import Final

from symbiosis.analytics.selection import SelectionError
from symbiosis.domain.ids import TerritoryId
from symbiosis.policy import Action, CommunesOf, Viewer, require
from symbiosis.store.desk import communes_of
from symbiosis.store.graph import Graph

NOUN: Final = "analysis"


def require_analyses(viewer: Viewer, key: str = "") -> None:
    """Return if the viewer is shown any analyses; raise NotAllowedError."""
    require(viewer, Action.READ_ANALYSES, None, noun=NOUN, key=key)


async def permitted_communes(graph: Graph, viewer: Viewer, territory_id: TerritoryId) -> frozenset[str]:
    """Return the communes (INSEE codes) of a territory whose analyses the viewer is shown.

    Raises NotAllowedError, and SelectionError for who is shown analyses, but of no territory of that id.
    """
    require_analyses(viewer)
    communes = await graph.read(communes_of, territory_id)
    if not communes:
        raise SelectionError(f"There is no territory {territory_id!r} with communes; `territories` lists their ids.")
    require(viewer, Action.READ_ANALYSES, CommunesOf(communes), noun=NOUN, key=territory_id)
    return communes
