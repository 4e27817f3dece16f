"""How often the right code stands first, and among the first five: `make bench-codes`.

The queries of queries.csv were written by hand before the synonyms and before any tuning. A query counts as answered if
one of the codes (or resources) that a specialist would accept stands there.
"""

import csv
import time
from pathlib import Path

from symbiosis.ingest.suggest import suggest_codes

QUERIES = Path(__file__).parent / "queries.csv"


def queries() -> list[dict[str, str]]:
    lines = QUERIES.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _answers(text: str) -> dict[str, list[str]]:
    found = suggest_codes(text, 5)
    return {
        "codes": [suggested.entry.code for suggested in found.waste_codes],
        "resources": [suggested.resource.code for suggested in found.resources],
    }


def main() -> None:
    rows = queries()
    began = time.perf_counter()
    suggest_codes("oil")
    built = time.perf_counter() - began
    began = time.perf_counter()
    answers = [_answers(row["query"]) for row in rows]
    each = (time.perf_counter() - began) / len(rows)
    print(f"{'language':10}{'what':12}{'queries':>8}{'top-1':>8}{'top-5':>8}")
    for language in ("fr", "en"):
        for what in ("codes", "resources"):
            asked = [(row, found) for row, found in zip(rows, answers, strict=True) if row["language"] == language]
            judged = [(set(row[what].split(";")), found[what]) for row, found in asked if row[what]]
            first = sum(bool(wanted & set(found[:1])) for wanted, found in judged) / len(judged)
            five = sum(bool(wanted & set(found)) for wanted, found in judged) / len(judged)
            print(f"{language:10}{what:12}{len(judged):8}{first:8.3f}{five:8.3f}")
    print(f"{len(rows)} queries, {each * 1000:.1f} ms each; building the index took {built:.1f} s, once")


if __name__ == "__main__":
    main()
