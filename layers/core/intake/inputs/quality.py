"""Quality of a translation: measured on both texts, never made up. What cannot be measured is None, not a guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from intake.inputs import facts
from intake.inputs.lexicon import ENGLISH_FUNCTION_WORDS
from intake.inputs.negation import negated_clauses
from intake.inputs.results import Quality, QualityLevel

QUALITY_VERSION = "1"

FactT = TypeVar("FactT", bound=Hashable)

WEIGHTS: Mapping[str, float] = {
    "output_language": 2.0,
    "length_ratio": 1.0,
    "numbers": 1.5,
    "dates": 1.0,
    "amounts": 1.0,
    "names": 1.0,
    "negations": 2.0,
    "untranslated_words": 2.0,
    "glossary": 1.0,
    "provider_confidence": 1.0,
    "transcription_confidence": 2.0,
}

# A translation that is wrong in one of these misleads whoever acts on it, however fluent the rest is.
_CRITICAL = {
    "output_language": (0.5, "The result does not read as English."),
    "numbers": (1.0, "A number was lost or added."),
    "dates": (1.0, "A date was lost or changed."),
    "amounts": (1.0, "An amount of money was lost or changed."),
    "negations": (1.0, "A negation was lost or added: the meaning may be the opposite."),
    "untranslated_words": (0.6, "Many words were left untranslated."),
}
_DOUBTFUL = {
    "length_ratio": (0.5, "The result is much shorter or longer than expected."),
    "names": (0.5, "Names were lost or changed."),
    "provider_confidence": (0.5, "The translation provider was unsure."),
    "transcription_confidence": (0.6, "The recording was hard to understand."),
}
_CAP = 0.55
"""The best score of a result with a critical fault: "poor"."""

_BENEFIT_OF_DOUBT = 0.25
"""How far a result may score above its provider's own confidence: all facts can be there in a text without sense."""

_LEVELS = (
    (0.9, QualityLevel.EXCELLENT),
    (0.75, QualityLevel.GOOD),
    (0.6, QualityLevel.FAIR),
    (0.4, QualityLevel.POOR),
)

# Characters of English for one character of the source.
_LENGTH_IN_ENGLISH = {"zh": 3.2, "ja": 2.2, "ko": 2.1, "ar": 1.25, "he": 1.3, "fa": 1.15, "th": 1.1, "am": 1.6}
_ENGLISH_SHARE = 0.25
"""Share of function words that plain English prose does not fall below; its mean is near one half."""
_WORDS_TO_JUDGE = 4
_CHARACTERS_TO_JUDGE = 20
_SHARED_WORD = 5
_SHARED_ALLOWED = 1
"""Longer words that a sentence may well have in common with its translation ("hospital", "animal")."""


def assess_translation(
    source_text: str,
    source_language: str,
    target_text: str,
    *,
    untranslated: Sequence[str] = (),
    provider_confidence: float | None = None,
    transcription_confidence: float | None = None,
) -> Quality:
    """Judge an English translation by what can be measured on it and its source.

    Parameters
    ----------
    source_language
        ISO 639-1; may be English itself, when the text was only cleaned.
    untranslated
        Words that the provider says it left as they were.
    provider_confidence, transcription_confidence
        The providers' own, 0 to 1, or None where they give none.
    """
    is_translated = source_language != "en"
    components = dict.fromkeys(WEIGHTS) | {
        "output_language": _english(target_text),
        "length_ratio": _length_ratio(source_text, source_language, target_text),
        "numbers": _numbers(source_text, source_language, target_text),
        "dates": _kept(facts.dates(source_text), facts.dates(target_text)),
        "amounts": _kept(facts.amounts(source_text), facts.amounts(target_text)),
        "names": _names(source_text, source_language, target_text),
        "negations": _negations(source_text, source_language, target_text),
        "untranslated_words": _untranslated(source_text, target_text, untranslated) if is_translated else None,
        "provider_confidence": provider_confidence,
        "transcription_confidence": transcription_confidence,
    }
    return quality_of(components)


