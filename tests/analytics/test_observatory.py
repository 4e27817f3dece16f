"""The public cube counts tonnes of materials only, and hides what would tell a firm."""

from datetime import date

from hypothesis import given, settings

from symbiosis.analytics.attacker import attack
from symbiosis.analytics.cells import ALL, Mark, cells_of
from symbiosis.analytics.flow_graph import FlowGraph
from symbiosis.analytics.observatory import (
    Measure,
    PublicCell,
    cells_from,
    contributions_of,
    delivered_cube,
    public_cube,
    quarters_before,
    written,
)
from tests.analytics.graphs import flow, graph, graphs


def cell(metropole: str, chapter: str, tonnes: float, avoided_tco2e: float) -> PublicCell:
    return PublicCell(Measure.SUGGESTED, "2026-Q4", metropole, chapter, tonnes, avoided_tco2e, Mark.SHOWN)


def test_the_cube_counts_tonnes_of_materials_by_metropole_and_chapter() -> None:
    flows = [flow(f"a{n}", f"c{n}", 1_111_000, 1_234_500) for n in range(4)]
    heat = [flow("a1", "b1", 5_000_000, given="heat")]
    assert public_cube(graph(*flows, *heat), "2026-Q4") == [
        cell("lyon", "10", 4440.0, 49.4),
        cell("lyon", ALL, 4440.0, 49.4),
        cell(ALL, "10", 4440.0, 49.4),
        cell(ALL, ALL, 4440.0, 49.4),
    ]


def test_two_givers_are_hidden_with_every_margin() -> None:
    cube = public_cube(graph(flow("a1", "c1"), flow("a2", "c2")))
    assert {(one.tonnes, one.avoided_tco2e) for one in cube} == {(None, None)}
    assert {one.mark for one in cube} == {Mark.TOO_FEW}


def test_what_one_firm_avoids_nearly_alone_hides_the_tonnes_too() -> None:
    flows = [flow(f"a{n}", f"c{n}", 1_000_000, 1 if n else 1_000_000) for n in range(4)]
    assert {one.mark for one in public_cube(graph(*flows))} == {Mark.DOMINATED}
    assert {one.mark for one in delivered_cube(graph(*flows), "2026-Q3")} == {Mark.SHOWN}


def test_quarters_before_a_day_end_before_its_quarter() -> None:
    assert [days.first for days in quarters_before(date(2026, 5, 31))] == [
        date(2026, 1, 1),
        date(2025, 10, 1),
        date(2025, 7, 1),
        date(2025, 4, 1),
    ]


def test_cells_come_back_as_they_were_written() -> None:
    cube = public_cube(graph(*(flow(f"a{n}", f"c{n}") for n in range(4)), flow("c9", "a1")), "2026-Q4")
    assert {one.mark for one in cube} == {Mark.SHOWN, Mark.TOO_FEW, Mark.SECONDARY}
    assert cells_from(written(cube)) == tuple(cube)


@settings(max_examples=25)
@given(graphs)
def test_no_attacker_narrows_anybody_in_the_mass_or_in_the_emissions(flows: FlowGraph) -> None:
    marks = {(one.metropole, one.chapter): one.mark for one in public_cube(flows)}
    avoiding = flows.kept(flows.avoided_gco2e > 0)
    tables = (
        contributions_of(flows, flows.quantity_base),
        contributions_of(avoiding, avoiding.avoided_gco2e),
    )
    for contributions in tables:
        assert list(attack(cells_of(contributions), marks)) == []
