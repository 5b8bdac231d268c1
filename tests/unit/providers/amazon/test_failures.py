"""Each way in which Amazon's services fail, on the wire, ends as one error of ours; and where they are looked for."""

from __future__ import annotations

import socket
import traceback

import pytest

from intake.errors import (
    IntakeError,
    ProviderError,
    ProviderRefusedError,
    ProviderTimeoutError,
    RateLimitedError,
    TransientError,
)
from intake.providers.ports import AnyProvider, Capability, SpeechRequest, TranslationRequest
from tests.doubles.control import Control
from tests.doubles.faults import Fault, Kind
from tests.unit.providers.amazon.conftest import Make

REQUESTS = {
    Capability.TRANSLATE: TranslationRequest(text="my illness", source_language="en", target_language="es"),
    Capability.SYNTHESIZE: SpeechRequest(text="my illness", language="en"),
}
VARIABLES = {
    Capability.TRANSLATE: "AWS_ENDPOINT_URL_TRANSLATE",
    Capability.SYNTHESIZE: "AWS_ENDPOINT_URL_POLLY",
}
each_capability = pytest.mark.parametrize("capability", REQUESTS)
STATUSES = [
    (Fault.amazon(400, "ThrottlingException"), RateLimitedError),
    (Fault.amazon(400, "TooManyRequestsException"), RateLimitedError),
    (Fault.amazon(429, "TooManyRequestsException"), RateLimitedError),
    (Fault.amazon(429, "SomethingElse"), RateLimitedError),
    (Fault.amazon(400, "LimitExceededException"), RateLimitedError),
    (Fault.amazon(400, "TextSizeLimitExceededException"), ProviderRefusedError),
    (Fault.amazon(400, "TextLengthExceededException"), ProviderRefusedError),
    (Fault.amazon(400, "UnsupportedLanguagePairException"), ProviderRefusedError),
    (Fault.amazon(400, "DetectedLanguageLowConfidenceException"), ProviderRefusedError),
    (Fault.amazon(400, "InvalidRequestException"), ProviderRefusedError),
    (Fault.amazon(400, "EngineNotSupportedException"), ProviderRefusedError),
    (Fault.amazon(400, "AccessDeniedException"), ProviderRefusedError),
    (Fault.amazon(403, "UnrecognizedClientException"), ProviderRefusedError),
    (Fault.amazon(404, "ResourceNotFoundException"), ProviderRefusedError),
    (Fault.amazon(408, "RequestTimeout"), TransientError),
    (Fault.amazon(500, "InternalServerException"), TransientError),
    (Fault.amazon(500, "ServiceFailureException"), TransientError),
    (Fault.amazon(503, "ServiceUnavailableException"), TransientError),
    (Fault(kind=Kind.STATUS, status=502, body="<html>Bad gateway</html>"), TransientError),
]


def failure(provider: AnyProvider) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        provider.call(REQUESTS[provider.capability])
    return caught.value


@each_capability
@pytest.mark.parametrize(
    ("fault", "expected"),
    STATUSES,
    ids=lambda value: f"{value.status}-{value.code}" if isinstance(value, Fault) else "",
)
def test_a_status_ends_as_its_error_after_one_call(
    make: Make, double: Control, fault: Fault, expected: type[IntakeError], capability: Capability
) -> None:
    double.fail(fault)

    error = failure(make(capability))

    assert type(error) is expected
    assert error.billed is None
    assert double.counts()["calls"] == 1


def test_a_rate_limit_carries_the_wait(make: Make, double: Control) -> None:
    double.fail(Fault.amazon(429, "TooManyRequestsException", headers={"retry-after": "7"}))

    error = failure(make(Capability.TRANSLATE))

    assert isinstance(error, RateLimitedError)
    assert error.retry_after_seconds == 7.0


