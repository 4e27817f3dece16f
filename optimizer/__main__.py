"""`python -m optimizer`: solve a problem from a file, explain one demand of it, or print what such a file may hold.

Exit codes: 0 an answer (infeasible is one), 2 the input is wrong, 3 the solver failed or its answer did not pass the
check. Answers go to stdout or to a file, sentences to stderr.
"""

import argparse
import contextlib
import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from optimizer.errors import OptimizerError, ProblemError
from optimizer.forms import KINDS, FormError, answer, explain, schema
from optimizer.forms.document import dump, parse


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code of one command."""
    given = _parser().parse_args(arguments)
    try:
        if given.command == "schema":
            sys.stdout.write(dump(schema(given.kind)))
        elif given.command == "explain":
            sys.stdout.write(_explained(given.file, given.demand, given.alternatives))
        else:
            _solve(given.file, given.out)
    except (FormError, ProblemError) as wrong:
        return _refuse(f"{wrong}", 2)
    except OptimizerError as failed:
        return _refuse(f"{failed}", 3)
    except (BrokenPipeError, KeyboardInterrupt):
        return 130
    return 0


def _read(file: str) -> object:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except OSError as wrong:
        raise FormError("", f"{file} cannot be read: {wrong.strerror}.") from wrong
    except UnicodeDecodeError as wrong:
        raise FormError("", f"{file} is not UTF-8 text: byte {wrong.start} is wrong.") from wrong
    return parse(text)


def _explained(file: str, demand: str, alternatives: int) -> str:
    form = _read(file)
    with chatter_to_stderr():
        return explain(form, demand, alternatives)


def _solve(file: str, out: str | None) -> None:
    form = _read(file)
    with chatter_to_stderr():
        said = dump(answer(form))
    if out is None:
        sys.stdout.write(said)
        return
    try:
        Path(out).write_text(said, "utf-8")
    except OSError as wrong:
        raise FormError("", f"{out} cannot be written: {wrong.strerror}.") from wrong


@contextlib.contextmanager
def chatter_to_stderr() -> Iterator[None]:
    """Send what a solver prints by itself to stderr, so that stdout holds the answer and nothing else.

    HiGHS prints a line in rare cases whatever it was told; it does so below Python, hence the file descriptors.
    """
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        with contextlib.suppress(OSError, TypeError, AttributeError):
            ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)


def _refuse(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m optimizer", description="Solve exchange problems from JSON files.")
    commands = parser.add_subparsers(dest="command", required=True)
    solve = commands.add_parser("solve", help="solve a problem and print its answer")
    solve.add_argument("file", metavar="FILE", help="the problem as JSON; - reads stdin")
    solve.add_argument("--out", metavar="FILE", help="write the answer there instead of to stdout")
    told = commands.add_parser("explain", help="say why one demand of an exchange gets what it gets")
    told.add_argument("file", metavar="FILE", help="the exchange as JSON; - reads stdin")
    told.add_argument("--demand", metavar="ID", required=True, help="the id of the demand")
    told.add_argument("--alternatives", metavar="N", type=int, default=2, help="how many next best arcs; 2 if absent")
    shape = commands.add_parser("schema", help="print the JSON Schema of the problems")
    shape.add_argument("--kind", choices=sorted(KINDS), help="of one kind only")
    return parser


if __name__ == "__main__":
    sys.exit(main())
