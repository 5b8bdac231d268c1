"""What a recording is, by its bytes."""

from __future__ import annotations

import pytest

from intake.audio_types import AUDIO_TYPES
from intake.inputs.audio_formats import sniff
from tests.support.recordings import FORMATS, encoded, syllables


@pytest.mark.parametrize("suffix", FORMATS)
def test_each_format_is_known_by_its_bytes(suffix: str) -> None:
    assert AUDIO_TYPES[sniff(encoded(syllables(0.6), suffix)) or ""] == suffix


def test_an_mp3_without_a_tag_and_behind_padding_is_known() -> None:
    frames = encoded(syllables(0.6), "mp3")
    start = frames.index(b"\xff\xfb")

    assert sniff(frames[start:]) == sniff(bytes(100) + frames[start:]) == "audio/mpeg"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"I would like to report an accident.",
        b"#EXTM3U\nfile:///etc/hostname\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"\xff\xd8\xff\xe0" + bytes(100),
        b"%PDF-1.7",
        b"RIFF\x00\x00\x00\x00AVI ",
        b"\xff\xfe" + "text".encode("utf-16-le"),
        bytes(10_000),
    ],
    ids=["empty", "text", "play list", "concat", "png", "jpeg", "pdf", "avi", "utf-16", "zeros"],
)
def test_anything_else_is_none(content: bytes) -> None:
    assert sniff(content) is None
