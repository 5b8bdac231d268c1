"""Recordings for tests."""

from __future__ import annotations

import io
import wave


def wav(seconds: float = 1.5, rate: int = 16_000, channels: int = 1) -> bytes:
    """Return so much silence as PCM WAV of 16 bits."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * channels * int(seconds * rate)))
    return buffer.getvalue()
