"""``intake demo`` shows three jobs, fails if one does, and leaves a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli import demo_jobs
from cli.demo_jobs import ENGLISH, QUESTIONS, share_heard
from cli.summary import around_first_mark
from samples.booklet import make_booklet
from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import ApiDouble
from tests.unit.cli.samples import COMPLETE, COMPLETED, PROVIDERS, UPLOADED

SPOKEN: dict[str, Any] = COMPLETED | {
    "text": ENGLISH,
    "transcript": ENGLISH.lower(),
    "transcription": {"provider": "pocketsphinx", "duration_seconds": 6.3},
    "source_language": "en",
}


@pytest.fixture(autouse=True)
def stack(api: ApiDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".intake").mkdir()
    (tmp_path / ".intake" / "local.json").write_text("{}")
    monkeypatch.setattr(demo_jobs, "speak", lambda text: (b"RIFF", "audio/wav", "flite"))
    pages = {question.text: question.page for question in make_booklet().questions}
    api.will("GET /v1/providers", (200, {"mode": "embedded", "items": PROVIDERS}))
    api.will("POST /v1/inputs", (200, COMPLETED), (200, SPOKEN))
    api.will("POST /v1/documents", (201, UPLOADED | {"upload": {"url": f"{api.url}/bucket", "fields": {}}}))
    api.will("POST /bucket", (204, b""))
    api.will("GET /v1/documents/doc_1", (200, UPLOADED), (200, COMPLETE))
    api.will("POST /v1/search", *[(200, found(pages[question])) for question in QUESTIONS])


def found(page: int) -> dict[str, Any]:
    hit = {"document_id": "doc_1", "page": page, "snippet": "Some <mark>words</mark>.", "score": 1.0}
    return {"results": [hit], "mode": "hybrid", "took_ms": 4.0}


def test_three_jobs_are_shown_and_reported(intake: Intake, tmp_path: Path) -> None:
    result = intake("demo")

    assert result.exit_code == 0, result.output
    for title in ("Spanish text", "spoken English", "12-page booklet"):
        assert title in result.stdout.splitlines()
    report = json.loads((tmp_path / ".intake" / "demo.json").read_text())
    assert report["ok"] is True
    assert [job["ok"] for job in report["jobs"]] == [True, True, True]
    assert report["cost_microusd"] == 2 * 1234
    assert [question["page"] for question in report["jobs"][2]["questions"]] == [5, 8, 11, 7]


def test_a_pipe_gets_plain_lines(intake: Intake) -> None:
    result = intake("demo")

    assert "\x1b" not in result.output
    assert "│" not in result.output


def test_json_is_the_report(intake: Intake, tmp_path: Path) -> None:
    result = intake("demo", "--json")

    assert json.loads(result.stdout) == json.loads((tmp_path / ".intake" / "demo.json").read_text())


def test_a_wrong_page_fails_the_demo(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/search", (200, found(1)))

    result = intake("demo")

    assert result.exit_code == 1
    assert "check failed: every question leads to its page: 0 of 4" in result.stdout
    assert "1 of 3 jobs failed: 12-page booklet." in result.stderr


def test_a_job_that_fails_does_not_stop_the_others(api: ApiDouble, intake: Intake, tmp_path: Path) -> None:
    failed = {"detail": "No provider can do this at the moment.", "failures": ["flash: A provider took too long"]}
    api.will("POST /v1/inputs", (503, failed))

    result = intake("demo")

    assert result.exit_code == 1
    report = json.loads((tmp_path / ".intake" / "demo.json").read_text())
    assert [job["ok"] for job in report["jobs"]] == [False, False, True]
    assert report["jobs"][0]["problem"] == "No provider can do this at the moment."
    assert report["jobs"][0]["tried"] == ["tried flash: A provider took too long"]
    assert "No provider can do this at the moment.; tried flash: A provider took too long" in result.stdout


def test_a_rejected_booklet_is_said(api: ApiDouble, intake: Intake) -> None:
    error = {"stage": "validate", "code": "damaged", "message": "The PDF is damaged."}
    api.will("GET /v1/documents/doc_1", (200, UPLOADED | {"status": "rejected", "error": error}))

    result = intake("demo")

    assert result.exit_code == 1
    assert "The booklet is rejected: The PDF is damaged." in result.stdout


@pytest.mark.parametrize(
    ("heard", "share"),
    [("I want to make a claim", 1.0), ("i want to break a claim", 5 / 6), ("claim a make to want I", 1 / 6), ("", 0.0)],
)
def test_words_count_in_their_order(heard: str, share: float) -> None:
    assert share_heard("I want to make a claim.", heard) == pytest.approx(share)


def test_a_passage_is_cut_around_what_was_found() -> None:
    snippet = "The first words of the page say little. <mark>Dental</mark> care &amp; more is paid for by the plan."

    assert around_first_mark(snippet, 60) == "page say little. Dental care & more is paid for by the plan."
    assert around_first_mark(snippet, 40) == "say little. Dental care & more is paid…"
    assert around_first_mark("short", 40) == "short"


def test_every_question_of_the_demo_is_one_that_the_booklet_answers() -> None:
    assert set(QUESTIONS) <= {question.text for question in make_booklet().questions}
