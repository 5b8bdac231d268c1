"""``intake process``, and what all commands share: where results go, what an error says, and exit codes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import KEY, ApiDouble, problem
from tests.unit.cli.samples import COMPLETED
from tests.unit.cli.terminal import ROOT, read_all


def test_a_text_is_sent_and_its_result_written(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/inputs", (200, COMPLETED))

    result = intake("process", "--text", "Hola", "--from", "es", "--user", "member-7")

    assert result.exit_code == 0
    sent = api.asked("POST /v1/inputs")[0]
    assert sent.json == {
        "text": "Hola",
        "source_language": "es",
        "target_language": "en",
        "context": {"user_id": "member-7"},
    }
    assert sent.headers["x-api-key"] == KEY
    lines = result.stdout.splitlines()
    assert lines[0] == "Input inp_1"
    assert "  English: Hello, I had an accident on 14 October and want a claim." in lines
    assert "  quality: 0.91 excellent (numbers 1.00)" in lines
    assert "  cost: $0.001234" in lines
    assert "  time: translate 240 ms · total 1.3 s, providers 200 ms of it" in lines
    assert any("apertium (last resort); after flash: ProviderTimeoutError" in line for line in lines)


def test_a_pipe_gets_no_colour_no_frame_and_no_progress(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/inputs", (200, COMPLETED))

    result = intake("process", "--text", "Hola")

    assert "\x1b" not in result.output
    assert "│" not in result.output
    assert result.stderr == ""


def test_json_is_the_whole_of_stdout(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/inputs", (200, COMPLETED))

    result = intake("process", "--text", "Hola", "--json")

    assert json.loads(result.stdout) == COMPLETED
    assert result.stderr == ""


def test_a_file_and_stdin_are_read_as_text(api: ApiDouble, intake: Intake, tmp_path: Path) -> None:
    api.will("POST /v1/inputs", (200, COMPLETED))
    file = tmp_path / "letter.txt"
    file.write_text("Señores:", encoding="utf-8-sig")

    assert intake("process", "--file", str(file)).exit_code == 0
    assert intake("process", "--file", "-", stdin="¿Qué tal?").exit_code == 0

    assert [request.json["text"] for request in api.asked("POST /v1/inputs")] == ["Señores:", "¿Qué tal?"]


def test_a_recording_is_sent_as_a_form(api: ApiDouble, intake: Intake, tmp_path: Path) -> None:
    api.will("POST /v1/inputs", (200, COMPLETED))
    file = tmp_path / "voice.mp3"
    file.write_bytes(b"ID3 sound")

    assert intake("process", "--voice", str(file)).exit_code == 0

    sent = api.asked("POST /v1/inputs")[0]
    assert sent.headers["content-type"].startswith("multipart/form-data")
    assert b'name="audio"; filename="voice.mp3"\r\nContent-Type: audio/mpeg\r\n\r\nID3 sound' in sent.body


def test_an_input_that_takes_longer_is_waited_for(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/inputs", (202, {"id": "inp_1", "status": "received"}))
    processing = COMPLETED | {"status": "processing"}
    api.will("GET /v1/inputs/inp_1", (200, processing), (200, processing), (200, COMPLETED))

    result = intake("process", "--text", "Hola", "--json")

    assert json.loads(result.stdout)["status"] == "completed"


def test_an_input_that_fails_later_fails_the_command(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/inputs", (202, {"id": "inp_1", "status": "received"}))
    error = {"type": "providers-unavailable", "detail": "No provider can do this.", "errors": []}
    api.will("GET /v1/inputs/inp_1", (200, COMPLETED | {"status": "failed", "error": error}))

    result = intake("process", "--text", "Hola")

    assert result.exit_code == 1
    assert "error: No provider can do this." in result.stderr


def test_each_provider_that_was_tried_is_said(api: ApiDouble, intake: Intake) -> None:
    failures = ["flash: A provider took too long", "openai: The budget is used up"]
    said = problem(503, "providers-unavailable", "No provider can.", failures=failures, input_id="inp_1")
    api.will("POST /v1/inputs", (503, said))

    result = intake("process", "--text", "Hola")

    assert "  what is known: intake inputs show inp_1" in result.stderr.splitlines()
    assert [line for line in result.stderr.splitlines() if "tried" in line] == [
        "  tried flash: A provider took too long",
        "  tried openai: The budget is used up",
    ]


def test_providers_tried_in_the_background_are_said_too(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/inputs", (202, {"id": "inp_1", "status": "received"}))
    error = {"detail": "No provider can.", "failures": [{"provider": "flash", "error": "ProviderTimeoutError"}]}
    api.will("GET /v1/inputs/inp_1", (200, COMPLETED | {"status": "failed", "error": error}))

    assert "  tried flash: ProviderTimeoutError" in intake("process", "--text", "Hola").stderr


@pytest.mark.parametrize(
    ("field", "option"), [("source_language", "--source-lang"), ("target_language", "--target-lang")]
)
def test_a_field_with_another_name_here_comes_with_its_option(
    api: ApiDouble, intake: Intake, field: str, option: str
) -> None:
    detail = f"{field}: Unknown."
    errors = [{"field": field, "message": "Unknown."}]
    api.will("POST /v1/inputs", (422, problem(422, "unsupported-input", detail, errors=errors)))

    result = intake("process", "--text", "Hola")

    assert f"  {field} is the option {option}." in result.stderr
    assert result.stderr.count("is the option") == 1


def test_an_answer_without_a_run_says_where_it_came_from(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/inputs", (200, COMPLETED | {"cache": "hit", "cost_microusd": 0, "timings_ms": {}}))

    result = intake("process", "--text", "Hola")

    assert "  time: answered from the cache" in result.stdout


def test_a_conversation_sends_what_was_said_before(api: ApiDouble, intake: Intake) -> None:
    api.will(
        "POST /v1/inputs",
        (200, COMPLETED),
        (422, problem(422, "unsupported-input", "text: The text has no letter.")),
        (200, COMPLETED),
    )

    result = intake("process", "--interactive", stdin="Hola\n???\nMi coche\n\n")

    assert result.exit_code == 0
    histories = [request.json["context"]["history"] for request in api.asked("POST /v1/inputs")]
    assert histories == [[], [{"role": "user", "text": "Hola"}], [{"role": "user", "text": "Hola"}]]
    assert result.stdout.count("Input inp_1") == 2
    assert "The text has no letter." in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("process",),
        ("process", "--text", "a", "--file", "b"),
        ("process", "--interactive", "--no-input"),
        ("process", "--interactive", "--json"),
        ("process", "--voice", "notes.txt"),
        ("process", "--file", "missing.txt"),
        ("process", "--voice", "missing.wav"),
        ("process", "--voice", "mic", "--no-input"),
        ("process", "--text", "a", "--preferences", "speed"),
        ("process", "--text", "a", "--preferences", "cost=2"),
        ("process", "--text", "a", "--preferences", "cost=much"),
        ("process", "--text", "a", "--status", "--json"),
        ("process", "--colour", "red"),
        ("documents", "add"),
        ("documents", "add", "missing.pdf"),
        ("documents", "list", "--limit", "0"),
        ("nonsense",),
    ],
)
def test_a_wrong_command_line_is_2_and_asks_nothing_of_the_api(
    api: ApiDouble, intake: Intake, arguments: tuple[str, ...]
) -> None:
    result = intake(*arguments)

    assert result.exit_code == 2
    assert result.stderr
    assert "Traceback" not in result.output
    assert api.requests == []


def test_a_file_that_is_no_text_is_said_before_it_is_sent(api: ApiDouble, intake: Intake, tmp_path: Path) -> None:
    file = tmp_path / "picture.txt"
    file.write_bytes(b"\x89PNG\xff\xfe")

    result = intake("process", "--file", str(file))

    assert result.exit_code == 4
    assert "not text in UTF-8" in result.stderr
    assert api.requests == []


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, 4),
        (404, 4),
        (409, 4),
        (413, 4),
        (415, 4),
        (422, 4),
        (401, 5),
        (403, 5),
        (402, 1),
        (429, 1),
        (500, 1),
        (503, 1),
    ],
)
def test_each_answer_has_its_exit_code(api: ApiDouble, intake: Intake, status: int, code: int) -> None:
    api.will("POST /v1/inputs", (status, problem(status, "some", "It is so.")))

    result = intake("process", "--text", "Hola")

    assert result.exit_code == code
    assert result.stdout == ""
    assert "error: It is so." in result.stderr
    assert "request id: req-1" in result.stderr


def test_each_field_at_fault_is_named(api: ApiDouble, intake: Intake) -> None:
    errors = [{"field": "text", "message": "Too long."}, {"field": "source_language", "message": "Unknown."}]
    api.will("POST /v1/inputs", (422, problem(422, "unsupported-input", "The input is not valid.", errors=errors)))

    result = intake("process", "--text", "Hola")

    assert "  text: Too long." in result.stderr
    assert "  source_language: Unknown." in result.stderr


def test_an_error_is_json_where_json_is_wanted(api: ApiDouble, intake: Intake) -> None:
    said = problem(422, "unsupported-input", "text: Too long.", errors=[{"field": "text", "message": "Too long."}])
    api.will("POST /v1/inputs", (422, said))

    result = intake("process", "--text", "Hola", "--json")

    assert json.loads(result.stdout) == {"error": {"message": "text: Too long.", "exit_code": 4, "problem": said}}


@pytest.mark.parametrize("content", [b"", b"<html>proxy</html>", b"[]", b"\xff"])
def test_something_else_than_the_api_is_said(api: ApiDouble, intake: Intake, content: bytes) -> None:
    api.will("POST /v1/inputs", (200, content))

    result = intake("process", "--text", "Hola")

    assert result.exit_code == 3
    assert "Traceback" not in result.output


@pytest.mark.parametrize("content", [b"", b"<html>Bad gateway</html>", b"[]", {"message": "Forbidden"}])
def test_an_error_that_is_no_problem_is_said_all_the_same(api: ApiDouble, intake: Intake, content: object) -> None:
    api.will("POST /v1/inputs", (403, content))

    result = intake("process", "--text", "Hola")

    assert result.exit_code == 5
    assert "The API key is not accepted. It came from INTAKE_API_KEY." in result.stderr


def test_what_api_gateway_finds_too_large_is_said_with_a_remedy(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/inputs", (413, {"message": "Request Entity Too Large"}))

    result = intake("process", "--text", "Hola")

    assert result.exit_code == 4
    assert "about 4.4 MB" in result.stderr


def test_an_api_that_is_not_there_is_3(intake: Intake) -> None:
    result = intake("process", "--text", "Hola", "--url", "http://127.0.0.1:1")

    assert result.exit_code == 3
    assert "not reachable at http://127.0.0.1:1" in result.stderr
    assert "python -m local status" in result.stderr


def test_a_fault_of_the_command_is_a_sentence(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr("cli.process.run", break_down)

    result = intake("process", "--text", "Hola")

    assert result.exit_code == 1
    assert "RuntimeError: nobody thought of this" in result.stderr
    assert "Traceback" not in result.output


def test_an_interrupt_is_130(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.process.run", interrupt)

    assert intake("process", "--text", "Hola").exit_code == 130


@pytest.mark.parametrize(("no_color", "coloured"), [(None, True), ("1", False)])
def test_colour_is_for_terminals_that_want_it(api: ApiDouble, no_color: str | None, coloured: bool) -> None:
    api.will("POST /v1/inputs", (200, COMPLETED))
    environment = {"TERM": "xterm-256color", "INTAKE_API_URL": api.url, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    if no_color is not None:
        environment["NO_COLOR"] = no_color
    master, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", "from cli.main import app; app()", "process", "--text", "Hola"],
        env=environment,
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.DEVNULL,
    ):
        os.close(terminal)
        shown = read_all(master)

    assert "│" in shown
    assert ("\x1b[36m" in shown) is coloured
    assert all(len(line) <= 80 for line in shown.replace("\r", "").splitlines() if "\x1b" not in line)
