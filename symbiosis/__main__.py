"""The `symbiosis` command: run it, and turn every failure into a sentence and an exit code."""

import errno
import logging
import sys
from logging.handlers import RotatingFileHandler
from typing import Final

from symbiosis.cli import commands
from symbiosis.cli.screen import ERR, complain
from symbiosis.errors import SymbiosisError
from symbiosis.settings import load_settings

INTERRUPTED: Final = 130
STORE_EXIT: Final = 3
OS_REMEDY: Final = {
    errno.ENOSPC: "The disk is full: free some space and repeat; nothing was left half-written.",
    errno.EDQUOT: "The disk quota is used up: free some space and repeat; nothing was left half-written.",
    errno.EROFS: "The file system is read-only: set SYMBIOSIS_DATA_DIR to a folder that can be written to.",
    errno.EACCES: "Access is denied: set SYMBIOSIS_DATA_DIR to a folder of yours, or mend its permissions.",
}


def main() -> None:
    """Run the command line; exit 0, 2 (input), 3 (store or machine), 130 (Ctrl-C) or 1 (a bug, logged)."""
    try:
        commands()
    except SymbiosisError as refused:
        complain(str(refused), refused.code)
        raise SystemExit(refused.exit_code) from None
    except KeyboardInterrupt:
        ERR.print("Stopped before the end; nothing is half-written, and the same command goes on.")
        raise SystemExit(INTERRUPTED) from None
    except OSError as failed:
        if failed.errno not in OS_REMEDY:
            raise SystemExit(_bug(failed)) from None
        named = f" ({failed.filename})" if failed.filename else ""
        complain(OS_REMEDY[failed.errno] + named, "MACHINE")
        raise SystemExit(STORE_EXIT) from None
    except Exception as bug:  # noqa: BLE001 - the outermost door: whatever is left is a bug, logged and masked.
        raise SystemExit(_bug(bug)) from None


def _bug(bug: BaseException) -> int:
    """Log a bug with its traceback where the operator finds it, say so in a sentence, and return exit code 1."""
    try:
        folder = load_settings().data_dir
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / "symbiosis.log"
        handler = RotatingFileHandler(log, maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    except (OSError, SymbiosisError):
        complain(f"A bug: {type(bug).__name__}. Its traceback could not be logged.", "BUG")
        return 1
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    record = logging.LogRecord(
        "symbiosis", logging.ERROR, __file__, 0, " ".join(sys.argv[:3]), None, (type(bug), bug, bug.__traceback__)
    )
    handler.emit(record)
    handler.close()
    complain(f"A bug: {type(bug).__name__}. Its traceback is in {log}; please report it.", "BUG")
    return 1


if __name__ == "__main__":
    main()
