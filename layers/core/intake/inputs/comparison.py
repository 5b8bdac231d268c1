"""Comparing what a text states with what its English states: a share from 0 to 1, or None where nothing compares."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from intake.inputs import facts, mentions
from intake.inputs.lexicon import (
    DATE_LANGUAGES,
    ENGLISH_FUNCTION_WORDS,
    FOREIGN_FUNCTION_WORDS,
    SHARED_WORDS,
)
from intake.inputs.names import is_kept
from intake.inputs.negation import denials
from intake.inputs.number_words import read_numbers

_ENGLISH_SHARE = 0.25
"""Share of function words that plain English prose does not fall below; its mean is near one half."""
_WORDS_TO_JUDGE = 4
_SHARED_WORD = 4
"""Letters of a word from which finding it in both texts shows something."""
_SHARED_ENDINGS = ("tion", "sion", "able", "ible", "al", "or", "ence", "ance", "ism", "um", "us")
"""Endings that English has in common with the languages around it."""
_GERMAN_DETERMINER = re.compile(
    r"(?:\b(?:d(?:er|ie|as|en|em|es)|(?:k|m|d|s)?eine?[mnrs]?|ihre?[mnrs]?|unsere?[mnrs]?|vom|zum|zur|im|am|beim)"
    r"|\d|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)\s+$",
    re.IGNORECASE,
)


def english(text: str) -> float | None:
    """Measure how English a text reads: by its letters, and by its function words against those of other languages."""
    letters = [character for character in text if character.isalpha()]
    if not letters:
        return None
    latin = sum(1 for character in letters if character < "ɐ") / len(letters)
    words = [word.casefold().replace("’", "'") for word in facts.words(facts.without_placeholders(text))]
    if len(words) < _WORDS_TO_JUDGE:
        return None if latin > 0.9 else latin
    own = sum(1 for word in words if word in ENGLISH_FUNCTION_WORDS)
    foreign = sum(1 for word in words if word in FOREIGN_FUNCTION_WORDS)
    return latin * max(0.0, min(1.0, (own - foreign) / len(words) / _ENGLISH_SHARE))


def numbers(source: str, language: str, target: str) -> float | None:
    """Measure the share of numbers that are in both texts; one may be written in words in either."""
    source, target = mentions.normalised(source, language), mentions.normalised(target, "en")
    in_source, in_target = mentions.date_mentions(source), mentions.date_mentions(target)
    if in_source and in_target:
        source, target = mentions.without(source, in_source), mentions.without(target, in_target)
    before, after = facts.numbers(source), facts.numbers(target)
    spoken, spoken_after = read_numbers(source, language), read_numbers(target, "en")
    assert spoken_after is not None  # English is known
    lost = before - after - spoken_after[1]
    if spoken is None:
        # Number words of this language are not known: small numbers may come from them.
        added = Counter(
            {number: count for number, count in (after - before).items() if "." in number or len(number) > 2}
        )
        total = before.total() + after.total()
    else:
        lost += spoken[0] - after - spoken_after[1]
        added = (after - before - spoken[1]) + (spoken_after[0] - before - spoken[1])
        total = before.total() + after.total() + spoken[0].total() + spoken_after[0].total()
    return max(0.0, 1.0 - 2 * (lost.total() + added.total()) / total) if total else None


def dates(source: str, language: str, target: str) -> float | None:
    """Measure the share of dates that are in both texts."""
    before = mentions.date_mentions(mentions.normalised(source, language))
    after = mentions.date_mentions(mentions.normalised(target, "en"))
    # Of a language whose months are not known, a date may have been overlooked.
    most = max(len(before), len(after)) if language in DATE_LANGUAGES else len(before)
    return mentions.agreeing(before, after) / most if most else None


def amounts(source: str, target: str) -> float | None:
    """Measure the share of the source's amounts of money that the target has."""
    before, after = facts.amounts(source), facts.amounts(target)
    return (before & after).total() / before.total() if before else None


def names(source: str, language: str, target: str) -> float | None:
    """Measure the share of names that are in both texts.

    German capitalises every noun, so only the names of its translation can be looked for; a text in another script has
    them in another form, and is not judged.
    """
    latin = [word for word in facts.words(source) if _is_latin(word[0])]
    if not latin or len(latin) < len(facts.words(source)) / 2:
        return None
    of_source, of_target = set(map(facts.folded, latin)), set(map(facts.folded, facts.words(target)))
    before = Counter() if language == "de" else facts.names(source)
    after = facts.names(target)
    if not before and not after:
        return None
    kept = [is_kept(name, of_target, language) for name in before]
    known = [is_kept(name, of_source, language) for name in after]
    return (sum(kept) + sum(known)) / (len(kept) + len(known))


def negations(source: str, language: str, target: str) -> float | None:
    """Measure the share of negated clauses that are in both texts."""
    before, after = denials(source, language), denials(target, "en")
    if before is None or after is None or (before.certain == 0 and after.certain == 0):
        return None
    if before.possible <= 1 and after.possible <= 1:
        lost, added = before.certain > after.possible, after.certain > before.possible
        return 0.0 if lost or added else 1.0
    lost_clauses = max(0, before.certain - after.possible) + max(0, after.certain - before.possible)
    return 1.0 - lost_clauses / max(before.certain, after.certain)


def untranslated(source: str, language: str, target: str, reported: Sequence[str]) -> float | None:
    """Measure the share of the target's words that were left as they are in the source.

    Names are not counted, they belong in both; nor are words that English shares with other languages.
    """
    words = [word for word in facts.words(facts.without_placeholders(target)) if len(word) >= _SHARED_WORD]
    if not words:
        return None
    names_of_source = set(facts.names(source)) if language != "de" else set()
    of_source = {word.casefold() for word in facts.words(source)}
    told = {word.casefold() for word in reported}
    german_nouns = _german_nouns(source) if language == "de" else set()
    left = 0
    for word in words:
        plain = word.casefold()
        if facts.folded(word) in names_of_source:
            continue
        shared = word.islower() or plain in german_nouns
        left += plain in told or (shared and plain in of_source and not _is_english_too(plain))
    return 1.0 - left / len(words)


def foreign_script(source: str, target: str) -> bool:
    """Say whether the target kept letters of the source's script that English has not."""
    return any(letter.isalpha() and not _is_latin(letter) for letter in set(source) & set(target))


def _is_latin(letter: str) -> bool:
    return letter < "ɐ" or "ḁ" <= letter <= "ỿ"


def _is_english_too(word: str) -> bool:
    return word in SHARED_WORDS or word in ENGLISH_FUNCTION_WORDS or (word.isascii() and word.endswith(_SHARED_ENDINGS))


def _german_nouns(source: str) -> set[str]:
    """Return the capitalised words after an article or a number: nouns, where a name has neither."""
    return {
        match.group().casefold()
        for match in re.finditer(r"[^\W\d_]+", source)
        if match.group()[0].isupper() and _GERMAN_DETERMINER.search(source[max(0, match.start() - 12) : match.start()])
    } | {
        # Without an article, a noun is told from a name by its ending.
        word.casefold()
        for word in facts.words(source)
        if word.endswith(("ung", "ungen", "heit", "keit", "schaft", "tion", "lagen", "schein"))
    }
