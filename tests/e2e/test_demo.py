"""The command behind ``make demo``, in a directory of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.stack import REPOSITORY

pytestmark = [pytest.mark.emulator, pytest.mark.engine, pytest.mark.slow, pytest.mark.xdist_group("demo")]


def test_the_demo_shows_three_jobs_and_leaves_nothing_behind_but_its_report(tmp_path: Path) -> None:
    state = tmp_path / ".intake"
    intake = Path(sys.executable).with_name("intake")

    ran = subprocess.run(
        [sys.executable, "-m", "local", "run", f"--state-dir={state}", "--port=0", "--", str(intake), "demo"],
        # The command line writes its report beside the nearest .intake/local.json, which is this stack's.
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY), "INTAKE_PROVIDERS": "embedded"},
        capture_output=True,
        text=True,
        timeout=240,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    for job in ("Spanish text", "spoken English", "12-page booklet"):
        assert job in ran.stdout
    report = json.loads((state / "demo.json").read_text())
    assert report["ok"]
    assert [(job["name"], job["ok"], job["problem"]) for job in report["jobs"]] == [
        ("Spanish text", True, None),
        ("spoken English", True, None),
        ("12-page booklet", True, None),
    ]
    assert processes_that_name(state) == []
    assert not (state / "local.json").exists()
    assert not (state / "processes.json").exists()


def processes_that_name(directory: Path) -> list[str]:
    """Return the command lines of the processes that have a directory in their arguments or environment."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        try:
            arguments, environment = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:
            continue
        if str(directory).encode() in arguments + environment:
            found.append(arguments.replace(b"\0", b" ").decode(errors="replace"))
    return found
