"""Starting, ending and dying: what is left behind, what is said."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from botocore.exceptions import ConnectionClosedError

from local.processes import Run, start_time
from tests.integration.local.conftest import REPOSITORY, RunningStack, copy_of_the_application, local

pytestmark = pytest.mark.emulator


def test_a_second_up_uses_the_running_stack(stack: RunningStack) -> None:
    before = stack.endpoints
    again = local("up", f"--state-dir={stack.state}", "--port=0", "--providers=mock")
    assert again.returncode == 0
    assert "already running" in again.stderr
    assert stack.endpoints == before


def test_a_second_up_with_other_providers_is_refused(stack: RunningStack) -> None:
    other = local("up", f"--state-dir={stack.state}", "--port=0", "--providers=real")

    assert other.returncode == 1
    assert "providers mock" in other.stderr
    assert "make down" in other.stderr


def test_status_says_what_runs_and_where_the_logs_are(stack: RunningStack) -> None:
    answer = local("status", f"--state-dir={stack.state}")
    assert answer.returncode == 0
    assert stack.endpoints["aws_endpoint_url"] in answer.stdout
    assert str(stack.state / "logs" / "functions") in answer.stdout


def test_the_endpoint_file_is_its_owners_alone(stack: RunningStack) -> None:
    mode = stat.S_IMODE((stack.state / "local.json").stat().st_mode)
    assert mode == 0o600


def test_it_listens_on_the_loopback_interface_only(stack: RunningStack) -> None:
    recorded = Run.load(stack.state / "processes.json")
    assert recorded is not None
    # The kernel writes addresses in hexadecimal, back to front: 0100007F is 127.0.0.1.
    sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = {fields[1] for fields in sockets if fields[3] == "0A" and int(fields[1][-4:], 16) == recorded.port}
    assert listening == {f"0100007F:{recorded.port:04X}"}


def test_run_lends_the_stack_to_one_command_and_ends_it(tmp_path: Path) -> None:
    application = copy_of_the_application(tmp_path)
    state = tmp_path / "state"
    command = "import json, os; print(json.load(open(os.environ['INTAKE_LOCAL_FILE']))['api_url']); raise SystemExit(9)"
    ran = local(
        "run", f"--state-dir={state}", f"--template={application}/template.yaml", "--port=0",
        "--", sys.executable, "-c", command,
    )  # fmt: skip
    assert ran.returncode == 9, ran.stderr
    assert ran.stdout.startswith("http://127.0.0.1:")
    assert not (state / "local.json").exists()
    assert not (state / "processes.json").exists()


def test_run_fails_when_the_emulator_dies(tmp_path: Path) -> None:
    application = copy_of_the_application(tmp_path)
    state = tmp_path / "state"
    command = (
        "import json, os, signal, time\n"
        f"processes = json.load(open({str(state / 'processes.json')!r}))['processes']\n"
        "os.kill(next(p['pid'] for p in processes if p['name'] == 'emulator'), signal.SIGKILL)\n"
        "time.sleep(60)\n"
    )
    ran = local(
        "run", f"--state-dir={state}", f"--template={application}/template.yaml", "--port=0",
        "--", sys.executable, "-c", command,
    )  # fmt: skip
    assert ran.returncode == 70
    assert "the emulator was killed by signal 9" in ran.stderr


def test_an_interrupt_ends_everything_that_run_started(tmp_path: Path) -> None:
    application = copy_of_the_application(tmp_path)
    state = tmp_path / "state"
    runner = subprocess.Popen(
        [sys.executable, "-m", "local", "run", f"--state-dir={state}", f"--template={application}/template.yaml",
         "--port=0", "--", sys.executable, "-c", "import time; time.sleep(60)"],
        cwd=REPOSITORY, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    recorded = _recorded(state)
    os.killpg(runner.pid, signal.SIGINT)
    assert runner.wait(20) == 130
    assert [process.name for process in recorded.processes if process.alive()] == []
    assert not (state / "local.json").exists()


def test_a_dead_emulator_is_reported_and_down_clears_it_away(tmp_path: Path) -> None:
    application = copy_of_the_application(tmp_path)
    state = tmp_path / "state"
    started = local("up", f"--state-dir={state}", f"--template={application}/template.yaml", "--port=0")
    assert started.returncode == 0, started.stderr
    recorded = _recorded(state)
    running = RunningStack(state, application)
    worker = running.invoke("StageFunctionName", {"provider": "works"})["pid"]
    busy = threading.Thread(target=_call_that_will_be_cut_off, args=[running], daemon=True)
    busy.start()
    while "provider hangs" not in (state / "logs" / "functions" / "StageFunction.log").read_text():
        time.sleep(0.02)
    os.kill(next(process.pid for process in recorded.processes if process.name == "emulator"), signal.SIGKILL)
    busy.join(20)
    while any(process.alive() for process in recorded.processes):
        time.sleep(0.05)

    answer = local("status", f"--state-dir={state}")
    assert answer.returncode == 3
    assert "the emulator was killed by signal 9" in answer.stdout
    assert not (state / "local.json").exists()
    assert local("down", f"--state-dir={state}").returncode == 0
    assert not (state / "processes.json").exists()
    assert start_time(worker) is None


def test_no_emulator_outlives_its_supervisor(tmp_path: Path) -> None:
    application = copy_of_the_application(tmp_path)
    state = tmp_path / "state"
    assert local("up", f"--state-dir={state}", f"--template={application}/template.yaml", "--port=0").returncode == 0
    recorded = _recorded(state)
    os.kill(next(process.pid for process in recorded.processes if process.name == "supervisor"), signal.SIGKILL)
    deadline = time.monotonic() + 15
    while recorded.alive():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_template_that_does_not_deploy_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    application = copy_of_the_application(tmp_path)
    state = tmp_path / "state"
    template = application / "template.yaml"
    template.write_text(template.read_text().replace("CodeUri: echo/", "CodeUri: missing/"))
    started = local("up", f"--state-dir={state}", f"--template={template}", "--port=0")
    assert started.returncode == 1
    assert "EchoFunction needs" in started.stderr
    assert not (state / "processes.json").exists()


def test_keys_of_providers_are_kept_from_functions_of_other_modes(stack: RunningStack) -> None:
    recorded = Run.load(stack.state / "processes.json")
    assert recorded is not None
    emulator = next(process for process in recorded.processes if process.name == "emulator")
    assert b"sk-not-for-mock-mode" not in Path(f"/proc/{emulator.pid}/environ").read_bytes()


def _call_that_will_be_cut_off(running: RunningStack) -> None:
    with suppress(ConnectionClosedError):
        running.invoke("StageFunctionName", {"provider": "hangs"})


def _recorded(state: Path) -> Run:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        recorded = Run.load(state / "processes.json")
        if recorded is not None and recorded.state == "running":
            assert all(start_time(process.pid) == process.started for process in recorded.processes)
            return recorded
        time.sleep(0.05)
    raise AssertionError(json.dumps({"state": str(state), "exists": state.exists()}))
