"""One stack from start to end: emulator, deployment, endpoint file, and the watch over it."""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from local import deploy, launcher, seed, settings
from local.journal import STARTING, Journal
from local.layout import Layout, environment_python
from local.processes import SUPERVISOR, Process, Run, write_private
from local.template import read_template
from local.transform import localize


@dataclass(frozen=True)
class Plan:
    """What is to run."""

    layout: Layout
    template: Path
    mode: str
    port: int | None
    """The preferred port; None takes any free one."""


class Stack:
    """A running stack; use as a context manager, so that it is ended whatever happens."""

    def __init__(self, plan: Plan, journal: Journal) -> None:
        self._plan = plan
        self._journal = journal
        self._emulator: launcher.Emulator | None = None

    def __enter__(self) -> Stack:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, deploy and write the endpoint file.

        Raises
        ------
        LaunchError, DeploymentError, SeedError, ValueError
            With what to look at.
        """
        plan, layout = self._plan, self._plan.layout
        began = time.monotonic()
        layout.create()
        self._lock(layout)
        layout.endpoints.unlink(missing_ok=True)
        # Tables begin empty, so must the buckets: objects without their records belong to nobody.
        for directory in (layout.objects, layout.temporary, layout.function_logs):
            launcher.clear(directory)
        self._journal.say(STARTING)
        port = launcher.choose_port(plan.port)
        variant = localize(
            read_template(plan.template),
            base=plan.template.parent,
            python=environment_python(".venv"),
            environment=settings.imposed(plan.mode),
            endpoint=f"http://{launcher.HOST}:{port}",
        )
        for note in variant.notes:
            self._journal.detail(note)
        self._emulator = emulator = launcher.launch(
            layout,
            port,
            settings.inherited(plan.mode, os.environ),
            self._journal.problem,
        )
        self._record("starting")
        self._journal.say(f"emulator on {emulator.endpoint}, providers {plan.mode}")
        deployment = deploy.deploy(variant, settings.parameters(plan.mode, os.environ), endpoint=emulator.endpoint)
        endpoints = {
            "api_url": deployment.api_url(emulator.endpoint),
            "websocket_url": deployment.outputs.get("WebSocketUrl"),
            "console_url": None,
            "aws_endpoint_url": emulator.endpoint,
            "admin_api_key": seed.admin_key(deployment, emulator.endpoint),
            "stack": deployment.reachable_outputs(emulator.endpoint),
        }
        write_private(layout.endpoints, json.dumps(endpoints, indent=2) + "\n")
        self._record("running")
        self._journal.say(f"{plan.template.name} is deployed ({time.monotonic() - began:.1f} s): {layout.endpoints}")

    def wait(self, seconds: float) -> bool:
        """Return whether the emulator still runs after so many seconds; a death is reported once, here."""
        assert self._emulator is not None
        status = self._emulator.wait(seconds)
        if status is None:
            return True
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        self._emulator.stop()
        self._journal.problem(f"the emulator {how}; everything it held is lost. See {self._plan.layout.emulator_log}")
        # An endpoint at which nobody answers is worse than none.
        self._plan.layout.endpoints.unlink(missing_ok=True)
        self._record("failed", emulator=False)
        self._emulator = None
        return False

    def stop(self) -> None:
        """End the emulator and its workers, if they run."""
        if self._emulator is None:
            return
        self._emulator.stop()
        self._emulator = None
        self._plan.layout.endpoints.unlink(missing_ok=True)
        self._plan.layout.processes.unlink(missing_ok=True)
        self._journal.say("stopped")

    def _lock(self, layout: Layout) -> None:
        """Hold the state directory until this process ends, however it ends."""
        # Private to this process: a worker that inherited it would hold the directory after us.
        self._held = os.open(layout.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise launcher.LaunchError(f"another start is under way in {layout.state}") from None

    def _record(self, state: str, *, emulator: bool = True) -> None:
        assert self._emulator is not None
        processes = [Process.of(SUPERVISOR, os.getpid())]
        if emulator:
            processes.append(self._emulator.identity)
        run = Run(self._emulator.port, state, tuple(processes), self._plan.mode)
        run.save(self._plan.layout.processes)
