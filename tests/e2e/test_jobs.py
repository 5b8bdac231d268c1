"""Each job from its caller's first word to the result, with the engines of this machine, as the demo does it."""

from __future__ import annotations

import io
from typing import Any

import pytest

from cli.demo_jobs import ENGLISH, SPANISH, WORDS_HEARD, share_heard, speak
from samples.booklet import Booklet, make_booklet
from tests.support.stack import RunningStack
from tests.support.tenants import Tenant, new_tenant, until

pytestmark = [pytest.mark.emulator, pytest.mark.engine, pytest.mark.xdist_group("embedded")]


@pytest.fixture(scope="module")
def tenant(embedded_stack: RunningStack) -> Tenant:
    return new_tenant(embedded_stack, "harborview")


@pytest.fixture(scope="module")
def booklet() -> Booklet:
    return make_booklet()


@pytest.fixture(scope="module")
def document(tenant: Tenant, booklet: Booklet) -> Any:
    return tenant.upload(booklet.filename, booklet.pdf)


@pytest.fixture(scope="module")
def understood(tenant: Tenant) -> Any:
    return tenant.understand(json={"text": SPANISH, "context": {"user_id": "member-7"}})


@pytest.fixture(scope="module")
def speech() -> tuple[bytes, str]:
    audio, media_type, _engine = speak(ENGLISH)
    return audio, media_type


def test_a_spanish_text_becomes_clean_and_assessed_english(tenant: Tenant, understood: Any) -> None:
    assert (understood["status"], understood["source_language"]) == ("completed", "es")
    english = understood["translation"]["text"].lower()
    assert all(word in english for word in ("accident", "claim", "14"))
    cleaned = understood["sanitized"]["text"]
    assert "555-010-4477" not in cleaned, "a telephone number is masked"
    assert understood["intent"]["label"] == "claim"
    assert 0 < understood["quality"]["score"] <= 1
    assert understood["cost_microusd"] == 0
    kept = tenant.api.get(f"/v1/inputs/{understood['id']}").json()
    assert kept["translation"]["text"] == understood["translation"]["text"]
    assert understood["id"] in [item["id"] for item in tenant.inputs()]


def test_spoken_english_sent_with_a_request_is_written_down(tenant: Tenant, speech: tuple[bytes, str]) -> None:
    audio, media_type = speech

    heard = tenant.understand(files={"audio": ("claim.wav", audio, media_type)}, data={"source_language": "en"})

    assert heard["status"] == "completed"
    assert share_heard(ENGLISH, heard["transcript"]) >= WORDS_HEARD
    assert heard["transcription"]["provider"] == "pocketsphinx"
    assert heard["sanitized"]["text"]
    assert heard["intent"]["label"] in ("claim", "emergency")


def test_spoken_english_dropped_into_the_bucket_is_written_down(
    embedded_stack: RunningStack, speech: tuple[bytes, str]
) -> None:
    caller = new_tenant(embedded_stack, "answering-machine")

    caller.drop("2026/11/claim.wav", speech[0], bucket="AudioBucket")

    def ended() -> str | None:
        return next((item["id"] for item in caller.inputs() if item["status"] in ("completed", "failed")), None)

    input_id = until(ended, "the end of the dropped recording")
    heard = caller.api.get(f"/v1/inputs/{input_id}").json()
    assert heard["status"] == "completed", heard
    assert share_heard(ENGLISH, heard["transcript"]) >= WORDS_HEARD
    assert [item["id"] for item in caller.inputs()] == [input_id]


def test_a_booklet_becomes_searchable(document: Any, booklet: Booklet) -> None:
    assert (document["status"], document["pages"]) == ("complete", booklet.pages)
    assert (document["parser"], document["cost_microusd"]) == ("pdfium", 0)
    assert document["chunks"] >= booklet.pages
    assert document["page_failures"] == []
    assert [record["stage"] for record in document["stages"]] == [
        "uploaded",
        "validated",
        "parsing",
        "parsed",
        "parse_validated",
        "chunked",
        "embedding",
        "embedded",
        "complete",
    ]


