"""Bad inputs on a running stack: each is told what is wrong and what to do, nothing crashes, nothing is lost."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from samples.booklet import make_booklet
from tests.support.stack import REPOSITORY, RunningStack
from tests.support.tenants import Tenant, new_tenant, until

pytestmark = [pytest.mark.emulator, pytest.mark.engine, pytest.mark.xdist_group("embedded")]

MEGABYTE = 1024 * 1024
RATE = 16_000


@pytest.fixture(scope="module")
def tenant(embedded_stack: RunningStack) -> Tenant:
    return new_tenant(embedded_stack, "careless")


def assert_problem(response: httpx.Response, status: int, slug: str, field: str | None = None) -> Any:
    """Check that an answer is a problem, of this type, that names the field and says in words what to do."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == f"urn:problem-type:intake:{slug}"
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["x-request-id"]
    assert is_a_sentence(problem["detail"])
    if field is not None:
        [error] = problem["errors"]
        assert error["field"] == field
        assert is_a_sentence(error["message"])
    return problem


def is_a_sentence(words: str) -> bool:
    return len(words.split()) >= 2 and words.endswith((".", "!", "?"))


# Texts


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n\t "}, "text"),
        ({"text": "a" * 5_001}, "text"),
        ({"text": 5}, "text"),
        ({"text": ["Hello"]}, "text"),
        ({"text": True}, "text"),
        ({"text": None}, "text"),
        ({}, "text"),
        ({"text": "a\x00b\x01 binary"}, "text"),
        ({"text": "1234 !?"}, "text"),
        ({"text": "Hello there", "source_language": "klingon"}, "source_language"),
        ({"text": "Hello there", "source_language": "tlh"}, "source_language"),
        ({"text": "Hello there", "source_language": 5}, "source_language"),
        ({"text": "Hello there", "target_language": "fr"}, "target_language"),
        ({"text": "Hello there", "langauge": "en"}, "langauge"),
        ({"text": "Hello there", "context": {"history": "none"}}, "context.history"),
        ({"text": "Hello there", "preferences": {"cost": 7}}, "preferences.cost"),
        ([1, 2], "body"),
    ],
    ids=lambda value: str(value)[:40] if not isinstance(value, str) else value,
)
def test_a_text_that_cannot_be_taken_names_its_field(tenant: Tenant, body: Any, field: str) -> None:
    assert_problem(tenant.api.post("/v1/inputs", json=body), 422, "unsupported-input", field)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"text": ',
        b'{"text": "Hello"} and more',
        bytes(range(256)) * 4,
        b'{"text":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"text": "\\ud800 half a letter"}',
    ],
    ids=["empty", "cut off", "more than JSON", "binary", "nested", "surrogate"],
)
def test_a_body_that_cannot_be_read_says_so(tenant: Tenant, content: bytes) -> None:
    response = tenant.api.post("/v1/inputs", content=content, headers={"content-type": "application/json"})

    assert_problem(response, 400, "malformed-request")


def test_a_text_that_is_not_utf_8_is_refused_and_not_guessed(tenant: Tenant) -> None:
    body = '{"text": "Quiero una cita con el médico mañana."}'.encode("latin-1")

    response = tenant.api.post("/v1/inputs", content=body, headers={"content-type": "application/json"})

    assert "UTF-8" in assert_problem(response, 400, "malformed-request")["detail"]


def test_a_body_of_a_megabyte_is_too_large(tenant: Tenant) -> None:
    assert_problem(tenant.api.post("/v1/inputs", json={"text": "a" * MEGABYTE}), 413, "payload-too-large", "body")


def test_another_kind_of_body_is_not_taken(tenant: Tenant) -> None:
    headers = {"content-type": "application/octet-stream"}

    assert_problem(
        tenant.api.post("/v1/inputs", content=bytes(range(256)), headers=headers), 415, "unsupported-media-type"
    )


def test_a_language_that_nothing_here_translates_is_refused_by_its_field(tenant: Tenant) -> None:
    response = tenant.api.post("/v1/inputs", json={"text": "お世話になっております。", "source_language": "ja"})

    problem = assert_problem(response, 422, "unsupported-input", "source_language")
    assert_failed_input_is_kept(tenant, problem)


