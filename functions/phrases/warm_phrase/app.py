"""Have one phrase in the tenant's cache: state `WarmPhrase` of the warm-up machine."""

from __future__ import annotations

from typing import Any

from intake.observability import lambda_handler
from intake.phrases.warming import PhraseCommand, warm_phrase
from intake.runtime import services


@lambda_handler(PhraseCommand)
def handler(command: PhraseCommand) -> dict[str, Any]:
    """Run the stage; see `intake.phrases.warming.warm_phrase`."""
    parts = services()
    return warm_phrase(command, gateway=parts.gateway, phrases=parts.phrases, warm_ups=parts.warm_ups)
