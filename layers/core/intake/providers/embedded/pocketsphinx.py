"""English speech to text by pocketsphinx, offline.

Of real callers' words 30 % or more come out wrong (docs/embedded-engines.md).
"""

from __future__ import annotations

import json
from statistics import fmean

from intake.errors import UnsupportedInputError
from intake.providers.embedded import _audio
from intake.providers.embedded._engine import Engine, installed_package, package_version, primary_language
from intake.providers.embedded._subprocess import (
    MEBIBYTE,
    Limits,
    ProgramError,
    ProgramFinder,
    find_program,
    run_worker,
)
from intake.providers.ports import Capability, Need, Reply, Transcript, TranscriptionRequest

_WORKER = "intake.providers.embedded.speech_worker"
_LONGEST_SECONDS = 4 * 60.0
_LONGEST_WAIT_SECONDS = 110.0
"""Below the limit of the function that transcribes: a killed function says nothing, and is run again in vain."""
_MEMORY = 768 * MEBIBYTE
_MISSING = "pocketsphinx is not installed: pip install pocketsphinx"
_NOTHING_HEARD = "No speech was heard in the audio: check the microphone and its volume, and record again closer to it."


class Pocketsphinx(Engine):
    """Write down English speech.

    The recogniser is native code fed with strangers' files, so it runs in a child process: the 0.4 s that its start
    costs each time is the price of a stage that a crash cannot end.

    Parameters
    ----------
    finder
        Finds ffmpeg, which decodes whatever is not a plain WAV already.
    """

    name = "pocketsphinx"
    capability = Capability.TRANSCRIBE
    model = "pocketsphinx-en-us"

    def __init__(self, finder: ProgramFinder = find_program) -> None:
        self._find = finder

    def engine_version(self) -> str | None:
        return package_version("pocketsphinx")

    def missing(self) -> str | None:
        return None if installed_package("pocketsphinx") else _MISSING

    def obstacle(self, need: Need) -> str | None:
        if need.source_language and primary_language(need.source_language) != "en":
            return f"pocketsphinx hears English only, not {need.source_language}"
        return None

    def call(self, request: TranscriptionRequest) -> Reply[Transcript]:
        """Write down the speech.

        Raises
        ------
        UnsupportedInputError
            Not English, not decodable, too long, or without audible speech.
        ConfigurationError
            pocketsphinx is not installed.
        ProviderTimeoutError, ProviderRefusedError, TransientError
            The recogniser took too long, met a limit, or crashed.
        """
        self.ensure_installed()
        if obstacle := self.obstacle(Need(source_language=request.language)):
            raise UnsupportedInputError(obstacle)
        samples = _audio.to_samples(request.audio, longest_seconds=_LONGEST_SECONDS, finder=self._find)
        duration = _audio.seconds_of(samples)
        # It needs a third of the audio's length on a quick machine; three times that on one with other work.
        seconds = min(20 + duration, _LONGEST_WAIT_SECONDS)
        limits = Limits(seconds=seconds, cpu_seconds=int(seconds), memory_bytes=_MEMORY)
        try:
            answer = json.loads(run_worker(_WORKER, stdin=samples, limits=limits))
        except ProgramError as error:
            raise error.as_provider_error(self.name) from error
        utterances = answer["utterances"]
        confidences = [value for utterance in utterances for value in utterance["word_confidences"]]
        if not confidences:
            raise UnsupportedInputError(_NOTHING_HEARD)
        return Reply(
            value=Transcript(
                text=" ".join(utterance["text"] for utterance in utterances),
                language="en",
                # Uncalibrated: the recogniser's value of the whole (0.03 for a perfect sentence) says nothing at all.
                confidence=round(fmean(confidences), 3),
                duration_seconds=duration,
            )
        )
