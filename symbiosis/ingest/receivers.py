"""Suggesting receivers: which industries may take a waste, learnt from published exchanges.

Data       `exchanges.csv` (MAESTRI): codes and words of the waste, activity of the donor, activity of the receiver
Features   each code at its three levels; the donor's division and group; the words; the letter groups (3 to 5) of the
           words, TF-IDF
Model      multinomial logistic regression with an L2 penalty (scikit-learn), one for divisions and one for groups
Limits     230 exchanges of 32 cases: who is often a receiver weighs much, and an activity never seen is never suggested
Source     A. E. Hoerl, R. W. Kennard (1970), Technometrics 12, 55-67 (L2 penalty)
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from threading import Lock
from typing import Any, Final

import numpy as np

from symbiosis.domain.activity import nace_of, naf_of
from symbiosis.domain.receivers import ActivityLevel, Exchange, SuggestedReceiver, Waste
from symbiosis.ingest import tables
from symbiosis.ingest.suggest import suggest_codes
from symbiosis.ingest.words import SuggestTextError, checked_words, words_of
from symbiosis.store.pages import PageRequest

DEFAULT_FIRST: Final = 10
MOST_CODES: Final = 20
MOST_PRECEDENTS: Final = 5
SHORT_WORD: Final = 3
"""Words of at most so many letters (and, of, de, sel) do not make a text one that was learnt."""
INVERSE_PENALTY: Final = 0.3
LEARNT_WITH: Final = "wood"
_LEARNING: Final = Lock()


@cache
def exchanges() -> tuple[Exchange, ...]:
    """Return the published exchanges whose receiver's activity is known."""
    return tables.facts_of(
        "exchanges.csv",
        lambda row: Exchange(
            row["exchange_id"],
            row["case_id"],
            Waste(tuple(filter(None, row["waste_codes"].split(";"))), row["waste"], row["donor_nace"] or None),
            row["receiver_nace"],
        ),
    )


def suggest_receivers(
    waste: Waste, level: ActivityLevel = ActivityLevel.GROUP, first: int = DEFAULT_FIRST
) -> tuple[SuggestedReceiver, ...]:
    """Return the `first` likeliest receiving activities; raise an InputError that names what is wrong with the waste.

    The codes are of the List of Waste, the donor's activity is NACE or NAF, the text has at most 200 characters.
    """
    at_most, asked = PageRequest(first, None).first, _coded(_read(waste))
    return tuple(
        replace(receiver, precedents=_precedents(asked, receiver.nace))
        for receiver in _model(level).ranked(asked)[:at_most]
    )


def _coded(waste: Waste) -> Waste:
    """Return the waste, with the likeliest code of its text where it has none and no word of it was learnt: the words
    of the exchanges are English, those of a site are often French.
    """
    if waste.codes or not _learnt_words().isdisjoint(words_of(waste.text).split()):
        return waste
    likeliest = suggest_codes(waste.text, 1).waste_codes
    return replace(waste, codes=tuple(suggested.entry.code for suggested in likeliest))


@cache
def _learnt_words() -> frozenset[str]:
    words = (word for row in exchanges() for word in words_of(row.waste.text).split())
    return frozenset(word for word in words if len(word) > SHORT_WORD)


def _precedents(asked: Waste, nace: str) -> tuple[str, ...]:
    """Return the ids of the first published exchanges in which this activity took a waste of a code asked for."""
    same = (
        row.exchange_id
        for row in exchanges()
        if row.receiver_nace.startswith(nace) and not set(row.waste.codes).isdisjoint(asked.codes)
    )
    return tuple(islice(same, MOST_PRECEDENTS))


def _read(waste: Waste) -> Waste:
    if len(waste.codes) > MOST_CODES:
        raise SuggestTextError(f"{len(waste.codes)} waste codes are given; {MOST_CODES} is the most: name one waste.")
    if not waste.codes and not waste.text.strip():
        raise SuggestTextError("Neither a waste code nor a text is given; name the waste by one of them.")
    codes = tuple(tables.waste_codes().parse(code).code for code in waste.codes)
    text = checked_words(waste.text) if waste.text.strip() else ""
    donor = waste.donor_nace
    if donor is not None:
        donor = naf_of(donor)[:5] if donor.strip()[-1:].isalpha() else nace_of(donor)
    return Waste(codes, text, donor)


def level_of(nace: str, level: ActivityLevel) -> str:
    """Return the division (`23`) or the group (`23.5`) of a NACE class; the division where no more is known."""
    return nace[: level.value]


class ReceiverModel:
    """What was learnt from some exchanges at one level; the order of the exchanges does not matter."""

    def __init__(self, learnt_from: Iterable[Exchange], level: ActivityLevel) -> None:
        from sklearn.feature_extraction import DictVectorizer  # Takes a second, so only when first asked.
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        rows = sorted(learnt_from, key=lambda exchange: exchange.exchange_id)
        self._facts = DictVectorizer()
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
        self._facts.fit([_facts_of(row.waste) for row in rows])
        self._letters.fit([words_of(row.waste.text) for row in rows])
        self._model = LogisticRegression(C=INVERSE_PENALTY, max_iter=1000)
        self._model.fit(
            self._features([row.waste for row in rows]), np.array([level_of(row.receiver_nace, level) for row in rows])
        )

    def ranked(self, waste: Waste) -> tuple[SuggestedReceiver, ...]:
        """Return every activity that was learnt with its share, likeliest first, then by code."""
        shares = np.round(self._model.predict_proba(self._features([waste]))[0], 6)
        pairs = sorted(zip(self._model.classes_, shares, strict=True), key=lambda pair: (-pair[1], pair[0]))
        return tuple(SuggestedReceiver(str(nace), float(share)) for nace, share in pairs)

    def _features(self, wastes: Sequence[Waste]) -> Any:  # noqa: ANN401 - scikit-learn and its matrices have no types.
        from scipy.sparse import hstack

        facts = self._facts.transform([_facts_of(waste) for waste in wastes])
        letters = self._letters.transform([words_of(waste.text) for waste in wastes])
        return hstack([facts, letters], format="csr")


def _facts_of(waste: Waste) -> dict[str, int]:
    codes = [f"code {code[:digits]}" for code in waste.codes for digits in (2, 4, 6)]
    donor = [] if waste.donor_nace is None else [f"donor {waste.donor_nace[:length]}" for length in (2, 4)]
    words = [f"word {word}" for word in words_of(waste.text).split()]
    return dict.fromkeys([*codes, *donor, *words], 1)


def learn_receivers() -> None:
    """Learn what `suggest_receivers` knows, which takes some seconds, so that no request has to wait for it.

    The level that requests take unless they name one comes first, and with it what `suggest_codes` looks up.
    """
    suggest_codes(LEARNT_WITH, 1)
    for level in sorted(ActivityLevel, key=lambda level: level is not ActivityLevel.GROUP):
        _model(level)


def _model(level: ActivityLevel) -> ReceiverModel:
    """Return the model of a level; who asks while it is being learnt waits for it."""
    with _LEARNING:
        return _learnt(level)


@cache
def _learnt(level: ActivityLevel) -> ReceiverModel:
    return ReceiverModel(exchanges(), level)
