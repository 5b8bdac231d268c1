"""Routing: which providers may do a job, in which order, and why."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from intake.providers.ports import AnyProvider, Capability, ProviderKind
from intake.settings import ProviderMode, Stage


class Preference(StrEnum):
    """What the caller would rather have."""

    BALANCED = "balanced"
    COST = "cost"
    QUALITY = "quality"


KINDS_BY_MODE: dict[ProviderMode, frozenset[ProviderKind]] = {
    ProviderMode.EMBEDDED: frozenset({ProviderKind.EMBEDDED, ProviderKind.BUILTIN}),
    ProviderMode.MOCK: frozenset({ProviderKind.MOCK, ProviderKind.BUILTIN}),
    ProviderMode.REAL: frozenset({ProviderKind.REMOTE, ProviderKind.BUILTIN}),
    ProviderMode.HYBRID: frozenset({ProviderKind.REMOTE, ProviderKind.EMBEDDED, ProviderKind.BUILTIN}),
}

MADE_UP_IN_PRODUCTION = frozenset({ProviderKind.MOCK, ProviderKind.EMBEDDED})
"""Kinds whose answers a production caller must never get in place of a real one."""

_QUALITY: dict[Capability, tuple[str, ...]] = {
    Capability.TRANSLATE: ("openai", "flash", "amazon_translate", "apertium"),
    Capability.COMPLETE: ("openai", "flash", "rules"),
    Capability.PARSE: ("plain-text", "pdfium", "tesseract"),
    Capability.EMBED: ("openai", "lexical-hash"),
    Capability.TRANSCRIBE: ("elevenlabs", "openai", "pocketsphinx"),
    Capability.SYNTHESIZE: ("elevenlabs", "amazon_polly", "flite", "espeak-ng"),
}
_COST: dict[Capability, tuple[str, ...]] = {
    **_QUALITY,
    Capability.TRANSLATE: ("apertium", "flash", "openai", "amazon_translate"),
    Capability.COMPLETE: ("rules", "flash", "openai"),
    Capability.TRANSCRIBE: ("pocketsphinx", "elevenlabs", "openai"),
    Capability.SYNTHESIZE: ("flite", "espeak-ng", "amazon_polly", "elevenlabs"),
}
_BALANCED: dict[Capability, tuple[str, ...]] = {
    **_QUALITY,
    Capability.TRANSLATE: ("flash", "openai", "amazon_translate", "apertium"),
}
_ORDER = {Preference.BALANCED: _BALANCED, Preference.COST: _COST, Preference.QUALITY: _QUALITY}

_WHY_FIRST = {
    Preference.BALANCED: "good quality for its price",
    Preference.COST: "the cheapest that can do it",
    Preference.QUALITY: "the best quality that can do it",
}
_WHY_LATER = {
    ProviderKind.REMOTE: "next, should those before it fail",
    ProviderKind.EMBEDDED: "last resort: an engine on this machine, of lower quality",
    ProviderKind.BUILTIN: "Intake's own code, should those before it fail",
    ProviderKind.MOCK: "a double, for tests",
}


def kind_obstacle(kind: ProviderKind, mode: ProviderMode, stage: Stage) -> str | None:
    """Say why a kind of provider may not be used in a mode and stage, or None if it may."""
    if stage is Stage.PROD and kind in MADE_UP_IN_PRODUCTION:
        return f"{kind} providers are refused in production"
    if kind not in KINDS_BY_MODE[mode]:
        modes = " or ".join(other for other, kinds in KINDS_BY_MODE.items() if kind in kinds)
        return f"{kind} providers are not used in the mode {mode}, but in {modes}"
    return None


def in_order(providers: Iterable[AnyProvider], capability: Capability, preference: Preference) -> list[AnyProvider]:
    """Sort providers by preference; one without a rank comes last, by name."""
    rank = {name: place for place, name in enumerate(_ORDER[preference].get(capability, ()))}
    return sorted(providers, key=lambda provider: (rank.get(provider.name, len(rank)), provider.name))


def reason_for_place(provider: AnyProvider, place: int, of: int, preference: Preference) -> str:
    """Say in words why a provider stands at a place of a route of so many, counted from 0."""
    if of == 1:
        return "the only one that can do it here"
    return _WHY_FIRST[preference] if place == 0 else _WHY_LATER[provider.kind]
