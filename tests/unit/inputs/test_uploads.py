"""Inputs whose recordings are yet to be uploaded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from intake.errors import UnsupportedInputError
from intake.inputs.acceptance import MAX_UPLOADED_AUDIO_BYTES
from intake.inputs.model import Input, Stage, Status
from intake.inputs.results import PreparedAudio
from intake.inputs.uploads import BegunUpload, UploadRequest, as_of, begin_upload, read_upload_key
from tests.fakes.uploads import Signer
from tests.unit.inputs.conftest import GOOD, Desk


def begin(desk: Desk, **fields: Any) -> BegunUpload:
    usual = {"filename": "call.m4a", "content_type": "audio/mp4", "size": 1_000}
    return begin_upload(
        UploadRequest.model_validate(usual | fields),
        tenant="acme",
        bucket="audio",
        inputs=desk.inputs,
        signer=Signer(),
        clock=desk.clock,
    )


def test_the_input_is_there_at_once_and_its_form_takes_one_file_of_200_mb(desk: Desk) -> None:
    begun = begin(desk, source_language="es-MX", context={"user_id": "u-1"}, noise_reduction=True)

    record = desk.inputs.get("acme", begun.record.id)
    assert (record.status, record.declared_language, record.context.user_id) == (Status.RECEIVED, "es-MX", "u-1")
    assert record.audio is not None
    assert (record.audio.longest_seconds, record.audio.noise_reduction) == (7_200, True)
    assert begun.fields == {
        "key": f"uploads/acme/{record.id}/call.m4a",
        "Content-Type": "audio/mp4",
        "max": str(200 * 1024 * 1024),
    }
    assert record.audio.key == begun.fields["key"]


def test_a_name_is_made_safe_for_its_key(desk: Desk) -> None:
    begun = begin(desk, filename="llamada #1 → María.mp3")

    assert begun.fields["key"].endswith("/llamada _1 _ María.mp3")
    assert read_upload_key(begun.fields["key"]).input_id == begun.record.id


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"filename": ""}, ["filename"]),
        ({"filename": "../call.wav"}, ["filename"]),
        ({"content_type": "application/pdf"}, ["content_type"]),
        ({"size": 0}, ["size"]),
        ({"size": MAX_UPLOADED_AUDIO_BYTES + 1}, ["size"]),
        ({"source_language": "xx"}, ["source_language"]),
        ({"target_language": "fr"}, ["target_language"]),
        (
            {"content_type": "text/plain", "size": -1, "source_language": "xx"},
            ["content_type", "size", "source_language"],
        ),
    ],
)
def test_every_field_at_fault_is_named_and_nothing_is_kept(
    desk: Desk, fields: dict[str, Any], at_fault: list[str]
) -> None:
    with pytest.raises(UnsupportedInputError) as refused:
        begin(desk, **fields)

    assert [error.field for error in refused.value.errors] == at_fault
    assert desk.inputs.records == {}


class TestAsOf:
    def test_a_recording_is_waited_for_an_hour(self, desk: Desk) -> None:
        record = begin(desk).record

        assert as_of(record, desk.clock.now() + timedelta(minutes=59)) == record

    def test_one_that_never_came_is_told_as_failed_with_the_remedy(self, desk: Desk) -> None:
        record = as_of(begin(desk).record, desk.clock.now() + timedelta(minutes=61))

        assert record.status is Status.FAILED
        assert record.failure is not None
        assert [error.field for error in record.failure.errors] == ["audio"]
        assert "Ask for another upload" in record.failure.detail
        assert desk.inputs.get("acme", record.id).status is Status.RECEIVED, "it is worked on if it comes after all"

    def test_one_that_came_is_told_as_it_is(self, desk: Desk) -> None:
        record = begin(desk).record
        prepared = PreparedAudio(bucket="audio", key="k", media_type="audio/wav", size=1, measures=GOOD)
        desk.inputs.keep("acme", record.id, Stage.PREPARE_AUDIO, prepared)

        later = as_of(desk.inputs.get("acme", record.id), desk.clock.now() + timedelta(days=2))

        assert later.status is Status.PROCESSING

    def test_an_input_without_an_upload_is_told_as_it_is(self, desk: Desk) -> None:
        written: Input = desk.add()

        assert as_of(written, desk.clock.now() + timedelta(days=2)) == written


@pytest.mark.parametrize(
    ("key", "input_id"),
    [
        ("uploads/acme/call.wav", None),
        ("uploads/acme/2026/11/call.wav", None),
        ("uploads/acme/inp_2026/call.wav", None),
        (f"uploads/acme/inp_{'0' * 26}/call.wav", f"inp_{'0' * 26}"),
        (f"uploads/acme/inp_{'0' * 26}/more/call.wav", None),
    ],
)
def test_a_key_names_an_input_or_none(key: str, input_id: str | None) -> None:
    place = read_upload_key(key)

    assert (place.tenant, place.input_id, place.filename) == ("acme", input_id, "call.wav")


@pytest.mark.parametrize("key", ["uploads/call.wav", "requests/acme/a.wav", "uploads/A!/a.wav", "uploads/acme/"])
def test_a_key_of_nobody_is_refused(key: str) -> None:
    with pytest.raises(UnsupportedInputError):
        read_upload_key(key)
