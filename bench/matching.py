"""How often the receiver's industry is among the first suggested, on cases not learnt from: `make bench-matching`.

Every case is left out once, whole: the model learns from the other cases and ranks the receivers of this one. Beside
it: the most frequent receivers of the other cases, and those of the same code there (then the most frequent).
"""

from collections import Counter
from collections.abc import Callable

from symbiosis.domain.receivers import ActivityLevel, Exchange
from symbiosis.ingest.receivers import ReceiverModel, exchanges, level_of

Ranker = Callable[[Exchange], list[str]]
Method = Callable[[list[Exchange], ActivityLevel], Ranker]
NEVER = 10**9


def most_frequent(known: list[Exchange], level: ActivityLevel) -> Ranker:
    order = _by_count(Counter(level_of(row.receiver_nace, level) for row in known))
    return lambda _: order


def same_code(known: list[Exchange], level: ActivityLevel) -> Ranker:
    often = most_frequent(known, level)

    def rank(asked: Exchange) -> list[str]:
        same = [row for row in known if set(row.waste.codes) & set(asked.waste.codes)]
        first = _by_count(Counter(level_of(row.receiver_nace, level) for row in same))
        return list(dict.fromkeys([*first, *often(asked)]))

    return rank


def learnt(known: list[Exchange], level: ActivityLevel) -> Ranker:
    model = ReceiverModel(known, level)
    return lambda asked: [receiver.nace for receiver in model.ranked(asked.waste)]


def _by_count(counts: Counter[str]) -> list[str]:
    return sorted(counts, key=lambda code: (-counts[code], code))


def ranks(method: Method, level: ActivityLevel, *, unseen: bool) -> list[int]:
    rows, places = exchanges(), []
    for case in sorted({row.case_id for row in rows}) if unseen else [""]:
        rank = method([row for row in rows if row.case_id != case], level)
        for row in rows:
            if row.case_id == case or not unseen:
                order, truth = rank(row), level_of(row.receiver_nace, level)
                places.append(order.index(truth) + 1 if truth in order else NEVER)
    return places


def main() -> None:
    rows = exchanges()
    print(f"{len(rows)} exchanges of {len({row.case_id for row in rows})} cases, each case left out once")
    print(f"{'level':10}{'method':28}{'hit@1':>8}{'hit@5':>8}{'hit@10':>8}{'MRR':>8}")
    for level in ActivityLevel:
        for name, method, unseen in (
            ("most frequent receiver", most_frequent, True),
            ("same code, then frequent", same_code, True),
            ("learnt, unseen cases", learnt, True),
            ("learnt, the training rows", learnt, False),
        ):
            places = ranks(method, level, unseen=unseen)
            hits = "".join(f"{sum(place <= top for place in places) / len(places):8.3f}" for top in (1, 5, 10))
            print(f"{level.name.lower():10}{name:28}{hits}{sum(1 / place for place in places) / len(places):8.3f}")


if __name__ == "__main__":
    main()
