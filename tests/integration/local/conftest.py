"""One running stack of the small application, on a port of its own, in a copy that tests may change."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config

REPOSITORY = Path(__file__).resolve().parents[3]


def local(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run ``python -m local``."""
    return subprocess.run(
        [sys.executable, "-m", "local", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        **options,
    )


@dataclass(frozen=True)
class RunningStack:
    state: Path
    application: Path

    @property
    def endpoints(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.state / "local.json").read_text())
        return content

    @property
    def outputs(self) -> dict[str, str]:
        outputs: dict[str, str] = self.endpoints["stack"]
        return outputs

    def client(self, service: str) -> Any:
        session: Any = boto3.Session()
        return session.client(
            service,
            endpoint_url=self.endpoints["aws_endpoint_url"],
            region_name="us-east-1",
            aws_access_key_id="000000000000",
            aws_secret_access_key="local",
            # For StartSyncExecution boto3 puts `sync-` before a host that no resolver knows.
            config=Config(inject_host_prefix=False, retries={"max_attempts": 0}),
        )

    def invoke(self, function: str, payload: dict[str, Any]) -> Any:
        answer = self.client("lambda").invoke(FunctionName=self.outputs[function], Payload=json.dumps(payload))
        return json.loads(answer["Payload"].read())

    def express(self, *providers: str, id: str = "some") -> Any:  # noqa: A002 - the state's own name
        return self.client("stepfunctions").start_sync_execution(
            stateMachineArn=self.outputs["LoopExpressMachineArn"],
            input=json.dumps({"id": id, "providers": list(providers)}),
        )

    def run_once(self, definition: dict[str, Any]) -> Any:
        states = self.client("stepfunctions")
        machine = states.create_state_machine(
            name=uuid4().hex,
            type="EXPRESS",
            roleArn="arn:aws:iam::000000000000:role/any",
            definition=json.dumps(definition),
        )
        return states.start_sync_execution(stateMachineArn=machine["stateMachineArn"])


def copy_of_the_application(directory: Path) -> Path:
    return Path(shutil.copytree(Path(__file__).parent / "app", directory / "app"))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    directory = tmp_path_factory.mktemp("stack")
    running = RunningStack(directory / "state", copy_of_the_application(directory))
    started = local(
        "up", f"--state-dir={running.state}", f"--template={running.application}/template.yaml", "--port=0",
        env={**os.environ, "INTAKE_PROVIDERS": "mock", "OPENAI_API_KEY": "sk-not-for-mock-mode"},
    )  # fmt: skip
    assert started.returncode == 0, started.stderr
    yield running
    ended = local("down", f"--state-dir={running.state}")
    assert ended.returncode == 0, ended.stderr
