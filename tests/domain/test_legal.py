"""The legal path of a pair: three routes, each with what it asks for; what is unknown is never safe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbiosis.domain.acts import ACTS
from symbiosis.domain.evidence import Evidence, EvidenceKind
from symbiosis.domain.hazardous_waste import HAZARDOUS_CODES
from symbiosis.domain.legal import (
    BY_PRODUCT_CONDITIONS,
    Adr,
    Flow,
    LegalPath,
    Regime,
    Route,
    RouteKind,
    Standing,
    legal_path,
)
from symbiosis.domain.permits import PERMITS, Operation, PermitError, heading_of, headings_of
from symbiosis.ingest import tables

ALL_FIVE = tuple(Evidence(kind, f"document about {kind}") for kind in BY_PRODUCT_CONDITIONS)
CODES = st.sampled_from([code.code for code in tables.waste_codes()])
FLOWS = st.builds(
    Flow,
    waste_code=st.none() | CODES,
    possible_codes=st.lists(CODES, max_size=3).map(tuple),
    naf=st.sampled_from([None, "24.10Z", "38.22Z"]),
    evidence=st.sampled_from([(), ALL_FIVE, ALL_FIVE[:4]]),
    operation=st.none() | st.sampled_from(list(Operation)),
)
HEADINGS = st.lists(st.sampled_from(list(PERMITS)), max_size=3)


def route(path: LegalPath, kind: RouteKind) -> Route:
    return next(route for route in path.routes if route.kind is kind)


def test_the_starred_codes_are_those_of_the_shipped_list_of_waste() -> None:
    assert frozenset(entry.code for entry in tables.waste_codes() if entry.hazardous) == HAZARDOUS_CODES


def test_every_code_that_an_act_names_is_in_the_list_of_waste() -> None:
    assert len(ACTS) == 14
    for act in ACTS.values():
        assert all(code in tables.waste_codes() for code in act.codes), act.name


def test_an_ordinary_factory_cannot_receive_hazardous_waste_as_waste() -> None:
    path = legal_path(Flow("110105", ("110105",), "25.61Z", operation=Operation.R6), ())
    assert (path.regime, path.is_barred, path.adr) == (Regime.HAZARDOUS, True, Adr.TO_CLASSIFY)
    waste, by_product = route(path, RouteKind.WASTE), route(path, RouteKind.BY_PRODUCT)
    assert waste.standing is Standing.CLOSED
    assert "R511-9" in waste.article
    assert waste.sentence == (
        "Closed: the receiver has no heading on record, and hazardous waste goes to nobody without."
    )
    assert waste.conditions[0].needed == "a heading for R6 (regeneration of acids or bases): 2790, 3510"
    assert by_product.standing is Standing.TO_PROVE
    assert [condition.given for condition in by_product.conditions] == [None] * 5
    assert {condition.article for condition in by_product.conditions} == {"L541-4-2"}


@pytest.mark.parametrize(
    ("headings", "standing"),
    [
        (("2790",), Standing.OPEN),
        (("2790-1",), Standing.OPEN),
        (("3510",), Standing.OPEN),
        (("2791",), Standing.CLOSED),
        (("2718",), Standing.CLOSED),
        (("2770", "2714"), Standing.CLOSED),
    ],
)
def test_a_heading_opens_hazardous_waste_for_its_operations_alone(
    headings: tuple[str, ...], standing: Standing
) -> None:
    path = legal_path(Flow("110105", ("110105",), operation=Operation.R6), headings)
    assert route(path, RouteKind.WASTE).standing is standing
    assert path.is_barred is (standing is not Standing.OPEN)


def test_five_pieces_of_evidence_open_the_by_product_route_and_four_do_not() -> None:
    five = legal_path(Flow("060102", ("060102",), "20.14Z", ALL_FIVE), ())
    four = legal_path(Flow("060102", ("060102",), "20.14Z", ALL_FIVE[:4]), ())
    assert (five.is_barred, four.is_barred) == (False, True)
    assert route(four, RouteKind.BY_PRODUCT).sentence == "To prove: 1 of the five conditions lacks evidence."


@pytest.mark.parametrize(("code", "naf"), [("140603", "38.22Z"), ("190205", "25.61Z")])
def test_what_comes_from_treating_waste_is_no_by_product_whatever_is_stated(code: str, naf: str) -> None:
    path = legal_path(Flow(code, (code,), naf, ALL_FIVE), ())
    assert route(path, RouteKind.BY_PRODUCT).standing is Standing.CLOSED
    assert path.is_barred


def test_an_act_frees_what_it_covers_and_nothing_else() -> None:
    def under(act: str, code: str, operation: Operation) -> Standing:
        stated = (Evidence(EvidenceKind.END_OF_WASTE, "attestation 12", act),)
        path = legal_path(Flow(code, (code,), evidence=stated, operation=operation), ())
        return route(path, RouteKind.END_OF_WASTE).standing

    assert under("FR-2014-07-29", "150103", Operation.R3) is Standing.OPEN
    assert under("FR-2014-07-29", "150103", Operation.R10) is Standing.CLOSED
    assert under("FR-2014-07-29", "120101", Operation.R4) is Standing.TO_PROVE
    assert under("FR-2024-02-19", "100202", Operation.R5) is Standing.CLOSED
    assert under("FR-2019-02-22", "140603", Operation.R2) is Standing.OPEN


def test_an_unstated_code_that_may_be_hazardous_is_taken_for_it() -> None:
    path = legal_path(Flow(None, ("080114", "080113")), ())
    assert (path.regime, path.is_barred) == (Regime.UNSTATED, True)
    stated = legal_path(Flow("080114", ("080114", "080113")), ())
    assert (stated.regime, stated.is_barred, stated.adr) == (Regime.NON_HAZARDOUS, False, Adr.NOT_FLAGGED)
    assert route(stated, RouteKind.WASTE).standing is Standing.TO_PROVE


def test_what_is_no_waste_has_no_route_to_ask_for() -> None:
    path = legal_path(Flow(None, ()), (), "8")
    assert (path.regime, path.routes, path.is_barred, path.adr) == (Regime.NOT_WASTE, (), False, Adr.CLASSIFIED)


@given(FLOWS, HEADINGS)
def test_only_hazardous_waste_is_barred_and_only_without_an_open_route(flow: Flow, headings: list[str]) -> None:
    path = legal_path(flow, headings)
    opened = any(route.standing is Standing.OPEN for route in path.routes)
    hazardous = any(code in HAZARDOUS_CODES for code in flow.codes)
    assert path.is_barred is (hazardous and not opened)
    if hazardous:
        assert route(path, RouteKind.WASTE).standing is not Standing.TO_PROVE


@given(FLOWS, HEADINGS, HEADINGS)
def test_more_headings_or_more_evidence_never_bar_a_pair(flow: Flow, some: list[str], more: list[str]) -> None:
    if not legal_path(flow, some).is_barred:
        assert not legal_path(flow, [*some, *more]).is_barred


@pytest.mark.parametrize("text", ["", "27", "1234", "2790;", "IED"])
def test_what_is_no_heading_is_refused(text: str) -> None:
    with pytest.raises(PermitError, match="write one of 2710"):
        heading_of(text)


def test_headings_are_read_as_people_write_them() -> None:
    assert headings_of(" 2790-1 ; 2718;2790-1; ") == ("2718", "2790-1")
    assert headings_of("") == ()


def test_evidence_comes_back_from_the_store_as_it_went() -> None:
    for evidence in (Evidence(EvidenceKind.NO_HARM, "study | of 2026"), Evidence(EvidenceKind.END_OF_WASTE, "a", "b")):
        assert Evidence.from_text(evidence.as_text()) == evidence
