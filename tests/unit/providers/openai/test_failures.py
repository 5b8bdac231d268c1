"""Each way in which a service fails, on the wire, ends as one error of ours."""

from __future__ import annotations

import socket
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from intake.errors import (
    IntakeError,
    ProviderError,
    ProviderRefusedError,
    ProviderTimeoutError,
    QuotaExhaustedError,
    RateLimitedError,
    TransientError,
    UnsupportedInputError,
)
from intake.providers.ports import AnyProvider, Capability
from intake.providers.retry_after import retry_after_seconds
from tests.doubles.control import Control
from tests.doubles.faults import Fault, Kind
from tests.unit.providers.openai.remote import Remote
from tests.unit.providers.openai.requests import CHAT, CHAT_PROVIDERS, embedding, recording, translation

REQUESTS = {**CHAT, Capability.EMBED: embedding(), Capability.TRANSCRIBE: recording()}
PROVIDERS = [*CHAT_PROVIDERS, (Capability.EMBED, "openai"), (Capability.TRANSCRIBE, "openai")]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def failure(provider: AnyProvider) -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        provider.call(REQUESTS[provider.capability])
    return caught.value


def a_status(status: int, kind: str = "invalid_request_error", code: str | None = None) -> Fault:
    return Fault(kind=Kind.STATUS, status=status, type=kind, code=code)


STATUSES = [
    (a_status(400), ProviderRefusedError),
    (a_status(400, code="context_length_exceeded"), UnsupportedInputError),
    (a_status(401, code="invalid_api_key"), ProviderRefusedError),
    (a_status(403), ProviderRefusedError),
    (a_status(404, code="model_not_found"), ProviderRefusedError),
    (a_status(408), TransientError),
    (a_status(409), TransientError),
    (a_status(422), ProviderRefusedError),
    (a_status(307), ProviderRefusedError),
    (Fault.rate_limit(), RateLimitedError),
    (a_status(429, "requests", "slow_down"), RateLimitedError),
    (Fault.quota("credit_balance_exhausted"), QuotaExhaustedError),
    (Fault.quota("organization_spend_limit_exceeded"), QuotaExhaustedError),
    (a_status(429, "billing", "project_spend_limit_exceeded"), QuotaExhaustedError),
    (a_status(429, "billing", "organization_usage_limit_exceeded"), QuotaExhaustedError),
    (a_status(429, "billing", "insufficient_quota"), QuotaExhaustedError),
    (a_status(500, "server_error"), TransientError),
    (a_status(502), TransientError),
    (a_status(503, "service_unavailable_error", "server_is_overloaded"), TransientError),
    (Fault.gemini(400, "INVALID_ARGUMENT"), ProviderRefusedError),
    (Fault.gemini(403, "PERMISSION_DENIED"), ProviderRefusedError),
    (Fault.gemini(404, "NOT_FOUND"), ProviderRefusedError),
    (Fault.gemini(429, "RESOURCE_EXHAUSTED"), RateLimitedError),
    (Fault.gemini(500, "INTERNAL"), TransientError),
    (Fault.gemini(503, "UNAVAILABLE"), TransientError),
    (Fault.gemini(504, "DEADLINE_EXCEEDED"), TransientError),
    (Fault(kind=Kind.STATUS, status=502, body="<html>Bad gateway</html>"), TransientError),
    (Fault(kind=Kind.STATUS, status=429, body={"error": "no object"}), RateLimitedError),
    (Fault(kind=Kind.STATUS, status=429, body={"error": {"code": 7, "type": ["odd"]}}), RateLimitedError),
]


@pytest.mark.parametrize(("capability", "name"), PROVIDERS)
@pytest.mark.parametrize(
    ("fault", "expected"),
    STATUSES,
    ids=lambda value: f"{value.status}-{value.code}" if isinstance(value, Fault) else "",
)
def test_a_status_ends_as_its_error_after_one_call(
    remote: Remote, double: Control, fault: Fault, expected: type[IntakeError], capability: Capability, name: str
) -> None:
    double.fail(fault)

    error = failure(remote(capability, name))

    assert type(error) is expected
    assert not isinstance(error, ProviderError) or error.billed is None
    assert double.counts()["calls"] == 1


@pytest.mark.parametrize(("capability", "name"), PROVIDERS)
@pytest.mark.parametrize("kind", [Kind.RESET, Kind.TRUNCATED_BODY, Kind.MALFORMED_JSON])
def test_a_broken_connection_or_body_may_pass(
    remote: Remote, double: Control, kind: Kind, capability: Capability, name: str
) -> None:
    double.fail(Fault(kind=kind))

    error = failure(remote(capability, name))

    assert type(error) is TransientError
    assert error.billed is None
    assert double.counts()["calls"] == 1
    remote(capability, name).call(REQUESTS[capability])  # the next call is well again


