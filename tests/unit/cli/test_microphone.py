"""``intake process --voice mic``: a recorder of this machine, until Enter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.tenants import until
from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import KEY, ApiDouble
from tests.unit.cli.samples import COMPLETED

ROOT = Path(__file__).resolve().parents[3]

RECORDS = """#!/bin/sh
for file; do :; done
trap 'printf "RIFF sound" > "$file"; exit 0' INT
touch "$(dirname "$0")/listening"
while :; do sleep 0.05; done
"""
FINDS_NOTHING = """#!/bin/sh
echo "arecord: main:831: audio open error: No such file or directory" >&2
exit 1
"""


def recorder(directory: Path, monkeypatch: pytest.MonkeyPatch, script: str | None) -> None:
    """Make a machine whose only recorder is a script, or that has none."""
    commands = directory / "commands"
    commands.mkdir()
    if script is not None:
        file = commands / "arecord"
        file.write_text(script)
        file.chmod(0o755)
    for name in ("dirname", "sh", "sleep", "touch"):
        (commands / name).symlink_to(shutil.which(name) or name)
    monkeypatch.setenv("PATH", str(commands))


@contextmanager
def voice_from_the_microphone(api: ApiDouble) -> Iterator[subprocess.Popen[str]]:
    """Run the command as a process: what stands in for stdin within one cannot be waited for."""
    command = [sys.executable, "-c", "from cli.main import app; app()", "process", "--voice", "mic"]
    environment = {**os.environ, "INTAKE_API_URL": api.url, "INTAKE_API_KEY": KEY, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process


def test_what_was_said_until_enter_is_sent(api: ApiDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder(tmp_path, monkeypatch, RECORDS)
    api.will("POST /v1/inputs", (200, COMPLETED))

    with voice_from_the_microphone(api) as process:
        until(lambda: (tmp_path / "commands" / "listening").exists() or None, "the recorder")
        _, said = process.communicate("\n", timeout=60)

    assert process.returncode == 0, said
    assert "Speak, then press Enter." in said
    assert b"RIFF sound" in api.asked("POST /v1/inputs")[0].body


def test_a_machine_without_a_microphone_says_so(
    api: ApiDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder(tmp_path, monkeypatch, FINDS_NOTHING)

    with voice_from_the_microphone(api) as process:
        process.wait(60)
        _, said = process.communicate()

    assert process.returncode == 3
    assert "audio open error" in said
    assert "give a file to --voice" in said
    assert api.requests == []


def test_a_machine_without_a_recorder_says_what_to_install(
    intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder(tmp_path, monkeypatch, None)

    result = intake("process", "--voice", "mic")

    assert result.exit_code == 3
    assert "alsa-utils" in result.stderr
