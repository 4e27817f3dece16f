"""Suggesting codes: from a few words in French or English to entries of the List of Waste and to resources.

Index      the names of both lists in both languages, and `synonyms.csv`, the words of the trade. A resource lends its
           names to the codes it is thrown away under; entries ending in 99 ("not otherwise specified") have no others.
Model      TF-IDF over letter groups inside words (scikit-learn), so that a typo costs a few groups only.
           best     largest cosine between the text and one name
           whole    cosine between the text and all names of the code together
           process  the same with the names of its chapter and subchapter, which say where a waste comes from
           score    best, then WHOLE * whole and PROCESS * process of what is left to 1; 1 for an exact name
Confidence 1 for a score of 1, else logistic in the score and in its ratio to the best one (CALIBRATION, fitted to how
           often a suggestion was right on the queries of bench/queries.csv)
Source     G. Salton, C. Buckley (1988), Inf. Process. Manag. 24, 513-523 (TF-IDF and cosine)
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from symbiosis.domain.suggested_codes import CodeSuggestions, SuggestedCode, SuggestedResource
from symbiosis.domain.waste_codes import WasteCodeError, read_waste_code
from symbiosis.ingest import tables
from symbiosis.ingest.words import checked_words, words_of
from symbiosis.store.pages import PageRequest

DEFAULT_FIRST: Final = 5
LENT: Final = 0.8
WHOLE: Final = 0.3
PROCESS: Final = 0.8
LEAST_SCORE: Final = 0.2
CALIBRATION: Final = (-9.9, 5.1, 6.8)
"""Constant, weight of the score, weight of its ratio to the best score."""

_EXCEPTION: Final = re.compile(r"\b(other than th|autres? que c).*")


@dataclass(frozen=True, slots=True)
class Synonym:
    """A word of the trade for a resource (its code) or an entry of the List of Waste (six digits)."""

    term: str
    language: str
    target: str


@cache
def synonyms() -> tuple[Synonym, ...]:
    """Return the words of the trade, in the order of the table."""
    return tables.facts_of("synonyms.csv", lambda row: Synonym(row["term"], row["language"], row["target"]))


def suggest_codes(text: str, first: int = DEFAULT_FIRST) -> CodeSuggestions:
    """Return what a text may mean, at most `first` of each kind, or raise SuggestTextError or PageSizeError."""
    at_most = PageRequest(first, None).first
    ranked = _index().ranked(checked_words(text))
    codes, resources = tables.waste_codes(), {str(resource.code): resource for resource in tables.resources()}
    meant = _confident([(target, score) for target, score in ranked if target in codes])
    entries = [SuggestedCode(codes[target], share) for target, share in meant]
    written = _written(text)
    if written is not None:
        entries = [written, *(entry for entry in entries if entry.entry != written.entry)]
    meant = _confident([(target, score) for target, score in ranked if target in resources])
    found = [SuggestedResource(resources[target], share) for target, share in meant]
    return CodeSuggestions(tuple(entries[:at_most]), tuple(found[:at_most]))


def _confident(ranked: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return a ranking, best first, with the share of such suggestions that are right in the place of each score."""
    constant, by_score, by_ratio = CALIBRATION
    best = ranked[0][1] if ranked else 1.0
    odds = [(target, score, constant + by_score * score + by_ratio * score / best) for target, score in ranked]
    return [(target, 1.0 if score == 1 else round(1 / (1 + math.exp(-odd)), 4)) for target, score, odd in odds]


def _written(text: str) -> SuggestedCode | None:
    """Return the entry whose six digits the text is, if it is."""
    try:
        digits, _ = read_waste_code(text)
    except WasteCodeError:
        return None
    codes = tables.waste_codes()
    return SuggestedCode(codes[digits], 1.0) if digits in codes else None


def named() -> Iterator[tuple[str, str, float]]:
    """Yield every name of the index as words, what it names, and how much it counts."""
    for entry in tables.waste_codes():
        if not entry.code.endswith("99"):
            for label in (entry.label_fr, entry.label_en):
                yield _EXCEPTION.sub("", words_of(label)).strip(), entry.code, 1.0
    for resource in tables.resources():
        for name in (resource.name_fr, resource.name_en):
            yield words_of(name), resource.code, 1.0
            for code in resource.waste_codes:
                yield words_of(name), code, LENT
    for synonym in synonyms():
        yield words_of(synonym.term), synonym.target, 1.0


def _process(target: str) -> str:
    """Return the names of the chapter and the subchapter of a code, in both languages; nothing for a resource."""
    chapters = tables.waste_chapters()
    above = [chapters[target[:digits]] for digits in (2, 4) if target[:digits] in chapters]
    return " ".join(words_of(label) for row in above for label in (row.label_fr, row.label_en))


class _Space:
    """Texts as TF-IDF vectors over the letter groups inside their words."""

    def __init__(self, texts: list[str], group_lengths: tuple[int, int]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer  # Takes a second, so only when first asked.

        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=group_lengths, sublinear_tf=True)
        self._vectors = self._vectorizer.fit_transform(texts)

    def cosines(self, words: str) -> NDArray[np.float64]:
        """Return how alike each text is, 0 to 1."""
        cosines: NDArray[np.float64] = (self._vectors @ self._vectorizer.transform([words]).T).toarray().ravel()
        return cosines


class _Index:
    """The names as vectors. Built once; read by any number of threads."""

    def __init__(self) -> None:
        rows = [row for row in named() if row[0]]
        texts = sorted({words for words, _, _ in rows})
        self._targets = sorted({target for _, target, _ in rows})
        text_at = {words: i for i, words in enumerate(texts)}
        target_at = {target: i for i, target in enumerate(self._targets)}
        self._text_of = np.array([text_at[words] for words, _, _ in rows])
        self._target_of = np.array([target_at[target] for _, target, _ in rows])
        self._weight = np.array([weight for _, _, weight in rows])
        together: list[dict[str, None]] = [{} for _ in self._targets]
        for words, target, _ in rows:
            together[target_at[target]][words] = None
        self._names = _Space(texts, (2, 4))
        wholes = [" ".join(names) for names in together]
        self._wholes = _Space(wholes, (3, 5))
        self._processes = _Space(
            [f"{names} {_process(target)}" for names, target in zip(wholes, self._targets, strict=True)], (3, 5)
        )

    def ranked(self, words: str) -> list[tuple[str, float]]:
        """Return what is alike with its score, best first, then the more alike as a whole, then by code."""
        names = self._names.cosines(words)
        whole = self._wholes.cosines(words)
        best = np.zeros(len(self._targets))
        np.maximum.at(best, self._target_of, names[self._text_of] * self._weight)
        alike = np.minimum(best + WHOLE * whole * (1 - best), 1.0)
        score = np.round(np.minimum(alike + PROCESS * self._processes.cosines(words) * (1 - alike), 1.0), 4)
        order = np.lexsort((np.arange(len(score)), -np.round(whole, 6), -score))
        return [(self._targets[i], float(score[i])) for i in order if score[i] >= LEAST_SCORE]


@cache
def _index() -> _Index:
    return _Index()
