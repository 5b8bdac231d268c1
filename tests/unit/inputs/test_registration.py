"""Stage RegisterUpload."""

from __future__ import annotations

from typing import Any

import pytest

from intake.errors import UnsupportedInputError
from intake.inputs.model import Input, Status
from intake.inputs.registration import RegisterUploadCommand, register_upload
from intake.inputs.uploads import UploadRequest, begin_upload
from tests.fakes.uploads import Signer
from tests.unit.inputs.conftest import Desk


def upload(desk: Desk, key: str, body: bytes = b"RIFF....", etag: str = "abc") -> dict[str, Any]:
    desk.files.files["audio", key] = body
    command = {"bucket": {"name": "audio"}, "object": {"key": key, "etag": etag, "size": len(body)}, "reason": "Put"}
    return register_upload(
        RegisterUploadCommand.model_validate(command),
        inputs=desk.inputs,
        objects=desk.files,
        events=desk.events,
        memory=desk.memory,
        clock=desk.clock,
    )


def test_a_recording_becomes_an_input(desk: Desk) -> None:
    state = upload(desk, "uploads/acme/call +1.WAV")

    record = desk.inputs.get("acme", state["input_id"])
    assert (state["outcome"], state["has_audio"]) == ("registered", True)
    assert desk.events.published == []
    assert record.audio is not None
    assert (record.audio.key, record.audio.media_type) == ("uploads/acme/call +1.WAV", "audio/wav")


def test_a_text_becomes_an_input(desk: Desk) -> None:
    state = upload(desk, "uploads/acme/letter.txt", "\ufeffNadie contesta.".encode())

    assert state["has_audio"] is False
    record = desk.inputs.get("acme", state["input_id"])
    assert record.text == "Nadie contesta."
    assert record.uploaded is not None, "or an erasure would leave the file"
    assert record.uploaded.key == "uploads/acme/letter.txt"


def test_the_answer_to_a_text_is_kept_under_the_corrections_approved_so_far(desk: Desk) -> None:
    before = desk.inputs.get("acme", upload(desk, "uploads/acme/a.txt", b"Nadie contesta.")["input_id"])

    desk.memory.editions["acme"] = 1

    after = desk.inputs.get("acme", upload(desk, "uploads/acme/b.txt", b"Nadie contesta.")["input_id"])
    assert (before.fingerprint is None, after.fingerprint is None) == (False, False)
    assert before.fingerprint != after.fingerprint


def awaiting(desk: Desk, size: int = 8) -> Input:
    request = UploadRequest(filename="call +1.wav", content_type="audio/wav", size=size, source_language="en")
    return begin_upload(
        request, tenant="acme", bucket="audio", inputs=desk.inputs, signer=Signer(), clock=desk.clock
    ).record


def test_a_recording_comes_to_the_input_that_awaits_it(desk: Desk) -> None:
    record = awaiting(desk)
    assert record.audio is not None

    state = upload(desk, record.audio.key)

    assert state == {"outcome": "registered", "tenant": "acme", "input_id": record.id, "has_audio": True}
    assert desk.inputs.records == {("acme", record.id): record}


def test_a_recording_of_another_size_than_is_taken_ends_its_input(desk: Desk) -> None:
    record = awaiting(desk)
    assert record.audio is not None

    state = upload(desk, record.audio.key, b"")

    assert state["outcome"] == "rejected"
    failure = desk.inputs.get("acme", record.id).failure
    assert failure is not None
    assert [error.field for error in failure.errors] == ["audio"]
    assert desk.events.types == ["input.failed"]


@pytest.mark.parametrize("name", ["another.wav", "call _1.txt"])
def test_only_the_file_that_was_announced_is_taken_up(desk: Desk, name: str) -> None:
    record = awaiting(desk)

    assert upload(desk, f"uploads/acme/{record.id}/{name}")["outcome"] == "unawaited"
    assert desk.inputs.get("acme", record.id) == record


def test_a_file_of_an_input_that_is_gone_makes_no_input(desk: Desk) -> None:
    record = awaiting(desk)
    assert record.audio is not None
    desk.inputs.records.clear()

    assert upload(desk, record.audio.key)["outcome"] == "unawaited"
    assert desk.inputs.records == {}


def test_a_file_that_comes_after_its_input_was_erased_is_erased_too(desk: Desk) -> None:
    record = awaiting(desk)
    assert record.audio is not None
    desk.inputs.erased.add(("acme", record.id))

    assert upload(desk, record.audio.key)["outcome"] == "unawaited"
    assert desk.files.files == {}


def test_a_file_never_comes_to_the_input_of_another_tenant(desk: Desk) -> None:
    record = awaiting(desk)

    state = upload(desk, f"uploads/other/{record.id}/call _1.wav")

    assert (state["outcome"], state["tenant"]) == ("unawaited", "other")
    assert desk.inputs.get("acme", record.id) == record


def test_the_same_event_twice_is_one_input(desk: Desk) -> None:
    first = upload(desk, "uploads/acme/call.mp3")

    assert upload(desk, "uploads/acme/call.mp3") == first
    assert len(desk.inputs.records) == 1


def test_new_content_under_the_same_name_is_another_input(desk: Desk) -> None:
    first = upload(desk, "uploads/acme/call.mp3", etag="one")

    assert upload(desk, "uploads/acme/call.mp3", etag="two") != first


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("claim.pdf", b"%PDF"),
        ("noextension", b"a"),
        ("empty.wav", b""),
        ("latin1.txt", "reclamación".encode("latin-1")),
        ("empty.txt", b" "),
        ("huge.txt", b"a" * 20_001),
        ("binary.txt", b"ab\x00c"),
    ],
)
def test_what_cannot_be_worked_on_is_found_as_a_failed_input(desk: Desk, name: str, body: bytes) -> None:
    state = upload(desk, f"uploads/acme/{name}", body)

    (record,) = desk.inputs.records.values()
    assert (state["outcome"], state["input_id"]) == ("rejected", record.id)
    assert record.status is Status.FAILED
    assert record.failure is not None
    assert record.uploaded is not None
    assert record.uploaded.key == f"uploads/acme/{name}"
    assert record.failure.error == "UnsupportedInputError"
    assert record.failure.errors != ()
    assert desk.events.types == ["input.failed"]


@pytest.mark.parametrize("key", ["uploads/call.wav", "other/acme/call.wav", "uploads/ACME/call.wav", "uploads/acme/"])
def test_a_file_of_nobody_is_refused(desk: Desk, key: str) -> None:
    with pytest.raises(UnsupportedInputError):
        upload(desk, key)

    assert desk.inputs.records == {}
