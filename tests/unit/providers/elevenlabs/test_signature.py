"""The signature of ElevenLabs' callbacks, on the raw bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.errors import InvalidSignatureError
from intake.providers.elevenlabs.signature import verify
from tests.doubles.callbacks import signed

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BODY = '{"text":  "¿Qué?"}'.encode()
SECRET = "wsec_1"


def header(*, body: bytes = BODY, secret: str = SECRET, minutes: float = 0) -> str:
    return signed(body, secret, (NOW + timedelta(minutes=minutes)).timestamp())


@pytest.mark.parametrize("minutes", [0, -30, 30])
def test_a_right_signature_of_the_last_half_hour_passes(minutes: float) -> None:
    verify(BODY, header(minutes=minutes), SECRET, now=NOW)


def test_one_of_several_signatures_is_enough() -> None:
    verify(BODY, header().replace(",", ",v0=00,"), SECRET, now=NOW)


def test_the_known_value_passes() -> None:
    # echo -n '1795176000.{}' | openssl dgst -sha256 -hmac wsec_1
    known = "t=1795176000,v0=2d2cf1fa36439cdafacedf3395439337b9a01d954ce4cc6d1bbd6b48b786fedc"

    verify(b"{}", known, SECRET, now=NOW)


@pytest.mark.parametrize(
    "given",
    [
        header(minutes=-31),
        header(minutes=31),
        header(secret="wsec_2"),
        header(body=b'{"text": "\xc2\xbfQu\xc3\xa9?"}'),
        header().upper(),
        header() + "0",
        header().replace("t=", "t=1"),
        header().replace("v0=", "v1="),
        "t=1," + header(),
        "t=²,v0=00",
        "v0=é",
        "t=,v0=",
        "t=1795176000",
        "v0=00",
        "",
        "," * 100_000,
    ],
)
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(InvalidSignatureError):
        verify(BODY, given, SECRET, now=NOW)
