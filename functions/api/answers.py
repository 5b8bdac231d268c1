"""Answers in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response


def below(collection: str, identifier: str) -> dict[str, str]:
    """Return the ``Location`` of what was posted to ``…/<collection>``, relative to the address it was posted to.

    An API may stand below a path, as on one machine; a reference from the root of its host would lose it.
    """
    return {"location": f"{collection}/{identifier}"}


def json_answer(content: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with JSON; letters of all languages as they are, in UTF-8."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status_code=status, media_type="application/json", headers=headers)
