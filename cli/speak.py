"""``intake speak``: a text becomes a sound file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from cli.client import Client
from cli.connection import connect
from cli.errors import CliError, ExitCode
from cli.output import Output
from cli.summary import milliseconds, size, usd

STDOUT = "-"
FORMATS = ("mp3", "wav")


def run(
    output: Output, text: str, language: str, file: str, voice: str | None, *, url: str | None, key: str | None
) -> None:
    """Have a text spoken, and write the sound to a file or, as the provider makes it, to stdout.

    Raises
    ------
    CliError
        The file has another kind of name, or cannot be written (2); the text or a field is not accepted (4).
    """
    body: dict[str, Any] = {"text": text, "language": language}
    if file == STDOUT:
        if output.as_json or sys.stdout.isatty():
            raise CliError("The sound would go to stdout: name a file, or lead it on by a pipe.", ExitCode.USAGE)
    else:
        body["format"] = _format(Path(file))
    if voice is not None:
        body["voice"] = voice
    with Client(connect(url, key)) as client, output.working("speaking"):
        sound, told = client.post_for_sound("/v1/speech", body)
    if notice := told.get("notice"):
        output.note(f"notice: {notice}")
    if file == STDOUT:
        sys.stdout.buffer.write(sound)
        return
    _write(Path(file), sound)
    _show(output, file, len(sound), told)


def _format(file: Path) -> str:
    suffix = file.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise CliError(f"{file} must end with .mp3 or .wav: that says which sound is wanted.", ExitCode.USAGE)
    if not file.parent.is_dir():
        raise CliError(f"{file} cannot be written: there is no folder {file.parent}.", ExitCode.USAGE)
    return suffix


def _write(file: Path, sound: bytes) -> None:
    try:
        file.write_bytes(sound)
    except OSError as error:
        raise CliError(f"{file} cannot be written: {error.strerror}.", ExitCode.USAGE) from None


def _show(output: Output, file: str, bytes_in_all: int, told: dict[str, str]) -> None:
    seconds, cost = told.get("duration-seconds"), int(told.get("cost-microusd", "0"))
    if output.as_json:
        output.json({"file": file, "size": bytes_in_all, **{name.replace("-", "_"): one for name, one in told.items()}})
        return
    rows = [
        ("size", size(bytes_in_all)),
        ("length", milliseconds(float(seconds) * 1000) if seconds else ""),
        ("provider", f"{told.get('provider', '')} ({told.get('model', '')})"),
        ("cost", usd(cost) + (" (from the cache)" if told.get("cache") == "hit" else "")),
    ]
    output.card(file, rows)
