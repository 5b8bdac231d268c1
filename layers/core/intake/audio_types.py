"""Formats of recordings that are taken: their canonical media types, and how such files are named."""

from __future__ import annotations

AUDIO_TYPES = {
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "audio/flac": "flac",
}
"""The suffix of a file by its media type."""
