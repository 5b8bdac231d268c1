"""What was started, so that exactly that is ended and a dead run is told from a living one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SUPERVISOR = "supervisor"
EMULATOR = "emulator"


@dataclass(frozen=True)
class Process:
    """A process of ours. The start time tells it from a later process that was given the same id."""

    name: str
    pid: int
    started: str

    @classmethod
    def of(cls, name: str, pid: int) -> Process:
        started = start_time(pid)
        if started is None:
            raise ProcessLookupError(f"{name} (process {pid}) has ended already")
        return cls(name, pid, started)

    def alive(self) -> bool:
        return start_time(self.pid) == self.started


@dataclass(frozen=True)
class Run:
    """One start of the embedded AWS."""

    port: int
    state: str
    """``starting``, ``running`` or ``failed``."""
    processes: tuple[Process, ...]
    providers: str
    """The mode that it was started in."""

    def end(self) -> list[Process]:
        """End what still runs of it; return what had to be forced."""
        # The supervisor comes first: it ends the emulator, and the emulator its workers.
        forced = [process for process in self.processes if end(process, grace=15.0)]
        for process in self.processes:
            if process.name == EMULATOR:
                end_group(process)
        return forced

    def alive(self) -> list[Process]:
        return [process for process in self.processes if process.alive()]

    def save(self, path: Path) -> None:
        write_private(path, json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def load(cls, path: Path) -> Run | None:
        try:
            record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            processes = tuple(Process(**item) for item in record["processes"])
            return cls(record["port"], record["state"], processes, record["providers"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path} is damaged ({error}): check for a running emulator, then delete it") from error


def write_private(path: Path, content: str) -> None:
    """Replace a file in one step, readable by its owner alone: no reader sees half of it, or a key that is not his."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(content)
    temporary.replace(path)


def start_time(pid: int) -> str | None:
    """Return when the process began, as the system names it, or None when there is no such process.

    A zombie counts as ended: it holds no port and answers nobody.
    """
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            # The second field is the program's name in brackets and may hold anything; the rest is after the last one.
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return None if fields[0] == "Z" else fields[19]
    answer = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split(maxsplit=1)
    return None if len(answer) < 2 or answer[0].startswith("Z") else answer[1].strip()


def end(process: Process, *, grace: float, clock: Callable[[], float] = time.monotonic) -> bool:
    """Ask a process to end, insist after ``grace`` seconds; return whether it had to be forced."""
    if not process.alive():
        return False
    os.kill(process.pid, signal.SIGTERM)
    deadline = clock() + grace
    while process.alive():
        if clock() > deadline:
            os.kill(process.pid, signal.SIGKILL)
            return True
        time.sleep(0.02)
    return False


def end_group(leader: Process) -> None:
    """End what is left of a process group whose leader has ended: workers that were busy when it was killed.

    No process is given the id of a group that still has members, so whoever is in it belongs to the leader.
    """
    if start_time(leader.pid) is None:
        with suppress(ProcessLookupError):
            os.killpg(leader.pid, signal.SIGKILL)
