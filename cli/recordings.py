"""A recording on its way to the API: in one request where it fits into one, and else by an upload to S3."""

from __future__ import annotations

import json
import wave
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from cli import microphone
from cli.client import Client
from cli.errors import CliError, ExitCode
from cli.output import Output
from cli.summary import size
from cli.waiting import finished

AUDIO_TYPES = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".webm": "audio/webm",
    ".flac": "audio/flac",
}
LARGEST_REQUEST = 4_000_000
"""Bytes. A deployed API takes about 4.4 MB: base64 takes a third of 6 MB."""
LONGEST_REQUEST_SECONDS = 60
A_MINUTE_COMPRESSED = 1_000_000
"""Bytes of a minute at 128 kbit/s. What has more is most likely longer, and would be sent in vain."""
SECONDS_FOR_A_RECORDING = 10_800
"""The recording machine ends after three hours."""

_COMPRESSED = {"audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm"}
_UPLOAD_ROUTE = "/v1/inputs/uploads"


@dataclass(frozen=True)
class Recording:
    """A recording in a file, or one that was just made."""

    name: str
    media_type: str
    source: Path | bytes = field(repr=False)

    def open(self) -> IO[bytes]:
        return BytesIO(self.source) if isinstance(self.source, bytes) else self.source.open("rb")

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.source) if isinstance(self.source, bytes) else self.source.stat().st_size

    @property
    def fits_a_request(self) -> bool:
        """Whether it can be taken in one request, as far as that can be told without decoding it."""
        if self.size > LARGEST_REQUEST or (self.media_type in _COMPRESSED and self.size > A_MINUTE_COMPRESSED):
            return False
        return self.media_type != "audio/wav" or self._wav_seconds() <= LONGEST_REQUEST_SECONDS

    def _wav_seconds(self) -> float:
        """Return the length that a WAV file states; 0 where it cannot be told."""
        try:
            with self.open() as content, wave.open(content) as sound:
                return float(sound.getnframes() / sound.getframerate())
        except (wave.Error, EOFError, ZeroDivisionError):
            # Not PCM, or damaged: the API says so better.
            return 0.0


def read_recording(output: Output, voice: str) -> Recording:
    """Return the recording of a file, by the kind that its name says, or record one by the microphone.

    Raises
    ------
    CliError
        The file cannot be read, or is of another kind.
    """
    if voice == microphone.NAME:
        return Recording("microphone.wav", AUDIO_TYPES[".wav"], microphone.record(output))
    path = Path(voice)
    media_type = AUDIO_TYPES.get(path.suffix.lower())
    if media_type is None:
        formats = ", ".join(suffix.lstrip(".") for suffix in AUDIO_TYPES)
        raise CliError(f"{path} is no recording that Intake takes. Possible: {formats}.", ExitCode.USAGE)
    try:
        with path.open("rb"):
            return Recording(path.name, media_type, path)
    except OSError as error:
        raise CliError(f"{path} cannot be read: {error.strerror}.", ExitCode.USAGE) from None


def process_recording(output: Output, client: Client, recording: Recording, wish: Mapping[str, Any]) -> dict[str, Any]:
    """Send a recording, with what is wanted of it as the API names it, and return the finished input."""
    if recording.fits_a_request:
        try:
            return _in_a_request(output, client, recording, wish)
        except CliError as error:
            if not _must_be_uploaded(error):
                raise
        output.note(f"{recording.name} does not fit into one request: it is uploaded.")
    return _by_upload(output, client, recording, wish)


def _in_a_request(output: Output, client: Client, recording: Recording, wish: Mapping[str, Any]) -> dict[str, Any]:
    form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in wish.items()}
    with output.working("processing the recording") as work, recording.open() as content:
        file = ("audio", (recording.name, content.read(), recording.media_type))
        return finished(client, client.post_form("/v1/inputs", form, file).body, work.step)


def _by_upload(output: Output, client: Client, recording: Recording, wish: Mapping[str, Any]) -> dict[str, Any]:
    announced = {"filename": recording.name, "content_type": recording.media_type, "size": recording.size}
    with output.working("processing the recording") as work:
        begun = client.post(_UPLOAD_ROUTE, {**wish, **announced}).body
        form = begun.pop("upload")
        work.step(f"uploading {size(recording.size)}")
        with recording.open() as content:
            client.upload(form, recording.name, content, form["fields"]["Content-Type"])
        output.note(f"uploaded as {begun['id']}")
        return finished(client, begun, work.step, seconds=SECONDS_FOR_A_RECORDING)


def _must_be_uploaded(error: CliError) -> bool:
    """Say whether the API, or API Gateway, finds a recording too long or too large for one request."""
    return error.problem.get("status") == 413 or _UPLOAD_ROUTE in error.message
