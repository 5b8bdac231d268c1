"""What Amazon's services are asked, and what is made of their answers."""

from __future__ import annotations

import pytest

from intake.errors import IntakeError, ProviderError, ProviderRefusedError, TransientError, UnsupportedInputError
from intake.money import Usage
from intake.providers.ports import Capability, Need, SpeechRequest, TranslationRequest
from tests.doubles.amazon_server import SOUND
from tests.doubles.control import Control
from tests.doubles.faults import Fault, Kind
from tests.unit.providers.amazon.conftest import Make

TEXT = TranslationRequest(text="¿Cubre mi póliza el robo?", source_language="es", target_language="en")
WORDS = SpeechRequest(text="Your policy covers theft.", language="en")


def test_a_text_is_translated_and_its_characters_are_billed(make: Make, double: Control) -> None:
    reply = make(Capability.TRANSLATE).call(TEXT)

    assert (reply.value.text, reply.value.confidence) == ("Does my policy cover theft?", None)
    assert reply.usage == Usage(characters=25)
    assert double.requests()[0]["body"] == {"Text": TEXT.text, "SourceLanguageCode": "es", "TargetLanguageCode": "en"}


@pytest.mark.parametrize(("language", "theirs"), [("nb", "no"), ("fil", "tl"), ("spa", "es"), ("pt-BR", "pt")])
def test_a_language_is_named_as_the_service_names_it(make: Make, double: Control, language: str, theirs: str) -> None:
    make(Capability.TRANSLATE).call(TEXT.model_copy(update={"source_language": language}))

    assert double.requests()[0]["body"]["SourceLanguageCode"] == theirs


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"text": ""}, UnsupportedInputError),
        ({"text": "half \ud83d"}, UnsupportedInputError),
        ({"text": "é" * 5_001}, ProviderRefusedError),
        ({"source_language": "auto"}, ProviderRefusedError),
        ({"source_language": "my"}, ProviderRefusedError),
        ({"target_language": "ne"}, ProviderRefusedError),
    ],
    ids=["empty", "surrogate", "too many bytes", "auto", "from Burmese", "to Nepali"],
)
def test_what_it_does_not_translate_is_not_sent(
    make: Make, double: Control, change: dict[str, str], expected: type[IntakeError]
) -> None:
    with pytest.raises(expected):
        make(Capability.TRANSLATE).call(TEXT.model_copy(update=change))

    assert double.counts()["calls"] == 0


def test_ten_thousand_bytes_are_translated(make: Make) -> None:
    reply = make(Capability.TRANSLATE).call(TEXT.model_copy(update={"text": "é" * 5_000}))

    assert reply.usage == Usage(characters=5_000)


def test_what_a_translator_can_never_do_is_an_obstacle(make: Make) -> None:
    translator = make(Capability.TRANSLATE)

    assert "my" in (translator.obstacle(Need(source_language="my", target_language="en")) or "")
    assert "bytes" in (translator.obstacle(Need(source_language="es", target_language="en", size=10_001)) or "")


def test_a_text_is_spoken_by_the_voice_of_its_language(make: Make, double: Control) -> None:
    reply = make(Capability.SYNTHESIZE).call(WORDS)

    assert (reply.value.audio, reply.value.media_type) == (SOUND, "audio/mpeg")
    assert reply.usage == Usage(characters=25)
    sent = double.requests()[0]["body"]
    assert (sent["Engine"], sent["OutputFormat"], sent["VoiceId"]) == ("neural", "mp3", "Joanna")


def test_a_bilingual_voice_is_told_the_language(make: Make, double: Control) -> None:
    speaker = make(Capability.SYNTHESIZE)

    speaker.call(WORDS.model_copy(update={"language": "hi"}))
    speaker.call(WORDS.model_copy(update={"voice": "Kajal"}))
    speaker.call(WORDS.model_copy(update={"voice": "Matthew"}))

    sent = [request["body"] for request in double.requests()]
    assert [body["VoiceId"] for body in sent] == ["Kajal", "Kajal", "Matthew"]
    assert [body.get("LanguageCode") for body in sent] == ["hi-IN", "en-IN", None]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"text": "..."}, UnsupportedInputError),
        ({"text": "a" * 3_001}, ProviderRefusedError),
        ({"language": "am"}, ProviderRefusedError),
        ({"voice": "no name"}, ProviderRefusedError),
    ],
)
def test_what_it_does_not_speak_is_not_sent(
    make: Make, double: Control, change: dict[str, str], expected: type[IntakeError]
) -> None:
    speaker = make(Capability.SYNTHESIZE)

    with pytest.raises(expected):
        speaker.call(WORDS.model_copy(update=change))

    assert double.counts()["calls"] == 0
    assert speaker.obstacle(Need(target_language="am")) is not None
    assert speaker.obstacle(Need(target_language="en", size=3_001)) is not None


@pytest.mark.parametrize("capability", [Capability.TRANSLATE, Capability.SYNTHESIZE])
def test_an_empty_answer_is_none_and_billed(make: Make, double: Control, capability: Capability) -> None:
    double.fail(Fault(kind=Kind.SILENCE))

    with pytest.raises(ProviderError) as caught:
        make(capability).call(TEXT if capability is Capability.TRANSLATE else WORDS)

    assert type(caught.value) is TransientError
    assert caught.value.billed == Usage(characters=25)
