"""`symbiosis receivers`: which industries may take a waste."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape

from symbiosis.cli.screen import OUT, print_json
from symbiosis.domain.receivers import ActivityLevel, Waste
from symbiosis.ingest import tables
from symbiosis.ingest.receivers import DEFAULT_FIRST, suggest_receivers


class Level(StrEnum):
    """How far an activity code is read, as people type it."""

    DIVISION = "division"
    GROUP = "group"


def receivers(
    text: Annotated[str, typer.Argument(help="The waste in a few words; may be left out where a code is given.")] = "",
    *,
    code: Annotated[list[str] | None, typer.Option(help="A List of Waste code of it; may be given again.")] = None,
    donor: Annotated[str | None, typer.Option(help="Activity of who has it, NACE or NAF: 24.10 or 24.10Z.")] = None,
    level: Annotated[Level, typer.Option(help="How fine the activities are.")] = Level.GROUP,
    first: Annotated[int, typer.Option(help="How many, 1 to 100.")] = DEFAULT_FIRST,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON array.")] = False,
) -> None:
    """Suggest who may take a waste, learnt from published exchanges; works without a store or a network."""
    found = suggest_receivers(Waste(tuple(code or ()), text, donor), ActivityLevel[level.name], first)
    names = {suggested.nace: tables.nace()[suggested.nace].label_fr for suggested in found}
    if as_json:
        body = [
            {"activity": each.nace, "name_fr": names[each.nace], "share": each.share, "precedents": each.precedents}
            for each in found
        ]
        print_json(body)
        return
    for each in found:
        known = f"  [dim]as in MAESTRI {', '.join(each.precedents)}[/]" if each.precedents else ""
        OUT.print(f"{each.share:.2f}  [bold]{each.nace:<5}[/] {escape(names[each.nace])}{known}", soft_wrap=True)
