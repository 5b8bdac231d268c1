"""The signature of ElevenLabs' webhooks: ``ElevenLabs-Signature: t=<unix>,v0=<hex>``, over the raw body.

It is not the format of Standard Webhooks. Source: https://elevenlabs.io/docs/product-guides/administration/webhooks,
November 2026.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from intake.errors import InvalidSignatureError

HEADER = "elevenlabs-signature"
TOLERANCE = timedelta(minutes=30)
_LONGEST_HEADER = 1_024


def verify(body: bytes, header: str, secret: str, *, now: datetime) -> None:
    """Check that a callback was signed with our secret, and lately.

    Parameters
    ----------
    body
        The bytes as they came: JSON that was read and written again has another signature.
    header
        The value of ``ElevenLabs-Signature``, empty where there is none.

    Raises
    ------
    InvalidSignatureError
        It was not, or more than 30 minutes ago, or is dated that far ahead.
    """
    parts = [part.strip().partition("=") for part in header[:_LONGEST_HEADER].split(",")]
    times = [value for name, _, value in parts if name == "t"]
    signatures = [value for name, _, value in parts if name == "v0"]
    if len(times) != 1 or not times[0].isascii() or not times[0].isdigit() or not signatures:
        raise InvalidSignatureError("The header ElevenLabs-Signature has the form t=<unix seconds>,v0=<hexadecimal>.")
    expected = hmac.new(secret.encode(), times[0].encode() + b"." + body, hashlib.sha256).hexdigest()
    # As bytes: of text that is not ASCII, compare_digest raises.
    if not any(hmac.compare_digest(expected.encode(), given.encode()) for given in signatures):
        raise InvalidSignatureError("The signature is not that of this body under our secret.")
    if abs(now.timestamp() - int(times[0][:12])) > TOLERANCE.total_seconds():
        raise InvalidSignatureError("The signature is dated more than 30 minutes from now.")