def test_every_question_to_the_booklet_finds_its_page(tenant: Tenant, document: Any, booklet: Booklet) -> None:
    astray = {}
    for question in booklet.questions:
        found = tenant.search(question.text, top_k=3, filters={"document_id": document["id"]})
        assert {result["document_id"] for result in found} == {document["id"]}
        if question.page not in [result["page"] for result in found]:
            astray[question.text] = [result["page"] for result in found]

    assert astray == {}


def test_a_found_passage_is_part_of_what_was_uploaded(tenant: Tenant, document: Any) -> None:
    [best] = tenant.search("What is the most I pay for insulin?", top_k=1)

    assert (best["filename"], best["page"]) == (document["filename"], 7)
    assert "$35" in best["text"]
    assert "<mark>" in best["snippet"]
    assert best["end"] - best["start"] == len(best["text"])


def test_a_text_layer_below_the_bar_is_left_for_the_next_parser(tenant: Tenant) -> None:
    document = tenant.upload("glued.pdf", page_with_a_glued_text_layer())

    assert document["status"] == "complete", document
    assert document["parser"] == "tesseract"
    assert [record["provider"] for record in document["stages"] if record["stage"] == "parsed"] == [
        "pdfium",
        "tesseract",
    ]
    [best] = tenant.search("umbrella coverage", top_k=1)
    assert best["document_id"] == document["id"]


def page_with_a_glued_text_layer() -> bytes:
    """Return a page that shows a sentence, with a text layer that has lost its spaces."""
    from PIL import Image, ImageDraw
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    picture = Image.new("L", (1600, 300), 255)
    ImageDraw.Draw(picture).text((40, 100), "The umbrella coverage pays 900 dollars", fill=0, font_size=64)
    output = io.BytesIO()
    page = Canvas(output, pagesize=(612, 792))
    page.drawImage(ImageReader(picture), 40, 500, 532, 100)
    layer = page.beginText(40, 530)
    layer.setTextRenderMode(3)  # invisible, as OCR programs write it
    layer.textLine("theumbrellacoveragepaysninehundreddollars")
    page.drawText(layer)
    page.save()
    return output.getvalue()


@pytest.fixture(scope="module")
def stranger(embedded_stack: RunningStack) -> Tenant:
    return new_tenant(embedded_stack, "stranger")


def test_another_tenant_lists_nothing(stranger: Tenant, document: Any, understood: Any) -> None:
    assert stranger.documents() == []
    assert stranger.inputs() == []


def test_another_tenant_gets_nothing(stranger: Tenant, document: Any, understood: Any) -> None:
    for address in (f"/v1/documents/{document['id']}", f"/v1/inputs/{understood['id']}"):
        response = stranger.api.get(address)
        assert response.status_code == 404
        assert response.json()["type"].endswith("not-found")


@pytest.mark.parametrize("mode", ["hybrid", "vector", "text"])
def test_another_tenant_finds_nothing(stranger: Tenant, document: Any, mode: str) -> None:
    assert stranger.search("What is the most I pay for insulin?", mode=mode) == []
    named = {"document_ids": [document["id"]]}
    assert stranger.search("What is the most I pay for insulin?", mode=mode, filters=named) == []


def test_another_tenant_is_not_told_that_somebody_else_has_the_same(
    stranger: Tenant, tenant: Tenant, understood: Any
) -> None:
    text = b"The dental part of the plan pays 1,800 dollars a year."
    first = tenant.upload("dental.txt", text, "text/plain")

    second = stranger.upload("dental.txt", text, "text/plain")

    assert (first["status"], second["status"]) == ("complete", "complete")
    assert "duplicate_of" not in second
    answered = stranger.understand(json={"text": SPANISH, "context": {"user_id": "member-7"}})
    assert answered["cache"] != "hit"
    assert answered["id"] != understood["id"]
