"""Arrays in one file that says by its hash whether it is whole: no pickle, nothing is trusted but the numbers.

First 32 bytes: SHA-256 of all that follows. Then eight bytes of length and so much JSON: facts, and of each array its
name, kind and shape. Then the arrays, each beginning at a multiple of ALIGNED. Written beside and renamed, so that
whoever reads finds the old file or the new one.
"""

import hashlib
import json
import math
import mmap
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

DIGEST: Final = 32
LENGTH: Final = 8
ALIGNED: Final = 64
KINDS: Final = frozenset({"<i8", "<i4", "|i1", "|u1", "|b1"})

Arrays = Mapping[str, NDArray[Any]]


class DamagedFileError(Exception):
    """The file is not what was written. Not for people: whoever reads does without."""


def write_arrays(path: Path, facts: Mapping[str, Any], arrays: Arrays) -> None:
    """Write facts (what JSON can say) and arrays; raise OSError, and then the older file is still there."""
    head = {"facts": facts, "arrays": [[name, a.dtype.str, list(a.shape)] for name, a in arrays.items()]}
    parts: list[bytes | memoryview] = [json.dumps(head, separators=(",", ":")).encode()]
    parts.insert(0, len(parts[0]).to_bytes(LENGTH))
    at = DIGEST + sum(map(len, parts))
    for array in arrays.values():
        gap = -at % ALIGNED
        parts += [bytes(gap), np.ascontiguousarray(array).reshape(-1).view(np.uint8).data]
        at += gap + array.nbytes
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        beside.touch(mode=0o600)
        with beside.open("wb") as file:
            file.writelines([digest.digest(), *parts])
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read_arrays(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return facts and arrays, which cannot be written; raise DamagedFileError or OSError."""
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            raise DamagedFileError
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if hashlib.sha256(memoryview(content)[DIGEST:]).digest() != content[:DIGEST]:
        raise DamagedFileError
    try:
        at = DIGEST + LENGTH + int.from_bytes(content[DIGEST : DIGEST + LENGTH])
        head = json.loads(content[DIGEST + LENGTH : at])
        arrays: dict[str, NDArray[Any]] = {}
        for name, kind, shape in head["arrays"]:
            if kind not in KINDS:
                raise DamagedFileError
            at += -at % ALIGNED
            count = math.prod(shape)
            arrays[name] = np.frombuffer(content, np.dtype(kind), count, at).reshape(shape)
            at += arrays[name].nbytes
    except (KeyError, TypeError, ValueError) as wrong:
        raise DamagedFileError from wrong
    return head["facts"], arrays
