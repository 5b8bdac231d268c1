"""The first API key: an administrator of the tenant ``demo``."""

from __future__ import annotations

import os
import subprocess

from local.deploy import Deployment
from local.layout import ACCOUNT, REGION, REPOSITORY, environment_python

TENANT = "demo"
ROLE = "admin"


class SeedError(RuntimeError):
    """The product did not issue a key."""


def admin_key(deployment: Deployment, endpoint: str) -> str | None:
    """Let the product issue an administrator's key; None for a template without tenants.

    It runs in a process of its own, with the environment that a function of the stack would have.

    Raises
    ------
    SeedError
        With the product's own last words.
    """
    if "TenancyTable" not in deployment.resources:
        return None
    issued = subprocess.run(
        [
            *(str(environment_python(".venv")), "-m", "scripts.issue_api_key"),
            *("--table", deployment.resources["TenancyTable"][1]),
            *("--tenant", TENANT, "--role", ROLE, "--label", "local"),
        ],
        cwd=REPOSITORY,
        env={
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(REPOSITORY / "layers" / "core"),
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "local",
            "INTAKE_STAGE": "local",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if issued.returncode != 0:
        raise SeedError(f"no administrator's key was issued:\n{issued.stderr.strip()}")
    return issued.stdout.strip()
