"""What is accepted of a tenant about its phrases, and what is said about everything else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from intake.errors import FieldError, UnsupportedInputError
from intake.inputs.languages import LANGUAGES, TARGET_LANGUAGES, language_name, parse_tag
from intake.inputs.masking import mask
from intake.inputs.results import IntentLabel
from intake.phrases.model import Phrase, Schedule, own_id

MAX_OWN_PHRASES = 100
MAX_CHARACTERS = 300

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


class _Request(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class WarmRequest(_Request):
    """The body of ``POST /v1/phrases/warm``: in which languages, all of them where none is named, and into which."""

    languages: list[str] | None = Field(default=None, max_length=len(LANGUAGES), examples=[["es", "vi"]])
    target_language: str = Field(default="en", max_length=35)


class ScheduleRequest(WarmRequest):
    """The body of ``PUT /v1/phrases/schedule``."""

    enabled: bool


class PhraseRequest(_Request):
    """One of a tenant's own phrases."""

    text: str = Field(repr=False, examples=["¿Cubre mi plan Aurora la ambulancia?"])
    language: str = Field(max_length=35, examples=["es"])
    # Not strict: JSON has no enumerations, its strings are the values.
    label: IntentLabel = Field(default=IntentLabel.OTHER, strict=False)


class PhrasesRequest(_Request):
    """The body of ``PUT /v1/phrases``: all of a tenant's own phrases, in place of those before."""

    phrases: list[PhraseRequest] = Field(max_length=MAX_OWN_PHRASES)


def accept_phrases(request: PhrasesRequest) -> tuple[Phrase, ...]:
    """Make phrases of a request.

    Raises
    ------
    UnsupportedInputError
        With one `FieldError` for every field at fault. A phrase with personal data is refused: it is kept and sent to
        providers whether or not anybody ever says it.
    """
    problems: list[FieldError] = []
    accepted: dict[str, Phrase] = {}
    for place, asked in enumerate(request.phrases):
        text = asked.text.strip()
        tag = parse_tag(asked.language)
        found = [*_text_problems(f"phrases.{place}.text", text), *_language_problems(f"phrases.{place}.language", tag)]
        language = tag.language if tag else ""
        phrase = Phrase(id=own_id(language, text), language=language, label=asked.label, text=text)
        if not found and phrase.id in accepted:
            found = [FieldError(field=f"phrases.{place}.text", message="This phrase is listed twice. Send it once.")]
        problems += found
        accepted[phrase.id] = phrase
    _raise_for(problems)
    return tuple(accepted.values())


def accept_languages(request: WarmRequest, phrases: Iterable[Phrase]) -> tuple[tuple[str, ...], str]:
    """Return the languages to warm, none for all, and the language to warm into.

    Raises
    ------
    UnsupportedInputError
        A language is unknown, or has no phrases; or the target is none.
    """
    there_are = sorted({phrase.language for phrase in phrases})
    problems: list[FieldError] = []
    languages: list[str] = []
    for place, name in enumerate(request.languages or ()):
        tag = parse_tag(name)
        if tag is None or tag.language not in there_are:
            message = f"There are no phrases in this language. There are in: {', '.join(there_are)}."
            problems.append(FieldError(field=f"languages.{place}", message=message))
        else:
            languages.append(tag.language)
    if request.languages == []:
        problems.append(FieldError(field="languages", message="Name at least one language, or leave the field out."))
    target = request.target_language.lower().split("-", 1)[0]
    if target not in TARGET_LANGUAGES:
        names = ", ".join(f"{code} ({language_name(code)})" for code in TARGET_LANGUAGES)
        problems.append(FieldError(field="target_language", message=f"Not a target language. Possible: {names}."))
    _raise_for(problems)
    return tuple(dict.fromkeys(languages)), target


def accept_schedule(request: ScheduleRequest, phrases: Iterable[Phrase], *, tenant: str) -> Schedule:
    """Make a tenant's wish of a request.

    Raises
    ------
    UnsupportedInputError
        As `accept_languages`.
    """
    languages, target = accept_languages(request, phrases)
    return Schedule(tenant=tenant, enabled=request.enabled, languages=languages, target_language=target)


def _text_problems(field: str, text: str) -> Sequence[FieldError]:
    if not any(character.isalpha() for character in text):
        return [FieldError(field=field, message="The phrase has no letter. Send what members say.")]
    if len(text) > MAX_CHARACTERS:
        message = f"The phrase has {len(text):,} characters; {MAX_CHARACTERS} are allowed. Send a shorter one."
        return [FieldError(field=field, message=message)]
    if _CONTROL.search(text):
        return [FieldError(field=field, message="The phrase has control characters. Send one line of plain text.")]
    masked = mask([text])
    if masked.secrets:
        kinds = ", ".join(sorted({name.strip("[]").rpartition("_")[0].lower() for name in masked.secrets}))
        message = f"The phrase has personal data ({kinds}). Send what many members say, without anybody's data."
        return [FieldError(field=field, message=message)]
    return []


def _language_problems(field: str, tag: object) -> Sequence[FieldError]:
    if tag is not None:
        return []
    message = f"Unknown language. Send a BCP 47 tag of one of: {', '.join(sorted(LANGUAGES))}."
    return [FieldError(field=field, message=message)]


def _raise_for(problems: Sequence[FieldError]) -> None:
    if problems:
        detail = " ".join(f"{problem.field}: {problem.message}" for problem in problems)
        raise UnsupportedInputError(detail, errors=tuple(problems))
