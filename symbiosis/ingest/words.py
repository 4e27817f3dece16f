"""Text as it is compared: lower case, without accents and punctuation; and the bounds of what may be asked."""

import re
import unicodedata
from typing import Final

from symbiosis.errors import InputError

TEXT_LENGTH: Final = 200

_WORD: Final = re.compile(r"[a-z0-9]+", re.ASCII)


class SuggestTextError(InputError):
    """The text to suggest for is empty or too long."""

    code = "SUGGEST_TEXT"


def words_of(text: str) -> str:
    """Return the words of a text, in lower case, without accents, one blank between them."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return " ".join(_WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign))))


def checked_words(text: str) -> str:
    """Return the words of a text that was asked for, or raise SuggestTextError."""
    if len(text) > TEXT_LENGTH:
        raise SuggestTextError(f"The text has {len(text)} characters; {TEXT_LENGTH} is the most: name the waste only.")
    words = words_of(text)
    if not words:
        raise SuggestTextError("The text has no letters or digits; name the waste in a few words, as in 'used oil'.")
    return words
