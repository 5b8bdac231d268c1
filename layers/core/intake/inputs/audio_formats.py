"""What kind of recording some bytes are: its name and its declared type are no more than hints, often wrong ones."""

from __future__ import annotations

_MPEG_SYNC = 0xE0
_LAYER_BITS, _LAYER_III = 0x06, 0x02
_RATE_BITS, _NO_RATE = 0xF0, 0xF0
_PADDING_SEARCHED = 4096
"""Some recorders write empty bytes before the first frame of an MP3."""


def sniff(audio: bytes) -> str | None:
    """Return the media type of a recording by its first bytes, or None where it is no format that is taken."""
    if audio[:4] in (b"RIFF", b"RF64") and audio[8:12] == b"WAVE":
        return "audio/wav"
    if audio[:4] == b"fLaC":
        return "audio/flac"
    if audio[:4] == b"OggS":
        return "audio/ogg"
    if audio[:4] == b"\x1a\x45\xdf\xa3":
        return "audio/webm"
    if audio[4:8] == b"ftyp":
        return "audio/mp4"
    if audio[:3] == b"ID3" or _is_mpeg_frame(audio[:_PADDING_SEARCHED].lstrip(b"\x00")[:4]):
        return "audio/mpeg"
    return None


def _is_mpeg_frame(header: bytes) -> bool:
    """Say whether four bytes begin a frame of MPEG audio: the sync word, layer III, a rate that exists."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & _MPEG_SYNC != _MPEG_SYNC:
        return False
    return header[1] & _LAYER_BITS == _LAYER_III and header[2] & _RATE_BITS != _NO_RATE
