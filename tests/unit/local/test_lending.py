"""Lending warm workers to callers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local.package import SOURCE
from local.patches.lambda_workers import Lending


class Worker:
    def __init__(self, name: str, config: dict[str, Any], code: bytes) -> None:
        self.in_use = False
        self.last_used = 0.0
        self.generation = 0
        self._cold = False


class Runtime:
    """The part of the emulator's runtime that lending rests on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workers: dict[str, list[Worker]] = {}
        self.killed: list[Worker] = []

    def _worker_key(self, name: str, config: dict[str, Any], qualifier: str) -> str:
        return f"{name}:{qualifier}"

    def _worker_class_for(self, config: dict[str, Any]) -> type[Worker]:
        return Worker

    def kill_workers(self, workers: list[Worker]) -> None:
        self.killed += workers


@pytest.fixture
def runtime() -> Runtime:
    return Runtime()


def test_the_first_call_starts_a_worker_and_the_next_reuses_it(runtime: Runtime) -> None:
    lending = Lending(runtime, limit=4)
    first, how = lending.acquire("Plan", {}, b"")
    assert how == "spawn"
    lending.release(first)
    assert lending.acquire("Plan", {}, b"") == (first, "reused")


def test_a_caller_waits_for_a_worker_that_is_about_to_be_free(runtime: Runtime) -> None:
    lending = Lending(runtime, limit=4)
    worker, _ = lending.acquire("Plan", {}, b"")
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(lending.acquire, "Plan", {}, b"")
        lending.release(worker)
        assert second.result(5) == (worker, "reused")


def test_another_worker_is_started_when_waiting_does_not_help(runtime: Runtime) -> None:
    lending = Lending(runtime, limit=2)
    first, _ = lending.acquire("Plan", {}, b"")
    second, how = lending.acquire("Plan", {}, b"")
    assert how == "spawn"
    assert second is not first


def test_at_the_limit_a_caller_waits_no_longer_than_the_functions_timeout(runtime: Runtime) -> None:
    lending = Lending(runtime, limit=1)
    lending.acquire("Plan", {"Timeout": 0.2}, b"")
    assert lending.acquire("Plan", {"Timeout": 0.2}, b"") == (None, "func_cap")


def test_functions_do_not_share_workers(runtime: Runtime) -> None:
    lending = Lending(runtime, limit=1)
    plan, _ = lending.acquire("Plan", {}, b"")
    translate, how = lending.acquire("Translate", {}, b"")
    assert how == "spawn"
    assert translate is not plan


def test_an_idle_worker_with_old_sources_is_ended(runtime: Runtime, tmp_path: Path) -> None:
    config = {"Environment": {"Variables": {SOURCE: str(tmp_path), "PYTHONPATH": str(tmp_path)}}}
    lending = Lending(runtime, limit=4)
    old, _ = lending.acquire("Plan", config, b"")
    lending.release(old)
    old.generation = -1
    new, how = lending.acquire("Plan", config, b"")
    assert how == "spawn"
    assert new is not old
    assert runtime.killed == [old]
