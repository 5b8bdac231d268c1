"""What is said about a recording by what was measured on it: why it cannot be written down, or what is doubtful.

A recording is refused only where nobody could understand it; anything else is tried, and the doubt is told. The bounds
were found on speech that was made worse step by step (docs/inputs.md).
"""

from __future__ import annotations

from intake.inputs.results import AudioMeasures

SHORTEST_SECONDS = 0.5
UPLOADED_LONGEST_SECONDS = 2 * 3600.0
MOST_SPEECH_SECONDS = 45 * 60.0
"""What a slow speaker, of 11 characters a second, fits into `transcription.MAX_TRANSCRIPT_CHARACTERS`.

More would be refused all the same, but only after it had been paid for.
"""

_SILENT_DBFS = -60.0
_TOO_QUIET_DBFS = -58.0
_QUIET_DBFS = -45.0
_TOO_MUCH_CLIPPED, _CLIPPED = 0.5, 0.01
_STEADY_DB, _NOISY_DB = 3.0, 15.0
_MISSING_SECONDS, _MISSING_SHARE = 1.0, 0.05


def obstacle(measures: AudioMeasures, *, longest_seconds: float) -> str | None:
    """Say why a recording cannot be written down, and what to do; None where it can be tried."""
    return _length(measures.duration_seconds, longest_seconds) or _substance(measures) or _fullness(measures)


def doubts(measures: AudioMeasures, *, stated_seconds: float | None) -> tuple[str, ...]:
    """Say what of a recording may have been misheard, in sentences for a person."""
    found = []
    if measures.clipped_share >= _CLIPPED:
        found.append(
            f"The recording is overdriven ({measures.clipped_share:.0%} of it is clipped): words may be misheard."
        )
    if measures.snr_db < _NOISY_DB:
        found.append(f"The recording is noisy ({measures.snr_db:.0f} dB above the background): words may be misheard.")
    if measures.loudness_dbfs < _QUIET_DBFS:
        found.append(f"The recording is quiet ({measures.loudness_dbfs:.0f} dBFS): words may be misheard.")
    missing = (stated_seconds or 0.0) - measures.duration_seconds
    if missing > max(_MISSING_SECONDS, _MISSING_SHARE * (stated_seconds or 0.0)):
        found.append(
            f"The recording is damaged: its file says {stated_seconds:.0f} s, "
            f"and {measures.duration_seconds:.0f} s could be read."
        )
    return tuple(found)


def _length(seconds: float, longest_seconds: float) -> str | None:
    if seconds < SHORTEST_SECONDS:
        return (
            f"The recording is {seconds:.2f} s long; {SHORTEST_SECONDS:g} s is the least. "
            "Hold the button until you have finished speaking."
        )
    if seconds <= longest_seconds:
        return None
    if longest_seconds < UPLOADED_LONGEST_SECONDS:
        return (
            f"The recording is longer than {longest_seconds:g} s. Ask for an upload (POST /v1/inputs/uploads), "
            f"which takes up to {UPLOADED_LONGEST_SECONDS / 3600:g} hours."
        )
    return f"The recording is longer than {longest_seconds / 3600:g} hours. Send it in parts."


def _substance(measures: AudioMeasures) -> str | None:
    if measures.peak_dbfs < _SILENT_DBFS:
        return "The recording is silent. Check that the microphone is on and not muted, and record again."
    if measures.loudness_dbfs < _TOO_QUIET_DBFS:
        return (
            f"The recording is too quiet ({measures.loudness_dbfs:.0f} dBFS). "
            "Turn the microphone up or speak closer to it, and record again."
        )
    if measures.clipped_share >= _TOO_MUCH_CLIPPED:
        return (
            f"The recording is overdriven beyond use: {measures.clipped_share:.0%} of it is clipped. "
            "Turn the microphone down or speak further from it, and record again."
        )
    if measures.snr_db < _STEADY_DB:
        return (
            "Nothing in the recording stands out from its background: no speech was heard, or the noise covers it. "
            "Record again in a quieter place, closer to the microphone."
        )
    return None


def _fullness(measures: AudioMeasures) -> str | None:
    speech = measures.duration_seconds * measures.speech_share
    if speech <= MOST_SPEECH_SECONDS:
        return None
    return (
        f"The recording holds about {speech / 60:.0f} minutes of speech; of one recording, "
        f"{MOST_SPEECH_SECONDS / 60:.0f} can be written down. Send it in parts of at most 30 minutes."
    )
