"""Stage DetectLanguage: which language the text is in, how sure that is, and whether it can be told at all.

A caller who names the language is believed; that the text looks like another is noted.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from intake.clock import Clock
from intake.errors import ConflictError, FieldError, UnsupportedInputError
from intake.inputs.commands import StageCommand, Stopwatch
from intake.inputs.failure import rejections_recorded
from intake.inputs.languages import AUTO, language_name, parse_tag, primary
from intake.inputs.model import Stage
from intake.inputs.repository import InputRepository
from intake.inputs.results import Candidate, Detection, Undecided

Identify = Callable[[str], tuple[Candidate, ...]]
"""Gives the likeliest languages of a text, best first, with calibrated probabilities."""

SURE_ENOUGH = 0.6
"""Below this probability the best guess is wrong in more than one case out of four: it is not made."""
STRONG_DISAGREEMENT = 0.9
_LETTERS_NEEDED = 6
_LETTERS_OF_AN_IDEOGRAPH = 3
_SECOND_SCRIPT_FROM = 0.2

# Scripts in which one configured language is written: a few letters say enough.
_LANGUAGE_OF_SCRIPT = {
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "THAI": "th",
    "GREEK": "el",
    "HEBREW": "he",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "BENGALI": "bn",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "KHMER": "km",
    "LAO": "lo",
    "MYANMAR": "my",
    "ETHIOPIC": "am",
}


def detect_language(command: StageCommand, *, inputs: InputRepository, identify: Identify, clock: Clock) -> Detection:
    """Find the language of one input's text, and keep it.

    Raises
    ------
    UnsupportedInputError
        The caller left the language open, and it cannot be told: the text is too short, or could be several.
    """
    watch = Stopwatch(clock)
    record = inputs.get(command.tenant, command.input_id)
    found = record.detect_language
    if found is None:
        if record.text is None:
            raise ConflictError("The input has no text yet.")
        found = judged(record.text, record.declared_language, identify)
        if found.language is None and record.transcribe is not None:
            found = _as_heard(found, record.transcribe.language)
        found = found.model_copy(update={"duration_ms": watch.ms()})
        found = inputs.keep(command.tenant, command.input_id, Stage.DETECT_LANGUAGE, found)
    if found.language is None:
        with rejections_recorded(inputs, command.tenant, command.input_id, clock):
            raise undecided(found)
    return found


def _as_heard(found: Detection, heard: str) -> Detection:
    """Take the language that the transcriber heard: it heard more than the words."""
    tag = parse_tag(heard)
    return found if tag is None else found.model_copy(update={"language": str(tag), "undecided": None})


def judged(text: str, declared: str, identify: Identify) -> Detection:
    """Judge the language of a text, given the declared one or ``auto``."""
    scripts = _scripts(text)
    notes = _script_notes(scripts)
    too_short = _too_short(scripts)
    candidates = () if too_short else _candidates(text, scripts, identify)
    best = candidates[0] if candidates else None
    if declared != AUTO:
        return _declared(declared, candidates, notes)
    if best is None or best.probability < SURE_ENOUGH:
        return Detection(
            language=None,
            confidence=best.probability if best else 0.0,
            declared=False,
            candidates=candidates,
            undecided=Undecided.TOO_SHORT if best is None else Undecided.AMBIGUOUS,
            notes=notes,
        )
    return Detection(
        language=best.language, confidence=best.probability, declared=False, candidates=candidates, notes=notes
    )


def _declared(declared: str, candidates: tuple[Candidate, ...], notes: tuple[str, ...]) -> Detection:
    language = primary(declared)
    agreement = next((found.probability for found in candidates if found.language == language), 0.0)
    best = candidates[0] if candidates else None
    if best and best.language != language and best.probability >= STRONG_DISAGREEMENT:
        notes = (
            *notes,
            f"Declared {language_name(language)}, but it looks like {language_name(best.language)} "
            f"({best.probability:.2f}).",
        )
    return Detection(
        language=declared,
        confidence=agreement,
        declared=True,
        candidates=candidates,
        notes=notes,
    )


def _candidates(text: str, scripts: Counter[str], identify: Identify) -> tuple[Candidate, ...]:
    script, weight = scripts.most_common(1)[0]
    only = _LANGUAGE_OF_SCRIPT.get(script)
    if only is None and "HIRAGANA" in scripts:
        only = "ja"
    if only is not None and weight > sum(scripts.values()) / 2:
        return (Candidate(language=only, probability=0.99),)
    return identify(text)


def _too_short(scripts: Counter[str]) -> bool:
    if not scripts:
        return True
    script, weight = scripts.most_common(1)[0]
    return script not in _LANGUAGE_OF_SCRIPT and weight < _LETTERS_NEEDED


def _scripts(text: str) -> Counter[str]:
    """Weigh the scripts of a text's letters; an ideograph says as much as three letters."""
    scripts: Counter[str] = Counter()
    # NFKC: a full-width letter is of the script of its plain form.
    for character in unicodedata.normalize("NFKC", text):
        if character.isalpha():
            script = _script(character)
            scripts[script] += _LETTERS_OF_AN_IDEOGRAPH if script == "CJK" else 1
    return scripts


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0].split("-", 1)[0]


def _script_notes(scripts: Counter[str]) -> tuple[str, ...]:
    total = sum(scripts.values())
    families = {"HIRAGANA": "Japanese", "KATAKANA": "Japanese", "CJK": "Han"}
    mixed = sorted(
        {
            families.get(script, script.title())
            for script, weight in scripts.items()
            if weight / total >= _SECOND_SCRIPT_FROM
        }
    )
    if len(mixed) < 2 or mixed == ["Han", "Japanese"]:
        return ()
    return (f"Mixed scripts: {', '.join(mixed)}.",)


def undecided(found: Detection) -> UnsupportedInputError:
    """Return the error of a text whose language cannot be told."""
    remedy = 'Name it in source_language, for example "es", or send a longer text.'
    if found.undecided is Undecided.TOO_SHORT:
        message = f"The text is too short to tell its language. {remedy}"
    else:
        options = ", ".join(f"{language_name(found.language)} ({found.probability:.2f})" for found in found.candidates)
        message = f"The language of the text cannot be told surely; it could be {options}. {remedy}"
    return UnsupportedInputError(message, errors=(FieldError(field="source_language", message=message),))
