"""The languages that inputs may be written or spoken in, and their tags.

Codes are ISO 639-1; tags are BCP 47 (``es``, ``es-MX``, ``zh-Hans-CN``), with a script and region where the caller
gives them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

AUTO = "auto"

# What detection chooses from. Fewer candidates make it surer: each was kept because members of a US insurer speak it
# or because it has tens of millions of speakers.
LANGUAGES: dict[str, str] = {
    "af": "Afrikaans",
    "am": "Amharic",
    "ar": "Arabic",
    "az": "Azerbaijani",
    "be": "Belarusian",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "cy": "Welsh",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "gu": "Gujarati",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "ht": "Haitian Creole",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "kk": "Kazakh",
    "km": "Khmer",
    "kn": "Kannada",
    "ko": "Korean",
    "lo": "Lao",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mk": "Macedonian",
    "ml": "Malayalam",
    "mr": "Marathi",
    "my": "Burmese",
    "ne": "Nepali",
    "nl": "Dutch",
    "no": "Norwegian",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "so": "Somali",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}

# Cleaning, intent and quality are rules about English: another target needs rules of its own first.
TARGET_LANGUAGES: tuple[str, ...] = ("en",)

# Codes that mean a configured language: deprecated ones, macro-languages' members and three-letter forms in use.
_SYNONYMS = {"iw": "he", "in": "id", "nb": "no", "nn": "no", "fil": "tl", "cmn": "zh", "hat": "ht", "prs": "fa"}

_TAG = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(?:-(?P<script>[A-Za-z]{4}))?(?:-(?P<region>[A-Za-z]{2}|[0-9]{3}))?", re.ASCII
)


@dataclass(frozen=True)
class LanguageTag:
    """A BCP 47 tag in canonical case: ``zh-Hans-CN``."""

    language: str
    script: str | None = None
    region: str | None = None

    def __str__(self) -> str:
        return "-".join(part for part in (self.language, self.script, self.region) if part)


def parse_tag(text: str) -> LanguageTag | None:
    """Read a tag of a configured language, or None: ``ES-mx`` is ``es-MX``, and ``nb`` is ``no``."""
    match = _TAG.fullmatch(text.strip().replace("_", "-"))
    if match is None:
        return None
    language = match["language"].lower()
    language = _SYNONYMS.get(language, language)
    if language not in LANGUAGES:
        return None
    script, region = match["script"], match["region"]
    return LanguageTag(language, script.title() if script else None, region.upper() if region else None)


def primary(tag: str) -> str:
    """Return the language of a canonical tag, without its script and region."""
    return tag.split("-", 1)[0]


def language_name(tag: str) -> str:
    """Return the English name of a tag's language."""
    return LANGUAGES.get(primary(tag), tag)
