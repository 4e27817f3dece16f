"""The French legal path of a pair: as a by-product, as what has ceased to be waste, or as waste.

A route is OPEN where everything it asks for is on record; TO_PROVE where nothing on record forbids it, but something
has to be shown before the first delivery; CLOSED where a fact on record forbids it, or where it asks for something that
may not be missing. **Unknown is never treated as safe**: a supply whose waste code is not stated counts as hazardous if
any code of its resource is, and hazardous waste moves only on a route that is OPEN. Other waste may be looked at on a
route that is TO_PROVE, and the explanation says what is to be proven.

This is a screening by the texts named below, read on 2026-11-23; it is no legal advice, and what a site states as
evidence is shown as its statement.

by-product      code de l'environnement, article L541-4-2 (ordonnance 2010-1579 of 17 December 2010, as amended)
end of waste    articles L541-4-3 and D541-12-4 to D541-12-14, and an act of `ACTS`; R1 to R9, R12 and R13 only
waste           article L541-2: the holder makes sure that whoever takes it is entitled to; L511-1, L511-2 and R511-9:
                the headings of classified installations; R541-8: hazardous entries; R541-45: tracking slip
transport       arrêté of 29 May 2009 (ADR): dangerous goods by road
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from symbiosis.domain.acts import ACTS, Act
from symbiosis.domain.evidence import Evidence, EvidenceKind
from symbiosis.domain.hazardous_waste import is_hazardous
from symbiosis.domain.permits import OPERATION_NAMES, Operation, Permit, allowing, permit_of

READ_ON: Final = "2026-11-23"
"""The day on which the texts were read: the state of the law that the tables hold."""

WASTE_TREATMENT_NAF: Final = ("38", "39")
WASTE_TREATMENT_CHAPTER: Final = "19"
ENDING_OPERATIONS: Final = frozenset(Operation) - {Operation.R10, Operation.R11}
"""The operations by which waste may cease to be waste."""


class Regime(StrEnum):
    """What waste law takes a supply for. UNSTATED is treated as HAZARDOUS: one of its possible codes is."""

    NOT_WASTE = "NOT_WASTE"
    NON_HAZARDOUS = "NON_HAZARDOUS"
    HAZARDOUS = "HAZARDOUS"
    UNSTATED = "UNSTATED"


class RouteKind(StrEnum):
    """The ways in which a supply may lawfully reach a demand."""

    BY_PRODUCT = "BY_PRODUCT"
    END_OF_WASTE = "END_OF_WASTE"
    WASTE = "WASTE"


class Standing(StrEnum):
    """How a route stands; see the head of this module."""

    OPEN = "OPEN"
    TO_PROVE = "TO_PROVE"
    CLOSED = "CLOSED"


class Adr(StrEnum):
    """Whether it travels as dangerous goods: the class is known, it is to be classified first, or nothing says so."""

    CLASSIFIED = "CLASSIFIED"
    TO_CLASSIFY = "TO_CLASSIFY"
    NOT_FLAGGED = "NOT_FLAGGED"


@dataclass(frozen=True, slots=True)
class Flow:
    """What the law looks at in a pair, without the receiver.

    waste_code      what the supply states; None is not stated
    possible_codes  the codes of its resource, one of which it is if it is waste; empty: it is not waste
    naf             activity of the supplying site; None is not known
    operation       the recovery operation by which the demand uses it; None is not known
    """

    waste_code: str | None
    possible_codes: tuple[str, ...]
    naf: str | None = None
    evidence: tuple[Evidence, ...] = ()
    operation: Operation | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes that it may have."""
        return (self.waste_code,) if self.waste_code else self.possible_codes

    @property
    def regime(self) -> Regime:
        """Return what waste law takes it for."""
        if not self.codes:
            return Regime.NOT_WASTE
        if not any(map(is_hazardous, self.codes)):
            return Regime.NON_HAZARDOUS
        return Regime.HAZARDOUS if self.waste_code else Regime.UNSTATED


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a route asks for, by which article, and what was given for it; None is nothing."""

    name: str
    article: str
    needed: str
    given: str | None


@dataclass(frozen=True, slots=True)
class Route:
    """One way, how it stands, why in a sentence, and what it asks for."""

    kind: RouteKind
    standing: Standing
    article: str
    sentence: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalPath:
    """All three routes of a pair, in the order of the least burden; none where waste law does not apply."""

    regime: Regime
    routes: tuple[Route, ...]
    adr: Adr
    adr_class: str | None

    @property
    def is_barred(self) -> bool:
        """Say whether the pair may not meet: hazardous waste, or what may be it, without an open route."""
        if self.regime in {Regime.NOT_WASTE, Regime.NON_HAZARDOUS}:
            return False
        return all(route.standing is not Standing.OPEN for route in self.routes)


BY_PRODUCT_CONDITIONS: Final = {
    EvidenceKind.CERTAIN_USE: "its further use is certain: a contract, or regular sales",
    EvidenceKind.DIRECT_USE: "it can be used directly, without treatment beyond normal industrial practice",
    EvidenceKind.INTEGRAL_PART: "it is produced as an integral part of a production process",
    EvidenceKind.LAWFUL_USE: "it meets the product, environment and health rules of its further use (REACH, standards)",
    EvidenceKind.NO_HARM: "its use has no overall adverse effect on the environment or on health",
}
"""The five conditions of L541-4-2, all of which are needed, in the order of the article."""


def legal_path(flow: Flow, headings: Iterable[str], adr_class: str | None = None) -> LegalPath:
    """Return the legal path of a flow to a receiver with these headings on record; none means that none is known."""
    regime = flow.regime
    dangerous = regime in {Regime.HAZARDOUS, Regime.UNSTATED}
    adr = Adr.CLASSIFIED if adr_class else Adr.TO_CLASSIFY if dangerous else Adr.NOT_FLAGGED
    if regime is Regime.NOT_WASTE:
        return LegalPath(regime, (), adr, adr_class)
    routes = (_by_product(flow), _end_of_waste(flow), _waste(flow, tuple(headings), hazardous=dangerous))
    return LegalPath(regime, routes, adr, adr_class)


def _by_product(flow: Flow) -> Route:
    article = "L541-4-2"
    given = {evidence.kind: evidence.text for evidence in flow.evidence}
    conditions = tuple(
        Condition(kind.value, article, needed, given.get(kind)) for kind, needed in BY_PRODUCT_CONDITIONS.items()
    )
    missing = [condition for condition in conditions if condition.given is None]
    treated = (flow.naf or "").startswith(WASTE_TREATMENT_NAF)
    if treated or any(code.startswith(WASTE_TREATMENT_CHAPTER) for code in flow.codes):
        why = "it comes from the treatment of waste, which is no production process"
        return Route(RouteKind.BY_PRODUCT, Standing.CLOSED, f"{article}, last paragraph", f"Closed: {why}.", conditions)
    if not missing:
        sentence = "Open: the site states evidence for all five conditions."
        return Route(RouteKind.BY_PRODUCT, Standing.OPEN, article, sentence, conditions)
    some = f"{len(missing)} of the five conditions {'lacks' if len(missing) == 1 else 'lack'} evidence"
    number = "all five conditions lack evidence" if len(missing) == len(conditions) else some
    return Route(RouteKind.BY_PRODUCT, Standing.TO_PROVE, article, f"To prove: {number}.", conditions)


def _end_of_waste(flow: Flow) -> Route:
    kind, article = RouteKind.END_OF_WASTE, "L541-4-3"
    stated = next((evidence for evidence in flow.evidence if evidence.kind is EvidenceKind.END_OF_WASTE), None)
    named = ACTS.get(stated.act or "") if stated else None
    covering = [act for act in ACTS.values() if _covers(act, flow)]
    needed = "treated under an act of the closed list, with an attestation of conformity (D541-12-13)"
    condition = Condition(EvidenceKind.END_OF_WASTE.value, article, needed, stated.text if stated else None)
    if stated and named and named in covering:
        sentence = f"Open: the site states that it has ceased to be waste under {named.name} ({named.about})."
        return Route(kind, Standing.OPEN, f"{article}; {named.name}", sentence, (condition,))
    if not covering:
        sentence = "Closed: no act of the list covers it."
        return Route(kind, Standing.CLOSED, f"{article}, D541-12-11", sentence, (condition,))
    acts = "; ".join(f"{act.name} ({act.about})" for act in covering)
    sentence = f"To prove: it could cease to be waste before it is delivered, under {acts}."
    return Route(kind, Standing.TO_PROVE, f"{article}, D541-12-13", sentence, (condition,))


def _covers(act: Act, flow: Flow) -> bool:
    if flow.operation is not None and flow.operation not in ENDING_OPERATIONS:
        return False
    return all(act.covers(code, flow.operation) for code in flow.codes)


def _waste(flow: Flow, headings: tuple[str, ...], *, hazardous: bool) -> Route:
    allowed = allowing(flow.codes, flow.operation, hazardous=hazardous)
    held = [heading for heading in headings if permit_of(heading) in allowed]
    done = f"{flow.operation} ({OPERATION_NAMES[flow.operation]})" if flow.operation else "recovery"
    needed = f"a heading for {done}: {_listed(allowed)}"
    articles = "L541-2, L511-2, R511-9" + (", R541-8, R541-45" if hazardous else "")
    condition = Condition("PERMIT", "R511-9", needed, ", ".join(held) or None)
    if held:
        sentence = f"Open: the receiver has {', '.join(held)} on record."
        return Route(RouteKind.WASTE, Standing.OPEN, articles, sentence, (condition,))
    record = f"has {', '.join(headings)} on record, none of which allows it" if headings else "has no heading on record"
    if hazardous:
        sentence = f"Closed: the receiver {record}, and hazardous waste goes to nobody without."
        return Route(RouteKind.WASTE, Standing.CLOSED, articles, sentence, (condition,))
    sentence = f"To prove: the receiver {record}."
    return Route(RouteKind.WASTE, Standing.TO_PROVE, articles, sentence, (condition,))


def _listed(permits: tuple[Permit, ...]) -> str:
    return ", ".join(permit.heading for permit in permits) or "none is known to this house"
