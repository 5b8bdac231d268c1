"""Quality of a translation: measured on both texts, never made up. What cannot be measured is None, not a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intake.inputs import comparison
from intake.inputs.lexicon import DATE_LANGUAGES, DENYING_CHARACTERS, NEGATORS
from intake.inputs.number_words import NUMBER_WORDS
from intake.inputs.results import Quality, QualityLevel

QUALITY_VERSION = "2"

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
    "names": (1.0, "Names were lost or changed."),
    "untranslated_words": (1.0, "Words were left untranslated."),
    "provider_confidence": (0.5, "The translation provider was unsure."),
    "transcription_confidence": (0.6, "The recording was hard to understand."),
}
_CAP = 0.55
"""The best score of a result with a critical fault: "poor"."""

_BENEFIT_OF_DOUBT = 0.25
"""How far a result may score above its provider's own confidence: all facts can be there in a text without sense."""

_CAP_WITHOUT_NEGATIONS = 0.89
"""The best score where a lost negation would not be seen: "good"."""

_NO_EVIDENCE = frozenset({"provider_confidence", "transcription_confidence", "length_ratio", "untranslated_words"})
"""Components that say nothing of the translation's content: alone, they give no score."""

_LETTERS_LEFT = 0.8
"""What leaving letters of another script in the English counts at most."""

_LEVELS = (
    (0.9, QualityLevel.EXCELLENT),
    (0.75, QualityLevel.GOOD),
    (0.6, QualityLevel.FAIR),
    (0.4, QualityLevel.POOR),
)

# Characters of English for one character of the source.
_LENGTH_IN_ENGLISH = {"zh": 3.2, "ja": 2.2, "ko": 2.1, "ar": 1.25, "he": 1.3, "fa": 1.15, "th": 1.1, "am": 1.6}
_CHARACTERS_TO_JUDGE = 20


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
    left = comparison.untranslated(source_text, source_language, target_text, untranslated) if is_translated else None
    if is_translated and comparison.foreign_script(source_text, target_text):
        left = min(left if left is not None else 1.0, _LETTERS_LEFT)
    components = dict.fromkeys(WEIGHTS) | {
        "output_language": comparison.english(target_text),
        "length_ratio": _length_ratio(source_text, source_language, target_text),
        "numbers": comparison.numbers(source_text, source_language, target_text),
        "dates": comparison.dates(source_text, source_language, target_text),
        "amounts": comparison.amounts(source_text, target_text),
        "names": comparison.names(source_text, source_language, target_text),
        "negations": comparison.negations(source_text, source_language, target_text),
        "untranslated_words": left,
        "provider_confidence": provider_confidence,
        "transcription_confidence": transcription_confidence,
    }
    return quality_of(components, unknown=_unknown(source_language, components))


def quality_of(
    components: Mapping[str, float | None], extra_reasons: Sequence[str] = (), *, unknown: Sequence[str] = ()
) -> Quality:
    """Weigh components into a score and a level, and say what a person should look at.

    Parameters
    ----------
    extra_reasons
        Reasons for a review that no component measures.
    unknown
        Components for which no rules are known: a fault in them would not be seen.
    """
    measured = {name: score for name, score in components.items() if score is not None}
    reasons = [*_below(measured, _CRITICAL), *_doubts(measured), *extra_reasons]
    rounded = {name: None if value is None else round(value, 3) for name, value in components.items()}
    if measured.keys() <= _NO_EVIDENCE:
        return Quality(
            score=None,
            level=QualityLevel.UNKNOWN,
            components=rounded,
            requires_human_review=True,
            reasons=(*reasons, "There is too little in the text to measure its quality."),
            unknown=tuple(unknown),
        )
    score = sum(WEIGHTS[name] * value for name, value in measured.items()) / sum(WEIGHTS[name] for name in measured)
    if _below(measured, _CRITICAL):
        score = min(score, _CAP)
    if "negations" in unknown:
        score = min(score, _CAP_WITHOUT_NEGATIONS)
    score = min(score, measured.get("provider_confidence", 1.0) + _BENEFIT_OF_DOUBT)
    level = next((name for bound, name in _LEVELS if score >= bound), QualityLevel.UNACCEPTABLE)
    if level in {QualityLevel.POOR, QualityLevel.UNACCEPTABLE} and not reasons:
        reasons.append("The overall score is low.")
    return Quality(
        score=round(score, 3),
        level=level,
        components=rounded,
        requires_human_review=bool(reasons),
        reasons=tuple(reasons),
        unknown=tuple(unknown),
    )


def _doubts(measured: Mapping[str, float]) -> list[str]:
    """Return the doubts; what is a critical fault already is not doubted once more."""
    return _below({name: value for name, value in measured.items() if not _is_critical(name, value)}, _DOUBTFUL)


def _is_critical(name: str, value: float) -> bool:
    return name in _CRITICAL and value < _CRITICAL[name][0]


def _unknown(language: str, components: Mapping[str, float | None]) -> list[str]:
    """Name the components that no rule can judge in this language, whether or not the text holds such a thing."""
    known = {
        "numbers": language in NUMBER_WORDS,
        "dates": language in DATE_LANGUAGES,
        "negations": language in NEGATORS or language in DENYING_CHARACTERS,
    }
    return [name for name, is_known in known.items() if not is_known and components[name] is None]


def _below(measured: Mapping[str, float], bounds: Mapping[str, tuple[float, str]]) -> list[str]:
    return [reason for name, (bound, reason) in bounds.items() if measured.get(name, bound) < bound]


def _length_ratio(source: str, language: str, target: str) -> float | None:
    """Measure the length against what the language leads one to expect: 1 from 0.6 to 1.7 times, 0 at 0.25 or 3."""
    if len(source) * _LENGTH_IN_ENGLISH.get(language, 1.0) < _CHARACTERS_TO_JUDGE:
        return None
    ratio = len(target) / (len(source) * _LENGTH_IN_ENGLISH.get(language, 1.0))
    if ratio < 0.6:
        return max(0.0, (ratio - 0.25) / 0.35)
    return max(0.0, min(1.0, (3.0 - ratio) / 1.3))
