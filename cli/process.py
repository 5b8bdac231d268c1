"""``intake process``: one text, one recording, or a conversation at the terminal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.client import Answer, Client
from cli.connection import connect
from cli.errors import CliError, ExitCode
from cli.output import Output
from cli.summary import input_rows

AUDIO_TYPES = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".webm": "audio/webm",
    ".flac": "audio/flac",
}
SECONDS_FOR_AN_INPUT = 300
"""The input machine ends after five minutes."""
SECONDS_BETWEEN_LOOKS = 0.5


@dataclass(frozen=True)
class Source:
    """Where the input comes from: one of four."""

    text: str | None = None
    file: str | None = None
    voice: Path | None = None
    interactive: bool = False

    def check(self) -> None:
        """Refuse none or several."""
        given = [self.text is not None, self.file is not None, self.voice is not None, self.interactive]
        if sum(given) != 1:
            raise CliError("Give one of --text, --file, --voice and --interactive.", ExitCode.USAGE)


def run(
    output: Output,
    source: Source,
    source_language: str,
    target_language: str,
    context: Mapping[str, str],
    *,
    no_input: bool,
    url: str | None,
    key: str | None,
) -> None:
    """Process what was given and write the result."""
    source.check()
    if source.interactive and (no_input or output.as_json):
        raise CliError("--interactive asks for input: use --text or --file with --no-input or --json.", ExitCode.USAGE)
    fields = {"source_language": source_language, "target_language": target_language}
    body = {**fields, "context": dict(context)}
    if source.voice is not None:
        audio, media_type = read_recording(source.voice)
    text = source.text if source.text is not None else read_text(source.file) if source.file is not None else None
    with Client(connect(url, key)) as client:
        if source.interactive:
            _converse(output, client, body)
        elif source.voice is not None:
            form = {**fields, "context": json.dumps(context)}
            _show(output, process_voice(output, client, source.voice.name, audio, media_type, form))
        else:
            _show(output, process_text(output, client, {**body, "text": text}))


def process_text(output: Output, client: Client, body: Mapping[str, Any]) -> dict[str, Any]:
    """Send a text and return the finished input."""
    with output.working("processing the text") as work:
        return _finished(client, client.post("/v1/inputs", body), work.step)


def process_voice(
    output: Output, client: Client, name: str, audio: bytes, media_type: str, fields: Mapping[str, str]
) -> dict[str, Any]:
    """Send a recording and return the finished input."""
    with output.working("processing the recording") as work:
        answer = client.post_form("/v1/inputs", fields, ("audio", (name, audio, media_type)))
        return _finished(client, answer, work.step)


def read_recording(path: Path) -> tuple[bytes, str]:
    """Return the bytes of a recording and its media type by its name."""
    media_type = AUDIO_TYPES.get(path.suffix.lower())
    if media_type is None:
        formats = ", ".join(suffix.lstrip(".") for suffix in AUDIO_TYPES)
        raise CliError(f"{path} is no recording that Intake takes. Possible: {formats}.", ExitCode.USAGE)
    return _read(path), media_type


def read_text(file: str) -> str:
    """Return the text of a file, or of stdin for ``-``."""
    content = sys.stdin.buffer.read() if file == "-" else _read(Path(file))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CliError(f"{file} is not text in UTF-8. For a recording use --voice.", ExitCode.REJECTED) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CliError(f"{path} cannot be read: {error.strerror}.", ExitCode.USAGE) from None


def _finished(client: Client, answer: Answer, step: Callable[[str], None]) -> dict[str, Any]:
    """Wait for an input that takes longer than a request may."""
    result = answer.body
    deadline = time.monotonic() + SECONDS_FOR_AN_INPUT
    while result["status"] not in {"completed", "failed"}:
        if time.monotonic() > deadline:
            raise CliError(f"{result['id']} is still {result['status']} after {SECONDS_FOR_AN_INPUT} s.")
        time.sleep(SECONDS_BETWEEN_LOOKS)
        result = client.get(f"/v1/inputs/{result['id']}").body
        step(result["status"])
    if result["status"] == "failed":
        error = result.get("error") or {}
        raise CliError(error.get("detail") or f"{result['id']} failed.", problem=error)
    return result


def _show(output: Output, result: Mapping[str, Any]) -> None:
    if output.as_json:
        output.json(result)
    else:
        output.card(f"Input {result['id']}", input_rows(result))


def _converse(output: Output, client: Client, body: dict[str, Any]) -> None:
    """Ask for texts until there is none. Earlier ones are sent along: "it" and "there" are then understood."""
    output.note("Write what a member would say, in any language. An empty line ends.")
    history: list[dict[str, str]] = []
    while True:
        if sys.stdin.isatty():
            # Not by input(): it would write its prompt into the results.
            sys.stderr.write("> ")
            sys.stderr.flush()
        text = sys.stdin.readline().strip()
        if not text:
            return
        asked = {**body, "text": text, "context": {**body["context"], "history": history[-10:]}}
        try:
            _show(output, process_text(output, client, asked))
        except CliError as error:
            if error.code is not ExitCode.REJECTED:
                raise
            output.error(error)
            continue
        history.append({"role": "user", "text": text})
