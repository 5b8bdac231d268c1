"""``intake batches``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli import batches
from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import ApiDouble
from tests.unit.cli.terminal import at_terminal

RECEIVED: dict[str, Any] = {
    "id": "bat_1",
    "status": "received",
    "filename": None,
    "size": 40,
    "lines": None,
    "completed": None,
    "failed": None,
    "created_at": "2026-11-21T10:00:00.000Z",
    "started_at": None,
    "ended_at": None,
}
PROCESSING = RECEIVED | {
    "status": "processing",
    "lines": 3,
    "completed": 1,
    "failed": 0,
    "left": 2,
    "progress": 0.3333,
    "first_errors": [],
    "error": None,
}
DONE = PROCESSING | {
    "status": "completed",
    "completed": 3,
    "left": 0,
    "progress": 1.0,
    "ended_at": "2026-11-21T10:00:09.000Z",
}
PARTLY = DONE | {"status": "completed_with_errors", "completed": 2, "failed": 1}
FAULT = {
    "line": 2,
    "reference": "claim-2",
    "input_id": None,
    "errors": [{"field": "text", "message": "Send a text."}, {"field": "target_language", "message": "Unknown."}],
}
LINES = '{"text": "Hola."}\n'


def lines(*items: dict[str, Any]) -> bytes:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items).encode()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "claims.jsonl"
    path.write_text(LINES)
    return str(path)


def test_a_batch_is_sent_followed_and_summed_up(api: ApiDouble, intake: Intake, file: str) -> None:
    api.will("POST /v1/batches", (202, RECEIVED))
    api.will("GET /v1/batches/bat_1", (200, RECEIVED | {"left": None}), (200, PROCESSING), (200, DONE))
    api.will("GET /v1/batches/bat_1/errors", (200, b""))

    added = intake("batches", "add", file)

    assert added.exit_code == 0
    assert "  completed: 3" in added.stdout.splitlines()
    (sent,) = api.asked("POST /v1/batches")
    assert (sent.headers["content-type"], sent.body.decode()) == ("application/x-ndjson", LINES)


def test_each_line_that_failed_is_named_and_fails_the_command(api: ApiDouble, intake: Intake, file: str) -> None:
    api.will("POST /v1/batches", (202, RECEIVED))
    api.will("GET /v1/batches/bat_1", (200, PARTLY))
    api.will("GET /v1/batches/bat_1/errors", (200, lines(FAULT)))

    added = intake("batches", "add", file)

    assert added.exit_code == 1
    assert "  completed: 2" in added.stdout.splitlines()
    assert "2\tclaim-2\t\ttext\tSend a text." in added.stdout.splitlines()
    assert "2\tclaim-2\t\ttarget_language\tUnknown." in added.stdout.splitlines()
    assert "error: 1 of 3 lines failed." in added.stderr


def test_a_result_and_an_error_are_one_document(api: ApiDouble, intake: Intake, file: str) -> None:
    api.will("POST /v1/batches", (202, RECEIVED))
    api.will("GET /v1/batches/bat_1", (200, PARTLY))
    api.will("GET /v1/batches/bat_1/errors", (200, lines(FAULT)))

    added = intake("batches", "add", file, "--json")

    assert added.exit_code == 1
    assert json.loads(added.stdout) == PARTLY | {"errors": [FAULT]}


def test_a_large_file_is_uploaded(api: ApiDouble, intake: Intake, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LARGEST_BODY", 4)
    form = {
        "url": f"{api.url}/bucket",
        "fields": {"key": "batches/acme/bat_1.jsonl", "Content-Type": "application/x-ndjson"},
    }
    api.will("POST /v1/batches", (201, RECEIVED | {"status": "awaiting_upload", "upload": form}))
    api.will("POST /bucket", (204, b""))

    added = intake("batches", "add", file, "--no-wait", "--json")

    assert json.loads(added.stdout)["status"] == "awaiting_upload"
    assert "upload" not in json.loads(added.stdout)
    assert api.asked("POST /v1/batches")[0].json == {"filename": "claims.jsonl", "size": len(LINES)}
    posted = api.asked("POST /bucket")[0].body
    assert posted.index(b"batches/acme/bat_1.jsonl") < posted.index(LINES.encode())


def test_a_file_that_is_turned_down_later_is_not_accepted(api: ApiDouble, intake: Intake, file: str) -> None:
    error = {"type": "unsupported-input", "detail": "file: Too many lines.", "errors": []}
    failed = PROCESSING | {"status": "failed", "lines": None, "failed": 0, "left": None, "error": error}
    api.will("POST /v1/batches", (202, RECEIVED))
    api.will("GET /v1/batches/bat_1", (200, failed))
    api.will("GET /v1/batches/bat_1/errors", (200, b""))

    added = intake("batches", "add", file)

    assert added.exit_code == 4
    assert "error: file: Too many lines." in added.stderr


def test_a_batch_that_is_cancelled_meanwhile_is_said(api: ApiDouble, intake: Intake, file: str) -> None:
    api.will("POST /v1/batches", (202, RECEIVED))
    api.will("GET /v1/batches/bat_1", (200, PARTLY | {"status": "cancelled"}))
    api.will("GET /v1/batches/bat_1/errors", (200, lines(FAULT)))

    added = intake("batches", "add", file)

    assert added.exit_code == 1
    assert "error: bat_1 was cancelled: 2 lines have a result." in added.stderr


def test_a_batch_that_stands_still_is_not_waited_for_for_ever(
    api: ApiDouble, intake: Intake, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "SECONDS_WITHOUT_PROGRESS", 0)
    api.will("POST /v1/batches", (202, RECEIVED))
    api.will("GET /v1/batches/bat_1", (200, PROCESSING))

    added = intake("batches", "add", file)

    assert added.exit_code == 1
    assert "bat_1 is processing, without progress" in added.stderr


def test_progress_is_shown_at_a_terminal(api: ApiDouble, file: str) -> None:
    api.will("POST /v1/batches", (202, RECEIVED))
    api.will("GET /v1/batches/bat_1", (200, PROCESSING), (200, DONE))
    api.will("GET /v1/batches/bat_1/errors", (200, b""))

    code, shown = at_terminal(api, "batches", "add", file)

    assert code == 0
    assert "processing, 1 of 3 lines (33%), 0 failed" in shown


def test_results_follow_the_pages_as_json_lines(api: ApiDouble, intake: Intake) -> None:
    # A text may hold what Unicode takes for an end of line.
    first, second = {"line": 1, "text": "¿Sí?\u2028No."}, {"line": 3, "text": "Hola."}
    following = {"link": '</v1/batches/bat_1/results?limit=100&cursor=1>; rel="next"'}
    api.will("GET /v1/batches/bat_1/results", (200, lines(first), following), (200, lines(second)))

    shown = intake("batches", "results", "bat_1")

    assert [json.loads(line) for line in shown.stdout.split("\n") if line] == [first, second]
    assert [request.query for request in api.asked("GET /v1/batches/bat_1/results")] == [
        "limit=100",
        "limit=100&cursor=1",
    ]


def test_results_go_into_a_file(api: ApiDouble, intake: Intake, tmp_path: Path) -> None:
    api.will("GET /v1/batches/bat_1/results", (200, lines({"line": 1}, {"line": 2})))

    shown = intake("batches", "results", "bat_1", "-o", "results.jsonl")

    assert shown.stdout == "2 results: results.jsonl\n"
    assert (tmp_path / "results.jsonl").read_text() == '{"line":1}\n{"line":2}\n'


def test_results_are_one_document_where_that_is_wanted(api: ApiDouble, intake: Intake) -> None:
    api.will("GET /v1/batches/bat_1/results", (200, lines({"line": 1}, {"line": 2})))

    assert json.loads(intake("batches", "results", "bat_1", "--json").stdout) == {"items": [{"line": 1}, {"line": 2}]}


def test_results_that_cannot_be_written_are_said(api: ApiDouble, intake: Intake) -> None:
    api.will("GET /v1/batches/bat_1/results", (200, lines({"line": 1})))

    assert intake("batches", "results", "bat_1", "-o", "nowhere/results.jsonl").exit_code == 2


def test_batches_are_listed_shown_and_cancelled(api: ApiDouble, intake: Intake) -> None:
    api.will("GET /v1/batches", (200, {"items": [RECEIVED], "next_cursor": None}))
    api.will("GET /v1/batches/bat_1", (200, PARTLY))
    api.will("GET /v1/batches/bat_1/errors", (200, lines(FAULT)))
    api.will("POST /v1/batches/bat_1/cancel", (202, PROCESSING | {"status": "cancelling"}))

    assert "bat_1\treceived\t\t\t\t\t2026-11-21T10:00:00.000Z" in intake("batches", "list").stdout.splitlines()
    assert "intake batches errors bat_1" in intake("batches", "show", "bat_1").stderr
    assert "2\tclaim-2\t\ttext\tSend a text." in intake("batches", "errors", "bat_1").stdout.splitlines()
    assert "  status: cancelling" in intake("batches", "cancel", "bat_1").stdout.splitlines()


def test_a_file_that_is_not_there_is_said_before_anything_is_sent(api: ApiDouble, intake: Intake) -> None:
    assert intake("batches", "add", "missing.jsonl").exit_code == 2
    assert api.requests == []
