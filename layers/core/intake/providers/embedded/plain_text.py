"""Text files are their own text: the parser of plain text and Markdown."""

from __future__ import annotations

import platform

from intake.documents.media_types import TEXTS, decode_text
from intake.errors import DocumentRejectedError, UnsupportedInputError
from intake.providers.embedded._engine import Engine
from intake.providers.ports import Capability, Need, ParsedDocument, ParsedPage, ParseRequest, ProviderKind, Reply


class PlainText(Engine):
    """Read plain text and Markdown; a form feed begins a new page, as printers have it."""

    name = "plain-text"
    capability = Capability.PARSE
    kind = ProviderKind.BUILTIN
    model = "plain-text"

    def engine_version(self) -> str:
        return f"Python {platform.python_version()}"

    def obstacle(self, need: Need) -> str | None:
        if need.media_type is None or need.media_type in TEXTS:
            return None
        return f"plain-text reads {' and '.join(sorted(TEXTS))} only, not {need.media_type}"

    def call(self, request: ParseRequest) -> Reply[ParsedDocument]:
        """Decode the text.

        Raises
        ------
        UnsupportedInputError
            The media type is not one of text.
        DocumentRejectedError
            The bytes are no text (``unsupported_type``), or there is none in them (``empty``).
        """
        if obstacle := self.obstacle(Need(media_type=request.media_type)):
            raise UnsupportedInputError(obstacle)
        text = decode_text(request.document)
        if text is None:
            raise DocumentRejectedError("The file is not text, whatever its name says.", code="unsupported_type")
        if not text.strip():
            raise DocumentRejectedError("The file has no text in it.", code="empty")
        pages = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\f").split("\f")
        return Reply(
            value=ParsedDocument(
                pages=tuple(ParsedPage(number=number, text=page) for number, page in enumerate(pages, start=1))
            )
        )
