"""A command at a terminal of its own."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.unit.cli.double import KEY, ApiDouble

ROOT = Path(__file__).resolve().parents[3]


def at_terminal(api: ApiDouble, *arguments: str, typed: str = "", **variables: str) -> tuple[int, str]:
    """Run a command, type something, and return its exit code and all that was shown."""
    environment = {
        "TERM": "xterm-256color",
        "INTAKE_API_URL": api.url,
        "INTAKE_API_KEY": KEY,
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "100",
        **variables,
    }
    master, terminal = pty.openpty()
    command = [sys.executable, "-c", "from cli.main import app; app()", *arguments]
    with subprocess.Popen(command, env=environment, stdin=terminal, stdout=terminal, stderr=terminal) as running:
        os.close(terminal)
        os.write(master, typed.encode())
        shown = read_all(master)
    return running.returncode, shown


def read_all(descriptor: int) -> str:
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # Linux says so when the other end of a terminal is closed
            part = b""
        if not part:
            os.close(descriptor)
            return b"".join(parts).decode()
        parts.append(part)
