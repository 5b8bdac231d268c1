"""Every module imports with no environment, region, credentials or network, and a function imports nothing heavy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.structure.repository import CORE, FUNCTIONS, ROOT, python_files, shown

HEAVY = ("boto3", "imageio_ffmpeg", "numpy", "openai", "pocketsphinx", "py3langid", "pynamodb", "pypdfium2", "tiktoken")
CHILD = """
import importlib, json, os, socket, sys, traceback

def refuse(*arguments, **options):
    raise RuntimeError("an import must not open a connection")

socket.socket.connect = socket.socket.connect_ex = refuse
heavy = json.loads(sys.argv[1])
for line in sys.stdin:
    paths, modules = json.loads(line)
    # A process each: every function has a module `app`, and what one imports must not count as the next one's.
    process = os.fork()
    if process:
        os.waitpid(process, 0)
        continue
    sys.path[:0] = paths
    errors = []
    for module in modules:
        try:
            importlib.import_module(module)
        except BaseException:
            errors.append(module + ": " + traceback.format_exc())
    loaded = [name for name in heavy if name in sys.modules]
    answer = {"imported": len(modules) - len(errors), "errors": errors, "heavy": loaded}
    os.write(1, (json.dumps(answer) + "\\n").encode())
    os._exit(0)
"""


def dotted(path: Path, base: Path) -> str:
    parts = path.relative_to(base).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def function_folders() -> list[Path]:
    return sorted(path.parent for path in FUNCTIONS.rglob("app.py"))


def import_all(requests: list[tuple[list[str], list[str]]]) -> list[dict[str, Any]]:
    command = [sys.executable, "-I", "-c", CHILD, json.dumps(HEAVY)]
    lines = "\n".join(json.dumps(request) for request in requests)
    result = subprocess.run(command, env={}, input=lines, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_every_module_imports_with_an_empty_environment() -> None:
    core = [dotted(path, CORE) for path in python_files(CORE)]
    cli = [dotted(path, ROOT) for path in python_files(ROOT / "cli")]
    requests = [([str(CORE)], core), ([str(ROOT), str(CORE)], cli)]
    requests += [([str(folder), str(CORE)], ["app"]) for folder in function_folders()]

    answers = import_all(requests)

    assert "\n".join(error for answer in answers for error in answer["errors"]) == ""
    assert len(answers) == len(requests), "a process ended before its answer"
    assert sum(answer["imported"] for answer in answers) >= 90, "the walk does not see the sources"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_no_function_imports_what_only_some_calls_need() -> None:
    folders = function_folders()

    answers = import_all([([str(folder), str(CORE)], ["app"]) for folder in folders])

    assert len(answers) == len(folders) >= 15, "the walk does not see the functions"
    loaded = {shown(folder): answer["heavy"] for folder, answer in zip(folders, answers, strict=True)}
    assert {folder: heavy for folder, heavy in loaded.items() if heavy} == {}
