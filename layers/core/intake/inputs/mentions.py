"""Dates and hours as two languages may write them, read where they stand: their digits are no numbers to compare.

``3/4/2024`` is a day in March or in April: a mention has every reading that it may have, and two mentions agree where
they share one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intake.inputs import facts
from intake.inputs.lexicon import MONTHS
from intake.inputs.number_words import NUMBER_WORDS

Reading = tuple[int, int, int | None]
"""Day, month, and the year where it is said."""

_MONTH_NAMES = "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True))
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-])(?!\.\d)")
_NUMBERED_MONTH = re.compile(
    r"(?:(?P<year1>\d{4})\s?[年년]\s?)?(?P<month1>\d{1,2})\s?[月월]\s?(?P<day1>\d{1,2})\s?[日号號일]"
    r"|(?:ngày\s+)?(?P<day2>\d{1,2})\s+tháng\s+(?P<month2>\d{1,2})(?:\s+năm\s+(?P<year2>\d{4}))?",
    re.IGNORECASE,
)
_DAY_IN_WORDS = re.compile(rf"\b(?P<word>[^\W\d_]+)(?=\s+(?:de\s+|di\s+|of\s+)?(?:{_MONTH_NAMES})\b)", re.IGNORECASE)
_ELIDED = re.compile(rf"\bd['’](?=(?:{_MONTH_NAMES})\b)", re.IGNORECASE)

# Hours of a day: 15:45, 15h45, 15 Uhr, 3:45 pm. Minutes with a full stop cannot be told from decimals.
_HOUR = re.compile(
    r"(?<![\d.,:])(?P<hour>[01]?\d|2[0-4])(?:(?::|\s?h\s?)(?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s?(?:[ap]\.?\s?m\b\.?|uhr\b|h\b))?"
    r"|\s?(?:[ap]\.?\s?m\b\.?|uhr\b|h\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class DateMention:
    """One date in a text."""

    start: int
    end: int
    readings: frozenset[Reading]

    def agrees(self, other: DateMention) -> bool:
        """Say whether both may mean the same day; a year that only one of them says is no disagreement."""
        return any(
            mine[:2] == theirs[:2] and (mine[2] is None or theirs[2] is None or mine[2] == theirs[2])
            for mine in self.readings
            for theirs in other.readings
        )


def normalised(text: str, language: str) -> str:
    """Write digits, days of months and hours in one form: ``primero de mayo`` → ``1 de mayo``, ``15:45`` → ``3 45``.

    Hours lose their half of the day, which languages tell in too many ways to compare.
    """
    text = _ELIDED.sub("de ", facts.latin_digits(text))
    known = NUMBER_WORDS.get(language, {})
    text = _DAY_IN_WORDS.sub(lambda match: str(known.get(match["word"].casefold(), match["word"])), text)
    return _HOUR.sub(_on_the_dial, text)


def date_mentions(text: str) -> list[DateMention]:
    """Return the dates of a normalised text, in order."""
    found = [DateMention(*match.span(), frozenset({reading})) for match, reading in facts.date_matches(text)]
    for match in _NUMBERED_MONTH.finditer(text):
        form = "1" if match["month1"] else "2"
        year = match[f"year{form}"]
        reading = (int(match[f"day{form}"]), int(match[f"month{form}"]), int(year) if year else None)
        found.append(DateMention(*match.span(), frozenset({reading})))
    for match in _NUMERIC.finditer(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        year += 2000 if year < 100 else 0
        readings = {(day, month, year) for day, month in ((first, second), (second, first)) if 0 < month <= 12}
        if readings and 0 < first <= 31 and 0 < second <= 31:
            found.append(DateMention(*match.span(), frozenset(readings)))
    return sorted(found, key=lambda mention: mention.start)


def agreeing(before: Sequence[DateMention], after: Sequence[DateMention]) -> int:
    """Count the dates of one text that the other has too, each once."""
    left = list(after)
    count = 0
    for mention in before:
        match = next((other for other in left if mention.agrees(other)), None)
        if match is not None:
            left.remove(match)
            count += 1
    return count


def without(text: str, mentions: Sequence[DateMention]) -> str:
    """Return a text without its dates."""
    pieces, end = [], 0
    for mention in mentions:
        pieces.append(text[end : mention.start])
        end = max(end, mention.end)
    return " ".join([*pieces, text[end:]])


def _on_the_dial(match: re.Match[str]) -> str:
    minute = int(match["minute"] or 0)
    return f" {int(match['hour']) % 12 or 12} " + (f"{minute} " if minute else "")