def test_a_text_in_another_language_than_declared_is_marked(tenant: Tenant) -> None:
    text = "Quiero presentar una reclamación por los daños del agua en mi cocina."

    result = tenant.understand(json={"text": text, "source_language": "en"})

    assert result["detection"]["candidates"][0]["language"] == "es"
    assert result["quality"]["requires_human_review"]


# Recordings


def wav(samples: bytes) -> bytes:
    """Return 16-bit samples as a WAV file."""
    form = struct.pack("<IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    size = struct.pack("<I", 36 + len(samples))
    return b"RIFF" + size + b"WAVEfmt " + form + b"data" + struct.pack("<I", len(samples)) + samples


def seconds_of_silence(seconds: float) -> bytes:
    return wav(bytes(2 * round(seconds * RATE)))


def send(tenant: Tenant, audio: bytes, name: str = "a.wav", media_type: str = "audio/wav", **fields: str) -> Any:
    form = {"source_language": "en"} | fields
    return tenant.api.post("/v1/inputs", files={"audio": (name, audio, media_type)}, data=form)


def assert_failed_input_is_kept(tenant: Tenant, problem: Any) -> None:
    kept = tenant.api.get(f"/v1/inputs/{problem['input_id']}").json()
    assert kept["status"] == "failed"
    assert problem["input_id"] in [item["id"] for item in tenant.inputs()]


@pytest.mark.parametrize(
    ("audio", "name", "media_type"),
    [
        (b"", "a.wav", "audio/wav"),
        (b"Hello", "hello.txt", "text/plain"),
        (b"#!AMR\n" + bytes(500), "a.amr", "audio/amr"),
    ],
    ids=["empty", "text", "amr"],
)
def test_a_file_that_is_no_recording_is_refused_before_it_is_begun(
    tenant: Tenant, audio: bytes, name: str, media_type: str
) -> None:
    assert_problem(send(tenant, audio, name, media_type), 422, "unsupported-input", "audio")


@pytest.mark.parametrize(
    ("audio", "told"),
    [
        (wav(b""), "could not be decoded"),
        (seconds_of_silence(0.05), "0.05 s long"),
        (seconds_of_silence(3), "silent"),
        (seconds_of_silence(61), "POST /v1/inputs/uploads"),
        (b"RIFF" + bytes(range(256)) * 40, "no recording that is understood"),
        (seconds_of_silence(1)[:30], "could not be decoded"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "no recording that is understood"),
    ],
    ids=["header only", "too short", "silent", "too long", "corrupt", "cut off", "a picture"],
)
def test_a_recording_without_speech_is_told_why_and_kept(tenant: Tenant, audio: bytes, told: str) -> None:
    problem = assert_problem(send(tenant, audio), 422, "unsupported-input", "audio")

    assert told in problem["detail"]
    assert_failed_input_is_kept(tenant, problem)


def test_a_recording_over_the_limit_of_a_request_is_too_large(tenant: Tenant) -> None:
    # API Gateway itself refuses what Lambda cannot be given: no application to word a problem.
    assert send(tenant, bytes(7 * MEGABYTE)).status_code == 413


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"context": "{"}, "context"), ({"source_language": "xx"}, "source_language"), ({"speed": "2"}, "speed")],
)
def test_a_form_names_the_field_at_fault(tenant: Tenant, fields: dict[str, str], field: str) -> None:
    assert_problem(send(tenant, seconds_of_silence(1), **fields), 422, "unsupported-input", field)


def test_a_form_without_a_recording_says_where_to_put_it(tenant: Tenant) -> None:
    response = tenant.api.post("/v1/inputs", files={"file": ("a.wav", seconds_of_silence(1))})

    assert_problem(response, 422, "unsupported-input", "audio")


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "multipart/form-data"])
def test_a_broken_form_cannot_be_read(tenant: Tenant, content_type: str) -> None:
    response = tenant.api.post("/v1/inputs", content=b"no form", headers={"content-type": content_type})

    assert_problem(response, 400, "malformed-request")