def quality_of(components: Mapping[str, float | None], extra_reasons: Sequence[str] = ()) -> Quality:
    """Weigh components into a score and a level, and say what a person should look at.

    Parameters
    ----------
    extra_reasons
        Reasons for a review that no component measures.
    """
    measured = {name: score for name, score in components.items() if score is not None}
    weight = sum(WEIGHTS[name] for name in measured)
    score = sum(WEIGHTS[name] * value for name, value in measured.items()) / weight if weight else 0.0
    critical = _below(measured, _CRITICAL)
    reasons = [*critical, *_below(measured, _DOUBTFUL), *extra_reasons]
    if not measured:
        reasons.append("The text is too short to measure anything.")
    if critical:
        score = min(score, _CAP)
    score = min(score, measured.get("provider_confidence", 1.0) + _BENEFIT_OF_DOUBT)
    level = next((name for bound, name in _LEVELS if score >= bound), QualityLevel.UNACCEPTABLE)
    if level in {QualityLevel.POOR, QualityLevel.UNACCEPTABLE} and not reasons:
        reasons.append("The overall score is low.")
    return Quality(
        score=round(score, 3),
        level=level,
        components={name: None if value is None else round(value, 3) for name, value in components.items()},
        requires_human_review=bool(reasons),
        reasons=tuple(reasons),
    )


def _below(measured: Mapping[str, float], bounds: Mapping[str, tuple[float, str]]) -> list[str]:
    return [reason for name, (bound, reason) in bounds.items() if measured.get(name, bound) < bound]


def _english(text: str) -> float | None:
    """Measure how English a text reads: by its letters, and by the share of its function words."""
    letters = [character for character in text if character.isalpha()]
    if not letters:
        return None
    latin = sum(1 for character in letters if character < "ɐ") / len(letters)
    words = [word.casefold().replace("’", "'") for word in facts.words(facts.without_placeholders(text))]
    if len(words) < _WORDS_TO_JUDGE:
        return None if latin > 0.9 else latin
    share = sum(1 for word in words if word in ENGLISH_FUNCTION_WORDS) / len(words)
    return latin * min(1.0, share / _ENGLISH_SHARE)


def _length_ratio(source: str, language: str, target: str) -> float | None:
    """Measure the length against what the language leads one to expect: 1 from 0.6 to 1.7 times, 0 at 0.25 or 3."""
    if len(source) * _LENGTH_IN_ENGLISH.get(language, 1.0) < _CHARACTERS_TO_JUDGE:
        return None
    ratio = len(target) / (len(source) * _LENGTH_IN_ENGLISH.get(language, 1.0))
    if ratio < 0.6:
        return max(0.0, (ratio - 0.25) / 0.35)
    return max(0.0, min(1.0, (3.0 - ratio) / 1.3))


def _numbers(source: str, language: str, target: str) -> float | None:
    """Measure the share of numbers that are in both texts; one may be written as a word in either."""
    before, after = facts.numbers(source), facts.numbers(target)
    if not before and not after:
        return None
    lost = before - after - (facts.spoken_numbers(target, "en") or Counter())
    added = after - before
    spoken = facts.spoken_numbers(source, language)
    if spoken is None:
        # Number words of this language are not known: small numbers may come from them.
        added = Counter({number: count for number, count in added.items() if "." in number or len(number) > 2})
    else:
        added -= spoken
    total = before.total() + after.total()
    return max(0.0, 1.0 - 2 * (lost.total() + added.total()) / total)


def _kept(before: Counter[FactT], after: Counter[FactT]) -> float | None:
    if not before:
        return None
    return (before & after).total() / before.total()


def _names(source: str, language: str, target: str) -> float | None:
    """Measure the share of names found in the target; German capitalises every noun, so it tells nothing."""
    if language == "de":
        return None
    names = facts.names(source)
    if not names:
        return None
    present = {facts.folded(word) for word in facts.words(target)}
    return sum(count for name, count in names.items() if name in present) / names.total()


def _negations(source: str, language: str, target: str) -> float | None:
    before, after = negated_clauses(source, language), negated_clauses(target, "en")
    if before is None or after is None or (before == 0 and after == 0):
        return None
    return min(before, after) / max(before, after)


def _untranslated(source: str, target: str, reported: Sequence[str]) -> float | None:
    """Measure the share of the target's words that are words of the source: left as they were.

    Names are not counted: they belong in both.
    """
    words = [word for word in facts.words(facts.without_placeholders(target)) if len(word) >= _SHARED_WORD]
    if not words:
        return None
    names = set(facts.names(source))
    of_source = {word.casefold() for word in facts.words(source)}
    left = {word.casefold() for word in reported}
    candidates = [word for word in words if facts.folded(word) not in names]
    told = sum(1 for word in candidates if word.casefold() in left)
    shared = sum(1 for word in candidates if word.islower() and word in of_source - left)
    share = (told + max(0, shared - _SHARED_ALLOWED)) / len(words)
    return 1.0 - share
