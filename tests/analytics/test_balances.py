"""What goes between groups: nothing is lost, nothing is counted twice."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from symbiosis.analytics.balances import FlowBetween, GroupBalance, GroupBy, balances, flows_between
from symbiosis.analytics.flow_graph import FlowGraph
from symbiosis.analytics.selection import Ends, Selection
from symbiosis.domain.ids import TerritoryId
from symbiosis.domain.resources import ResourceKind
from symbiosis.units import BaseUnit
from tests.analytics.graphs import flow, graph, graphs


def test_flows_between_territories_are_added_up_by_kind_and_unit() -> None:
    seen = graph(flow("a1", "c1", 500, 30), flow("b1", "c2", 700, 40), flow("a1", "b1", 9, 5, given="heat"))
    assert flows_between(seen, GroupBy.TERRITORY) == [
        FlowBetween("lyon", "saint-etienne", "MATERIAL", BaseUnit.KG, 2, 1200, 70, 700),
        FlowBetween("lyon", "lyon", "HEAT", BaseUnit.KWH, 1, 9, 5, 50),
    ]


def test_a_site_without_a_code_or_a_metropole_is_a_group_of_its_own() -> None:
    seen = graph(flow("d1", "a1"))
    assert [(f.giver, f.taker) for f in flows_between(seen, GroupBy.SECTION)] == [("?", "C")]
    assert [(f.giver, f.taker) for f in flows_between(seen, GroupBy.TERRITORY)] == [("?", "lyon")]


def test_what_stays_within_a_group_neither_leaves_nor_enters_it() -> None:
    seen = graph(flow("a1", "b1", 100), flow("a1", "c1", 40), flow("c1", "a2", 25))
    assert balances(seen, GroupBy.TERRITORY) == [
        GroupBalance("lyon", "MATERIAL", BaseUnit.KG, 40, 25, 100),
        GroupBalance("saint-etienne", "MATERIAL", BaseUnit.KG, 25, 40, 0),
    ]


def test_nothing_flows_where_there_is_nothing() -> None:
    assert flows_between(graph(), GroupBy.SITE) == []


def test_a_selection_looks_at_either_end_or_at_both() -> None:
    seen = graph(flow("a1", "c1"), flow("a1", "b1"), flow("c1", "c2", given="heat"))
    lyon = Selection(territory_id=TerritoryId("lyon"))
    assert [len(lyon.of(seen, ends)) for ends in (Ends.EITHER, Ends.BOTH, Ends.GIVER)] == [2, 1, 2]
    assert len(Selection(kind=ResourceKind.HEAT).of(seen)) == 1
    assert len(Selection(sector="24").of(seen, Ends.GIVER)) == 1
    assert len(Selection(sector="c").of(seen, Ends.BOTH)) == 3


@given(graphs, st.sampled_from(GroupBy))
def test_every_unit_that_flows_is_in_one_row(seen: FlowGraph, by: GroupBy) -> None:
    between, whole = flows_between(seen, by), Counter[int]()
    for unit, quantity in zip(seen.unit.tolist(), seen.quantity_base.tolist(), strict=True):
        whole[unit] += quantity
    assert sum(whole.values()) == sum(row.quantity_base_per_year for row in between)
    assert sum(row.value_cent_per_year for row in between) == seen.value_cent.sum()
    assert sum(row.flows for row in between) == len(seen)
    assert len({(row.giver, row.taker, row.kind, row.base_unit) for row in between}) == len(between)


@given(graphs, st.sampled_from(GroupBy))
def test_what_groups_give_is_what_groups_take(seen: FlowGraph, by: GroupBy) -> None:
    rows = balances(seen, by)
    assert sum(row.net_base_per_year for row in rows) == 0
    assert sum(row.given_base_per_year + row.within_base_per_year for row in rows) == seen.quantity_base.sum()
