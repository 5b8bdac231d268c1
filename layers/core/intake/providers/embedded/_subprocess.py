"""Run an engine in a process of its own, limited in time, memory and output.

Engines read files that strangers made. A crash, an endless loop or a gigabyte of memory must end the child and nothing
else, so nothing native that parses untrusted bytes runs inside a function's own process.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from intake.errors import ProviderError, ProviderRefusedError, ProviderTimeoutError, TransientError
from intake.providers.embedded._worker import OUT_OF_MEMORY_STATUS

MEBIBYTE = 1024 * 1024

ProgramFinder = Callable[[str], str | None]
"""Where a program is installed, or None: `shutil.which`."""

find_program: ProgramFinder = shutil.which


_STDERR_KEPT = 2_000
_REPORT_KEPT = 8_000
_LAST_SIGNAL = 31  # of those that are not for programs to agree on among themselves
_BLOCK = 512  # what `ulimit -f` counts in, by POSIX

# Limits are set by a shell that then becomes the program: `preexec_fn` may deadlock when the parent has threads, and
# `prlimit` from the parent would come too late for children that the program has started already. The soft CPU limit
# lies below the hard one, because at the hard one the kernel sends SIGKILL, which looks like an out-of-memory kill.
_LIMIT_AND_EXEC = (
    'ulimit -c 0 && ulimit -v "$1" && ulimit -t "$(($2 + 2))" && ulimit -S -t "$2" && ulimit -f "$3" '
    '&& shift 3 && exec "$@"'
)

# An allocator that is refused memory aborts or traps; SIGKILL not sent by us comes from the out-of-memory killer.
_MEMORY_SIGNALS = frozenset({signal.SIGABRT, signal.SIGKILL, signal.SIGTRAP, signal.SIGILL})


@dataclass(frozen=True)
class Limits:
    """What one run may use.

    Parameters
    ----------
    seconds
        Wall-clock time; the whole process group is killed then.
    cpu_seconds
        Processor time of each process of the group.
    memory_bytes
        Address space of each process of the group (``RLIMIT_AS``): more than it may ever hold in memory.
    output_bytes
        Size of standard output, and of any file that the program writes.
    """

    seconds: float
    cpu_seconds: int
    memory_bytes: int = 1024 * MEBIBYTE
    output_bytes: int = 64 * MEBIBYTE


class Ending(StrEnum):
    """How a run went wrong."""

    TIMEOUT = "it took too long"
    CPU = "it needed too much processor time"
    MEMORY = "it needed too much memory"
    OUTPUT = "it wrote too much"
    CRASH = "it crashed"
    FAILED = "it gave up"

    @property
    def is_resource_limit(self) -> bool:
        """Whether the program met a limit that does not depend on how busy the machine is."""
        return self in {Ending.CPU, Ending.MEMORY, Ending.OUTPUT}


class ProgramError(Exception):
    """A program did not end well.

    Parameters
    ----------
    ending
        How it ended.
    status
        Its exit status, negative for a signal; None where it was stopped for its time.
    stderr
        The end of what it wrote to standard error, for a debugger; it may quote the input, so it is never logged.
    """

    def __init__(self, ending: Ending, *, status: int | None = None, stderr: str = "") -> None:
        super().__init__(f"{ending} (status {status})")
        self.ending = ending
        self.status = status
        self.stderr = stderr

    def as_provider_error(self, provider: str) -> ProviderError:
        """Classify for the state machine: time and crashes are retried, anything else goes to the next provider."""
        detail = f"{provider} did not finish: {self.ending}"
        if self.ending is Ending.TIMEOUT:
            return ProviderTimeoutError(detail)
        if self.ending is Ending.CRASH:
            return TransientError(detail)
        return ProviderRefusedError(detail)


@dataclass(frozen=True)
class Finished:
    """What a program wrote before it ended well: to standard output, and the beginning of standard error."""

    output: bytes
    report: str


def run(
    program: str,
    arguments: Sequence[str] = (),
    *,
    limits: Limits,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    accepted: frozenset[int] = frozenset({0}),
) -> bytes:
    """Run a program as `run_with_report`, and return only what it wrote to standard output."""
    return run_with_report(
        program, arguments, limits=limits, stdin=stdin, environment=environment, accepted=accepted
    ).output


def run_with_report(
    program: str,
    arguments: Sequence[str] = (),
    *,
    limits: Limits,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    accepted: frozenset[int] = frozenset({0}),
) -> Finished:
    """Run a program to its end and return what it wrote.

    Parameters
    ----------
    program
        Absolute path of the executable.
    arguments
        Options only. Texts and documents go through ``stdin``: a command line is readable by every user of the machine.
    stdin
        Input of the program. It is a file in memory, so that a program may seek in ``/dev/stdin``.
    environment
        Variables besides ``PATH`` and a UTF-8 locale. Nothing else is passed on: the function's own environment holds
        its credentials.
    accepted
        Exit statuses that mean success.

    Raises
    ------
    ProgramError
        The program failed, crashed, or met a limit.
    """
    command = [
        "/bin/sh", "-c", _LIMIT_AND_EXEC, "sh",
        str(limits.memory_bytes // 1024), str(limits.cpu_seconds), str(limits.output_bytes // _BLOCK + 1),
        program, *arguments,
    ]  # fmt: skip
    variables = {
        "PATH": os.pathsep.join([str(Path(program).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "LC_ALL": "C.UTF-8",
        **(environment or {}),
    }
    with _memory_file("stdin", stdin) as source, _memory_file("stdout") as out, _memory_file("stderr") as err:
        process = subprocess.Popen(
            command, stdin=source, stdout=out, stderr=err, env=variables, cwd="/", start_new_session=True
        )
        in_time = _end(process, limits.seconds)
        ending = _ending(
            process.returncode, in_time=in_time, output_bytes=os.fstat(out.fileno()).st_size, limits=limits
        )
        if ending and not (ending is Ending.FAILED and process.returncode in accepted):
            err.seek(max(0, os.fstat(err.fileno()).st_size - _STDERR_KEPT))
            raise ProgramError(ending, status=process.returncode, stderr=err.read().decode(errors="replace"))
        out.seek(0)
        err.seek(0)
        return Finished(out.read(), err.read(_REPORT_KEPT).decode(errors="replace"))


def run_worker(module: str, arguments: Sequence[str] = (), *, limits: Limits, stdin: bytes = b"") -> bytes:
    """Run a module of Intake as a program, under this interpreter and with this process's import path.

    Raises
    ------
    ProgramError
        As `run`.
    """
    environment = {
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
        "PYTHONUTF8": "1",
        # Lambda's interpreter finds its own shared library by this variable alone.
        "LD_LIBRARY_PATH": str(Path(sys.base_prefix) / "lib"),
    }
    # -P: the working directory must not become a place to import from.
    return run(sys.executable, ["-P", "-m", module, *arguments], limits=limits, stdin=stdin, environment=environment)


def _memory_file(name: str, content: bytes = b"") -> BinaryIO:
    # Not a file on disk: what people say and send must not be left there when a function is killed.
    file = os.fdopen(os.memfd_create(name), "w+b")
    file.write(content)
    file.seek(0)
    return file


def _end(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for the program, kill what is left of its group, and say whether it ended in time."""
    # Popen.wait with a timeout polls every 50 ms; a process descriptor wakes us at once.
    watch = os.pidfd_open(process.pid)
    try:
        ready, _, _ = select.select([watch], [], [], seconds)
    finally:
        os.close(watch)
        # Before the program is reaped, while its group id cannot belong to anybody else.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return bool(ready)


def _ending(status: int, *, in_time: bool, output_bytes: int, limits: Limits) -> Ending | None:
    # A program that is a shell script reports the signal that ended its last command as 128 + its number; what is
    # higher is no signal but a status of the program's own: ffmpeg ends with the low byte of a negative error code.
    ended_by = -status if status < 0 else status - 128 if status - 128 <= _LAST_SIGNAL else 0
    if not in_time:
        ending: Ending | None = Ending.TIMEOUT
    elif output_bytes > limits.output_bytes or ended_by == signal.SIGXFSZ:
        ending = Ending.OUTPUT
    elif ended_by == signal.SIGXCPU:
        ending = Ending.CPU
    elif status == OUT_OF_MEMORY_STATUS or ended_by in _MEMORY_SIGNALS:
        ending = Ending.MEMORY
    elif ended_by > 0:
        ending = Ending.CRASH
    else:
        ending = Ending.FAILED if status else None
    return ending
