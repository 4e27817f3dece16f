"""Trusted documents: the operations that are shipped in `graphql/operations`, called by the SHA-256 of their text.

With them come the two documents by which tools find out whether a server speaks GraphQL; introspection stays shut to
visitors for all that.
"""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

PING: Final = "{ __typename }"
TYPE: Final = "query Type($name: String!) { __type(name: $name) { name } }"
PREFIX: Final = "sha256:"
_NAMED: Final = re.compile(r"\b(?:query|mutation|subscription) (\w+)")
_FOLDERS: Final = (
    Path(__file__).parents[1] / "contract" / "operations",
    Path(__file__).parents[2] / "graphql" / "operations",
)


def document_id(text: str) -> str:
    """Return the id of a document."""
    return PREFIX + hashlib.sha256(text.encode()).hexdigest()


@cache
def trusted() -> dict[str, str]:
    """Return the text of every trusted document by its id; a file's last line break is not part of its text."""
    folder = next((path for path in _FOLDERS if path.is_dir()), None)
    files = [] if folder is None else sorted(folder.glob("*.graphql"))
    texts = [PING, TYPE, *(path.read_text("utf-8").rstrip("\n") for path in files)]
    return {document_id(text): text for text in texts}


@cache
def trusted_names() -> dict[str, str]:
    """Return the name of the operation of every trusted document that names one, by its id."""
    found = {key: _NAMED.search(text) for key, text in trusted().items()}
    return {key: named.group(1) for key, named in found.items() if named is not None}
