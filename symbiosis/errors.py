"""The tree of errors: one leaf for each thing a caller can act on.

SymbiosisError
├── InputError        the caller's: a value, a file or an argument; exit code 2
├── RuleError         the caller's: well-formed, but a rule of the house refuses it; exit code 2
└── StoreError        ours: the store, the disk or the network; exit code 3; `retryable` says whether again may help

Leaves stand beside the rules that raise them and inherit from one of the three. Anything outside the tree is a
bug: masked for a client, logged with its traceback. A message is one sentence or two: it names the thing and
the remedy.
"""

from typing import ClassVar


class SymbiosisError(Exception):
    """Every error that is meant for a person; `code` is stable and machine-readable."""

    code: ClassVar[str] = "ERROR"
    exit_code: ClassVar[int] = 1


class InputError(SymbiosisError):
    """A value, a file or an argument of the caller's is wrong; nothing was written."""

    code = "INPUT"
    exit_code = 2


class RuleError(SymbiosisError):
    """Well-formed, but refused by a rule; nothing was written."""

    code = "RULE"
    exit_code = 2


class StoreError(SymbiosisError):
    """The store, the disk or the network failed us."""

    code = "STORE"
    exit_code = 3
    retryable: ClassVar[bool] = False


class NotFoundError(RuleError):
    """No such thing, or none that this viewer may see: the two answer alike."""

    code = "NOT_FOUND"

    def __init__(self, noun: str, key: str) -> None:
        super().__init__(f"There is no {noun} {key} that you may see.")
        self.noun, self.key = noun, key


class NotAllowedError(RuleError):
    """The viewer's mandates do not cover this action."""

    code = "NOT_ALLOWED"


class StaleVersionError(RuleError):
    """Somebody else changed the thing first; read it again and repeat."""

    code = "CONFLICT"

    def __init__(self, noun: str, key: str, *, expected: int, found: int) -> None:
        super().__init__(
            f"The {noun} {key} is at version {found}, not {expected}: somebody changed it. Read it again and repeat."
        )
        self.noun, self.key, self.expected, self.found = noun, key, expected, found
