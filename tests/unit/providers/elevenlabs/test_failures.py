"""Each way in which ElevenLabs fails, on the wire, ends as one error of ours."""

from __future__ import annotations

import socket
import traceback

import pytest

from intake.errors import (
    IntakeError,
    ProviderError,
    ProviderRefusedError,
    ProviderTimeoutError,
    QuotaExhaustedError,
    RateLimitedError,
    TransientError,
)
from intake.providers.ports import AnyProvider, Capability, SpeechRequest, TranscriptionRequest
from tests.doubles.control import Control
from tests.doubles.faults import Fault, Kind
from tests.unit.providers.elevenlabs.conftest import Make
from tests.unit.providers.sounds import wav

REQUESTS = {
    Capability.TRANSCRIBE: TranscriptionRequest(audio=wav(), media_type="audio/wav"),
    Capability.SYNTHESIZE: SpeechRequest(text="my illness", language="en"),
}
each_capability = pytest.mark.parametrize("capability", REQUESTS)
VALIDATION = {"detail": [{"loc": ["body", "file"], "msg": "field required", "type": "value_error.missing"}]}
STATUSES = [
    (Fault.elevenlabs(400, "max_character_limit_exceeded"), ProviderRefusedError),
    (Fault.elevenlabs(400, "voice_not_found"), ProviderRefusedError),
    (Fault.elevenlabs(401, "invalid_api_key"), ProviderRefusedError),
    (Fault.elevenlabs(401, "quota_exceeded"), QuotaExhaustedError),
    (Fault.elevenlabs(403, "missing_permissions"), ProviderRefusedError),
    (Fault.elevenlabs(404, "not_found"), ProviderRefusedError),
    (Fault.elevenlabs(408, "timeout"), TransientError),
    (Fault.elevenlabs(409, "already_running"), TransientError),
    (Fault(kind=Kind.STATUS, status=422, body=VALIDATION), ProviderRefusedError),
    (Fault.elevenlabs(429, "too_many_concurrent_requests"), RateLimitedError),
    (Fault.elevenlabs(429, "system_busy"), RateLimitedError),
    (Fault.elevenlabs(429, "quota_exceeded"), QuotaExhaustedError),
    (Fault.elevenlabs(500, "internal"), TransientError),
    (Fault(kind=Kind.STATUS, status=502, body="<html>Bad gateway</html>"), TransientError),
    (Fault(kind=Kind.STATUS, status=503, body={"detail": "busy"}), TransientError),
    (Fault(kind=Kind.STATUS, status=307, headers={"location": "http://127.0.0.1:9/"}), ProviderRefusedError),
    (Fault(kind=Kind.STATUS, status=202, body={"message": "accepted"}), ProviderRefusedError),
    (Fault(kind=Kind.STATUS, status=401, body=["odd"]), ProviderRefusedError),
    (Fault(kind=Kind.STATUS, status=401, body={"detail": {"status": ["odd"]}}), ProviderRefusedError),
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


def test_a_rate_limit_carries_the_wait_where_there_is_one(make: Make, double: Control) -> None:
    double.fail(Fault.elevenlabs(429, "system_busy", headers={"retry-after": "7"}))
    double.fail(Fault.elevenlabs(429, "too_many_concurrent_requests"))

    waits = [failure(make(Capability.SYNTHESIZE)) for _ in range(2)]

    assert [error.retry_after_seconds for error in waits if isinstance(error, RateLimitedError)] == [7.0, None]
    assert "too_many_concurrent_requests" in waits[1].detail


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

    assert type(failure(make(Capability.TRANSCRIBE))) is TransientError


@pytest.mark.parametrize(
    ("capability", "variable"),
    [
        (Capability.TRANSCRIBE, "INTAKE_TRANSCRIPTION_TIMEOUT_SECONDS"),
        (Capability.SYNTHESIZE, "INTAKE_SPEECH_TIMEOUT_SECONDS"),
    ],
)
@pytest.mark.parametrize(
    "fault",
    [Fault(kind=Kind.SLOW, delay_seconds=2), Fault(kind=Kind.TRICKLE, delay_seconds=0.05)],
    ids=lambda fault: str(fault.kind),
)
def test_a_slow_answer_is_given_up_by_the_time_of_its_kind(
    make: Make, double: Control, fault: Fault, capability: Capability, variable: str
) -> None:
    double.fail(fault)

    assert type(failure(make(capability, **{variable: 0.2}))) is ProviderTimeoutError


def test_a_refused_connection_may_pass(make: Make) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{unused.getsockname()[1]}"

        assert type(failure(make(Capability.SYNTHESIZE, ELEVENLABS_BASE_URL=nobody))) is TransientError


@each_capability
def test_without_a_key_nothing_is_sent_and_the_variable_is_named(
    make: Make, double: Control, capability: Capability
) -> None:
    provider = make(capability, ELEVENLABS_API_KEY=None)

    assert provider.missing() == "Set ELEVENLABS_API_KEY."
    assert type(failure(provider)) is ProviderRefusedError
    assert double.counts()["calls"] == 0


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=Kind.STATUS, status=400, body={"detail": {"status": "my illness", "message": "my illness"}}),
        Fault(kind=Kind.RESET),
    ],
    ids=lambda fault: str(fault.kind),
)
def test_neither_text_nor_key_hangs_on_an_error(make: Make, double: Control, fault: Fault) -> None:
    double.fail(fault)

    error = failure(make(Capability.SYNTHESIZE))

    printed = "".join(traceback.format_exception(error))
    assert "illness" not in printed
    assert "xi-key" not in printed
    assert (error.__cause__, error.__context__) == (None, None)
