"""Child processes end within their limits, whatever they do."""

import os
import sys
import time
from pathlib import Path

import pytest

from intake.errors import ProviderRefusedError, ProviderTimeoutError, TransientError
from intake.providers.embedded._subprocess import MEBIBYTE, Ending, Limits, ProgramError, run, run_worker

LIMITS = Limits(seconds=20, cpu_seconds=10, memory_bytes=400 * MEBIBYTE, output_bytes=MEBIBYTE)


def python(code: str, *, limits: Limits = LIMITS, stdin: bytes = b"") -> bytes:
    return run(sys.executable, ["-c", code], limits=limits, stdin=stdin)


def shell(command: str, *, limits: Limits = LIMITS, stdin: bytes = b"") -> bytes:
    return run("/bin/sh", ["-c", command], limits=limits, stdin=stdin)


def test_input_goes_in_and_output_comes_out() -> None:
    assert shell("cat", stdin="¿qué?".encode()) == "¿qué?".encode()


def test_a_program_may_seek_in_its_input() -> None:
    assert python("f = open('/dev/stdin','rb'); f.seek(2); print(f.read().decode(), end='')", stdin=b"abcd") == b"cd"


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        ("while :; do :; done", Ending.CPU),
        ("yes", Ending.OUTPUT),
        ("kill -SEGV $$", Ending.CRASH),
        ("kill -ABRT $$", Ending.MEMORY),
        ("kill -KILL $$", Ending.MEMORY),
        ("exit 3", Ending.FAILED),
    ],
)
def test_a_bad_end_is_named(command: str, ending: Ending) -> None:
    with pytest.raises(ProgramError) as caught:
        shell(command, limits=Limits(seconds=20, cpu_seconds=1, output_bytes=10_000))

    assert caught.value.ending is ending


def test_memory_beyond_the_limit_is_refused() -> None:
    with pytest.raises(ProgramError) as caught:
        python("x = bytearray(800 * 1024 * 1024)")

    assert "MemoryError" in caught.value.stderr


def test_too_slow_a_program_is_killed_with_its_children(tmp_path: Path) -> None:
    started = time.monotonic()
    pid_file = tmp_path / "pid"

    with pytest.raises(ProgramError) as caught:
        shell(f"sleep 300 & echo $! > {pid_file}; wait", limits=Limits(seconds=0.5, cpu_seconds=1))

    assert caught.value.ending is Ending.TIMEOUT
    assert time.monotonic() - started < 10
    assert not _is_running(int(pid_file.read_text()))


def test_what_a_program_leaves_behind_is_killed_too(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"

    shell(f"sleep 300 & echo $! > {pid_file}")

    assert not _is_running(int(pid_file.read_text()))


def test_credentials_of_the_function_are_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")

    assert b"sk-secret" not in shell("env")


def test_a_worker_says_that_it_ran_out_of_memory() -> None:
    with pytest.raises(ProgramError) as caught:
        # The document alone is larger than what the reader may hold.
        run_worker(
            "intake.providers.embedded.pdf_worker",
            ["text"],
            limits=Limits(seconds=20, cpu_seconds=10, memory_bytes=100 * MEBIBYTE),
            stdin=bytes(200 * MEBIBYTE),
        )

    assert caught.value.ending is Ending.MEMORY


@pytest.mark.parametrize(
    ("ending", "error"),
    [
        (Ending.TIMEOUT, ProviderTimeoutError),
        (Ending.CRASH, TransientError),
        (Ending.MEMORY, ProviderRefusedError),
        (Ending.FAILED, ProviderRefusedError),
    ],
)
def test_endings_are_classified_for_the_state_machine(ending: Ending, error: type[Exception]) -> None:
    assert type(ProgramError(ending).as_provider_error("apertium")) is error


def _is_running(pid: int) -> bool:
    # SIGKILL is delivered when the process next runs: give it that moment. A zombie waits for init, and runs no more.
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except (ProcessLookupError, FileNotFoundError):
            return False
        os.sched_yield()
    return True
