"""The whole product running on the embedded AWS, on ports of its own, for one test session or benchmark."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.config import Config

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class RunningStack:
    """A running stack: its endpoints, and clients for its API and its AWS."""

    endpoints: Mapping[str, Any]
    state_directory: Path

    @property
    def outputs(self) -> Mapping[str, str]:
        outputs: Mapping[str, str] = self.endpoints["stack"]
        return outputs

    @cached_property
    def api(self) -> httpx.Client:
        """Return a client of the HTTP API, with the key of the first administrator."""
        return httpx.Client(
            base_url=self.endpoints["api_url"], headers={"x-api-key": self.endpoints["admin_api_key"]}, timeout=60
        )

    def client(self, service: str) -> Any:
        """Return a boto3 client of the embedded AWS."""
        return aws_client(service, self.endpoints["aws_endpoint_url"])


def aws_client(service: str, endpoint_url: str) -> Any:
    """Return a boto3 client of an embedded AWS."""
    session: Any = boto3.Session()
    return session.client(
        service,
        endpoint_url=endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="000000000000",
        aws_secret_access_key="local",
        config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}, max_pool_connections=128),
    )


@contextmanager
def running_stack(
    directory: Path, providers: str, variables: Mapping[str, str] | None = None
) -> Iterator[RunningStack]:
    """Start a stack in a provider mode, and end it.

    Parameters
    ----------
    directory
        Where the stack keeps its files.
    variables
        More environment for the functions: keys and addresses of doubles, budgets.
    """
    own = f"--state-dir={directory}"
    _local("up", own, f"--providers={providers}", "--port=0", env={**os.environ, **(variables or {})})
    try:
        yield RunningStack(json.loads((directory / "local.json").read_text()), directory)
    finally:
        _local("down", own)


def _local(*arguments: str, **options: Any) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "local", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )
    if ended.returncode != 0:
        raise RuntimeError(f"local {arguments[0]} failed:\n{ended.stderr}")
