"""What people may write into a field, checked and cleaned; a refusal names the field and the remedy."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Final, TypeVar

from symbiosis.errors import InputError

T = TypeVar("T")

TITLE_LENGTH: Final = 200
TEXT_LENGTH: Final = 4000
_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class FieldError(InputError):
    """The value of one field is wrong; `path` leads to it, `code` says which rule refused it."""

    code = "FIELD"

    def __init__(self, *path: str, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.rule = code or self.code


def at_field(path: str, read: Callable[[], T]) -> T:
    """Return what `read` returns; an InputError of it becomes one that names the field."""
    try:
        return read()
    except FieldError:
        raise
    except InputError as wrong:
        raise FieldError(path, message=str(wrong), code=wrong.code) from wrong


def line(value: str, path: str, *, at_most: int = TITLE_LENGTH) -> str:
    """Return one line of text, trimmed; raise FieldError if it is empty, too long or has control characters."""
    text = unicodedata.normalize("NFC", value).strip()
    if not text:
        raise FieldError(path, message=f"The {_said(path)} is empty; write one.")
    _check_text(text, path, at_most, allowed="")
    return text


def text_or_none(value: str | None, path: str, *, at_most: int = TEXT_LENGTH) -> str | None:
    """Return text of several lines, trimmed, or None if there is none; raise FieldError as `line` does."""
    text = unicodedata.normalize("NFC", value or "").strip()
    _check_text(text, path, at_most, allowed="\n\r\t")
    return text or None


def iso_date_or_none(value: str | None, path: str) -> str | None:
    """Return an ISO date, or None; raise FieldError unless it is a day of the calendar."""
    if value is None:
        return None
    try:
        if _ISO_DATE.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise FieldError(path, message=f"The {_said(path)} {value!r} is not a date; write it like 2027-01-31.")


def _check_text(text: str, path: str, at_most: int, *, allowed: str) -> None:
    if len(text) > at_most:
        raise FieldError(path, message=f"The {_said(path)} has {len(text)} characters; {at_most} is the most.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in allowed for character in text):
        raise FieldError(path, message=f"The {_said(path)} has control characters; remove them.")


def _said(path: str) -> str:
    return path.replace("_", " ")