def test_bad_files_in_the_audio_bucket_become_failed_inputs(embedded_stack: RunningStack) -> None:
    caller = new_tenant(embedded_stack, "careless-caller")
    files = {
        "noise.wav": b"RIFF" + bytes(range(256)) * 40,
        "picture.png": b"\x89PNG\r\n\x1a\n",
        "letter.txt": b"caf\xe9",
        "empty.wav": b"",
    }
    for name, body in files.items():
        caller.drop(name, body, bucket="AudioBucket")

    def all_ended() -> list[Any] | None:
        ended = [item for item in caller.inputs() if item["status"] in ("completed", "failed")]
        return ended if len(ended) == len(files) else None

    for item in until(all_ended, "the end of the dropped files"):
        kept = caller.api.get(f"/v1/inputs/{item['id']}").json()
        assert kept["status"] == "failed"
        assert is_a_sentence(kept["error"]["detail"])
        assert [error["field"] for error in kept["error"]["errors"]] in (["audio"], ["text"])


# Documents


def pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects, the first of which is its root."""
    body, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def pdf_bomb() -> bytes:
    """Return 40 KB that are a page of 40 MB."""
    stream = zlib.compress(b"BT /F1 12 Tf (A) Tj ET " * (40 * MEGABYTE // 23), 9)
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def encrypted_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    output = io.BytesIO()
    page = Canvas(output, encrypt=StandardEncryption("secret"))
    page.drawString(100, 700, "Nobody may read this.")
    page.save()
    return output.getvalue()


def png(words: str = "") -> bytes:
    from PIL import Image, ImageDraw

    picture = Image.new("L", (1_200, 200), 255)
    ImageDraw.Draw(picture).text((40, 60), words, fill=0, font_size=56)
    output = io.BytesIO()
    picture.save(output, "PNG")
    return output.getvalue()


EMPTY_TREE = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>")
BLANK_PAGE = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>",
)
BAD_FILES = [
    ("truncated.pdf", make_booklet(2).pdf[:3_000], ("damaged",)),
    ("encrypted.pdf", encrypted_pdf(), ("encrypted",)),
    ("bomb.pdf", pdf_bomb(), ("bomb", "too_large")),
    # PDFium does not say whether a page tree is empty or broken.
    ("no-pages.pdf", pdf(*EMPTY_TREE), ("empty", "damaged")),
    ("blank.pdf", pdf(*BLANK_PAGE), ("no_text",)),
    ("noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 30, ("damaged",)),
    ("program.pdf", b"\x7fELF\x02\x01\x01" + bytes(64), ("unsupported_type",)),
    ("page.html", b"<!doctype html><title>Hi</title>", ("unsupported_type",)),
    ("archive.zip", b"PK\x03\x04" + bytes(64), ("unsupported_type",)),
    ("blank.txt", b" \n ", ("empty",)),
]


def assert_rejected(tenant: Tenant, document: Any, codes: Sequence[str]) -> None:
    assert document["status"] == "rejected", document
    assert document["error"]["code"] in codes
    assert is_a_sentence(document["error"]["message"])
    listed = {item["id"]: item for item in tenant.documents()}
    assert listed[document["id"]]["error"] == document["error"], "it is listed with its reason"


@pytest.mark.parametrize(("filename", "body", "codes"), BAD_FILES, ids=[name for name, _, _ in BAD_FILES])
def test_a_document_that_cannot_be_read_is_rejected_with_its_reason(
    tenant: Tenant, filename: str, body: bytes, codes: Sequence[str]
) -> None:
    assert_rejected(tenant, tenant.upload(filename, body), codes)


def test_a_png_that_is_named_pdf_is_read_as_what_it_is_and_says_so(tenant: Tenant) -> None:
    document = tenant.upload("scan.pdf", png("The deductible is 500 dollars."))

    assert (document["status"], document["content_type"]) == ("complete", "image/png")
    assert any("PNG" in notice for notice in document["notices"])


def test_a_png_without_words_is_rejected(tenant: Tenant) -> None:
    assert_rejected(tenant, tenant.upload("white.pdf", png()), ("no_text",))


def test_a_file_that_is_not_the_announced_one_is_rejected(tenant: Tenant) -> None:
    document = tenant.upload("other.txt", b"This is another file.", "text/plain", sha256="ab" * 32)

    assert_rejected(tenant, document, ("checksum_mismatch",))


def test_the_size_that_counts_is_that_of_the_file(tenant: Tenant) -> None:
    body = b"The waiting time for implants is twelve months."

    document = tenant.upload("implants.txt", body, "text/plain", size=9)

    assert (document["status"], document["size"]) == ("complete", len(body))


@pytest.mark.parametrize(
    ("body", "told"), [(b"", "EntityTooSmall"), (b"%PDF-1.7\n" + bytes(25 * MEGABYTE), "EntityTooLarge")]
)
def test_s3_itself_refuses_a_file_without_or_with_too_many_bytes(tenant: Tenant, body: bytes, told: str) -> None:
    registered = tenant.register("announced.pdf", body, size=100)

    refused = tenant.post_file(registered, body)

    assert refused.status_code == 400
    assert told in refused.text
    assert tenant.document(registered["id"])["status"] == "uploaded", "the form may be used again"


@pytest.mark.parametrize(
    ("declared", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": -1}, "size"),
        ({"size": 25 * MEGABYTE + 1}, "size"),
        ({"size": "100"}, "size"),
        ({"size": True}, "size"),
        ({"filename": ""}, "filename"),
        ({"filename": "../../etc/passwd"}, "filename"),
        ({"filename": "C:\\plan.pdf"}, "filename"),
        ({"filename": ".."}, "filename"),
        ({"filename": "a\x00.pdf"}, "filename"),
        ({"filename": "a" * 256}, "filename"),
        ({"filename": 5}, "filename"),
        ({"content_type": "nonsense"}, "content_type"),
        ({"sha256": "ab"}, "sha256"),
        ({"pages": 3}, "pages"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else value,
)
def test_a_registration_names_the_field_at_fault(tenant: Tenant, declared: dict[str, Any], field: str) -> None:
    announced = {"filename": "plan.pdf", "content_type": "application/pdf", "size": 100} | declared

    assert_problem(tenant.api.post("/v1/documents", json=announced), 422, "unsupported-input", field)


def test_bad_files_in_the_documents_bucket_are_rejected_and_listed(embedded_stack: RunningStack) -> None:
    dropper = new_tenant(embedded_stack, "careless-dropper")
    files = {
        "empty.pdf": (b"", "empty"),
        "too large.pdf": (b"%PDF-1.7\n" + bytes(25 * MEGABYTE), "too_large"),
        "half.pdf": (make_booklet(1).pdf[:900], "damaged"),
        "../up.pdf": (b"nothing \x00", "unsupported_type"),
    }
    for name, (body, _code) in files.items():
        dropper.drop(name, body)

    for name, (_body, code) in files.items():
        assert_rejected(dropper, dropper.dropped(name.rpartition("/")[2]), (code,))


def test_a_file_in_nobodys_folder_becomes_nobodys_document(embedded_stack: RunningStack, tenant: Tenant) -> None:
    before = len(tenant.documents())
    s3, bucket = embedded_stack.client("s3"), embedded_stack.outputs["DocumentsBucket"]
    for key in ("uploads/plan.pdf", "uploads/NOBODY!/plan.pdf", f"uploads/{tenant.name}/doc_unknown/plan.pdf"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"%PDF-1.7")

    marker = tenant.upload("marker.txt", b"A good file that comes after the strays.", "text/plain")

    assert marker["status"] == "complete"
    assert len(tenant.documents()) == before + 1


# Questions and lists


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": ""}, "query"),
        ({"query": "  "}, "query"),
        ({"query": "a" * 1_001}, "query"),
        ({"query": 7}, "query"),
        ({}, "query"),
        ({"query": "deductible", "top_k": 0}, "top_k"),
        ({"query": "deductible", "top_k": 1_001}, "top_k"),
        ({"query": "deductible", "top_k": "5"}, "top_k"),
        ({"query": "deductible", "mode": "magic"}, "mode"),
        ({"query": "deductible", "filters": {"tenant": "other"}}, "filters.tenant"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_question_that_cannot_be_asked_names_its_field(tenant: Tenant, body: Any, field: str) -> None:
    assert_problem(tenant.api.post("/v1/search", json=body), 422, "unsupported-input", field)


@pytest.mark.parametrize("query", ["\x00\x01", "???", "🦷" * 100, "'; DROP TABLE documents; --"])
def test_a_question_without_words_finds_nothing_and_breaks_nothing(tenant: Tenant, query: str) -> None:
    assert tenant.search(query, mode="text") == []


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/v1/inputs?limit=1000", "limit"),
        ("/v1/inputs?limit=many", "limit"),
        ("/v1/inputs?cursor=nonsense", "cursor"),
        ("/v1/inputs?colour=red", "colour"),
        ("/v1/documents?cursor=nonsense", "cursor"),
        ("/v1/documents?status=lost", "status"),
    ],
)
def test_a_list_names_the_parameter_at_fault(tenant: Tenant, address: str, field: str) -> None:
    assert_problem(tenant.api.get(address), 422, "unsupported-input", field)


@pytest.mark.parametrize(
    "address", ["/v1/inputs/inp_unknown", "/v1/documents/doc_unknown", "/v1/documents/" + "a" * 3_000, "/v1/nothing"]
)
def test_what_is_not_there_is_not_found(tenant: Tenant, address: str) -> None:
    assert_problem(tenant.api.get(address), 404, "not-found")


def test_a_route_says_which_methods_it_takes(tenant: Tenant) -> None:
    response = tenant.api.delete("/v1/inputs")

    assert_problem(response, 405, "method-not-allowed")
    assert {"GET", "POST"} <= set(response.headers["allow"].replace(",", " ").split())


# Keys


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": "nonsense"},
        {"x-api-key": "ik_careless_" + "A" * 43},
        {"x-api-key": "ik_" + "a" * 100_000},
        {"authorization": "Bearer nonsense"},
    ],
    ids=["none", "nonsense", "unknown", "endless", "bearer"],
)
@pytest.mark.parametrize("address", ["/v1/inputs", "/v1/documents", "/v1/providers"])
def test_without_a_key_that_is_known_nothing_is_answered(
    embedded_stack: RunningStack, headers: dict[str, str], address: str
) -> None:
    response = httpx.get(embedded_stack.endpoints["api_url"] + address, headers=headers, timeout=60)

    # 431 where a proxy or the server refuses the header itself.
    assert response.status_code in (401, 403, 431)
    assert "items" not in response.text


def test_another_tenants_things_are_not_found(tenant: Tenant, embedded_stack: RunningStack) -> None:
    stranger = new_tenant(embedded_stack, "curious")
    document = tenant.register("mine.pdf", b"%PDF-1.7")

    assert_problem(stranger.api.get(f"/v1/documents/{document['id']}"), 404, "not-found")


# Afterwards. Tests run in the order of this file: the stack has met all of the above by now.


def test_afterwards_the_stack_answers_and_works_as_before(embedded_stack: RunningStack, tenant: Tenant) -> None:
    health = httpx.get(embedded_stack.endpoints["api_url"] + "/health", timeout=60)
    assert (health.status_code, health.json()["status"]) == (200, "ok")

    understood = tenant.understand(json={"text": "Quiero cancelar mi cita de mañana.", "source_language": "es"})
    assert understood["translation"]["text"]

    booklet = make_booklet(3)
    document = tenant.upload(booklet.filename, booklet.pdf)
    assert document["status"] == "complete"
    question = booklet.questions[0]
    found = tenant.search(question.text, top_k=3, filters={"document_id": document["id"]})
    assert question.page in [passage["page"] for passage in found]


def test_afterwards_no_problem_is_known(embedded_stack: RunningStack) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "local", "status", f"--state-dir={embedded_stack.state_directory}"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert told.returncode == 0, told.stdout
    assert told.stdout.startswith("running on ")
    assert "problems since the start" not in told.stdout, told.stdout


def test_afterwards_every_document_has_come_to_an_end_or_waits_for_its_file(tenant: Tenant) -> None:
    states = {item["status"] for item in tenant.documents()}

    assert states <= {"uploaded", "complete", "rejected"}, json.dumps(tenant.documents())
