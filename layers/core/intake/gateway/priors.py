"""What is believed of a provider before anything has been measured here, and where the belief comes from.

Quality is the share of full marks that users are expected to give, so that their ratings can take its place: 0.75 is
four stars of five. Only the engines on this machine and the rules have figures of our own (`docs/evaluation.md`, 21
November 2026); no remote provider was measured, for want of keys. Latencies are of a short job, in milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from intake.providers.ports import AnyProvider, Capability, ProviderKind


@dataclass(frozen=True)
class Prior:
    """What is expected of a provider: quality from 0 to 1, and the time of one call in milliseconds."""

    quality: float
    latency_ms: float
    source: str


_JUDGED = "judged, not measured"
_KNOWN: dict[tuple[Capability, str], Prior] = {
    (Capability.TRANSLATE, "openai"): Prior(0.83, 1_200, _JUDGED),
    (Capability.TRANSLATE, "flash"): Prior(0.82, 600, f"{_JUDGED}; a model of the fast tier"),
    (Capability.TRANSLATE, "amazon_translate"): Prior(0.74, 400, f"{_JUDGED}; no context, no glossary"),
    (Capability.TRANSLATE, "apertium"): Prior(0.40, 150, "chrF 58.8, intents found in 76.5 %, much reads badly"),
    (Capability.COMPLETE, "openai"): Prior(0.84, 1_200, _JUDGED),
    (Capability.COMPLETE, "flash"): Prior(0.82, 800, _JUDGED),
    (Capability.COMPLETE, "rules"): Prior(0.45, 10, "92 % of fillers found, nothing is reworded or resolved"),
    (Capability.PARSE, "plain-text"): Prior(0.95, 10, _JUDGED),
    (Capability.PARSE, "pdfium"): Prior(0.90, 300, _JUDGED),
    (Capability.PARSE, "tesseract"): Prior(0.60, 5_000, _JUDGED),
    (Capability.EMBED, "openai"): Prior(0.85, 500, _JUDGED),
    (Capability.EMBED, "lexical-hash"): Prior(0.40, 10, f"{_JUDGED}; words, not meanings"),
    (Capability.TRANSCRIBE, "elevenlabs"): Prior(0.86, 2_500, _JUDGED),
    (Capability.TRANSCRIBE, "openai"): Prior(0.84, 3_000, _JUDGED),
    (Capability.TRANSCRIBE, "amazon_transcribe"): Prior(0.78, 30_000, f"{_JUDGED}; works by job only"),
    (Capability.TRANSCRIBE, "pocketsphinx"): Prior(0.25, 3_000, "13 to 88 % of words wrong in clean voices"),
    (Capability.SYNTHESIZE, "elevenlabs"): Prior(0.90, 800, _JUDGED),
    (Capability.SYNTHESIZE, "amazon_polly"): Prior(0.76, 500, _JUDGED),
    (Capability.SYNTHESIZE, "flite"): Prior(0.35, 200, _JUDGED),
    (Capability.SYNTHESIZE, "espeak-ng"): Prior(0.25, 100, f"{_JUDGED}; pocketsphinx cannot follow it"),
}
_BY_KIND = {
    ProviderKind.REMOTE: Prior(0.70, 1_500, "as of any remote service"),
    ProviderKind.EMBEDDED: Prior(0.30, 1_000, "as of any engine on this machine"),
    ProviderKind.BUILTIN: Prior(0.45, 10, "as of any rules"),
    ProviderKind.MOCK: Prior(0.50, 10, "a double, for tests"),
}


def prior_of(provider: AnyProvider) -> Prior:
    """Return what is believed of a provider, by its kind where it is not known by name."""
    return _KNOWN.get((provider.capability, provider.name), _BY_KIND[provider.kind])
