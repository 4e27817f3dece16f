"""`symbiosis suggest`: which waste code and which resource a few words may mean."""

from typing import Annotated

import typer
from rich.markup import escape

from symbiosis.cli.screen import OUT, print_json
from symbiosis.ingest.suggest import DEFAULT_FIRST, suggest_codes


def suggest(
    text: Annotated[str, typer.Argument(help="A waste or a resource in a few words, French or English.")],
    *,
    first: Annotated[int, typer.Option(help="How many of each, 1 to 100.")] = DEFAULT_FIRST,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,
) -> None:
    """Suggest codes of the List of Waste and resources for a few words; works without a store or a network."""
    found = suggest_codes(text, first)
    codes = [(each.entry.display, each.entry.label_fr, each.confidence_share) for each in found.waste_codes]
    resources = [(each.resource.code, each.resource.name_fr, each.confidence_share) for each in found.resources]
    if as_json:
        keys = ("code", "name_fr", "confidence_share")
        body = {
            "waste_codes": [dict(zip(keys, row, strict=True)) for row in codes],
            "resources": [dict(zip(keys, row, strict=True)) for row in resources],
        }
        print_json(body)
        return
    if not codes and not resources:
        OUT.print("No word of it is known; try the material and the process it comes from.")
    for code, label, share in (*codes, *resources):
        OUT.print(f"{share:.2f}  [bold]{code:<24}[/] {escape(label)}", soft_wrap=True)
