"""How commands speak: results on stdout, everything else on stderr, and motion only at a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cli.errors import CliError, ExitCode

if TYPE_CHECKING:
    from rich.console import Console

MAX_WIDTH = 120
"""Columns; longer lines are hard to read."""

Row = tuple[str, str]

_OPTIONS = {"source_language": "--source-lang", "target_language": "--target-lang"}
"""Fields of the API whose options have other names."""


@dataclass
class Output:
    """Writes results as tables at a terminal, as plain lines into a pipe, and as JSON where asked to."""

    as_json: bool = False
    _has_document: bool = attribute(default=False, init=False)

    def json(self, value: Mapping[str, Any]) -> None:
        """Write a result as JSON: the whole of stdout, one document."""
        self._has_document = True
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def card(self, title: str, rows: Iterable[Row]) -> None:
        """Write one thing with its properties, those without a value left out."""
        shown = [(label, value) for label, value in rows if value]
        if not self._console.is_terminal:
            self._plain([title, *(f"  {label}: {'; '.join(value.splitlines())}" for label, value in shown), ""])
            return
        from rich.table import Table
        from rich.text import Text

        table = self._table(Table, title)
        table.show_header = False
        table.add_column(no_wrap=True, style="cyan")
        table.add_column(overflow="fold", ratio=1)
        for label, value in shown:
            table.add_row(label, Text(value))
        self._console.print(table)

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write many things of a kind; into a pipe as lines of values between tabs, below a line of names."""
        if not self._console.is_terminal:
            self._plain(["\t".join(columns), *("\t".join(_one_line(cell) for cell in row) for row in rows)])
            return
        from rich.table import Table
        from rich.text import Text

        table = self._table(Table, title)
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self._console.print(table)

    def more(self, page: Mapping[str, Any]) -> None:
        """Say how a list goes on, where it does."""
        if page.get("next_cursor"):
            self.note(f"There are more: --cursor {page['next_cursor']}")

    def line(self, text: str = "") -> None:
        """Write one line of a result."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=not self._console.is_terminal)

    def note(self, text: str, style: str | None = None) -> None:
        """Say something about the work, on stderr."""
        self._notes.print(text, style=style, markup=False, highlight=False, soft_wrap=not self._notes.is_terminal)

    def error(self, error: CliError) -> None:
        """Tell what went wrong: the sentence, each field at fault, each provider tried, and the id for the operator."""
        if self.as_json and not self._has_document:
            self.json(error.as_json())
        self.note(f"error: {error.message}", "red")
        for problem in error.problem.get("errors") or ():
            if problem.get("message", "") not in error.message:
                self.note(f"  {problem.get('field')}: {problem.get('message')}")
        for field, option in _OPTIONS.items():
            if field in error.message or any(
                field == fault.get("field") for fault in error.problem.get("errors") or ()
            ):
                self.note(f"  {field} is the option {option}.")
        for tried in error.tried:
            self.note(f"  {tried}")
        if input_id := error.problem.get("input_id"):
            self.note(f"  what is known: intake inputs show {input_id}")
        if request_id := error.problem.get("request_id"):
            self.note(f"  request id: {request_id}")

    def confirm(self, question: str, *, unasked: str) -> None:
        """Ask whether something is meant; ``unasked`` says what to do where nobody can be asked.

        Raises
        ------
        CliError
            The answer is not yes, or there is no terminal.
        """
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise CliError(unasked, ExitCode.USAGE)
        # Not by input(): it would write its prompt into the results.
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            raise CliError("Nothing was done.")

    @contextmanager
    def working(self, text: str) -> Iterator[Work]:
        """Show that something goes on, with its present step; at a terminal only."""
        if self.as_json or not self._notes.is_terminal:
            yield Work()
            return
        with self._notes.status(text) as status:
            yield Work(lambda step: status.update(f"{text}: {step}"))

    @cached_property
    def _console(self) -> Console:
        from rich.console import Console

        console = Console()
        return Console(width=min(console.width, MAX_WIDTH)) if console.is_terminal else console

    @cached_property
    def _notes(self) -> Console:
        from rich.console import Console

        return Console(stderr=True)

    def _table(self, kind: type[Any], title: str) -> Any:
        from rich.box import ROUNDED
        from rich.text import Text

        return kind(title=Text(title, style="bold"), title_justify="left", box=ROUNDED, expand=True)

    def _plain(self, lines: Iterable[str]) -> None:
        sys.stdout.write("".join(f"{line}\n" for line in lines))


class Work:
    """Something that goes on, step by step."""

    def __init__(self, show: Any = None) -> None:
        self._show = show

    def step(self, text: str) -> None:
        """Say which step is reached."""
        if self._show is not None:
            self._show(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())
