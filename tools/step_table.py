"""The table of a synergy's steps, as docs/desk.md shows it: `python -m tools.step_table` prints it."""

from itertools import groupby

from symbiosis.domain.steps import LIFE_CYCLE, REASONS, Seat, Step


def table() -> str:
    """Return the steps of the life cycle and the reasons, as tables of Markdown."""
    steps = "".join(
        f"| `{now}` | {', '.join(f'`{step.to}`' for step in alike)} | {who} | {needs} |\n"
        for (now, who, needs), alike in groupby(LIFE_CYCLE, key=lambda step: (step.now, _who(step), _needs(step)))
    )
    reasons = "".join(f"| `{to}` | {', '.join(found)} |\n" for to, found in REASONS.items())
    return (
        f"| from | to | who may | what it needs |\n|---|---|---|---|\n{steps}\n| to | reasons |\n|---|---|\n{reasons}"
    )


def _who(step: Step) -> str:
    return "all three" if step.seats == frozenset(Seat) else ", ".join(sorted(seat.lower() for seat in step.seats))


def _needs(step: Step) -> str:
    return ", ".join(step.needs)


if __name__ == "__main__":
    print(table(), end="")
