"""How the checks and the legal path of a pair look: for people, and as plain data for programs."""

from typing import Any, Final

from rich.markup import escape

from symbiosis.cli.screen import OUT
from symbiosis.domain.legal import READ_ON, LegalPath, Standing
from symbiosis.matching.checks import Outcome
from symbiosis.matching.explain import PairExplanation

_COLOUR: Final = {Standing.OPEN: "green", Standing.TO_PROVE: "yellow", Standing.CLOSED: "red"}
_MARK: Final = {Outcome.PASSED: "[green]✓[/]", Outcome.NOTED: "[yellow]![/]", Outcome.BLOCKED: "[bold red]✗[/]"}


def show_checks(made: PairExplanation) -> None:
    """Print every check with its outcome, on one line, and the notices."""
    if made.checks:
        marks = (f"{_MARK[result.outcome]} {result.check.lower().replace('_', ' ')}" for result in made.checks)
        OUT.print("  ".join(marks), soft_wrap=True)
    for notice in made.notices:
        OUT.print(f"[yellow]![/] {escape(notice.sentence)} [dim]({notice.code})[/]", soft_wrap=True)


def show_path(path: LegalPath | None) -> None:
    """Print the legal path with what each route asks for and what is given."""
    if path is None or not path.routes:
        return
    OUT.print(f"[bold]Legal path[/] [dim]({path.regime.lower()}; law as read on {READ_ON}, no legal advice)[/]")
    for route in path.routes:
        name = route.kind.lower().replace("_", " ")
        OUT.print(
            f"  [{_COLOUR[route.standing]}]{name}[/]: {escape(route.sentence)} [dim]({escape(route.article)})[/]",
            soft_wrap=True,
        )
        for condition in route.conditions:
            given = f"[green]given:[/] {escape(condition.given)}" if condition.given else "[dim]nothing given[/]"
            OUT.print(f"    - {escape(condition.needed)}: {given}", soft_wrap=True)


def checks_json(made: PairExplanation) -> dict[str, Any]:
    """Return checks, notices and legal path as plain data."""
    return {
        "checks": {result.check.value: result.outcome.value for result in made.checks},
        "notices": [{"code": notice.code, "sentence": notice.sentence} for notice in made.notices],
        "legal_path": None if made.path is None else _path_json(made.path),
    }


def _path_json(path: LegalPath) -> dict[str, Any]:
    return {
        "regime": path.regime,
        "routes": [
            {
                "kind": route.kind,
                "standing": route.standing,
                "article": route.article,
                "sentence": route.sentence,
                "conditions": [
                    {"name": each.name, "article": each.article, "needed": each.needed, "given": each.given}
                    for each in route.conditions
                ],
            }
            for route in path.routes
        ],
        "dangerous_goods": path.adr,
        "adr_class": path.adr_class,
    }
