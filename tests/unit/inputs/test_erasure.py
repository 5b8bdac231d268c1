"""Erasure: what is removed in which pass, and what happens when a pass is cut off or a run goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from intake.errors import ErasedError, NotFoundError, TransientError
from intake.inputs.erasure import ErasePassCommand, Eraser, ask_for_input, ask_for_user, run_name
from intake.inputs.erasures import Erasure, ErasureStatus, Removed, as_public
from intake.inputs.model import StoredFile
from intake.inputs.recording import RecordFailureCommand, record_failure
from intake.inputs.reveal import reveal
from intake.inputs.translation import translate
from intake.providers.ports import Reply
from tests.fakes.erasures import MemoryErasures
from tests.fakes.objects import MemoryObjects
from tests.unit.inputs.conftest import INPUT_ID, TENANT, Desk, provider_command

MACHINE = "arn:standard"


@dataclass
class Runs:
    """`RunStopper` that only notes, or fails."""

    stopped: list[tuple[str, str]] = field(default_factory=list)
    failures: int = 0

    def stop(self, machine: str, name: str) -> None:
        if self.failures:
            self.failures -= 1
            raise TransientError("The run could not be stopped for the moment.")
        self.stopped.append((machine, name))


class Office(Desk):
    """A desk at which inputs are erased, too."""

    def __init__(self) -> None:
        super().__init__()
        self.erasures = MemoryErasures(self.inputs)
        self.objects = MemoryObjects()
        self.runs = Runs()
        self.eraser = Eraser(
            self.erasures,
            lines=self.bench.lines,
            objects=self.objects,
            runs=self.runs,
            clock=self.clock,
            audio_bucket="audio",
            input_machine=MACHINE,
        )

    def ask(self) -> Erasure:
        return ask_for_input(TENANT, INPUT_ID, by="key_1", inputs=self.inputs, erasures=self.erasures, clock=self.clock)

    def passes(self, erasure: Erasure, *, last: bool) -> int:
        """Run one pass to its end, and return how many steps it took."""
        command = ErasePassCommand(tenant=TENANT, erasure_id=erasure.id, last=last)
        steps = 1
        while self.eraser.step(command)["remaining"]:
            steps += 1
            assert steps < 50, "a pass must end"
        return steps

    def erased(self, erasure: Erasure) -> Erasure:
        return self.erasures.get(TENANT, erasure.id)

    def translate(self) -> None:
        self.detected("es")
        self.asks_flash()

    def asks_flash(self) -> None:
        translate(
            provider_command("flash"),
            gateway=self.gateway,
            inputs=self.inputs,
            memory=self.memory,
            clock=self.clock,
        )


@pytest.fixture
def office() -> Office:
    return Office()


def test_when_it_is_asked_for_the_input_is_gone_at_once(office: Office) -> None:
    office.add()

    erasure = office.ask()

    with pytest.raises(ErasedError):
        office.inputs.get(TENANT, INPUT_ID)
    assert (erasure.status, erasure.inputs, erasure.requested_by) == (ErasureStatus.ERASING, 1, "key_1")
    assert office.ask() == erasure, "asked again, it is the same one"


def test_what_never_was_cannot_be_erased(office: Office) -> None:
    with pytest.raises(NotFoundError):
        office.ask()


def test_the_first_pass_removes_lines_vault_and_audio(office: Office) -> None:
    office.will_translate("Does it cover theft?")
    office.add()
    office.translate()
    office.inputs.put_vault(TENANT, INPUT_ID, {"[EMAIL_1]": "ana@example.com"}, office.record.expires_at)
    for key in (f"requests/{TENANT}/{INPUT_ID}.wav", f"prepared/{TENANT}/{INPUT_ID}.wav", f"requests/{TENANT}/other"):
        office.objects.put("audio", key, b"RIFF")
    assert office.bench.lines.lines

    erasure = office.ask()
    office.passes(erasure, last=False)

    assert office.bench.lines.lines == {}
    assert office.inputs.vaults == {}
    assert [key for _bucket, key in office.objects.contents] == [f"requests/{TENANT}/other"]
    assert office.erased(erasure).removed == Removed(items=1, cache_lines=1, objects=2)
    assert office.runs.stopped == [(MACHINE, INPUT_ID)]


def test_a_recording_under_a_name_of_its_sender_is_removed(office: Office) -> None:
    office.add_recording()
    office.objects.put("audio", "a.wav", b"RIFF")
    office.objects.put("audio", "a.wav.bak", b"RIFF")

    office.passes(office.ask(), last=False)

    assert list(office.objects.contents) == [("audio", "a.wav.bak")]


def test_a_text_that_was_uploaded_is_removed_with_its_file(office: Office) -> None:
    record = office.add()
    file = StoredFile(bucket="audio", key=f"uploads/{TENANT}/note.txt")
    office.inputs.records[TENANT, INPUT_ID] = record.model_copy(update={"uploaded": file})
    office.objects.put(file.bucket, file.key, b"I want to file a claim.")

    office.passes(office.ask(), last=False)

    assert office.objects.contents == {}


def test_the_second_pass_removes_what_a_run_wrote_meanwhile_and_completes(office: Office) -> None:
    office.add()
    office.inputs.claim(TENANT, INPUT_ID, "line")
    erasure = office.ask()
    office.passes(erasure, last=False)
    office.inputs.put_vault(TENANT, INPUT_ID, {"[EMAIL_1]": "ana@example.com"}, office.clock.now())
    office.objects.put("audio", f"prepared/{TENANT}/{INPUT_ID}.wav", b"RIFF")

    office.clock.advance(minutes=15)
    office.passes(erasure, last=True)

    ended = office.erased(erasure)
    assert (ended.status, ended.completed_at) == (ErasureStatus.ERASED, office.clock.now())
    assert ended.removed == Removed(items=1, objects=1)
    assert (office.inputs.vaults, office.objects.contents) == ({}, {})
    assert office.erasures.tombstone(TENANT, INPUT_ID).lines == ()
    assert office.passes(erasure, last=True) == 1, "a complete erasure has nothing left to do"


def test_a_pass_that_was_cut_off_is_done_again(office: Office) -> None:
    office.add()
    erasure = office.ask()
    office.runs.failures = 1
    with pytest.raises(TransientError):
        office.passes(erasure, last=False)

    office.passes(erasure, last=False)
    office.passes(erasure, last=True)

    assert office.erased(erasure).status is ErasureStatus.ERASED
    assert office.erased(erasure).inputs == 1


def test_all_that_a_user_sent_is_erased_and_nothing_of_others(office: Office) -> None:
    record = office.add(context={"user_id": "ana"})
    office.inputs.records.clear()
    for number in range(45):
        office.inputs.create(record.model_copy(update={"id": f"inp_{number}"}))
    other = record.model_copy(update={"id": "inp_other", "context": record.context.model_copy(update={"user_id": "e"})})
    office.inputs.create(other)
    office.clock.advance(minutes=1)

    erasure = ask_for_user(TENANT, "ana", by="key_1", erasures=office.erasures, clock=office.clock)
    assert office.passes(erasure, last=False) == 4, "20, 20, 5, and one that finds none"
    office.passes(erasure, last=True)

    assert office.erased(erasure).inputs == 45
    assert office.erased(erasure).status is ErasureStatus.ERASED
    assert [record.id for record in office.inputs.records.values()] == ["inp_other"]


def test_a_user_who_sent_nothing_is_erased_in_no_time(office: Office) -> None:
    erasure = ask_for_user(TENANT, "nobody", by="key_1", erasures=office.erasures, clock=office.clock)

    office.passes(erasure, last=False)
    office.passes(erasure, last=True)

    assert (office.erased(erasure).status, office.erased(erasure).inputs) == (ErasureStatus.ERASED, 0)


def test_a_run_that_meets_a_tombstone_ends_as_the_callers_error_and_leaves_nothing(office: Office) -> None:
    office.add()
    office.detected("es")
    office.ask()

    with pytest.raises(ErasedError):
        office.asks_flash()
    command = RecordFailureCommand(tenant=TENANT, input_id=INPUT_ID, error="ErasedError")
    ended = record_failure(command, inputs=office.inputs, events=office.events, clock=office.clock)

    assert ended["error"] == "ErasedError"
    assert office.events.published == []
    assert (office.translator.calls, office.bench.lines.lines) == (0, {})


def test_an_input_that_is_erased_while_a_provider_answers_leaves_its_line_to_the_second_pass(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.add()
    office.detected("es")
    office.will_translate("Does it cover theft?")
    asked: list[Erasure] = []
    answer = office.translator.call

    def erase_and_answer(request: object) -> Reply[Any]:
        asked.append(office.ask())
        office.passes(asked[0], last=False)
        return answer(request)

    monkeypatch.setattr(office.translator, "call", erase_and_answer)
    with pytest.raises(ErasedError):
        office.asks_flash()
    assert office.bench.lines.lines, "it was written after the first pass"

    office.passes(asked[0], last=True)

    assert office.bench.lines.lines == {}


def test_what_was_masked_is_shown_until_it_is_erased(office: Office) -> None:
    office.add()
    office.inputs.put_vault(TENANT, INPUT_ID, {"[EMAIL_1]": "ana@example.com"}, office.record.expires_at)

    assert reveal(TENANT, INPUT_ID, inputs=office.inputs) == {
        "id": INPUT_ID,
        "placeholders": {"[EMAIL_1]": "ana@example.com"},
    }
    with pytest.raises(NotFoundError):
        reveal("rival", INPUT_ID, inputs=office.inputs)

    office.ask()
    with pytest.raises(ErasedError):
        reveal(TENANT, INPUT_ID, inputs=office.inputs)


def test_a_run_has_the_same_name_for_an_hour(office: Office) -> None:
    office.add()
    erasure = office.ask()
    first = run_name(erasure, office.clock)

    assert first.startswith(erasure.id)
    assert run_name(erasure, office.clock) == first
    office.clock.advance(hours=1)
    assert run_name(erasure, office.clock) != first


def test_an_erasure_tells_ids_and_counts_only(office: Office) -> None:
    office.add(context={"user_id": "ana@example.com"})
    office.clock.advance(seconds=1)
    by_id = office.ask()
    by_user = ask_for_user(TENANT, "ana@example.com", by="key_1", erasures=office.erasures, clock=office.clock)

    assert as_public(by_id)["subject"] == "input"
    assert as_public(by_user)["subject"] == "user"
    assert "ana" not in str(as_public(by_user))
