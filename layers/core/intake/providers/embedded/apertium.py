"""Translation by apertium, a rule-based engine: the gist of a text, offline.

It translates word by word with local rules: it may lose a negation ("nadie contesta" becomes "anybody answers") and
picks wrong senses. Whoever shows its text must have it checked (see docs/embedded-engines.md).
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cached_property

from intake.errors import TransientError, UnsupportedInputError
from intake.providers.embedded._engine import ProgramEngine, primary_language
from intake.providers.embedded._subprocess import MEBIBYTE, Limits, ProgramError, run
from intake.providers.ports import Capability, Need, Reply, Translation, TranslationRequest

# ISO 639-3, which apertium names its pairs by, to ISO 639-1, which Intake speaks: the languages of released pairs.
_TWO_LETTERS = {
    "afr": "af", "ara": "ar", "arg": "an", "bel": "be", "bre": "br", "bul": "bg", "cat": "ca", "ces": "cs",
    "cos": "co", "cym": "cy", "dan": "da", "deu": "de", "ell": "el", "eng": "en", "epo": "eo", "est": "et",
    "eus": "eu", "fin": "fi", "fra": "fr", "gla": "gd", "gle": "ga", "glg": "gl", "hat": "ht", "heb": "he",
    "hin": "hi", "hun": "hu", "ind": "id", "isl": "is", "ita": "it", "kan": "kn", "kaz": "kk", "kir": "ky",
    "lat": "la", "lav": "lv", "lit": "lt", "mar": "mr", "mkd": "mk", "mlt": "mt", "msa": "ms", "zlm": "ms",
    "nld": "nl", "nno": "nn", "nob": "nb", "oci": "oc", "pol": "pl", "por": "pt", "ron": "ro", "rus": "ru",
    "slk": "sk", "slv": "sl", "spa": "es", "sqi": "sq", "srd": "sc", "swe": "sv", "tat": "tt", "tgl": "tl",
    "tur": "tr", "ukr": "uk", "urd": "ur", "uzb": "uz", "zho": "zh",
}  # fmt: skip

_LIMITS = Limits(seconds=15, cpu_seconds=15, memory_bytes=512 * MEBIBYTE, output_bytes=16 * MEBIBYTE)

_HIGHEST_CONFIDENCE = 0.6
"""Of a text whose every word apertium knew. It knows nothing of its own mistakes: never let it look certain."""

_KEEP, _END_KEEP = "<apertium-notrans>", "</apertium-notrans>"
_KEPT = re.compile(f"{_KEEP}(.*?){_END_KEEP}", re.DOTALL)
_TAG = re.compile(r"</?apertium-notrans>")

_MARKS = "*@#"
"""What apertium puts before a word it does not know (``*``), cannot translate (``@``) or cannot inflect (``#``)."""
_LEFT_AS_IT_WAS = re.compile(r"[*@]([^\W\d_]+(?:['’-][^\W\d_]+)*)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# Addresses, placeholders and numbers with letters ("55-A" would become "55-To") are no words; and a mark of the text's
# own must not be taken for one of apertium's.
_UNTRANSLATABLE = (
    r"https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\[[A-Z]+_\d+\]|\{\{\w+\}\}|[*@#]"
    r"|(?<!\w)(?=[\w/-]*\d)(?=[\w/-]*(?-i:[A-Z]))\w+(?:[/-]\w+)*"
)


class Apertium(ProgramEngine):
    """Translate between the pairs of languages that are installed."""

    name = "apertium"
    capability = Capability.TRANSLATE
    model = "apertium"
    program = "apertium"
    package = "apertium apertium-eng-spa"
    version_option = "-V"

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], str]:
        """Installed directions as ISO 639-1 codes, with apertium's name of each: ``("es", "en"): "spa-eng"``."""
        pairs: dict[tuple[str, str], str] = {}
        # Sorted, the plain direction comes before its regional forms (spa-eng before spa-eng_US) and is kept.
        for mode in sorted(self.ask("-l").split()):
            source, separator, target = mode.partition("-")
            if separator and "-" not in target:
                pairs.setdefault((_two_letters(source), _two_letters(target)), mode)
        return pairs

    def obstacle(self, need: Need) -> str | None:
        if self.missing() or need.source_language is None or need.target_language is None:
            return None
        return self._missing_pair(need.source_language, need.target_language)

    def call(self, request: TranslationRequest) -> Reply[Translation]:
        """Translate a text.

        Raises
        ------
        UnsupportedInputError
            The text has no content, or the pair of languages is not installed.
        ProviderTimeoutError, ProviderRefusedError, TransientError
            apertium took too long, refused, or crashed.
        """
        text = _CONTROL.sub("", request.text)
        if not text.strip():
            raise UnsupportedInputError("There is no text to translate.")
        path = self.path()
        if missing := self._missing_pair(request.source_language, request.target_language):
            raise UnsupportedInputError(missing)
        mode = self.pairs[primary_language(request.source_language), primary_language(request.target_language)]
        try:
            # No -u: the marks of unknown words are the one thing apertium tells of its quality.
            # No -n: it loses the last word of a text without a full stop.
            output = run(path, ["-f", "html", mode], stdin=_marked_up(text, request.glossary), limits=_LIMITS)
        except ProgramError as error:
            raise error.as_provider_error(self.name) from error
        return Reply(value=_read(output.decode(errors="replace"), words=len(_WORD.findall(text))))

    def _missing_pair(self, source: str, target: str) -> str | None:
        if (primary_language(source), primary_language(target)) in self.pairs:
            return None
        installed = ", ".join(f"{source} to {target}" for source, target in sorted(self.pairs)) or "none"
        return f"apertium has no translation from {source} to {target} installed (installed: {installed})"


