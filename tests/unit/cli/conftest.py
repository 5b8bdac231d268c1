"""A command line in an empty directory, and an API that it may speak to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import batches, connection, documents, phrases, waiting
from cli.main import app
from tests.unit.cli.double import KEY, ApiDouble, serve

Intake = Callable[..., Result]


@pytest.fixture(autouse=True)
def empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let no stack or key of whoever runs the tests be found."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(connection, "CHECKOUT", tmp_path)
    for following in (batches, documents, phrases, waiting):
        monkeypatch.setattr(following, "SECONDS_BETWEEN_LOOKS", 0)
    for name in ("INTAKE_API_URL", "INTAKE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def api() -> Iterator[ApiDouble]:
    with serve(ApiDouble()) as double:
        yield double


@pytest.fixture
def intake(api: ApiDouble, monkeypatch: pytest.MonkeyPatch) -> Intake:
    """Run a command against the double."""
    monkeypatch.setenv("INTAKE_API_URL", api.url)
    monkeypatch.setenv("INTAKE_API_KEY", KEY)

    def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return run
