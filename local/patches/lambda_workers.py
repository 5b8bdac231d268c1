"""Lambda: how worker processes are lent, fed, watched and logged."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

from local.package import NAME, SOURCE
from local.patching import edit, replace
from local.watch import SourceWatch

PATIENCE = 0.1
"""Seconds a call waits for a busy worker before another is started: a start costs about 0.3 s of a processor."""


STARTS = os.cpu_count() or 1
"""Workers of one function that may be starting at once: more of them only start later, all together."""


def _starting(pool: list[Any]) -> int:
    return sum(1 for worker in pool if worker.in_use and worker._cold)


def report(message: str) -> None:
    """Tell the supervisor, which reads this process's standard output."""
    print(message, flush=True)


def _name(worker: Any) -> str:
    name: str = worker.config.get("Environment", {}).get("Variables", {}).get(NAME, worker.func_name)
    return name


def answer_without_waiting_for_logs() -> None:
    """Return an answer when it is there.

    Prevents: each call of a function that logs nothing takes 50 ms more. Lines that arrive later belong to the next
    call's log stream; the log files are complete.
    """
    from ministack.core import lambda_runtime

    edit(lambda_runtime.ProvidedWorker, "invoke", ("log = self._drain_stderr_bounded()", "log = self._drain_stderr()"))


def send_events_at_once() -> None:
    """Write headers and body of the Runtime API in one packet, without Nagle's algorithm.

    Prevents: 40 ms of delay a call, when the kernel holds the second small packet until the first is acknowledged.
    """
    from ministack.core import lambda_runtime

    edit(
        lambda_runtime.ProvidedWorker,
        "_build_handler_class",
        (
            'protocol_version = "HTTP/1.1"\n',
            'protocol_version = "HTTP/1.1"\n        disable_nagle_algorithm = True\n        wbufsize = -1\n',
        ),
        # A hundred idle workers would wake a thousand times a second.
        ("timeout=0.1)", "timeout=1.0)"),
    )


def keep_function_logs_in_files() -> None:
    """Copy each line that a function writes to a file named after the function.

    Prevents: the last lines of a crashed worker are lost, and reading logs needs the CloudWatch API.
    """
    from ministack.core import lambda_runtime

    directory = Path(os.environ["INTAKE_LOCAL_FUNCTION_LOGS"])
    lock = threading.Lock()

    def keep(worker: Any, line: str) -> None:
        with lock, (directory / f"{_name(worker)}.log").open("a", encoding="utf-8") as log:
            # Lambda's runtime client separates the lines of one message by carriage returns.
            log.write(line.replace("\r", "\n") + "\n")

    edit(
        lambda_runtime.ProvidedWorker,
        "_pump_output",
        ('line = raw.rstrip("\\r\\n")\n', 'line = raw.rstrip("\\r\\n")\n            _intake_keep_line(self, line)\n'),
        given={"_intake_keep_line": keep},
    )


def report_crashes() -> None:
    """Report a worker that ended during a call, was stopped at its timeout, or never started.

    Prevents: a function killed for its memory looks like any error of the function.
    """
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    def during_call(worker: Any, failure: str) -> None:
        code = worker._proc.poll() if worker._proc is not None else None
        how = "" if code is None else f" (killed by signal {-code})" if code < 0 else f" (exit status {code})"
        report(f"worker of {_name(worker)}: {failure}{how}; see its log")

    def at_start(worker: Any, error: Exception) -> None:
        report(f"worker of {_name(worker)} did not start: {getattr(error, 'error_type', '')} {error}; see its log")

    edit(
        lambda_runtime.ProvidedWorker,
        "invoke",
        (
            'logger.warning("Lambda %s: %s", self.func_name, failure)\n',
            "_intake_report(self, failure)\n",
        ),
        given={"_intake_report": during_call},
    )
    edit(
        lambda_svc,
        "_execute_function_provided_warm",
        (
            'logger.error("Warm provided-runtime execution error for %s: %s", func_name, e)\n',
            "_intake_report(worker, e)\n",
        ),
        given={"_intake_report": at_start},
    )


def name_errors_of_the_start() -> None:
    """Answer a failed start with the error that the runtime client reported.

    Prevents: a function that cannot import its modules answers ``Runtime.Unknown``; on AWS it is
    ``Runtime.ImportModuleError``.
    """
    from ministack.core import lambda_runtime

    def error(reported: Any) -> Exception:
        if not isinstance(reported, dict):
            reported = {"errorMessage": str(reported)}
        failure: Exception = lambda_runtime.ProvidedRuntimeError(
            reported.get("errorMessage", ""), reported.get("errorType", "Runtime.Unknown")
        )
        return failure

    edit(
        lambda_runtime.ProvidedWorker,
        "_await_init",
        ('raise RuntimeError(f"init error: {self._init_error}")', "raise _intake_start_error(self._init_error)"),
        given={"_intake_start_error": error},
    )


