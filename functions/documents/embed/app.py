"""Embed one batch of passages: state `Embed` of the document machine, once for each batch of its map."""

from __future__ import annotations

from typing import Any

from intake.documents.embedding import EmbedCommand, embed
from intake.documents.files import DocumentFiles
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(EmbedCommand)
def handler(command: EmbedCommand) -> dict[str, Any]:
    """Run the stage; see `intake.documents.embedding.embed`."""
    parts = services()
    return embed(
        command,
        documents=parts.documents,
        files=DocumentFiles(parts.objects, parts.settings.documents_bucket),
        gateway=parts.gateway,
        clock=parts.clock,
    )
