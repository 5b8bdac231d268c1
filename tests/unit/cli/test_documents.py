"""``intake documents``."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import ApiDouble
from tests.unit.cli.samples import COMPLETE, REJECTED, UPLOADED

CONTENT = b"%PDF-1.7 a booklet"
HIT: dict[str, Any] = {
    "document_id": "doc_1",
    "filename": "benefits.pdf",
    "page": 7,
    "score": 0.82,
    "snippet": "<mark>Dental</mark> care &amp; braces",
}


@pytest.fixture
def file(tmp_path: Path, api: ApiDouble) -> Path:
    path = tmp_path / "benefits.pdf"
    path.write_bytes(CONTENT)
    form = {"url": f"{api.url}/bucket", "fields": {"key": "uploads/acme/doc_1/benefits.pdf", "policy": "signed"}}
    api.will("POST /v1/documents", (201, UPLOADED | {"upload": form}))
    api.will("POST /bucket", (204, b""))
    return path


def test_a_file_is_registered_uploaded_and_followed(api: ApiDouble, intake: Intake, file: Path) -> None:
    api.will("GET /v1/documents/doc_1", (200, UPLOADED), (200, UPLOADED | {"status": "parsing"}), (200, COMPLETE))

    result = intake("documents", "add", str(file))

    assert result.exit_code == 0
    assert api.asked("POST /v1/documents")[0].json == {
        "filename": "benefits.pdf",
        "content_type": "application/pdf",
        "size": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
    }
    form = api.asked("POST /bucket")[0].body
    assert form.index(b'name="key"') < form.index(b'name="file"; filename="benefits.pdf"')
    assert CONTENT in form
    assert "x-api-key" not in api.asked("POST /bucket")[0].headers
    assert "  status: complete" in result.stdout
    assert "  pages: 12" in result.stdout
    assert "  stages: parsed 307 ms ×2" in result.stdout


def test_nobody_waits_who_does_not_want_to(api: ApiDouble, intake: Intake, file: Path) -> None:
    result = intake("documents", "add", str(file), "--no-wait", "--json")

    assert json.loads(result.stdout)["items"][0]["status"] == "uploaded"
    assert api.asked("GET /v1/documents/doc_1") == []


@pytest.mark.parametrize(
    ("ended", "code"),
    [(REJECTED, 4), (UPLOADED | {"status": "failed_parse"}, 1), (UPLOADED | {"status": "duplicate"}, 0)],
)
def test_what_became_of_a_file_decides_the_exit_code(
    api: ApiDouble, intake: Intake, file: Path, ended: dict[str, Any], code: int
) -> None:
    api.will("GET /v1/documents/doc_1", (200, ended))

    result = intake("documents", "add", str(file))

    assert result.exit_code == code
    assert f"  status: {ended['status']}" in result.stdout


def test_why_a_file_was_rejected_is_said(api: ApiDouble, intake: Intake, file: Path) -> None:
    api.will("GET /v1/documents/doc_1", (200, REJECTED))

    result = intake("documents", "add", str(file))

    assert "  problem: The PDF asks for a password. (validate: encrypted)" in result.stdout
    assert "Not searchable: benefits.pdf (rejected)." in result.stderr


def test_a_rejected_file_is_one_document(api: ApiDouble, intake: Intake, file: Path) -> None:
    api.will("GET /v1/documents/doc_1", (200, REJECTED))

    result = intake("documents", "add", str(file), "--json")

    assert result.exit_code == 4
    assert json.loads(result.stdout) == {"items": [REJECTED]}


def test_a_file_that_the_storage_refuses_is_said(api: ApiDouble, intake: Intake, file: Path) -> None:
    api.will("POST /bucket", (400, b"<Error><Code>EntityTooLarge</Code></Error>"))

    result = intake("documents", "add", str(file))

    assert result.exit_code == 4
    assert "EntityTooLarge" in result.stderr


def test_a_list_is_lines_between_tabs(api: ApiDouble, intake: Intake) -> None:
    api.will("GET /v1/documents", (200, {"items": [COMPLETE, REJECTED], "next_cursor": "next"}))

    result = intake("documents", "list", "--status", "complete", "--limit", "2")

    assert api.requests[0].query == "status=complete&limit=2"
    assert [line.split("\t")[:3] for line in result.stdout.splitlines()] == [
        ["id", "status", "file"],
        ["doc_1", "complete", "benefits.pdf"],
        ["doc_1", "rejected", "benefits.pdf"],
    ]
    assert "--cursor next" in result.stderr


def test_a_document_is_shown(api: ApiDouble, intake: Intake) -> None:
    api.will("GET /v1/documents/doc_1", (200, COMPLETE))

    assert "  providers: parsed by pdfium (good quality for its price)" in intake("documents", "show", "doc_1").stdout
    assert json.loads(intake("documents", "show", "doc_1", "--json").stdout) == COMPLETE


def test_pages_that_could_not_be_read_are_named(api: ApiDouble, intake: Intake) -> None:
    failures = [{"page": 3, "error": "The page is damaged."}, {"page": 7, "error": "The page is too large."}]
    api.will("GET /v1/documents/doc_1", (200, COMPLETE | {"page_failures": failures}))

    shown = intake("documents", "show", "doc_1").stdout

    assert "  not read: page 3: The page is damaged.; page 7: The page is too large." in shown


def test_an_id_cannot_leave_its_route(api: ApiDouble, intake: Intake) -> None:
    assert intake("documents", "show", "../inputs").exit_code == 4
    assert api.requests[0].path == "/v1/documents/..%2Finputs"


def test_passages_are_shown_without_their_marks(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/search", (200, {"results": [HIT], "mode": "text", "took_ms": 4.0}))

    result = intake("documents", "search", "dental", "--top-k", "3", "--mode", "text")

    assert api.requests[0].json == {"query": "dental", "top_k": 3, "mode": "text"}
    assert result.stdout.splitlines()[:2] == ["1. benefits.pdf, page 7", "  passage: Dental care & braces"]


@pytest.mark.parametrize(
    ("documents", "said"),
    [([COMPLETE], "Is the document complete?"), ([], "there are no documents yet")],
)
def test_finding_nothing_is_no_failure(
    api: ApiDouble, intake: Intake, documents: list[dict[str, Any]], said: str
) -> None:
    api.will("POST /v1/search", (200, {"results": [], "mode": "hybrid", "took_ms": 4.0}))
    api.will("GET /v1/documents", (200, {"items": documents, "next_cursor": None}))

    result = intake("documents", "search", "dental")

    assert result.exit_code == 0
    assert result.stdout == ""
    assert "Nothing was found" in result.stderr
    assert said in result.stderr
