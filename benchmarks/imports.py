"""CPU time that importing each function takes, with valid bytecode: the part of a cold start that is ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.report import Figure

REPOSITORY = Path(__file__).resolve().parents[1]
LIMITS_MS = {"api": 260.0}
ROUNDS = 5

_PROBE = """
import sys, time
sys.path[:0] = [sys.argv[1], sys.argv[2]]
started = time.process_time()
import app
print((time.process_time() - started) * 1000)
"""
_YARDSTICK = """
import time
started = time.process_time()
from fastapi import FastAPI
from mangum import Mangum
from aws_lambda_powertools import Logger
print((time.process_time() - started) * 1000)
"""


def measure() -> list[Figure]:
    """Import every handler in a process of its own, the best of five; beside the API's frameworks alone."""
    handlers = sorted(REPOSITORY.glob("functions/**/app.py"))
    frameworks = _best(_YARDSTICK)
    figures = [Figure("FastAPI, Mangum and Logger alone", frameworks, "ms CPU", note="the yardstick of the API")]
    for handler in handlers:
        name = str(handler.parent.relative_to(REPOSITORY / "functions"))
        cpu = _best(_PROBE, str(handler.parent), str(REPOSITORY / "layers" / "core"))
        note = f"{cpu / frameworks:.2f} of the yardstick" if name == "api" else ""
        figures.append(Figure(f"import {name}", cpu, "ms CPU", LIMITS_MS.get(name), note=note))
    return figures


def _best(program: str, *arguments: str) -> float:
    """Return the least of several runs: noise of the machine only ever adds."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", program, *arguments],
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": os.environ["PATH"]},
        )
        for _ in range(ROUNDS + 1)  # the first one writes the bytecode
    ]
    return min(float(run.stdout) for run in runs[1:])
