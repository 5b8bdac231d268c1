"""The rule twin of Sanitize: cleans English without a model. It only ever takes away, so it can invent nothing.

It answers the same task in the same schema as a model does, through the provider ``rules``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from intake.inputs.lexicon import ENGLISH_FUNCTION_WORDS, NEGATORS
from intake.inputs.number_words import NUMBER_WORDS
from intake.inputs.preservation import what_changed

VERSION = "2"

_HESITATION = r"(?:u+h+m*|u+m+|e+rm*|a+h+m*|h+m+|mm+)"
_PHRASE = r"(?:you know|i mean|sort of|kind of)"
_FILLER = re.compile(
    rf"(?P<lead>^|[.!?,;…]\s*|\s)(?P<filler>{_HESITATION}(?:,?\s+{_HESITATION})*|{_PHRASE}|(?:well|okay|so|like|basically)(?=,))"
    r"(?P<tail>[,…]*)(?=\s|[.!?]|$)",
    re.IGNORECASE,
)
_HESITATES = re.compile(_HESITATION, re.IGNORECASE)
_WORD = r"[^\W\d_]+(?:['’][^\W\d_]+)?"
_REPEATED_WORDS = re.compile(rf"\b(?P<said>{_WORD}(?: {_WORD}){{0,3}})(?:[,.…]* +(?P=said)\b)+", re.IGNORECASE)
_REPEATED_MARKS = re.compile(r"(?P<mark>[!?,;])(?:[ \t]*(?P=mark))+")
_LOST_SPACE = re.compile(r"[ \t]+(?=[,.;!?](?:\s|$))")
_WIDE_SPACE = re.compile(r"[ \t\u00a0]{2,}|[\t\u00a0]")
_LAST_WORD = re.compile(rf"({_WORD})\W*$")

# Said twice on purpose or by grammar ("had had", "that that"), or spelled out digit by digit.
_ON_PURPOSE = frozenset({"had", "that", "very", "really", "so", "bye", "ha"})
_MAY_REPEAT = _ON_PURPOSE | NUMBER_WORDS["en"].keys() | NEGATORS["en"]

Change = dict[str, str]


def sanitize_by_rules(data: Mapping[str, Any]) -> dict[str, Any]:
    """Clean ``data["text"]``: fillers, repetitions, doubled marks, white space.

    Returns
    -------
    dict
        ``{"text": str, "modifications": [{"kind", "before", "after"}]}``, the schema of the task ``sanitize``.
    """
    original = str(data["text"])
    text, spaces = _replaced(_WIDE_SPACE, original, lambda match: " ", "whitespace")
    text, fillers = _replaced(_FILLER, text, _without_filler, "filler")
    text, repetitions = _replaced(_REPEATED_WORDS, text, _said_once, "repetition")
    text, marks = _replaced(_REPEATED_MARKS, text, lambda match: match["mark"], "punctuation")
    clean = _WIDE_SPACE.sub(" ", _LOST_SPACE.sub("", text)).strip().lstrip(",; ")
    if clean[:1].islower() and original.strip()[:1].isupper():
        clean = clean[0].upper() + clean[1:]
    if not clean or what_changed(original, clean):
        # A text of nothing but fillers, or one that a rule would distort: better left as it was said.
        return {"text": original, "modifications": []}
    return {"text": clean, "modifications": [*spaces, *fillers, *repetitions, *marks]}


def _replaced(
    pattern: re.Pattern[str], text: str, replace: Callable[[re.Match[str]], str], kind: str
) -> tuple[str, list[Change]]:
    changes: list[Change] = []

    def note(match: re.Match[str]) -> str:
        after = replace(match)
        if after != match.group():
            said = match.group().strip()
            changes.append({"kind": kind, "before": said or match.group(), "after": after.strip() if said else after})
        return after

    return pattern.sub(note, text), changes


def _without_filler(match: re.Match[str]) -> str:
    """Take out a filler, and the commas that set it apart where the sentence goes on without them."""
    lead = match["lead"].strip()
    if match["filler"][0].isupper() and lead in {"", ","} and match.start() > 0 and not match.string.isupper():
        # A capital inside a sentence: a name ("Um Kalthoum") or an abbreviation ("the ER").
        return match.group()
    if not _HESITATES.match(match["filler"]):
        # "You know", "I mean" and "so" are fillers only when set apart; inside a clause they are part of it.
        closes = lead == "," and match["filler"].casefold() == "you know" and match.string[match.end() :][:1] in ".!?"
        set_apart = (match["tail"] and (lead or match.start() == 0)) or closes
        if not set_apart:
            return match.group()
    if lead == "," and match["tail"]:
        before = _LAST_WORD.search(match.string, max(0, match.start() - 40), match.start())
        # "I want to, uh, file" goes on; "for my car, uh, it was hit" is two parts.
        return "" if before and before.group(1).casefold() in ENGLISH_FUNCTION_WORDS else ","
    return match["lead"]


def _said_once(match: re.Match[str]) -> str:
    words = set(match["said"].casefold().replace("’", "'").split())
    return match.group() if words & _MAY_REPEAT else match["said"]
