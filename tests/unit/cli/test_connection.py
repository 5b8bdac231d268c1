"""Where the API is, and which key goes there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.connection import connect
from cli.errors import CliError, ExitCode

LOCAL = "http://127.0.0.1:4566/_aws/execute-api/a1"


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    folder = tmp_path / ".intake"
    folder.mkdir()
    file = folder / "local.json"
    file.write_text(json.dumps({"api_url": LOCAL, "admin_api_key": "ik_demo_local"}))
    return file


def test_the_stack_on_this_machine_is_found_from_a_folder_below(stack: Path, tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)

    found = connect(None, None, start=below)

    assert (found.url, found.key, found.source) == (LOCAL, "ik_demo_local", str(stack))
    assert found.is_local


def test_a_command_beside_a_stack_uses_that_stack(stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"api_url": "http://127.0.0.1:5000", "admin_api_key": "ik_demo_other"}))
    monkeypatch.setenv("INTAKE_LOCAL_FILE", str(other))

    found = connect(None, None, start=stack.parent)

    assert (found.url, found.key) == ("http://127.0.0.1:5000", "ik_demo_other")


@pytest.mark.usefixtures("stack")
def test_what_is_given_wins_over_the_stack() -> None:
    found = connect("https://api.example/", "ik_acme_given")

    assert (found.url, found.key) == ("https://api.example", "ik_acme_given")
    assert not found.is_local


@pytest.mark.usefixtures("stack")
def test_the_local_key_goes_to_the_local_stack_and_nowhere_else() -> None:
    assert connect("https://api.example", None).key is None
    assert connect(LOCAL, None).key == "ik_demo_local"


@pytest.mark.usefixtures("stack")
def test_another_key_may_be_used_on_the_stack() -> None:
    assert connect(None, "ik_demo_other").key == "ik_demo_other"


def test_where_there_is_nothing_the_remedy_is_said() -> None:
    with pytest.raises(CliError, match="make up") as raised:
        connect(None, None)

    assert raised.value.code is ExitCode.NOT_READY


@pytest.mark.parametrize("content", ["", "{", "{}", '{"api_url": null}'])
def test_a_broken_file_is_said(stack: Path, content: str) -> None:
    stack.write_text(content)

    with pytest.raises(CliError) as raised:
        connect(None, None)

    assert raised.value.code is ExitCode.NOT_READY


@pytest.mark.parametrize("url", ["api.example", "ftp://api.example", "http://", ""])
def test_what_is_no_address_is_a_wrong_command_line(url: str) -> None:
    with pytest.raises(CliError) as raised:
        connect(url, None)

    assert raised.value.code is ExitCode.USAGE


def test_a_key_is_not_printed_with_its_connection() -> None:
    assert "secret" not in repr(connect("https://api.example", "ik_acme_secret"))
