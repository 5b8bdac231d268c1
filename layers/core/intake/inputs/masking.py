"""Masking personal data: ``ana@example.com`` becomes ``[EMAIL_1]``, and can be put back by whoever holds the vault.

The same value gets the same placeholder throughout one call, so a text still says that two mentions are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from intake.inputs.facts import PLACEHOLDER

VERSION = "2"


class PersonalData(StrEnum):
    """Kinds of personal data that are masked; the values are the words in placeholders."""

    EMAIL = "EMAIL"
    CARD = "CARD"
    SSN = "SSN"
    MEMBER = "MEMBER"
    POLICY = "POLICY"
    PHONE = "PHONE"


@dataclass(frozen=True)
class Masked:
    """Texts with placeholders, and what each placeholder stands for."""

    texts: tuple[str, ...]
    secrets: dict[str, str]


# Possessive: a label may be followed by thousands of spaces, which must not be tried in every way.
_LABEL = (
    r"(?:(?:id|number|no|num|número|numero|numéro|nr|nro|nummer|n)\b\.?|[#:º°]|(?:is|es|est|ist|é|è|the|el|la)\b|\s)*+"
)
_CODE = r"(?P<code>(?=[A-Z0-9-]*\d[A-Z0-9-]*\d[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{3,}[A-Z0-9])"

# In order of priority: what an earlier pattern takes, a later one leaves alone.
_PATTERNS: tuple[tuple[PersonalData, re.Pattern[str]], ...] = (
    (PersonalData.EMAIL, re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[^\W\d_]{2,}(?![\w-])")),
    (PersonalData.CARD, re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])", re.ASCII)),
    (PersonalData.SSN, re.compile(r"(?<![\w-])(?!000|666|9)\d{3}[- ](?!00)\d{2}[- ](?!0000)\d{4}(?![\w-])", re.ASCII)),
    (
        PersonalData.SSN,
        re.compile(
            r"(?:ssn|social security|seguro social)"
            + _LABEL
            + r"(?P<code>(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4})(?!\d)",
            re.IGNORECASE,
        ),
    ),
    (
        PersonalData.MEMBER,
        re.compile(
            r"\b(?:member(?:ship)?|subscriber|miembro|afiliad[oa]|soci[oa]|membre|mitglieds?|membro)" + _LABEL + _CODE,
            re.IGNORECASE,
        ),
    ),
    (PersonalData.MEMBER, re.compile(r"(?<![\w-])(?:MBR|MEM|MID)-?\d{4,12}(?![\w-])")),
    # French and German "police" is a policy only where its number is announced: English "police" keeps files too.
    (
        PersonalData.POLICY,
        re.compile(
            r"\b(?:policy|póliza|poliza|police(?= (?:n[o°º.r]|numéro|d.assurance))|apólice|polizza|versicherungs|polis"
            r"|contrat (?=d.assurance)d.assurance)" + _LABEL + _CODE,
            re.IGNORECASE,
        ),
    ),
    # A claim's number is the insurer's own file, and what an agent looks it up by: it stays.
    (PersonalData.POLICY, re.compile(r"(?<![\w-])(?!CLM|CLAIM)[A-Z]{1,4}-?\d{6,12}(?:-\d{1,4})?(?![\w-])")),
    (
        PersonalData.PHONE,
        re.compile(
            r"(?<![\w.,+-])(?:"
            r"\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){1,4}"  # +34 612 345 678
            r"|(?:1[ .-])?\(\d{3}\)[ .-]?\d{3}[ .-]?\d{4}"  # (555) 123-4567
            r"|(?:1[ .-])?\d{3}[.-]\d{3}[.-]\d{4}|(?:1 )?\d{3} \d{3}[ -]\d{4}"  # 555-123-4567
            r"|\d{3}-\d{4}"  # 555-0199
            r"|[6789]\d{2} \d{3} \d{3}|[6789]\d{2}(?: \d{2}){3}"  # 612 345 678
            r"|0\d(?:[ .]\d{2}){4}|0\d{1,4}[ /-]\d{6,8}"  # 06 12 34 56 78, 0151 23456789
            r"|0\d{2,4}[ -]\d{3,4}[ -]\d{3,4}|\(\d{2,5}\)[ -]?\d{4,5}[ -]\d{4}"  # 020 7946 0958, (11) 91234-5678
            r")(?![\w-]|[.,]\d)",
            re.ASCII,
        ),
    ),
    (
        PersonalData.PHONE,
        re.compile(
            r"\b(?:phone|telephone|tel|cell|cellular\w*|mobil\w*|call|teléfono|telefono|celular|móvil|movil|llám\w*"
            r"|telefon\w*|téléphone|portable|handy|telemóvel)"
            + _LABEL
            + r"(?:me\s+)?(?:at\s+|al\s+|on\s+)?(?P<code>\d(?:[ .-]?\d){6,14})(?!\d)",
            re.IGNORECASE,
        ),
    ),
)


def luhn(digits: str) -> bool:
    """Say whether a string of digits has the check digit of payment cards (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def mask(texts: Sequence[str]) -> Masked:
    """Replace the personal data of several texts that belong together.

    Placeholders that a text has already keep their meaning: new ones are numbered after them.
    """
    placeholder_of: dict[tuple[PersonalData, str], str] = {}
    used = {name for text in texts for name in PLACEHOLDER.findall(text)}
    masked = []
    for text in texts:
        pieces, end = [], 0
        for start, stop, kind in _findings(text):
            value = text[start:stop]
            if (kind, value) not in placeholder_of:
                placeholder_of[kind, value] = _unused(kind, used)
            pieces += [text[end:start], placeholder_of[kind, value]]
            end = stop
        masked.append("".join([*pieces, text[end:]]))
    return Masked(tuple(masked), {placeholder: value for (_kind, value), placeholder in placeholder_of.items()})


def restore(text: str, secrets: Mapping[str, str]) -> str:
    """Put personal data back where its placeholders stand."""
    return PLACEHOLDER.sub(lambda match: secrets.get(match.group(), match.group()), text)


def shortened(placeholder: str, value: str) -> str:
    """Show enough of a masked value for its owner to know it, and too little to use: ``…4242``, ``a…@example.com``."""
    if placeholder.startswith(f"[{PersonalData.EMAIL}_"):
        local, _, domain = value.rpartition("@")
        return f"{local[:1]}…@{domain}"
    return f"…{value[-2:]}" if placeholder.startswith(f"[{PersonalData.PHONE}_") else f"…{value[-4:]}"


def _findings(text: str) -> list[tuple[int, int, PersonalData]]:
    taken: list[tuple[int, int, PersonalData]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, stop = match.span("code") if "code" in pattern.groupindex else match.span()
            if kind is PersonalData.CARD and not luhn(re.sub(r"[ -]", "", match.group())):
                continue
            if _is_free(start, stop, taken):
                taken.append((start, stop, kind))
    return sorted(taken)


def _is_free(start: int, stop: int, taken: Iterable[tuple[int, int, PersonalData]]) -> bool:
    return all(stop <= other_start or other_stop <= start for other_start, other_stop, _kind in taken)


def _unused(kind: PersonalData, used: set[str]) -> str:
    number = 1
    while (placeholder := f"[{kind}_{number}]") in used:
        number += 1
    used.add(placeholder)
    return placeholder
