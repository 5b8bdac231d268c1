"""Signs that a text tries to instruct a model instead of telling something.

Signs are flagged, never acted upon: the text goes to a model as data in any case, and a member who writes "ignore my
last message" is a member, not an attacker.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata

VERSION = "2"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "asks_to_ignore_instructions",
        re.compile(
            r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}"
            r"\b(?:previous|prior|above|earlier|all|your|system)\b.{0,30}"
            r"\b(?:instructions?|prompts?|rules|guidelines|directives)\b"
            r"|\b(?:ignora|olvida|ignore|oublie|ignoriere|vergiss|esqueça)\w*\b.{0,40}"
            r"\b(?:instrucciones|instructions|anweisungen|instruções|istruzioni|reglas)\b"
            r"|\b(?:negeer|vergeet|zignoruj|zapomnij|inyore|bliye|игнорируй|забудь|bỏ qua|unut)\w*\b.{0,40}"
            r"\b(?:instructies|polecenia|instrukcje|enstriksyon|инструкции|указания|hướng dẫn|talimat)"
            r"|(?:忽略|无视|無視|忘记).{0,20}(?:指令|指示|规则|提示)|تجاهل.{0,30}(?:التعليمات|الأوامر)|지시.{0,10}무시",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
    (
        "asks_for_prompt",
        re.compile(
            r"\b(?:reveal|show|print|repeat|output|tell|give|muestra|revela|repite)\w*\b.{0,30}"
            r"\b(?:system prompt|your (?:instructions|prompt|rules)|initial prompt|tus instrucciones)\b",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
    (
        "changes_role",
        re.compile(
            r"\byou are now\b|\bact as (?:an?|the) (?:\w+ )?(?:ai|assistant|admin\w*|developer|system|model)\b"
            r"|\b(?:developer|dan|jailbreak|god) mode\b|\bnew instructions?\s*:"
            r"|\bahora eres\b|\bactúa como (?:un|una|el) (?:ia|asistente|administrador|sistema)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "imitates_markup",
        re.compile(
            r"</?(?:system|assistant|instructions?|data|tool)\b[^>]*>|<\|[a-z_]+\|>|\[/?INST\]"
            r"|^[ \t]*(?:system|assistant)\s*:|#{2,}\s*(?:system|instructions?)\b",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
)

_LOOK_ALIKES = str.maketrans("аеорсухіАЕОРСУХІ", "aeopcyxiAEOPCYXI")
_LATIN_WORD_WITH_CYRILLIC = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0400-\u04ff])\w+\b")
_SPACED_WORD = re.compile(r"\b(?:[^\W\d_] ){2,}[^\W\d_]\b")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{24,}={0,2}(?![A-Za-z0-9+/=_-])")
# Joiners belong to the writing of Persian, Hindi and emoji; direction marks to that of Arabic and Hebrew.
_ORDINARY_FORMAT = frozenset("\u00ad\u200c\u200d\u200e\u200f\u061c\ufeff")


def signals(text: str) -> tuple[str, ...]:
    """Return the names of the signs found, in a fixed order, each once."""
    plain = _plain(text)
    found = [name for name, pattern in _PATTERNS if pattern.search(plain)]
    if any(pattern.search(decoded) for decoded in _decoded(plain) for _name, pattern in _PATTERNS):
        found.append("encoded_instructions")
    if hidden_characters(text):
        found.append("hidden_characters")
    return tuple(found)


def _plain(text: str) -> str:
    """Undo what hides words from a pattern: forms of letters, look-alikes of another script, blanks between letters."""
    plain = unicodedata.normalize("NFKC", without_format_characters(text))
    plain = _LATIN_WORD_WITH_CYRILLIC.sub(lambda match: match.group().translate(_LOOK_ALIKES), plain)
    return _SPACED_WORD.sub(lambda match: match.group().replace(" ", ""), plain)


def without_format_characters(text: str) -> str:
    """Return a text without characters that have no appearance (Unicode category Cf)."""
    if text.isascii():
        return text
    return "".join(character for character in text if unicodedata.category(character) != "Cf")


def hidden_characters(text: str) -> list[str]:
    """Return the invisible characters that ordinary writing has no use for, in order: ``["U+200B", …]``."""
    if text.isascii():
        return []
    return [
        f"U+{ord(character):04X}"
        for character in text
        if unicodedata.category(character) == "Cf" and character not in _ORDINARY_FORMAT
    ]


def _decoded(text: str) -> list[str]:
    """Return what the base64 of a text says, where it says text."""
    decoded = []
    for match in _BASE64.findall(text):
        standard = match.replace("-", "+").replace("_", "/").rstrip("=")
        try:
            decoded.append(base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True).decode())
        except (binascii.Error, UnicodeDecodeError):
            continue
    return decoded
