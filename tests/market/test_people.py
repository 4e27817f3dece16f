"""The people of the demo, on the real sites."""

import pytest

from symbiosis.domain.people import Role
from symbiosis.ingest.load import load_demo_territory
from symbiosis.market.people import NoDemoSiteError, UnknownPersonError, ensure_demo_people, viewer_for
from symbiosis.policy import VISITOR
from symbiosis.store.graph import Graph

NOW = "2026-11-22T08:00:00.000000Z"


async def test_the_demo_has_a_manager_of_a_real_site_a_facilitator_and_an_analyst_of_all_six_territories(
    graph: Graph,
) -> None:
    await load_demo_territory(graph, now=NOW)
    people = await ensure_demo_people(graph)
    assert [person.label for person in people] == ["site manager", "facilitator", "analyst"]
    assert await ensure_demo_people(graph) == people

    manager, facilitator, analyst = [await viewer_for(graph, person.subject) for person in people]
    assert manager.person is not None
    assert [mandate.role for mandate in manager.person.mandates] == [Role.SITE_MANAGER]
    (site_id,) = manager.site_ids
    assert site_id in people[0].about
    assert (manager.facilitated, manager.analysed) == (frozenset(), frozenset())
    assert len(facilitator.facilitated) == len(analyst.analysed) == 111
    assert facilitator.person is not None
    assert len(facilitator.person.mandates) == 6


async def test_without_sites_there_are_no_demo_people_and_the_reason_is_said(graph: Graph) -> None:
    with pytest.raises(NoDemoSiteError, match="load the territory first"):
        await ensure_demo_people(graph)
    with pytest.raises(UnknownPersonError):
        await viewer_for(graph, "demo-facilitator")
    assert await viewer_for(graph, None) == VISITOR
