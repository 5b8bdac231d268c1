"""Multipart forms, as doubles read them."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from email import message_from_bytes

from tests.doubles.http import Request

SECONDS_OF_ANY_OTHER_SOUND = 2.5


@dataclass(frozen=True)
class Form:
    """The fields of a form, each with all its values, and its files by field, as name and content."""

    fields: dict[str, list[str]]
    files: dict[str, tuple[str, bytes]]


def read_form(request: Request) -> Form:
    """Read a form; one that is no multipart has neither fields nor files."""
    head = f"content-type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    fields: dict[str, list[str]] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in message_from_bytes(head + request.body).walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            continue
        file_name = part.get_filename()
        if file_name is None:
            fields.setdefault(name, []).append(content.decode())
        else:
            files[name] = (file_name, content)
    return Form(fields, files)


def seconds_of(sound: bytes) -> float:
    """Return how long a WAV file sounds; any other sound is taken for `SECONDS_OF_ANY_OTHER_SOUND`."""
    try:
        with wave.open(io.BytesIO(sound)) as file:
            return float(file.getnframes() / file.getframerate())
    except (wave.Error, EOFError):
        return SECONDS_OF_ANY_OTHER_SOUND
