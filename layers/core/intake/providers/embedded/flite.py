"""English speech out by flite: one clear, plain voice, offline."""

from __future__ import annotations

import unicodedata

from intake.errors import UnsupportedInputError
from intake.providers.embedded import _audio
from intake.providers.embedded._engine import ProgramEngine, primary_language
from intake.providers.embedded._subprocess import MEBIBYTE, Limits, ProgramError, run
from intake.providers.ports import Capability, Need, Reply, Speech, SpeechRequest

_LIMITS = Limits(seconds=30, cpu_seconds=30, memory_bytes=1024 * MEBIBYTE, output_bytes=64 * MEBIBYTE)

# flite reads ASCII; what NFKD cannot fold is written out here, or it would be skipped in silence.
_SPOKEN = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "–": ", ",
        "—": ", ",
        "€": " euros ",
        "£": " pounds ",
        "ß": "ss",
        "ø": "o",
        "æ": "ae",
    }
)


class Flite(ProgramEngine):
    """Speak English with one of flite's built-in voices."""

    name = "flite"
    capability = Capability.SYNTHESIZE
    model = "slt"
    program = "flite"
    package = "flite"

    # Built into Debian's flite at 16 kHz. Only these: flite would load any path or URL that it is given as a voice.
    voices = frozenset({"slt", "rms", "awb", "kal16"})

    def obstacle(self, need: Need) -> str | None:
        language = need.target_language or need.source_language
        if language and primary_language(language) != "en":
            return f"flite speaks English only, not {language}"
        return _audio.encoding_obstacle(need.media_type, self._find)

    def call(self, request: SpeechRequest) -> Reply[Speech]:
        """Speak a text as 16 kHz mono, in WAV unless MP3 is wanted.

        Raises
        ------
        UnsupportedInputError
            Not English, an unknown voice, or nothing that can be spoken.
        ProviderTimeoutError, ProviderRefusedError, TransientError
            flite took too long, met a limit, or crashed.
        """
        path = self.path()
        voice = request.voice or self.model
        if obstacle := self.obstacle(Need(target_language=request.language)):
            raise UnsupportedInputError(obstacle)
        if voice not in self.voices:
            raise UnsupportedInputError(f"flite has no voice {voice}: choose one of {', '.join(sorted(self.voices))}")
        text = unicodedata.normalize("NFKD", request.text.translate(_SPOKEN)).encode("ascii", "ignore")
        if not any(chr(byte).isalnum() for byte in text):
            raise UnsupportedInputError("There is no text to speak.")
        try:
            wav = run(path, ["-voice", voice, "-f", "/dev/stdin", "-o", "/dev/stdout"], stdin=text, limits=_LIMITS)
        except ProgramError as error:
            raise error.as_provider_error(self.name) from error
        samples = _audio.to_samples(wav, longest_seconds=float("inf"), finder=lambda _: None)
        speech = Speech(
            audio=_audio.encoded(wav, request.media_type, finder=self._find),
            media_type=request.media_type or "audio/wav",
            duration_seconds=_audio.seconds_of(samples),
        )
        return Reply(value=speech)