@pytest.mark.parametrize(("capability", "name"), PROVIDERS)
def test_a_slow_answer_is_given_up(double: Control, capability: Capability, name: str) -> None:
    double.fail(Fault(kind=Kind.SLOW, delay_seconds=2))

    hasty = Remote(double, INTAKE_PROVIDER_TIMEOUT_SECONDS=0.1, INTAKE_TRANSCRIPTION_TIMEOUT_SECONDS=0.1)
    error = failure(hasty(capability, name))

    assert type(error) is ProviderTimeoutError


def test_a_trickling_answer_is_given_up_though_each_wait_is_short(double: Control) -> None:
    double.fail(Fault(kind=Kind.TRICKLE, delay_seconds=0.05))
    patient, hasty = (Remote(double, INTAKE_PROVIDER_TIMEOUT_SECONDS=seconds) for seconds in (10, 0.2))
    patient(Capability.TRANSLATE).call(translation())
    double.fail(Fault(kind=Kind.TRICKLE, delay_seconds=0.05))

    error = failure(hasty(Capability.TRANSLATE))

    assert type(error) is ProviderTimeoutError


def test_a_refused_connection_may_pass(double: Control) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"

        error = failure(Remote(double, OPENAI_BASE_URL=nobody)(Capability.TRANSLATE))

    assert type(error) is TransientError


@pytest.mark.parametrize(("capability", "name"), CHAT_PROVIDERS)
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.REFUSAL, ProviderRefusedError),
        (Kind.CONTENT_FILTER, ProviderRefusedError),
        (Kind.LENGTH, TransientError),
        (Kind.MALFORMED_CONTENT, TransientError),
        (Kind.SCHEMA_VIOLATION, TransientError),
        (Kind.NO_CHOICES, TransientError),
    ],
)
def test_an_answer_that_is_of_no_use_is_billed_all_the_same(
    remote: Remote, double: Control, kind: Kind, expected: type[ProviderError], capability: Capability, name: str
) -> None:
    provider = remote(capability, name)
    double.fail(Fault(kind=kind))

    error = failure(provider)

    assert type(error) is expected
    assert isinstance(error, ProviderError)
    assert error.billed is not None
    largest = provider.largest_usage(REQUESTS[capability])
    assert 0 < error.billed.input_tokens <= largest.input_tokens
    assert 0 < error.billed.output_tokens <= largest.output_tokens


@pytest.mark.parametrize("kind", [Kind.MISSING_ROW, Kind.DUPLICATE_ROW, Kind.WRONG_DIMENSION, Kind.ZERO_VECTOR])
def test_rows_that_do_not_match_the_texts_are_no_answer(remote: Remote, double: Control, kind: Kind) -> None:
    double.fail(Fault(kind=kind))

    error = failure(remote(Capability.EMBED))

    assert type(error) is TransientError
    assert error.billed is not None
    assert error.billed.input_tokens == 3 + 4


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "86400"}, 120.0),
        ({"retry-after": "inf"}, 120.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": format_datetime(NOW + timedelta(seconds=30), usegmt=True)}, 30.0),
        ({"retry-after": format_datetime(NOW - timedelta(seconds=30), usegmt=True)}, 0.0),
        ({"retry-after": "Fri, 20 Nov 2026 12:00:10 -0000"}, 10.0),
    ],
)
def test_the_wait_that_a_provider_asks_for_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_seconds(headers, now=NOW) == seconds


def test_a_rate_limit_carries_the_wait(remote: Remote, double: Control) -> None:
    double.fail(Fault.rate_limit("12"))

    error = failure(remote(Capability.TRANSLATE))

    assert isinstance(error, RateLimitedError)
    assert error.retry_after_seconds == 12.0


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(kind=Kind.CONTENT_FILTER, finish_reason="SAFETY"), ProviderRefusedError),
        (Fault(kind=Kind.CONTENT_FILTER, finish_reason="RECITATION"), ProviderRefusedError),
        (Fault(kind=Kind.LENGTH, finish_reason="MAX_TOKENS"), TransientError),
        (Fault(kind=Kind.LENGTH, finish_reason="OTHER"), TransientError),
    ],
    ids=lambda value: value.finish_reason if isinstance(value, Fault) else "",
)
def test_geminis_own_words_for_an_end_are_understood(
    remote: Remote, double: Control, fault: Fault, expected: type[ProviderError]
) -> None:
    double.fail(fault)

    assert type(failure(remote(Capability.TRANSLATE, "flash"))) is expected


@pytest.mark.parametrize(
    "fault",
    [
        Fault(
            kind=Kind.STATUS, status=400, body={"error": {"message": "my illness", "type": "x", "code": "my illness"}}
        ),
        Fault(kind=Kind.SCHEMA_VIOLATION),
        Fault(kind=Kind.MALFORMED_CONTENT),
        Fault(kind=Kind.RESET),
    ],
    ids=lambda fault: str(fault.kind),
)
def test_neither_text_nor_key_hangs_on_an_error(remote: Remote, double: Control, fault: Fault) -> None:
    request = translation("my illness")
    double.fail(fault)

    with pytest.raises(ProviderError) as caught:
        remote(Capability.TRANSLATE).call(request)

    printed = "".join(traceback.format_exception(caught.value))
    assert "illness" not in printed
    assert "sk-openai" not in printed
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
