"""What every remote provider keeps to, whatever its service and capability."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date

import pytest
from pydantic import BaseModel

from intake.gateway.prices import PUBLISHED
from intake.providers.ports import (
    ANSWER_TYPES,
    AnyProvider,
    Capability,
    CompletionRequest,
    EmbeddingRequest,
    Need,
    ProviderKind,
    SpeechRequest,
    TranscriptionRequest,
    TranslationRequest,
)
from intake.providers.remote import remote_providers
from intake.settings import Settings
from tests.doubles import amazon_server, elevenlabs_server, openai_server
from tests.unit.providers.sounds import wav

TODAY = date(2026, 11, 20)
REQUESTS: dict[Capability, BaseModel] = {
    Capability.TRANSLATE: TranslationRequest(
        text="Mi número es [PHONE_1]. ¿Cubre mi póliza el robo? 保険 🚗", source_language="es", target_language="en"
    ),
    Capability.COMPLETE: CompletionRequest(
        task="classify",
        prompt_version="1",
        instructions="Say what the text is about.",
        data={"text": "I want to file a claim", "history": ["Hello"]},
        answer_schema={
            "type": "object",
            "properties": {"intent": {"type": "string", "enum": ["claim", "other"]}},
            "required": ["intent"],
            "additionalProperties": False,
        },
        max_output_tokens=200,
    ),
    Capability.EMBED: EmbeddingRequest(texts=("water damage", "dental benefits"), is_query=True),
    Capability.TRANSCRIBE: TranscriptionRequest(audio=wav(1.5), media_type="audio/wav", language="es"),
    Capability.SYNTHESIZE: SpeechRequest(text="Your policy covers theft.", language="en"),
}
NAMES = [f"{provider.name}-{provider.capability}" for provider in remote_providers(Settings.model_validate({}))]


@pytest.fixture(scope="module")
def providers() -> Iterator[dict[str, AnyProvider]]:
    with ExitStack() as doubles, pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        environment.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        amazon = doubles.enter_context(amazon_server.running())
        openai = doubles.enter_context(openai_server.running())
        elevenlabs = doubles.enter_context(elevenlabs_server.running())
        settings = Settings.model_validate(
            {
                "OPENAI_API_KEY": "sk-openai",
                "OPENAI_BASE_URL": openai.openai_base_url,
                "FLASH_API_KEY": "key-flash",
                "FLASH_BASE_URL": openai.flash_base_url,
                "ELEVENLABS_API_KEY": "xi-key",
                "ELEVENLABS_BASE_URL": elevenlabs.address,
                "INTAKE_AWS_AI": "on",
                "AWS_ENDPOINT_URL_TRANSLATE": amazon.address,
                "AWS_ENDPOINT_URL_POLLY": amazon.address,
            }
        )
        yield {f"{provider.name}-{provider.capability}": provider for provider in remote_providers(settings)}


@pytest.fixture(params=NAMES)
def provider(request: pytest.FixtureRequest, providers: dict[str, AnyProvider]) -> AnyProvider:
    return providers[request.param]


def test_it_says_what_it_is(provider: AnyProvider) -> None:
    assert provider.kind is ProviderKind.REMOTE
    assert provider.name.isidentifier()
    assert provider.model
    assert provider.version


def test_it_is_ready_where_it_is_set_up_and_says_what_is_missing_elsewhere(provider: AnyProvider) -> None:
    assert provider.missing() is None
    keyless = {(each.name, each.capability): each for each in remote_providers(Settings.model_validate({}))}
    missing = keyless[provider.name, provider.capability].missing() or ""
    assert ("INTAKE_AWS_AI" if provider.name.startswith("amazon") else "_API_KEY") in missing


def test_it_takes_a_job_of_the_usual_kind(provider: AnyProvider) -> None:
    need = Need(source_language="es", target_language="en", size=2_500)

    assert provider.obstacle(need) is None


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("openai", "flash"))])
def test_a_language_model_takes_any_pair_of_languages(name: str, providers: dict[str, AnyProvider]) -> None:
    assert providers[name].obstacle(Need(source_language="am", target_language="my", size=5_000)) is None


def test_its_answer_is_of_its_capability_and_survives_the_cache(provider: AnyProvider) -> None:
    value = provider.call(REQUESTS[provider.capability]).value

    answer_type = ANSWER_TYPES[provider.capability]
    assert type(value) is answer_type
    assert answer_type.model_validate_json(value.model_dump_json()) == value


def test_the_same_request_has_the_same_answer_and_is_left_as_it_was(provider: AnyProvider) -> None:
    request = REQUESTS[provider.capability]
    before = pickle.dumps(request.model_dump())

    assert provider.call(request) == provider.call(request)
    assert pickle.dumps(request.model_dump()) == before


def test_what_it_bills_is_never_more_than_it_said(provider: AnyProvider) -> None:
    request = REQUESTS[provider.capability]

    usage, largest = provider.call(request).usage, provider.largest_usage(request)

    for unit in type(usage).model_fields:
        assert 0 <= getattr(usage, unit) <= getattr(largest, unit)
    assert any(getattr(usage, unit) > 0 for unit in type(usage).model_fields)


def test_its_default_model_has_a_price(provider: AnyProvider) -> None:
    prices = [price for price in PUBLISHED if (price.provider, price.model) == (provider.name, provider.model)]

    assert any(price.effective <= TODAY for price in prices)
