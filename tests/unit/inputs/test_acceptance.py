"""What is accepted as an input."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from intake.errors import UnsupportedInputError
from intake.inputs.acceptance import InputRequest, accept_audio, accept_text, audio_media_type
from intake.inputs.languages import LANGUAGES, parse_tag
from intake.inputs.model import AudioSource, Input, Status, Turn

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def accept(tenant: str = "acme", **fields: Any) -> Input:
    request = InputRequest.model_validate({"text": "Hola, necesito ayuda."} | fields)
    return accept_text(request, tenant=tenant, input_id="inp_1", now=NOW)


def test_a_request_becomes_an_input() -> None:
    record = accept(
        text="  Hola, necesito ayuda.\n",
        source_language="ES-mx",
        context={"user_id": "u-1", "history": ["Hola", {"role": "agent", "text": "¿Sí?"}], "domain": "auto"},
        preferences={"quality": 1},
    )

    assert record.received_text == "Hola, necesito ayuda."
    assert record.declared_language == "es-MX"
    assert record.status is Status.RECEIVED
    assert record.context.history == (Turn(role="user", text="Hola"), Turn(role="agent", text="¿Sí?"))
    assert record.preferences.quality == 1.0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n\t "}, "text"),
        ({"text": "a" * 5_001}, "text"),
        ({"text": "abc\x00def"}, "text"),
        ({"text": "\x89PNG\x1a"}, "text"),
        ({"text": "12345 !!"}, "text"),
        ({"source_language": "klingon"}, "source_language"),
        ({"source_language": "tlh"}, "source_language"),
        ({"source_language": ""}, "source_language"),
        ({"target_language": "fr"}, "target_language"),
        ({"context": {"history": ["a" * 4_000] * 3}}, "context.history"),
        ({"context": {"history": ["\x00"]}}, "context.history"),
    ],
)
def test_the_field_at_fault_is_named(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(UnsupportedInputError) as refused:
        accept(**fields)

    assert [problem.field for problem in refused.value.errors] == [field]
    assert refused.value.errors[0].message


def test_all_fields_at_fault_are_named_at_once() -> None:
    with pytest.raises(UnsupportedInputError) as refused:
        accept(text="", source_language="xx", target_language="fr")

    assert [problem.field for problem in refused.value.errors] == ["text", "source_language", "target_language"]


def test_the_longest_text_is_accepted() -> None:
    assert len(accept(text="a" * 5_000).received_text or "") == 5_000


@pytest.mark.parametrize(
    "fields",
    [
        {"text": 5},
        {"text": None},
        {"text": ["a"]},
        {"text": "a", "source_language": 3},
        {"text": "a", "unknown": True},
        {"text": "a", "preferences": {"cost": 2}},
        {"text": "a", "preferences": {"cost": "high"}},
        {"text": "a", "context": {"history": "a"}},
        {"text": "a", "context": {"history": [{"role": "system", "text": "a"}]}},
        {"text": "a", "context": {"history": ["a"] * 21}},
    ],
)
def test_wrong_types_are_refused_by_the_schema(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        InputRequest.model_validate(fields)


def test_an_error_never_repeats_the_text() -> None:
    with pytest.raises(UnsupportedInputError) as refused:
        accept(text="secret\x00secret")

    assert "secret" not in refused.value.detail


@pytest.mark.parametrize(
    ("tag", "canonical"),
    [("es", "es"), ("ES-mx", "es-MX"), ("zh-hans-cn", "zh-Hans-CN"), ("nb", "no"), ("es_419", "es-419"), ("iw", "he")],
)
def test_tags_are_written_one_way(tag: str, canonical: str) -> None:
    assert str(parse_tag(tag)) == canonical


@pytest.mark.parametrize("tag", ["", "e", "english", "es-", "es-MX-oaxaca-x", "xx", "auto", "é"])
def test_what_is_no_tag_of_a_configured_language(tag: str) -> None:
    assert parse_tag(tag) is None


def test_there_are_more_than_fifty_languages() -> None:
    assert len(LANGUAGES) > 50


def test_equal_requests_have_equal_fingerprints() -> None:
    assert accept().fingerprint == accept(text=" Hola, necesito ayuda. ").fingerprint


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "Hola, necesito ayuda!"},
        {"source_language": "es"},
        {"context": {"user_id": "u-2"}},
        {"context": {"conversation_id": "c-2"}},
        {"context": {"domain": "home insurance"}},
        {"context": {"history": ["Hola"]}},
        {"preferences": {"cost": 1}},
        {"preferences": {"quality": 1}},
        {"tenant": "other"},
    ],
)
def test_whatever_may_change_the_answer_changes_the_fingerprint(fields: dict[str, Any]) -> None:
    assert accept().fingerprint != accept(**fields).fingerprint


def test_a_recording_is_accepted_by_type_and_size() -> None:
    source = AudioSource(bucket="audio", key="k", media_type="audio/mpeg", size=1)

    record = accept_audio(source, tenant="acme", input_id="inp_1", now=NOW)

    assert record.audio == source
    assert record.fingerprint is None


@pytest.mark.parametrize(("media_type", "size"), [("application/pdf", 1), ("audio/wav", 0), ("audio/wav", 201 * 2**20)])
def test_another_file_is_no_recording(media_type: str, size: int) -> None:
    source = AudioSource(bucket="audio", key="k", media_type=media_type, size=size)

    with pytest.raises(UnsupportedInputError) as refused:
        accept_audio(source, tenant="acme", input_id="inp_1", now=NOW)

    assert refused.value.errors[0].field == "audio"


@pytest.mark.parametrize(
    ("declared", "canonical"),
    [
        ("audio/x-wav", "audio/wav"),
        ("audio/ogg; codecs=opus", "audio/ogg"),
        ("AUDIO/MP3", "audio/mpeg"),
        ("text/html", None),
    ],
)
def test_media_types_have_one_name(declared: str, canonical: str | None) -> None:
    assert audio_media_type(declared) == canonical