def drop_only_the_broken_worker() -> None:
    """After a failed start, take the worker that failed out of its pool.

    Prevents: one failed start kills all workers of the function, with the calls that they are serving.
    """
    from ministack.services import lambda_svc

    edit(
        lambda_svc,
        "_execute_function_provided_warm",
        (
            "invalidate_worker(func_name, qualifier=qualifier, account=account, region=region)\n",
            "_intake_drop(worker)\n",
        ),
        given={"_intake_drop": drop},
    )


def drop(worker: Any) -> None:
    """Take a worker out of its pool and end its process."""
    from ministack.core import lambda_runtime

    with lambda_runtime._lock:
        for pool in lambda_runtime._workers.values():
            if worker in pool:
                pool.remove(worker)
    lambda_runtime.kill_workers([worker])


class Lending:
    """Lend warm workers: one at rest if there is one, a new one only when waiting does not help.

    Parameters
    ----------
    limit
        Most workers of one function. Further calls wait for one, up to the function's timeout.
    """

    def __init__(self, runtime: Any, limit: int) -> None:
        self._runtime = runtime
        self._limit = limit
        self._freed = threading.Condition(runtime._lock)
        self._watches: dict[str, SourceWatch] = {}

    def acquire(
        self,
        func_name: str,
        config: dict[str, Any],
        code_zip: bytes,
        qualifier: str = "$LATEST",
        max_concurrency: int | None = None,
    ) -> tuple[Any, str]:
        """Return a worker and how it was come by, or None when the function is at its limit for too long."""
        generation = self._generation(config)
        key = self._runtime._worker_key(func_name, config, qualifier)
        limit = min(self._limit, max_concurrency or self._limit)
        began = time.monotonic()
        outdated: list[Any] = []
        try:
            with self._freed:
                while True:
                    pool = self._runtime._workers.setdefault(key, [])
                    outdated += [worker for worker in pool if not worker.in_use and worker.generation != generation]
                    pool[:] = [worker for worker in pool if worker not in outdated]
                    # The one used last: its memory is warm, and the others can be ended when they stay idle.
                    free = max((w for w in pool if not w.in_use), key=lambda w: w.last_used, default=None)
                    waited = time.monotonic() - began
                    if free is not None:
                        return self._lend(free), "reused"
                    if len(pool) < limit and (not pool or (waited >= PATIENCE and _starting(pool) < STARTS)):
                        worker = self._runtime._worker_class_for(config)(func_name, config, code_zip)
                        worker.generation = generation
                        pool.append(worker)
                        return self._lend(worker), "spawn"
                    if waited >= config.get("Timeout", 30):
                        return None, "func_cap"
                    self._freed.wait(PATIENCE)
        finally:
            # Outside the lock: ending a process takes time.
            self._runtime.kill_workers(outdated)

    def release(self, worker: Any) -> None:
        """Take a worker back."""
        if worker is not None:
            with self._freed:
                worker.in_use = False
                worker.last_used = time.time()
                self._freed.notify_all()

    @staticmethod
    def _lend(worker: Any) -> Any:
        worker.in_use = True
        worker.last_used = time.time()
        return worker

    def _generation(self, config: dict[str, Any]) -> int:
        variables = config.get("Environment", {}).get("Variables", {})
        if SOURCE not in variables:
            return 0
        path: str = variables["PYTHONPATH"]
        if path not in self._watches:
            self._watches[path] = SourceWatch(tuple(Path(part) for part in path.split(":")))
        return self._watches[path].generation()


def lend_workers_sparingly() -> None:
    """Reuse warm workers, wait briefly before starting more, and end those whose sources changed.

    Prevents: sixteen callers at once start sixteen interpreters on two processors and all of them wait for seconds;
    a changed handler is not seen before a restart.
    """
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    lending = Lending(lambda_runtime, limit=int(os.environ["INTAKE_LOCAL_WORKERS"]))
    replace(
        lambda_runtime,
        "acquire_worker",
        "(func_name: str, config: dict, code_zip: bytes, qualifier: str = '$LATEST',"
        " max_concurrency: int | None = None)",
        lending.acquire,
    )
    replace(lambda_runtime, "release_worker", "(worker: ministack.core.lambda_runtime.Worker) -> None", lending.release)
    # The service imported both by name.
    lambda_svc.acquire_worker = lending.acquire
    lambda_svc.release_worker = lending.release
