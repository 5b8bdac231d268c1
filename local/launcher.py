"""Start the emulator, wait until it answers, and end it."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from local.layout import ACCOUNT, REGION, REPOSITORY, Layout, environment_python
from local.processes import EMULATOR, Process, end_group

HOST = "127.0.0.1"
SERVICES = (
    "apigateway,cloudformation,dynamodb,dynamodbstreams,events,iam,kms,lambda,logs,monitoring,s3,scheduler,"
    "secretsmanager,sns,sqs,ssm,states,sts"
)
"""What Intake uses. Transcribe, Bedrock and Translate are missing on purpose: the emulator's answers are made up."""

_START_SECONDS = 20.0


class LaunchError(RuntimeError):
    """The emulator did not start."""


class Emulator:
    """A running emulator, a child of this process."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self._process = process
        self.port = port
        self.identity = Process.of(EMULATOR, process.pid)

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def exit_status(self) -> int | None:
        return self._process.poll()

    def wait(self, seconds: float) -> int | None:
        """Return the exit status, or None when it still runs after so many seconds."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self) -> None:
        """Ask it to end its workers and itself, insist after ten seconds, and leave no worker behind."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        end_group(self.identity)


def choose_port(preferred: int | None) -> int:
    """Return the preferred port if it is free, else any free one; ``None`` prefers none."""
    for port in (preferred, 0) if preferred else (0,):
        with socket.socket() as probe:
            # As the server will: a port whose last connections are still closing can be bound again.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise LaunchError("no free port on the loopback interface")


def launch(layout: Layout, port: int, environment: Mapping[str, str], reported: Callable[[str], None]) -> Emulator:
    """Start the emulator and wait until it answers.

    Parameters
    ----------
    environment
        Variables that the emulator's workers inherit.
    reported
        Called with each line that the emulator reports: worker crashes, above all.

    Raises
    ------
    LaunchError
        Its environment is missing, or it ended, or it did not answer in time.
    """
    python = environment_python(".venv-emulator")
    if not python.exists():
        raise LaunchError(f"{python} is not there: run `make setup`")
    with layout.emulator_log.open("wb") as log:
        process = subprocess.Popen(
            [str(python), "-m", "local.emulator"],
            cwd=REPOSITORY,
            env={**_own_environment(layout, port), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            # A group of its own: Ctrl-C is the supervisor's to answer, and the workers can be ended with it.
            process_group=0,
        )
    emulator = Emulator(process, port)
    last: list[str] = []

    def read_reports() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            last[:] = [line.rstrip()]
            reported(line.rstrip())

    reader = threading.Thread(target=read_reports, daemon=True, name="emulator-reports")
    reader.start()
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(emulator.endpoint):
        if (status := emulator.exit_status()) is not None:
            reader.join(1)
            raise LaunchError(f"the emulator ended with status {status}: {(last or [f'see {layout.emulator_log}'])[0]}")
        if time.monotonic() > deadline:
            emulator.stop()
            raise LaunchError(f"the emulator did not answer within {_START_SECONDS:.0f} s: see {layout.emulator_log}")
        time.sleep(0.03)
    return emulator


def _answers(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _own_environment(layout: Layout, port: int) -> dict[str, str]:
    """Return the variables of the emulator itself.

    Nothing else of the caller's environment is handed on: an AWS profile or a key that happens to be set there must
    not reach a function.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    return {
        **kept,
        "TMPDIR": str(layout.temporary),
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "SERVICES": SERVICES,
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SECRET_ACCESS_KEY": "local",
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(layout.objects),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        # Seconds until a function's second and further idle workers end: each holds 50 to 100 MB.
        "LAMBDA_WARM_TTL_SECONDS": "60",
        "INTAKE_LOCAL_FUNCTION_LOGS": str(layout.function_logs),
        "INTAKE_LOCAL_WORKERS": os.environ.get("INTAKE_LOCAL_WORKERS", str(max(4, 4 * (os.cpu_count() or 1)))),
    }


def clear(directory: Path) -> None:
    """Empty a directory that an earlier run left."""
    import shutil

    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