def _two_letters(name: str) -> str:
    language = name.split("_", 1)[0]
    return _TWO_LETTERS.get(language, language)


def _marked_up(text: str, glossary: Mapping[str, str]) -> bytes:
    """Write the text as HTML in which the glossary's words stand already, protected from translation."""
    wanted = {term.casefold(): word for term, word in glossary.items() if term.strip()}
    # The longest first: "grúa de auxilio" before "grúa".
    terms = "|".join(re.escape(term) for term in sorted(glossary, key=len, reverse=True) if term.strip())
    pattern = re.compile(
        rf"(?:{_UNTRANSLATABLE})" + (rf"|(?<!\w)(?P<term>{terms})(?!\w)" if terms else ""), re.IGNORECASE
    )

    pieces, end = [], 0
    for match in pattern.finditer(text):
        found = match.group()
        is_term = "term" in match.groupdict() and match["term"] is not None
        kept = _in_case_of(found, wanted[found.casefold()]) if is_term else found
        pieces += [
            html.escape(text[end : match.start()], quote=False),
            _KEEP,
            html.escape(kept, quote=False),
            _END_KEEP,
        ]
        end = match.end()
    pieces.append(html.escape(text[end:], quote=False))
    return "".join(pieces).encode()


def _in_case_of(found: str, word: str) -> str:
    """Give a glossary word the capitals of the term it stands for."""
    if len(found) > 1 and found.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if found[:1].isupper() else word


def _read(output: str, *, words: int) -> Translation:
    """Take apertium's marks and mark-up out of its answer."""
    pieces, left = [], []
    # Split by a pattern with one group: what stands at odd places was protected.
    for place, piece in enumerate(_KEPT.split(output)):
        if place % 2:
            pieces.append(html.unescape(piece))
            continue
        plain = html.unescape(piece)
        left += _LEFT_AS_IT_WAS.findall(plain)
        pieces.append(plain.translate(dict.fromkeys(map(ord, _MARKS))))
    text = "".join(pieces)
    # Half a pair of tags: protected words may be missing. The text's own angle brackets are escaped, so these are ours.
    if _TAG.search(_KEPT.sub("", output)) or not text.strip():
        raise TransientError("apertium gave an answer that cannot be read")
    unknown = min(1.0, len(left) / words) if words else 0.0
    return Translation(
        text=text,
        confidence=round(_HIGHEST_CONFIDENCE * (1 - unknown) ** 2, 3),
        untranslated=tuple(dict.fromkeys(left)),
    )
