"""Speech to text: the speech engines of this machine speak English sentences, each transcriber writes them down.

Synthetic speech is clean: no noise, no telephone line, two voices. Real callers are harder (docs/embedded-engines.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.cases import Golden, cases
from evaluation.providers import configured
from evaluation.report import Figure, Table, share
from intake.errors import ProviderError, UnsupportedInputError
from intake.providers.embedded.espeak_ng import EspeakNg
from intake.providers.embedded.flite import Flite
from intake.providers.ports import AnyProvider, Capability, Speech, SpeechRequest, TranscriptionRequest

WER_TARGET = 20.0
SENTENCES = 25

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True)
class Spoken:
    """A sentence and its sound."""

    text: str
    speech: Speech


def measure() -> list[Table]:
    """Measure every configured transcriber on every speech engine that is installed."""
    spoken = {engine.name: _spoken(engine) for engine in (Flite(), EspeakNg()) if engine.missing() is None}
    tables = []
    for provider, missing in configured(Capability.TRANSCRIBE):
        title = f"speech to text, {provider.name} ({provider.model})"
        if missing is not None or not spoken:
            tables.append(Table(title, skipped=missing or "no speech engine is installed on this machine"))
            continue
        tables.append(Table(title, tuple(_figure(provider, engine, said) for engine, said in spoken.items())))
    return tables


def sentences() -> list[str]:
    """Return English sentences without digits, which may be written down in two ways."""
    english = dict.fromkeys(case.english for case in cases("golden", Golden) if not re.search(r"\d", case.english))
    return list(english)[-SENTENCES:]


def word_error_rate(references: Sequence[str], heard: Sequence[str]) -> float:
    """Return the word error rate of a corpus in percent, by jiwer, without case and punctuation."""
    from jiwer import wer

    return 100 * float(wer([_plain(text) for text in references], [_plain(text) for text in heard]))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold().replace("’", "'")))


def _spoken(engine: AnyProvider) -> list[Spoken]:
    said = []
    for text in sentences():
        said.append(Spoken(text, engine.call(SpeechRequest(text=text, language="en")).value))
    return said


def _figure(provider: AnyProvider, engine: str, spoken: Sequence[Spoken]) -> Figure:
    heard, failed = [], 0
    for one in spoken:
        request = TranscriptionRequest(audio=one.speech.audio, media_type=one.speech.media_type, language="en")
        try:
            heard.append(str(provider.call(request).value.text))
        except (ProviderError, UnsupportedInputError):
            heard.append("")
            failed += 1
    rate = word_error_rate([one.text for one in spoken], heard)
    note = f"{share(failed, len(spoken)):.0f} % heard as nothing" if failed else ""
    return Figure(
        f"word error rate, voice of {engine}",
        rate,
        size=len(spoken),
        target=WER_TARGET,
        more_is_better=False,
        note=note,
    )
