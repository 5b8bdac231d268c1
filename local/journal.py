"""One log of what the local runtime did and what went wrong, for people and for ``status``."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

PROBLEM = "PROBLEM"


class Journal:
    """Append lines to the log file and, for a person who waits, to standard error."""

    def __init__(self, path: Path, *, echo: bool) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._echo = echo
        self._lock = threading.Lock()

    def detail(self, message: str) -> None:
        """Record something that only the log needs to hold."""
        self._append(message)

    def say(self, message: str) -> None:
        """Record something and show it."""
        self._append(message)
        if self._echo:
            print(f"local: {message}", file=sys.stderr, flush=True)

    def problem(self, message: str) -> None:
        """Record something that broke: ``status`` repeats it."""
        self.say(f"{PROBLEM}: {message}")

    def quiet(self) -> None:
        """Stop showing lines: whoever waited has gone."""
        self._echo = False

    def _append(self, message: str) -> None:
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        with self._lock, self._path.open("a", encoding="utf-8") as log:
            log.write(f"{stamp} {message}\n")


def problems(lines: Iterable[str]) -> list[str]:
    """Return the problems reported since the last start."""
    found: list[str] = []
    for line in lines:
        if line.rstrip().endswith(STARTING):
            found.clear()
        elif f" {PROBLEM}: " in line:
            found.append(line.rstrip())
    return found


STARTING = "starting the embedded AWS"
