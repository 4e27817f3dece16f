"""The public cube counts tonnes of materials only, and hides what would tell a firm."""

from symbiosis.analytics.observatory import PublicCell, public_cube
from symbiosis.analytics.secrecy import ALL, Mark
from tests.analytics.graphs import flow, graph


def test_the_cube_counts_tonnes_of_materials_by_metropole_and_chapter() -> None:
    flows = [flow(f"a{n}", f"c{n}", 1_111_000) for n in range(4)]
    heat = [flow("a1", "b1", 5_000_000, given="heat")]
    assert public_cube(graph(*flows, *heat)) == [
        PublicCell("lyon", "10", 4440.0, Mark.SHOWN),
        PublicCell("lyon", ALL, 4440.0, Mark.SHOWN),
        PublicCell(ALL, "10", 4440.0, Mark.SHOWN),
        PublicCell(ALL, ALL, 4440.0, Mark.SHOWN),
    ]


def test_two_givers_are_hidden_with_every_margin() -> None:
    cube = public_cube(graph(flow("a1", "c1"), flow("a2", "c2")))
    assert {cell.tonnes_per_year for cell in cube} == {None}
    assert {cell.mark for cell in cube} == {Mark.TOO_FEW}
