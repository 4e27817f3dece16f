import pytest

from symbiosis.domain.activity import ActivityCodeError
from symbiosis.domain.receivers import ActivityLevel, SuggestedReceiver, Waste
from symbiosis.domain.waste_codes import WasteCodeError
from symbiosis.ingest import receivers, tables
from symbiosis.ingest.receivers import ReceiverModel, exchanges, learn_receivers, level_of, suggest_receivers
from symbiosis.ingest.words import SuggestTextError

DIVISION = ActivityLevel.DIVISION


def test_there_are_230_exchanges_of_32_cases_with_known_activities_and_codes() -> None:
    rows = exchanges()
    assert (len(rows), len({row.exchange_id for row in rows}), len({row.case_id for row in rows})) == (230, 230, 32)
    for row in rows:
        assert level_of(row.receiver_nace, DIVISION) in tables.nace()
        assert level_of(row.receiver_nace, ActivityLevel.GROUP) in tables.nace()
        assert all(code in tables.waste_codes() for code in row.waste.codes)


def test_blast_furnace_slag_is_suggested_to_makers_of_minerals_first() -> None:
    first = suggest_receivers(Waste(("100202",), "blast furnace slag", "24.10"), DIVISION)[0]
    assert first.nace == "23"


@pytest.mark.parametrize("level", ActivityLevel)
def test_the_shares_fall_sum_to_one_and_name_the_level(level: ActivityLevel) -> None:
    found = suggest_receivers(Waste(text="wood chips"), level, 100)
    shares = [receiver.share for receiver in found]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=1e-3)
    assert max(len(receiver.nace) for receiver in found) == level.value


def test_the_order_of_the_exchanges_does_not_matter() -> None:
    asked, rows = Waste(("030105",), "sawdust", "16.10"), exchanges()[:60]
    assert ReceiverModel(rows, DIVISION).ranked(asked) == ReceiverModel(rows[::-1], DIVISION).ranked(asked)


def test_what_was_not_learnt_is_not_suggested() -> None:
    rows = [row for row in exchanges() if level_of(row.receiver_nace, DIVISION) != "23"]
    known = {receiver.nace for receiver in ReceiverModel(rows, DIVISION).ranked(Waste(("100202",)))}
    assert known == {level_of(row.receiver_nace, DIVISION) for row in rows}
    assert "23" not in known


def test_a_code_and_an_activity_may_be_written_as_people_write_them() -> None:
    plain = suggest_receivers(Waste(("100102",), donor_nace="35.11"), DIVISION)
    assert suggest_receivers(Waste(("10 01 02",), donor_nace="35.11Z"), DIVISION) == plain
    assert all(isinstance(receiver, SuggestedReceiver) for receiver in plain)


@pytest.mark.parametrize(
    ("waste", "error"),
    [
        (Waste(), SuggestTextError),
        (Waste(text="a" * 201), SuggestTextError),
        (Waste(("999999",)), WasteCodeError),
        (Waste(("100202",), donor_nace="steel"), ActivityCodeError),
    ],
)
def test_a_waste_that_cannot_be_read_is_refused(waste: Waste, error: type[Exception]) -> None:
    with pytest.raises(error):
        suggest_receivers(waste)


def test_a_suggestion_names_the_exchanges_in_which_the_activity_took_such_a_waste() -> None:
    found = {row.nace: row.precedents for row in suggest_receivers(Waste(("100202",)), DIVISION, 100)}
    took = {row.exchange_id for row in exchanges() if "100202" in row.waste.codes}
    assert 0 < len(found["23"]) <= 5
    assert {name for names in found.values() for name in names} <= took
    assert not any(row.precedents for row in suggest_receivers(Waste(text="blast furnace slag"), DIVISION))


def test_more_codes_than_one_waste_can_have_are_refused() -> None:
    with pytest.raises(SuggestTextError, match="21 waste codes are given; 20 is the most"):
        suggest_receivers(Waste(("100202",) * 21))


def test_a_french_text_is_read_by_the_code_it_means() -> None:
    found = suggest_receivers(Waste(text="laitiers de haut fourneau non traités", donor_nace="24.10"), DIVISION, 2)
    assert {row.nace for row in found} == {"20", "23"}
    assert any(row.precedents for row in found)


def test_a_text_of_learnt_words_is_not_given_a_code() -> None:
    assert not any(row.precedents for row in suggest_receivers(Waste(text="sulfur"), DIVISION))


def test_what_was_learnt_beforehand_is_not_learnt_again() -> None:
    learn_receivers()
    before = receivers._learnt.cache_info()
    suggest_receivers(Waste(text="sulphur"), ActivityLevel.GROUP)
    suggest_receivers(Waste(text="sulphur"), DIVISION)
    after = receivers._learnt.cache_info()
    assert (after.misses, after.hits) == (before.misses, before.hits + 2)
