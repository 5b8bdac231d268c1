"""Speech out in many languages by espeak-ng: robotic, but it speaks languages that no other engine here does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from intake.errors import UnsupportedInputError
from intake.providers.embedded import _audio
from intake.providers.embedded._engine import ProgramEngine, primary_language
from intake.providers.embedded._subprocess import MEBIBYTE, Limits, ProgramError, run
from intake.providers.ports import Capability, Need, Reply, Speech, SpeechRequest

_LIMITS = Limits(seconds=30, cpu_seconds=30, memory_bytes=512 * MEBIBYTE, output_bytes=96 * MEBIBYTE)
_LONGEST_SECONDS = 30 * 60.0
_NO_FFMPEG = "espeak-ng speaks at 22 kHz and needs ffmpeg to make 16 kHz of it: apt-get install ffmpeg"


class EspeakNg(ProgramEngine):
    """Speak any language that espeak-ng has a voice for."""

    name = "espeak-ng"
    capability = Capability.SYNTHESIZE
    model = "espeak-ng"
    program = "espeak-ng"
    package = "espeak-ng"

    @cached_property
    def voices(self) -> Mapping[str, str]:
        """Voice of each language tag in lower case; a bare language has its most usual one (``fr``: ``fr-fr``)."""
        best: dict[str, tuple[int, str]] = {}
        for line in self.ask("--voices").splitlines()[1:]:
            # Priority, language, age/gender, name, file, and "(language priority)" of other languages it is good for.
            priority, voice, *columns = line.split(maxsplit=5)
            offers = [f"{voice} {priority}", *(columns[3].strip(" ()").split(")(") if len(columns) > 3 else ())]
            for language, _, rank in (offer.lower().partition(" ") for offer in offers):
                best[language] = min(best.get(language, (99, voice)), (int(rank), voice))
        if "cmn" in best:
            best.setdefault("zh", best["cmn"])
        return {language: voice for language, (_, voice) in best.items()}

    def missing(self) -> str | None:
        return super().missing() or (_NO_FFMPEG if self._find("ffmpeg") is None else None)

    def obstacle(self, need: Need) -> str | None:
        if self.missing():
            return None
        language = need.target_language or need.source_language
        if language and self._voice(language) is None:
            return f"espeak-ng has no voice for {language}"
        return _audio.encoding_obstacle(need.media_type, self._find)

    def call(self, request: SpeechRequest) -> Reply[Speech]:
        """Speak a text as 16 kHz mono, in WAV unless MP3 is wanted.

        Raises
        ------
        UnsupportedInputError
            A language or voice that espeak-ng does not have, or nothing that can be spoken.
        ConfigurationError
            espeak-ng or ffmpeg is not installed.
        ProviderTimeoutError, ProviderRefusedError, TransientError
            An engine took too long, met a limit, or crashed.
        """
        path = self.path()
        voice = self._voice(request.voice or request.language)
        if voice is None:
            raise UnsupportedInputError(f"espeak-ng has no voice for {request.voice or request.language}")
        if not any(letter.isalnum() for letter in request.text):
            raise UnsupportedInputError("There is no text to speak.")
        try:
            # -b 1: the text is UTF-8, whatever the locale.
            wav = run(
                path, ["-b", "1", "-v", voice, "--stdin", "--stdout"], stdin=request.text.encode(), limits=_LIMITS
            )
        except ProgramError as error:
            raise error.as_provider_error(self.name) from error
        samples = _audio.to_samples(wav, longest_seconds=_LONGEST_SECONDS, finder=self._find)
        speech = Speech(
            audio=_audio.encoded(_audio.to_wav(samples), request.media_type, finder=self._find),
            media_type=request.media_type or "audio/wav",
            duration_seconds=_audio.seconds_of(samples),
        )
        return Reply(value=speech)

    def _voice(self, tag: str) -> str | None:
        return self.voices.get(tag.lower()) or self.voices.get(primary_language(tag))
