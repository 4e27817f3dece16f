"""What every command shares: its settings, its two consoles, and its progress display."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from symbiosis.domain.listings import ESTIMATED_NOTE
from symbiosis.settings import Settings, load_settings

OUT: Final = Console(highlight=False)
ERR: Final = Console(stderr=True, highlight=False)

ESTIMATED_LEGEND: Final = f"~ {ESTIMATED_NOTE}"


@dataclass(frozen=True, slots=True)
class Shell:
    """The options given before the command's name."""

    data_dir: Path | None = None

    def settings(self, **given: object) -> Settings:
        """Return the settings of this command: its own arguments first, then the environment; None is not given."""
        named = {"data_dir": self.data_dir, **given}
        return load_settings(**{name: value for name, value in named.items() if value is not None})


def print_json(body: object) -> None:
    """Print one JSON object to stdout, indented, nothing else beside it."""
    OUT.out(orjson.dumps(body, option=orjson.OPT_INDENT_2).decode())


def complain(sentence: str, code: str) -> None:
    """Print what went wrong to stderr, with its stable code."""
    ERR.print(f"[bold red]✗[/] {escape(sentence)} [dim]({code})[/]", soft_wrap=True)


@contextmanager
def progress_display(*, quiet: bool) -> Iterator[Callable[[str, float, str], None]]:
    """Yield `report(phase, done_share, message)`, which moves one bar a phase on stderr; nothing when quiet."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<12}"),
        BarColumn(bar_width=28),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("[dim]{task.fields[message]}[/]"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=ERR, disable=quiet) as bars:
        tasks: dict[str, TaskID] = {}

        def report(phase: str, done_share: float, message: str) -> None:
            for other, task in tasks.items():
                if other != phase:
                    bars.update(task, completed=1.0)
            if phase not in tasks:
                tasks[phase] = bars.add_task(phase.capitalize(), total=1.0, message="")
            bars.update(tasks[phase], completed=done_share, message=escape(message))

        yield report
        for task in tasks.values():
            bars.update(task, completed=1.0)