@each_capability
@pytest.mark.parametrize("kind", [Kind.RESET, Kind.TRUNCATED_BODY])
def test_a_broken_connection_may_pass(make: Make, double: Control, kind: Kind, capability: Capability) -> None:
    double.fail(Fault(kind=kind))
    provider = make(capability)

    assert type(failure(provider)) is TransientError
    assert double.counts()["calls"] == 1
    provider.call(REQUESTS[capability])  # the next call is well again


def test_an_answer_that_is_no_json_may_pass(make: Make, double: Control) -> None:
    double.fail(Fault(kind=Kind.MALFORMED_JSON))

    assert type(failure(make(Capability.TRANSLATE))) is TransientError


@each_capability
def test_a_slow_answer_is_given_up(make: Make, double: Control, capability: Capability) -> None:
    double.fail(Fault(kind=Kind.SLOW, delay_seconds=2))

    assert (
        type(failure(make(capability, INTAKE_PROVIDER_TIMEOUT_SECONDS=0.1, INTAKE_SPEECH_TIMEOUT_SECONDS=0.1)))
        is ProviderTimeoutError
    )


def test_a_trickling_sound_is_given_up_though_each_wait_is_short(make: Make, double: Control) -> None:
    double.fail(Fault(kind=Kind.TRICKLE, delay_seconds=0.05))

    assert type(failure(make(Capability.SYNTHESIZE, INTAKE_SPEECH_TIMEOUT_SECONDS=0.2))) is ProviderTimeoutError


@each_capability
def test_a_refused_connection_may_pass(make: Make, capability: Capability) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{unused.getsockname()[1]}"

        assert type(failure(make(capability, **{VARIABLES[capability]: nobody}))) is TransientError


@each_capability
def test_a_deployment_that_did_not_ask_for_it_does_not_call_it(
    make: Make, double: Control, capability: Capability
) -> None:
    provider = make(capability, INTAKE_AWS_AI="off")

    assert "INTAKE_AWS_AI=on" in (provider.missing() or "")
    assert type(failure(provider)) is ProviderRefusedError
    assert double.counts()["calls"] == 0


@each_capability
def test_the_embedded_aws_is_never_asked_in_its_place(
    make: Make, double: Control, monkeypatch: pytest.MonkeyPatch, capability: Capability
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", double.address)
    embedded = make(capability, **{"AWS_ENDPOINT_URL": double.address, VARIABLES[capability]: None})

    assert VARIABLES[capability] in (embedded.missing() or "")
    assert type(failure(embedded)) is ProviderRefusedError
    assert double.counts()["calls"] == 0


@each_capability
def test_the_services_own_endpoint_goes_before_the_general_one(
    make: Make, double: Control, monkeypatch: pytest.MonkeyPatch, capability: Capability
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    provider = make(capability, AWS_ENDPOINT_URL="http://127.0.0.1:9", INTAKE_PROVIDER_TIMEOUT_SECONDS=4)

    assert provider.missing() is None
    provider.call(REQUESTS[capability])
    assert double.counts()["by_key"] == {"AKIDEXAMPLE": 1}


def test_without_a_region_nothing_is_sent(make: Make, double: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    time_of_this_test = 3.5  # clients are kept by address and time

    error = failure(make(Capability.TRANSLATE, INTAKE_PROVIDER_TIMEOUT_SECONDS=time_of_this_test))

    assert type(error) is ProviderRefusedError
    assert "NoRegionError" in error.detail
    assert double.counts()["calls"] == 0


@each_capability
@pytest.mark.parametrize(
    "fault",
    [Fault(kind=Kind.STATUS, status=400, code="my illness"), Fault(kind=Kind.RESET)],
    ids=lambda fault: str(fault.kind),
)
def test_neither_text_nor_key_hangs_on_an_error(
    make: Make, double: Control, fault: Fault, capability: Capability
) -> None:
    double.fail(fault)

    error = failure(make(capability))

    printed = "".join(traceback.format_exception(error))
    assert "illness" not in printed
    assert "secret-key" not in printed
    assert (error.__cause__, error.__context__) == (None, None)
