"""What OpenAI is asked about a recording, and what is made of its answers."""

from __future__ import annotations

import pytest

from intake.errors import ProviderRefusedError, TransientError
from intake.money import Usage
from intake.providers.openai.transcription import MOST_BYTES
from intake.providers.ports import Capability, Need
from tests.doubles.control import Control
from tests.doubles.faults import Fault, Kind
from tests.doubles.openai_answers import HEARD
from tests.unit.providers.openai.remote import Remote
from tests.unit.providers.openai.requests import recording

BY_TOKENS = "gpt-4o-mini-transcribe"


def test_speech_is_written_down_and_its_length_is_billed(remote: Remote, double: Control) -> None:
    reply = remote(Capability.TRANSCRIBE).call(recording())

    assert (reply.value.text, reply.value.language, reply.value.confidence) == (HEARD, "es", None)
    assert reply.value.duration_seconds == 1.5
    assert reply.usage == Usage(audio_milliseconds=1_500)
    sent = double.requests()[0]["body"]
    assert sent == {"model": "gpt-transcribe", "response_format": "json", "file": "recording.wav", "seconds": 1.5}


@pytest.mark.parametrize(("language", "sent"), [("es", "es"), ("fil", None)])
def test_a_language_is_said_where_it_has_two_letters(
    remote: Remote, double: Control, language: str, sent: str | None
) -> None:
    remote(Capability.TRANSCRIBE).call(recording(language=language))

    assert double.requests()[0]["body"].get("language") == sent


def test_a_model_that_is_billed_by_tokens_tells_how_sure_it_is(double: Control) -> None:
    transcriber = Remote(double, OPENAI_TRANSCRIPTION_MODEL=BY_TOKENS)(Capability.TRANSCRIBE)

    reply = transcriber.call(recording())

    assert reply.value.confidence == 0.905
    assert reply.usage == Usage(input_tokens=15, output_tokens=5)
    assert double.requests()[0]["body"]["include"] == ["logprobs"]


def test_a_language_that_nobody_told_is_said_to_be_unknown(double: Control) -> None:
    transcriber = Remote(double, OPENAI_TRANSCRIPTION_MODEL=BY_TOKENS)(Capability.TRANSCRIBE)

    assert transcriber.call(recording()).value.language == "und"
    assert transcriber.call(recording(language="de")).value.language == "de"


def test_a_transcript_that_is_cut_off_in_silence_is_not_believed_but_billed(double: Control) -> None:
    double.fail(Fault(kind=Kind.LENGTH))

    with pytest.raises(ProviderRefusedError) as caught:
        Remote(double, OPENAI_TRANSCRIPTION_MODEL=BY_TOKENS)(Capability.TRANSCRIBE).call(recording())

    assert caught.value.billed == Usage(input_tokens=15, output_tokens=2_000)


def test_an_answer_without_usage_is_billed_at_the_bound(remote: Remote, double: Control) -> None:
    double.fail(Fault(kind=Kind.NO_USAGE))
    request = recording(audio=b"ID3" + bytes(997), media_type="audio/mpeg")

    reply = remote(Capability.TRANSCRIBE).call(request)

    assert reply.usage == remote(Capability.TRANSCRIBE).largest_usage(request) == Usage(audio_milliseconds=2_000)
    assert reply.value.duration_seconds == 0


def test_tokens_where_minutes_have_the_price_are_billed_at_the_bound(remote: Remote, double: Control) -> None:
    usage = {"type": "tokens", "input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    double.fail(Fault(kind=Kind.ANSWER, body={"text": "x", "usage": usage}))

    assert remote(Capability.TRANSCRIBE).call(recording()).usage == Usage(audio_milliseconds=1_500)


@pytest.mark.parametrize("answer", [[], {"words": []}, {"text": 7}, {"text": "x", "usage": {"type": "pages"}}])
def test_an_answer_of_another_form_may_pass(remote: Remote, double: Control, answer: object) -> None:
    double.fail(Fault(kind=Kind.ANSWER, body=answer))

    with pytest.raises(TransientError):
        remote(Capability.TRANSCRIBE).call(recording())


@pytest.mark.parametrize(
    ("change", "need"),
    [
        ({"media_type": "text/plain"}, Need(media_type="text/plain")),
        ({"audio": bytes(MOST_BYTES + 1)}, Need(media_type="audio/wav", size=MOST_BYTES + 1)),
    ],
    ids=["no sound", "too large"],
)
def test_what_it_does_not_take_is_an_obstacle_and_not_sent(
    remote: Remote, double: Control, change: dict[str, object], need: Need
) -> None:
    transcriber = remote(Capability.TRANSCRIBE)

    assert transcriber.obstacle(need)
    with pytest.raises(ProviderRefusedError):
        transcriber.call(recording(**change))
    assert double.counts()["calls"] == 0
