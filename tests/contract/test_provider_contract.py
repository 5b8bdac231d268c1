"""What every provider that runs on this machine keeps to, whichever engine is behind it."""

import io
import math
import time
import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel, JsonValue

from intake.errors import IntakeError, UnsupportedInputError
from intake.money import Usage
from intake.providers.embedded import embedded_providers
from intake.providers.embedded._engine import EmbeddedProvider
from intake.providers.embedded.rules import RulesEngine
from intake.providers.ports import (
    Capability,
    CompletionRequest,
    EmbeddingRequest,
    Need,
    ParseRequest,
    ProviderKind,
    SpeechRequest,
    TranscriptionRequest,
    TranslationRequest,
)
from tests.unit.providers.embedded.documents import pdf, scan_of

pytestmark = pytest.mark.engine

RULES = RulesEngine({"echo": lambda data: {"text": data["text"]}})
PROVIDERS: dict[str, EmbeddedProvider] = {provider.name: provider for provider in (*embedded_providers(), RULES)}


def _speech() -> bytes:
    audio: bytes = PROVIDERS["flite"].call(SpeechRequest(text="My car was damaged.", language="en")).value.audio
    return audio


def _completion(task: str) -> CompletionRequest:
    schema: dict[str, JsonValue] = {
        "type": "object",
        "properties": {"text": {"type": "string"}},
        "required": ["text"],
        "additionalProperties": False,
    }
    return CompletionRequest(
        task=task, prompt_version="1", instructions="", data={"text": "hi"}, answer_schema=schema, max_output_tokens=9
    )


@dataclass(frozen=True)
class Case:
    """A job that a provider can do, and one that it must refuse in words."""

    capability: Capability
    need: Need
    request: Callable[[], BaseModel]
    impossible_need: Need | None
    impossible: Callable[[], BaseModel] | None


def _parse(media_type: str, document: Callable[[], bytes]) -> tuple[Need, Callable[[], BaseModel]]:
    return Need(media_type=media_type), lambda: ParseRequest(document=document(), media_type=media_type)


HTML = _parse("text/html", lambda: b"<html>")
CASES = {
    "apertium": Case(
        Capability.TRANSLATE,
        Need(source_language="es", target_language="en"),
        lambda: TranslationRequest(text="Hola, amigo.", source_language="es", target_language="en"),
        Need(source_language="ja", target_language="en"),
        lambda: TranslationRequest(text="こんにちは", source_language="ja", target_language="en"),
    ),
    "pocketsphinx": Case(
        Capability.TRANSCRIBE,
        Need(source_language="en", media_type="audio/wav"),
        lambda: TranscriptionRequest(audio=_speech(), media_type="audio/wav", language="en"),
        Need(source_language="es"),
        lambda: TranscriptionRequest(audio=_speech(), media_type="audio/wav", language="es"),
    ),
    "flite": Case(
        Capability.SYNTHESIZE,
        Need(target_language="en"),
        lambda: SpeechRequest(text="My car was damaged.", language="en"),
        Need(target_language="es"),
        lambda: SpeechRequest(text="Hola", language="es"),
    ),
    "espeak-ng": Case(
        Capability.SYNTHESIZE,
        Need(target_language="es"),
        lambda: SpeechRequest(text="Hola, amigo.", language="es"),
        Need(target_language="qqq"),
        lambda: SpeechRequest(text="Hola", language="qqq"),
    ),
    "pdfium": Case(Capability.PARSE, *_parse("application/pdf", lambda: pdf(["A page"])), *HTML),
    "tesseract": Case(Capability.PARSE, *_parse("application/pdf", lambda: scan_of(["A page"])), *HTML),
    "plain-text": Case(Capability.PARSE, *_parse("text/markdown", lambda: b"# A page"), *HTML),
    "lexical-hash": Case(Capability.EMBED, Need(size=10), lambda: EmbeddingRequest(texts=("A page", "?")), None, None),
    "rules": Case(Capability.COMPLETE, Need(), lambda: _completion("echo"), None, None),
}
IMPOSSIBLE = [name for name, case in CASES.items() if case.impossible is not None]


def _is_an_answer(capability: Capability, value: Any) -> bool:
    match capability:
        case Capability.TRANSLATE:
            return bool(value.text) and (value.confidence is None or 0 <= value.confidence <= 1)
        case Capability.TRANSCRIBE:
            return bool(value.text) and value.duration_seconds > 0
        case Capability.SYNTHESIZE:
            with wave.open(io.BytesIO(value.audio)) as file:
                return (file.getnchannels(), file.getframerate()) == (1, 16_000) and file.getnframes() > 0
        case Capability.PARSE:
            return [page.number for page in value.pages] == [1] and "A page" in value.pages[0].text
        case Capability.EMBED:
            numbers = array("f", value.packed)
            rows = [numbers[start : start + value.dimension] for start in range(0, len(numbers), value.dimension)]
            return len(rows) == 2 and all(math.isclose(math.hypot(*row), 1, abs_tol=1e-6) for row in rows)
        case Capability.COMPLETE:
            return bool(value.answer == {"text": "hi"})


def test_there_is_a_case_for_every_provider_and_no_other() -> None:
    assert set(CASES) == set(PROVIDERS)


def test_every_capability_has_a_provider_on_this_machine() -> None:
    assert {provider.capability for provider in PROVIDERS.values()} == set(Capability)


@pytest.mark.parametrize("name", CASES)
class TestEveryProvider:
    def test_is_installed_and_tells_its_version(self, name: str) -> None:
        assert PROVIDERS[name].missing() is None
        assert PROVIDERS[name].engine_version()

    def test_says_what_it_is(self, name: str) -> None:
        provider = PROVIDERS[name]

        assert provider.capability is CASES[name].capability
        assert provider.kind in {ProviderKind.EMBEDDED, ProviderKind.BUILTIN}
        assert provider.model
        assert provider.version

    def test_does_its_job_for_nothing(self, name: str) -> None:
        provider, case = PROVIDERS[name], CASES[name]
        request = case.request()

        reply = provider.call(request)

        assert provider.obstacle(case.need) is None
        assert _is_an_answer(case.capability, reply.value)
        assert reply.usage == provider.largest_usage(request) == Usage()

    def test_answers_alike_twice(self, name: str) -> None:
        request = CASES[name].request()

        assert PROVIDERS[name].call(request).value == PROVIDERS[name].call(request).value

    def test_routing_may_ask_it_often(self, name: str) -> None:
        provider, need = PROVIDERS[name], CASES[name].need
        provider.obstacle(need)
        started = time.process_time()

        for _ in range(20):
            provider.missing()
            provider.obstacle(need)

        assert (time.process_time() - started) / 20 < 0.005


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_it_can_never_do_is_an_obstacle_in_words_and_refused_as_the_callers_fault(name: str) -> None:
    provider, case = PROVIDERS[name], CASES[name]
    assert case.impossible is not None
    assert case.impossible_need is not None

    obstacle = provider.obstacle(case.impossible_need)

    assert obstacle is not None
    assert name in obstacle
    with pytest.raises(UnsupportedInputError):
        provider.call(case.impossible())


def test_an_error_never_repeats_the_text() -> None:
    request = TranslationRequest(text="secreto", source_language="ja", target_language="en")

    with pytest.raises(IntakeError) as caught:
        PROVIDERS["apertium"].call(request)

    assert "secreto" not in caught.value.detail
