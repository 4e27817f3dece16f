"""Refusals as data: each mutation's result is what it changed, or one of these."""

import strawberry
from strawberry.utils.str_converters import to_camel_case

from symbiosis.domain.steps import SynergyTransitionError
from symbiosis.domain.synergies import SynergyStatus
from symbiosis.errors import InputError, NotAllowedError, NotFoundError, RuleError, StaleVersionError
from symbiosis.market.inputs import FieldError


@strawberry.interface(description="Why nothing was changed.")
class Problem:
    """Why nothing was changed."""

    code: str = strawberry.field(description="Stable, for programs.")
    message: str = strawberry.field(description="For people: names the thing and the remedy.")
    path: list[str] = strawberry.field(description="Leads to the argument it is about, e.g. input, quantityPerYear.")


@strawberry.type(description="A value is wrong.")
class InputProblem(Problem):
    """A value is wrong."""


@strawberry.type(description="There is no such thing, or none that you may see; the two answer alike.")
class NotFoundProblem(Problem):
    """There is no such thing, or none that the viewer may see."""


@strawberry.type(description="Your mandates do not cover this.")
class NotAllowedProblem(Problem):
    """The viewer's mandates do not cover this."""


@strawberry.type(description="Somebody changed it first; read it again and repeat.")
class ConflictProblem(Problem):
    """Somebody changed it first."""

    expected_version: int = strawberry.field(description="The version that you gave: a number of changes.")
    found_version: int = strawberry.field(description="The version that it has: a number of changes.")


@strawberry.type(description="The life cycle of synergies has no such step.")
class TransitionProblem(Problem):
    """The life cycle has no such step."""

    now: SynergyStatus = strawberry.field(description="Where the synergy stands.")
    wanted: SynergyStatus = strawberry.field(description="Where it was to go.")


@strawberry.type(description="A rule refuses it; `code` says which.")
class RuleProblem(Problem):
    """Another rule refuses it."""


def problem_of(error: InputError | RuleError) -> InputProblem | NotFoundProblem | NotAllowedProblem | RuleProblem:
    """Return a refusal as data."""
    code, message = error.code, str(error)
    match error:
        case FieldError():
            path = ["input", *(to_camel_case(step) for step in error.path)]
            return InputProblem(code=error.rule, message=message, path=path)
        case InputError():
            return InputProblem(code=code, message=message, path=["input"])
        case NotFoundError():
            return NotFoundProblem(code=code, message=message, path=["input"])
        case NotAllowedError():
            return NotAllowedProblem(code=code, message=message, path=["input"])
        case _:
            return RuleProblem(code=code, message=message, path=["input"])


def conflict_of(error: StaleVersionError) -> ConflictProblem:
    """Return a stale version as data."""
    return ConflictProblem(
        code=error.code,
        message=str(error),
        path=["input", "version"],
        expected_version=error.expected,
        found_version=error.found,
    )


def transition_of(error: SynergyTransitionError) -> TransitionProblem:
    """Return a step that the life cycle does not have as data."""
    return TransitionProblem(
        code=error.code, message=str(error), path=["input", "to"], now=error.now, wanted=error.wanted
    )
