"""What is remembered of a run, and how it is ended."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.journal import PROBLEM, STARTING, Journal, problems
from local.launcher import HOST, choose_port
from local.processes import Process, Run, end, start_time, write_private


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        yield child
        child.kill()


def test_a_run_is_read_as_it_was_saved(tmp_path: Path) -> None:
    run = Run(4566, "running", (Process.of("supervisor", os.getpid()),), "embedded")
    run.save(tmp_path / "processes.json")
    assert Run.load(tmp_path / "processes.json") == run
    assert run.alive() == list(run.processes)


def test_no_file_is_no_run(tmp_path: Path) -> None:
    assert Run.load(tmp_path / "processes.json") is None


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"port": 1, "state": "running", "processes": [{"pid": 1}]}'])
def test_a_damaged_file_is_an_error_that_names_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / "processes.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"processes\.json is damaged"):
        Run.load(path)


def test_another_process_with_the_same_id_is_not_ours() -> None:
    earlier = Process("emulator", os.getpid(), "1")
    assert not earlier.alive()
    assert not end(earlier, grace=0)


def test_a_process_is_ended_on_request(sleeper: subprocess.Popen[bytes]) -> None:
    process = Process.of("emulator", sleeper.pid)
    assert process.alive()
    assert not end(process, grace=10)
    assert not process.alive()


def test_an_ended_process_has_no_start_time(sleeper: subprocess.Popen[bytes]) -> None:
    sleeper.kill()
    sleeper.wait()
    assert start_time(sleeper.pid) is None
    with pytest.raises(ProcessLookupError):
        Process.of("emulator", sleeper.pid)


def test_a_private_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "local.json"
    write_private(path, "first")
    write_private(path, "second")
    assert path.read_text() == "second"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert choose_port(port) != port
    assert choose_port(port) == port


def test_problems_are_those_since_the_last_start(tmp_path: Path) -> None:
    path = tmp_path / "local.log"
    journal = Journal(path, echo=False)
    journal.say(STARTING)
    journal.problem("an old one")
    journal.say(STARTING)
    journal.say("deployed")
    journal.problem("a new one")
    found = problems(path.read_text().splitlines(keepends=True))
    assert len(found) == 1
    assert found[0].endswith(f"{PROBLEM}: a new one")
