"""Stage PrepareAudio: a recording is decoded, measured, checked, and made into what every provider reads."""

from __future__ import annotations

import struct

from intake.clock import Clock
from intake.errors import ConflictError, FieldError, UnsupportedInputError
from intake.inputs import audio_formats
from intake.inputs.audio_checks import doubts, obstacle
from intake.inputs.audio_measures import SAMPLE_RATE, measure
from intake.inputs.commands import StageCommand, Stopwatch
from intake.inputs.failure import rejections_recorded
from intake.inputs.model import AudioSource, Stage
from intake.inputs.ports import AudioDecoder, ObjectStore
from intake.inputs.repository import InputRepository
from intake.inputs.results import AudioMeasures, PreparedAudio

_WAV = "audio/wav"
_NO_FORMAT = (
    "The file is no recording that is understood, whatever its name says. "
    "Record it again as WAV, MP3, M4A, OGG, WebM or FLAC."
)


def prepare_audio(
    command: StageCommand, *, inputs: InputRepository, objects: ObjectStore, decoder: AudioDecoder, clock: Clock
) -> PreparedAudio:
    """Make the recording of one input ready to be written down, and keep what was measured on it.

    What it sounds like is judged as it came; noise reduction changes only what providers hear.

    Raises
    ------
    UnsupportedInputError
        It is no recording, or one that nobody could understand; the field is ``audio``.
    """
    watch = Stopwatch(clock)
    record = inputs.get(command.tenant, command.input_id)
    if record.prepare_audio is not None:
        return record.prepare_audio
    if record.audio is None:
        raise ConflictError("The input has no recording to prepare.")
    with rejections_recorded(inputs, command.tenant, command.input_id, clock):
        samples, measures, warnings = _heard(record.audio, objects, decoder)
    denoised = None
    if record.audio.noise_reduction:
        samples = decoder.reduce_noise(samples, background_dbfs=measures.loudness_dbfs - measures.snr_db)
        denoised = measure(memoryview(samples).cast("h"))
    body = wav(samples)
    key = f"prepared/{record.tenant}/{record.id}.wav"
    objects.put(record.audio.bucket, key, body, content_type=_WAV)
    result = PreparedAudio(
        bucket=record.audio.bucket,
        key=key,
        media_type=_WAV,
        size=len(body),
        measures=measures,
        denoised=denoised,
        warnings=warnings,
        duration_ms=watch.ms(),
    )
    return inputs.keep(command.tenant, command.input_id, Stage.PREPARE_AUDIO, result)


def wav(samples: bytes) -> bytes:
    """Wrap 16 kHz mono 16-bit samples into a WAV file: its length tells how long it sounds, so what it may cost."""
    form = struct.pack("<IHHIIHH", 16, 1, 1, SAMPLE_RATE, SAMPLE_RATE * 2, 2, 16)
    size, data = struct.pack("<I", 36 + len(samples)), struct.pack("<I", len(samples))
    return b"".join((b"RIFF", size, b"WAVEfmt ", form, b"data", data, samples))


def _heard(
    source: AudioSource, objects: ObjectStore, decoder: AudioDecoder
) -> tuple[bytes, AudioMeasures, tuple[str, ...]]:
    audio = objects.get(source.bucket, source.key)
    media_type = audio_formats.sniff(audio)
    if media_type is None:
        raise _refusal(_NO_FORMAT)
    try:
        decoded = decoder.decode(audio, media_type=media_type, longest_seconds=source.longest_seconds)
    except UnsupportedInputError as problem:
        # A decoder knows what is wrong, but not in which field of our request it came.
        raise _refusal(problem.detail) from problem
    measures = measure(memoryview(decoded.samples).cast("h"))
    if problem_found := obstacle(measures, longest_seconds=source.longest_seconds):
        raise _refusal(problem_found)
    return decoded.samples, measures, doubts(measures, stated_seconds=decoded.stated_seconds)


def _refusal(message: str) -> UnsupportedInputError:
    return UnsupportedInputError(message, errors=(FieldError(field="audio", message=message),))
