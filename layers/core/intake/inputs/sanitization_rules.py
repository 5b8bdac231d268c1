"""The rule twin of Sanitize: cleans English without a model. It only ever takes away, so it can invent nothing.

It answers the same task in the same schema as a model does, through the provider ``rules``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from intake.inputs.lexicon import NEGATORS, NUMBER_WORDS

VERSION = "1"

_FILLER = re.compile(
    r"(?P<lead>^|[.!?,;…]\s*|\s)"
    r"(?P<filler>(?:u+h+m*|u+m+|e+rm*|a+h+m*|h+m+|mm+|you know|i mean|sort of like|kind of like|(?:well|like|okay|so),)"
    r"(?:,?\s+(?:u+h+m*|u+m+|e+rm*|you know))*)"
    r"(?P<tail>[,…]*)(?=\s|[.!?]|$)",
    re.IGNORECASE,
)
# "You know", "I mean" and "like," are fillers only when set apart; inside a clause they are its verb.
_NEEDS_COMMA = re.compile(r"you know|i mean|sort of like|kind of like", re.IGNORECASE)
_REPEATED_WORDS = re.compile(
    r"\b(?P<said>[^\W\d_]+(?:['’][^\W\d_]+)?(?: [^\W\d_]+(?:['’][^\W\d_]+)?){0,3})(?:[,.…]* +(?P=said)\b)+",
    re.IGNORECASE,
)
_REPEATED_MARKS = re.compile(r"(?P<mark>[!?,;])(?:\s*(?P=mark))+")
_SPACE_BEFORE_MARK = re.compile(r"[ \t]+(?=[,.;!?](?:\s|$))")
_SPACE = re.compile(r"[ \t\u00a0]{2,}|[ \t\u00a0]*\n\s*|\t")

# Said twice on purpose or by grammar ("had had", "that that"), or spelled out digit by digit.
_MAY_REPEAT = frozenset({"had", "that", "very", "really", "so", "no", "bye", "ha"}) | NUMBER_WORDS["en"].keys()


def sanitize_by_rules(data: Mapping[str, Any]) -> dict[str, Any]:
    """Clean ``data["text"]``: fillers, repetitions, doubled marks, white space.

    Returns
    -------
    dict
        ``{"text": str, "modifications": [{"kind", "before", "after"}]}``, the schema of the task ``sanitize``.
    """
    text = str(data["text"])
    modifications: list[dict[str, str]] = []

    def change(kind: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> None:
        nonlocal text

        def note(match: re.Match[str]) -> str:
            after = replace(match)
            if after != match.group():
                modifications.append({"kind": kind, "before": match.group().strip() or " ", "after": after.strip()})
            return after

        text = pattern.sub(note, text)

    change("whitespace", _SPACE, lambda match: " ")
    change("filler", _FILLER, _without_filler)
    change("repetition", _REPEATED_WORDS, _said_once)
    change("punctuation", _REPEATED_MARKS, lambda match: match["mark"])
    change("whitespace", _SPACE_BEFORE_MARK, lambda match: "")
    change("whitespace", _SPACE, lambda match: " ")
    clean = text.strip().lstrip(",; ")
    if clean and clean[0].islower() and data["text"].strip()[:1].isupper():
        clean = clean[0].upper() + clean[1:]
    # Nothing but fillers is left as it was: an empty text would say something else.
    return {"text": clean, "modifications": modifications} if clean else {"text": data["text"], "modifications": []}


def _without_filler(match: re.Match[str]) -> str:
    if _NEEDS_COMMA.fullmatch(match["filler"]) and not (match["tail"] and match["lead"].strip() in {"", ",", ".", ";"}):
        return match.group()
    if match["filler"].endswith(",") and match["lead"].strip() not in {"", ".", "!", "?"}:
        return match.group()
    return match["lead"]


def _said_once(match: re.Match[str]) -> str:
    words = set(match["said"].casefold().split())
    if words & _MAY_REPEAT or words & NEGATORS["en"]:
        return match.group()
    return match["said"]
