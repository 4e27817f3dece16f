"""The list of forms: what `python -m optimizer solve` reads and `python -m optimizer schema` prints."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from optimizer.forms import exchange, heat, shares, siting
from optimizer.forms.shape import Choice, FormError, Json, Record

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Kind:
    """A form and the function that answers it."""

    form: Record
    answer: Callable[[Json], Json]


KINDS: Final = {
    "exchange": Kind(exchange.FORM, exchange.answer),
    "heat": Kind(heat.FORM, heat.answer),
    "shares": Kind(shares.FORM, shares.answer),
    "siting": Kind(siting.FORM, siting.answer),
}


def answer(document: object) -> Json:
    """Return the answer to a form, checked; raises FormError for the first field that is wrong."""
    kind, form = _read(document)
    return KINDS[kind].answer(form)


def explain(document: object, demand: str, alternatives: int = 2) -> str:
    """Return why a demand of an exchange gets what it gets, in sentences; raises FormError for any other kind."""
    kind, form = _read(document)
    if kind != "exchange":
        raise FormError("kind", f"is {kind}; only the demands of an exchange are explained.")
    return exchange.explain(form, demand, alternatives)


def _read(document: object) -> tuple[str, Json]:
    if not isinstance(document, dict):
        raise FormError("", 'A form is an object: {"kind": ..., ...}.')
    if "kind" not in document:
        raise FormError("kind", f"is missing; give one of {', '.join(KINDS)}.")
    kind = Choice("", tuple(KINDS)).read(document["kind"], "kind")
    return kind, KINDS[kind].form.read(document, "")


def schema(name: str | None = None) -> Json:
    """Return the JSON Schema of one kind, or of any."""
    if name is not None:
        return {"$schema": DRAFT, "title": name, **KINDS[name].form.schema()}
    return {
        "$schema": DRAFT,
        "title": "A problem for the optimizer",
        "oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in KINDS],
        "$defs": {kind: KINDS[kind].form.schema() for kind in KINDS},
    }
