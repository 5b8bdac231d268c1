"""Translation by Amazon Translate."""

from __future__ import annotations

from intake.errors import ProviderRefusedError, TransientError, UnsupportedInputError
from intake.money import Usage
from intake.providers.amazon.service import Service
from intake.providers.language_codes import two_letters
from intake.providers.ports import Capability, Need, ProviderKind, Reply, Translation, TranslationRequest

# https://docs.aws.amazon.com/translate/latest/dg/what-is-limits.html and what-is-languages.html, November 2026
MOST_BYTES = 10_000
_LANGUAGES = """
    af am ar az bg bn bs ca cs cy da de el en es et fa fi fr ga gu ha he hi hr ht hu hy id is it ja ka kk kn ko lt lv mk
    ml mn mr ms mt nl no pa pl ps pt ro ru si sk sl so sq sr sv sw ta te th tl tr uk ur uz vi zh
"""
LANGUAGES = frozenset(_LANGUAGES.split())
_THEIR_CODES = {"nb": "no", "nn": "no", "fil": "tl"}


class AmazonTranslator:
    """Translates between 70 languages. It tells no confidence, and knows no glossary of a request."""

    capability = Capability.TRANSLATE
    kind = ProviderKind.REMOTE
    model = "real-time"
    version = "1"

    def __init__(self, service: Service) -> None:
        self._service = service
        self.name = service.name

    def missing(self) -> str | None:
        return self._service.missing()

    def obstacle(self, need: Need) -> str | None:
        for language in (need.source_language, need.target_language):
            if language and _their_code(language) not in LANGUAGES:
                return f"{self.name} does not know {language}"
        if need.size > MOST_BYTES:  # a character has a byte at least
            return f"{self.name} takes {MOST_BYTES:,} bytes at once, and the text is longer"
        return None

    def largest_usage(self, request: TranslationRequest) -> Usage:
        return Usage(characters=len(request.text))

    def call(self, request: TranslationRequest) -> Reply[Translation]:
        """Translate a text.

        Raises
        ------
        UnsupportedInputError
            The text is empty or no valid Unicode.
        ProviderRefusedError
            The text is longer than 10,000 bytes of UTF-8, or a language is unknown here; another provider may take it.
        """
        if not request.text:
            raise UnsupportedInputError("There is no text to translate.")
        need = Need(
            source_language=request.source_language,
            target_language=request.target_language,
            # By bytes: boto3 checks 10,000 characters only, and the service answers what is left with an error.
            size=_length(request.text),
        )
        if obstacle := self.obstacle(need):
            raise ProviderRefusedError(f"{obstacle}.")
        usage = self.largest_usage(request)
        answer = self._service.ask(
            lambda client: client.translate_text(
                Text=request.text,
                SourceLanguageCode=_their_code(request.source_language),
                TargetLanguageCode=_their_code(request.target_language),
            )
        )
        text = answer.get("TranslatedText")
        if not isinstance(text, str) or (request.text.strip() and not text.strip()):
            raise TransientError(f"{self.name} gave an empty translation.", billed=usage)
        return Reply(value=Translation(text=text), usage=usage)


def _their_code(language: str) -> str:
    code = two_letters(language)
    return _THEIR_CODES.get(code, code)


def _length(text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        raise UnsupportedInputError("The text holds half of a surrogate pair: it is no valid Unicode.") from None
