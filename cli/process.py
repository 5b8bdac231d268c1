"""``intake process``: one text, one recording, or a conversation at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli import microphone, standing
from cli.client import Client
from cli.connection import connect
from cli.errors import CliError, ExitCode
from cli.output import Output
from cli.recordings import process_recording, read_recording
from cli.summary import input_rows
from cli.waiting import finished

_PREFERENCES = ("cost", "quality")


@dataclass(frozen=True)
class Source:
    """Where the input comes from: one of four."""

    text: str | None = None
    file: str | None = None
    voice: str | None = None
    """A recording's path, or the microphone's name."""
    interactive: bool = False

    @property
    def count(self) -> int:
        """How many were given."""
        return sum([self.text is not None, self.file is not None, self.voice is not None, self.interactive])

    @property
    def asks(self) -> bool:
        """Whether a person must do something for it."""
        return self.interactive or self.voice == microphone.NAME


@dataclass(frozen=True)
class Wish:
    """What is wanted of an input, as the API names it."""

    source_language: str
    target_language: str
    context: Mapping[str, str]
    preferences: Mapping[str, float]
    noise_reduction: bool = False
    """Of recordings only."""

    def body(self) -> dict[str, Any]:
        languages = {"source_language": self.source_language, "target_language": self.target_language}
        wish: dict[str, Any] = {**languages, "context": dict(self.context)}
        if self.preferences:
            wish["preferences"] = dict(self.preferences)
        if self.noise_reduction:
            wish["noise_reduction"] = True
        return wish


@dataclass(frozen=True)
class Report:
    """What is to be told besides the result."""

    status: bool = False
    metrics: Path | None = None

    @property
    def is_wanted(self) -> bool:
        return self.status or self.metrics is not None


def read_preferences(text: str | None) -> dict[str, float]:
    """Read ``cost``, ``quality``, or weights from 0 to 1 such as ``cost=0.7,quality=0.3``."""
    weights: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in (text or "").split(","))):
        name, _, weight = part.partition("=")
        try:
            weights[name.strip()] = float(weight) if weight else 1.0
        except ValueError:
            weights[name.strip()] = -1.0
    if all(name in _PREFERENCES and 0 <= weight <= 1 for name, weight in weights.items()):
        return weights
    advice = "Give cost, quality, or weights from 0 to 1 such as cost=0.7,quality=0.3."
    raise CliError(f"--preferences {text} is not understood. {advice}", ExitCode.USAGE)


def run(
    output: Output, source: Source, wish: Wish, report: Report, *, no_input: bool, url: str | None, key: str | None
) -> None:
    """Process what was given, write the result, and tell how the service stands where that is wanted."""
    if source.count > 1 or (source.count == 0 and not report.is_wanted):
        raise CliError("Give one of --text, --file, --voice and --interactive.", ExitCode.USAGE)
    if source.interactive and (no_input or output.as_json):
        raise CliError("--interactive asks for input: use --text or --file with --no-input or --json.", ExitCode.USAGE)
    if source.asks and no_input:
        raise CliError("The microphone waits for Enter: give a file to --voice with --no-input.", ExitCode.USAGE)
    if wish.noise_reduction and source.voice is None:
        raise CliError("--noise-reduction is for recordings: give it with --voice.", ExitCode.USAGE)
    if output.as_json and report.status and source.count:
        raise CliError("With --json there is one result: ask for --status by itself.", ExitCode.USAGE)
    work = _prepared(output, source, wish)
    with Client(connect(url, key)) as client:
        results = work(client)
        if report.is_wanted:
            _tell(output, client, report, results)


def _prepared(output: Output, source: Source, wish: Wish) -> Callable[[Client], list[dict[str, Any]]]:
    """Read what was given, before anything is asked of the API; return what is to be done with it."""
    if source.interactive:
        return lambda client: _converse(output, client, wish.body())
    if source.voice is not None:
        recording = read_recording(output, source.voice)
        return lambda client: [_show(output, process_recording(output, client, recording, wish.body()))]
    if source.count == 0:
        return lambda _client: []
    text = source.text if source.text is not None else read_text(source.file or "-")
    return lambda client: [_show(output, process_text(output, client, {**wish.body(), "text": text}))]


def _tell(output: Output, client: Client, report: Report, results: list[dict[str, Any]]) -> None:
    found = standing.standing(client)
    if report.status:
        standing.show(output, found)
    if report.metrics is not None:
        standing.export(report.metrics, found, results)
        output.note(f"metrics: {report.metrics}")


def process_text(output: Output, client: Client, body: Mapping[str, Any]) -> dict[str, Any]:
    """Send a text and return the finished input."""
    with output.working("processing the text") as work:
        return finished(client, client.post("/v1/inputs", body).body, work.step)


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


def _show(output: Output, result: dict[str, Any]) -> dict[str, Any]:
    if output.as_json:
        output.json(result)
    else:
        output.card(f"Input {result['id']}", input_rows(result))
    return result


def _converse(output: Output, client: Client, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Ask for texts until there is none. Earlier ones are sent along: "it" and "there" are then understood."""
    results: list[dict[str, Any]] = []
    output.note("Write what a member would say, in any language. An empty line ends.")
    history: list[dict[str, str]] = []
    while True:
        if sys.stdin.isatty():
            # Not by input(): it would write its prompt into the results.
            sys.stderr.write("> ")
            sys.stderr.flush()
        text = sys.stdin.readline().strip()
        if not text:
            return results
        asked = {**body, "text": text, "context": {**body["context"], "history": history[-10:]}}
        try:
            results.append(_show(output, process_text(output, client, asked)))
        except CliError as error:
            if error.code is not ExitCode.REJECTED:
                raise
            output.error(error)
            continue
        history.append({"role": "user", "text": text})
