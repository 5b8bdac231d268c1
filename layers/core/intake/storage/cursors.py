"""Cursors of lists in the index ``by_tenant``, sorted by a moment and an id: ``2026-11-20T09:30:00.000Z#inp_…``."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from intake.errors import FieldError, UnsupportedInputError


def cursor_of(last: Mapping[str, Any] | None) -> str | None:
    """Return the cursor of the page after an evaluated key, or None after the last page."""
    if last is None:
        return None
    return base64.urlsafe_b64encode(last["created"]["S"].encode()).decode().rstrip("=")


def key_of(
    cursor: str | None, *, listed_under: str, partition: Callable[[str], str], sort_key: str, of_what: str
) -> dict[str, dict[str, str]] | None:
    """Rebuild the key to go on after, or None for the first page.

    Parameters
    ----------
    listed_under
        The index's partition. It is the caller's own, whatever the cursor says.
    partition
        Returns the table's partition of an id, in the caller's tenant too.
    sort_key
        Of the table.
    of_what
        What is listed, for the message: ``inputs``.

    Raises
    ------
    UnsupportedInputError
        It is no cursor of such a list.
    """
    if cursor is None:
        return None
    try:
        order = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        order = ""
    created, _, listed_id = order.partition("#")
    if not created or not listed_id:
        message = f"This is no cursor of a list of {of_what}. Send the next_cursor of the last page, or none."
        raise UnsupportedInputError(message, errors=(FieldError(field="cursor", message=message),))
    return {
        "tenant": {"S": listed_under},
        "created": {"S": order},
        "pk": {"S": partition(listed_id)},
        "sk": {"S": sort_key},
    }
