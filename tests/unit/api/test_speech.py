"""POST /v1/speech: the sound, who made it, and what becomes of it when a provider fails."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from intake.errors import (
    BudgetExceededError,
    ProviderRefusedError,
    ProviderTimeoutError,
    TransientError,
    UnsupportedInputError,
)
from intake.gateway.cache import CacheLine
from intake.inputs.acceptance import InputRequest, accept_text
from intake.inputs.speaking import LATEST_START_MS, MAX_AUDIO_BYTES
from intake.money import Usage
from intake.providers.ports import Capability, Speech
from intake.settings import ProviderMode
from tests.fakes.gateway_stores import InMemoryCacheStore
from tests.fakes.providers import ScriptedProvider
from tests.unit.api.double import Answer, Api, FakeServices

TEXT = "Your claim was received."
SOUND = Speech(audio=b"\xff\xfbsound", media_type="audio/mpeg")


def speaker(name: str, model: str, answer: Speech = SOUND) -> ScriptedProvider:
    return ScriptedProvider(
        name, capability=Capability.SYNTHESIZE, model=model, answer=answer, usage=Usage(characters=24)
    )


@pytest.fixture
def elevenlabs(services: FakeServices) -> ScriptedProvider:
    services.settings = services.settings.model_copy(update={"provider_mode": ProviderMode.REAL})
    first = speaker("elevenlabs", "eleven_flash_v2_5")
    services.providers = (first, speaker("amazon_polly", "neural"))
    return first


def speak(api: Api, *, headers: dict[str, str] | None = None, role: str = "operator", **body: object) -> Answer:
    return api.call("POST", "/v1/speech", json_body={"text": TEXT, "language": "en"} | body, headers=headers, role=role)


@pytest.mark.usefixtures("elevenlabs")
def test_the_answer_is_the_sound_and_says_who_made_it(api: Api) -> None:
    answer = speak(api)

    assert (answer.status, answer.headers["content-type"], answer.content) == (200, "audio/mpeg", SOUND.audio)
    told = {name: value for name, value in answer.headers.items() if name.startswith("x-intake-")}
    assert told == {
        "x-intake-provider": "elevenlabs",
        "x-intake-model": "eleven_flash_v2_5",
        "x-intake-attempts": "1",
        "x-intake-cost-microusd": "1200",
        "x-intake-cache": "miss",
        "x-intake-degraded": "false",
    }


@pytest.mark.usefixtures("elevenlabs")
def test_the_same_in_json_for_who_asks(api: Api) -> None:
    body = speak(api, headers={"accept": "application/json"}).body

    assert base64.b64decode(body.pop("audio")) == SOUND.audio
    assert (body["provider"], body["media_type"], body["notice"]) == ("elevenlabs", "audio/mpeg", None)


@pytest.mark.parametrize("failure", [TransientError("503"), ProviderTimeoutError("slow"), ProviderRefusedError("no")])
def test_when_the_first_fails_the_next_speaks_and_it_is_told(
    api: Api, elevenlabs: ScriptedProvider, failure: Exception
) -> None:
    elevenlabs.will(failure)

    answer = speak(api)

    assert answer.content == SOUND.audio
    assert (answer.headers["x-intake-provider"], answer.headers["x-intake-attempts"]) == ("amazon_polly", "2")
    assert answer.headers["x-intake-degraded"] == "true"
    assert "spoken by amazon_polly, because elevenlabs" in answer.headers["x-intake-notice"].replace("%20", " ")
    assert elevenlabs.calls == 1, "one call a provider"


@pytest.mark.usefixtures("elevenlabs")
def test_a_held_provider_is_passed_over_and_the_reason_is_told(api: Api, services: FakeServices) -> None:
    services.breaker.hold(Capability.SYNTHESIZE, "elevenlabs", "die Stimme ist zu müde", by="key_1")

    body = speak(api, headers={"accept": "application/json"}).body

    assert body["provider"] == "amazon_polly"
    assert "elevenlabs was passed over (an operator holds it: die Stimme ist zu müde)" in body["notice"]
    assert speak(api).status == 200, "headers are ASCII whatever the reason"


def test_nobody_is_asked_who_could_not_answer_in_time(
    api: Api, services: FakeServices, elevenlabs: ScriptedProvider
) -> None:
    def dawdle() -> None:
        services.clock.advance(seconds=LATEST_START_MS / 1000 + 1)
        raise ProviderTimeoutError("slow")

    elevenlabs.will(dawdle)

    answer = speak(api)

    assert answer.status == 503
    assert answer.body["type"].endswith("providers-unavailable")


@pytest.mark.parametrize(
    ("failure", "status", "field"),
    [
        (lambda: TransientError("503"), 503, None),
        (lambda: BudgetExceededError("used up"), 402, None),
        (lambda: UnsupportedInputError("There is no text to speak."), 422, "text"),
    ],
)
def test_when_nobody_speaks_the_caller_learns_why(
    api: Api,
    services: FakeServices,
    elevenlabs: ScriptedProvider,
    failure: Callable[[], Exception],
    status: int,
    field: str | None,
) -> None:
    for provider in services.providers:
        provider.will(failure())  # type: ignore[attr-defined]

    answer = speak(api)

    assert answer.status == status
    assert [error["field"] for error in answer.body.get("errors", [])] == ([field] if field else [])
    assert "elevenlabs" in answer.body["detail"]


def test_a_voice_that_nobody_has_is_the_fault_of_its_field(
    api: Api, services: FakeServices, elevenlabs: ScriptedProvider
) -> None:
    for provider in services.providers:
        provider.will(ProviderRefusedError("no such voice"))  # type: ignore[attr-defined]

    answer = speak(api, voice="Nobody")

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == ["voice"]


def test_a_sound_too_large_for_an_answer_is_not_cut_off(api: Api, services: FakeServices) -> None:
    services.settings = services.settings.model_copy(update={"provider_mode": ProviderMode.REAL})
    large = Speech(audio=bytes(MAX_AUDIO_BYTES + 1), media_type="audio/wav")
    services.providers = (speaker("elevenlabs", "eleven_flash_v2_5", large),)

    answer = speak(api, format="wav")

    assert answer.status == 422
    assert "in parts" in answer.body["errors"][0]["message"]


class TestCache:
    def line(self, services: FakeServices, input_id: str) -> None:
        request = InputRequest(text="Hola, tengo un reclamo.")
        services.inputs.create(accept_text(request, tenant="acme", input_id=input_id, now=services.clock.now()))

    def test_a_text_of_nobody_is_kept_only_if_it_says_so(self, api: Api, elevenlabs: ScriptedProvider) -> None:
        assert [speak(api).headers["x-intake-cache"] for _ in range(2)] == ["miss", "miss"]
        assert [speak(api, reusable=True).headers["x-intake-cache"] for _ in range(2)] == ["miss", "table"]
        assert speak(api, reusable=True).headers["x-intake-cost-microusd"] == "0"

    def test_what_answers_an_input_is_kept_and_named_on_it(
        self, api: Api, services: FakeServices, elevenlabs: ScriptedProvider
    ) -> None:
        self.line(services, "inp_1")

        assert [speak(api, input_id="inp_1").headers["x-intake-cache"] for _ in range(2)] == ["miss", "table"]
        assert len(services.inputs.lines["acme", "inp_1"]) == 1

    @pytest.mark.usefixtures("elevenlabs")
    def test_an_input_of_nobody_or_of_another_tenant_is_not_found(self, api: Api, services: FakeServices) -> None:
        assert speak(api, input_id="inp_2").status == 404

    def test_a_sound_that_the_table_cannot_hold_is_still_answered(
        self, api: Api, services: FakeServices, elevenlabs: ScriptedProvider
    ) -> None:
        class Refusing(InMemoryCacheStore):
            def put(self, tenant: str, key: str, line: CacheLine) -> None:
                raise ValueError("Item size has exceeded the maximum allowed size")

        services.lines = Refusing()

        assert speak(api, reusable=True).content == SOUND.audio


@pytest.mark.usefixtures("elevenlabs")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "x" * 1_001}, "text"),
        ({"text": "…"}, "text"),
        ({"language": "xx"}, "language"),
        ({"language": "auto"}, "language"),
        ({"format": "ogg"}, "format"),
        ({"voice": ""}, "voice"),
        ({"preferences": {"cost": 2}}, "preferences.cost"),
        ({"input_id": "../x"}, "input_id"),
        ({"speed": 2}, "speed"),
    ],
)
def test_a_field_at_fault_is_named(api: Api, change: dict[str, object], field: str) -> None:
    answer = api.call("POST", "/v1/speech", json_body={"text": TEXT, "language": "en"} | change)

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == [field]


@pytest.mark.usefixtures("elevenlabs")
def test_a_viewer_may_not_spend(api: Api) -> None:
    assert speak(api, role="viewer").status == 403


def test_a_language_that_nobody_speaks_is_said_with_its_field(api: Api, services: FakeServices) -> None:
    services.settings = services.settings.model_copy(update={"provider_mode": ProviderMode.REAL})
    mute = ScriptedProvider("elevenlabs", capability=Capability.SYNTHESIZE, obstacle="it does not speak am")
    services.providers = (mute,)

    answer = speak(api, language="am")

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == ["language"]
