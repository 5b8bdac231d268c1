"""Which providers may do a job, in which order, and why."""

from __future__ import annotations

import pytest

from intake.errors import (
    ProviderRefusedError,
    ProvidersUnavailableError,
    UnsupportedInputError,
)
from intake.gateway.scoring import BALANCED, Preference
from intake.providers.ports import Capability, Need, ProviderKind
from intake.providers.remote import remote_providers
from intake.settings import ProviderMode, Settings, Stage
from tests.fakes.providers import GatewayBench, ScriptedProvider

CHEAP = Preference(cost=1, quality=0)
SPEECH = Need(media_type="audio/wav", size=320_000)
TEXT = Need(source_language="es", target_language="en", size=80)


@pytest.mark.parametrize("kind", [ProviderKind.MOCK, ProviderKind.EMBEDDED])
@pytest.mark.parametrize("mode", list(ProviderMode))
def test_made_up_answers_are_refused_in_production(kind: ProviderKind, mode: ProviderMode) -> None:
    provider = ScriptedProvider(kind=kind)
    bench = GatewayBench([provider], mode=mode, stage=Stage.PROD)

    with pytest.raises(ProviderRefusedError):
        bench.translate()
    with pytest.raises(ProvidersUnavailableError):
        bench.gateway.route(Capability.TRANSLATE, Need(), tenant="acme")
    assert provider.calls == 0


def test_a_route_lists_remote_providers_first_and_gives_reasons() -> None:
    providers = [
        ScriptedProvider("apertium", kind=ProviderKind.EMBEDDED),
        ScriptedProvider("openai"),
        ScriptedProvider("flash", model="gemini-3.5-flash-lite"),
    ]

    route = GatewayBench(providers, mode=ProviderMode.HYBRID).gateway.route(
        Capability.TRANSLATE, Need(source_language="es", target_language="en"), tenant="acme"
    )

    assert route.names == ["flash", "openai", "apertium"]
    assert all(choice.reason for choice in route.providers)


def test_a_route_passes_over_what_cannot_help_and_says_why() -> None:
    bench = GatewayBench(
        [
            ScriptedProvider("openai", missing="set OPENAI_API_KEY"),
            ScriptedProvider("flash", model="gemini-3.5-flash-lite"),
            ScriptedProvider("apertium", kind=ProviderKind.EMBEDDED),
        ]
    )

    route = bench.gateway.route(Capability.TRANSLATE, Need(), tenant="acme")

    assert route.names == ["flash"]
    assert {choice.provider: choice.reason for choice in route.passed_over} == {
        "openai": "set OPENAI_API_KEY",
        "apertium": "embedded providers are not used in the mode real, but in embedded or hybrid",
    }


def test_a_job_nobody_can_do_is_the_callers_problem() -> None:
    bench = GatewayBench([ScriptedProvider(obstacle="cannot translate de to en")])

    with pytest.raises(UnsupportedInputError, match="de to en"):
        bench.gateway.route(Capability.TRANSLATE, Need(), tenant="acme")


def test_a_job_whose_providers_are_off_is_our_problem() -> None:
    bench = GatewayBench([ScriptedProvider(obstacle="cannot"), ScriptedProvider("flash", missing="no key")])

    with pytest.raises(ProvidersUnavailableError):
        bench.gateway.route(Capability.TRANSLATE, Need(), tenant="acme")


@pytest.mark.parametrize(
    ("capability", "need", "preference", "expected"),
    [
        (Capability.TRANSCRIBE, SPEECH, BALANCED, ["elevenlabs", "openai"]),
        (Capability.TRANSCRIBE, SPEECH, CHEAP, ["elevenlabs", "openai"]),
        (Capability.TRANSLATE, TEXT, BALANCED, ["flash", "openai", "amazon_translate"]),
        (Capability.TRANSLATE, TEXT, CHEAP, ["flash", "openai", "amazon_translate"]),
        (Capability.COMPLETE, TEXT, BALANCED, ["openai", "flash"]),
        (Capability.SYNTHESIZE, TEXT, BALANCED, ["elevenlabs", "amazon_polly"]),
        (Capability.SYNTHESIZE, TEXT, CHEAP, ["amazon_polly", "elevenlabs"]),
    ],
)
def test_remote_providers_are_asked_in_the_order_of_the_preference(
    capability: Capability, need: Need, preference: Preference, expected: list[str]
) -> None:
    able = [each for each in remote_providers(Settings.model_validate({})) if each.capability is capability]
    willing = [ScriptedProvider(each.name, capability=capability, model=each.model) for each in able]

    route = GatewayBench(willing).gateway.route(capability, need, tenant="acme", preference=preference)

    assert route.names == expected
