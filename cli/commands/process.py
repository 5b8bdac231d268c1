"""``intake process``: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import Json, Key, NoInput, Url, output_of


def process(
    ctx: typer.Context,
    text: Annotated[str | None, typer.Option("--text", "-t", help="A text, in any language.")] = None,
    file: Annotated[str | None, typer.Option("--file", "-f", help="A file with a text in UTF-8; - is stdin.")] = None,
    voice: Annotated[
        str | None,
        typer.Option("--voice", "-v", help="A recording (wav, mp3, m4a, ogg, webm, flac), or mic for the microphone."),
    ] = None,
    interactive: Annotated[bool, typer.Option("--interactive", "-i", help="Ask for one text after another.")] = False,
    source: Annotated[
        str, typer.Option("--source-lang", "--from", help="Language of the input, a BCP 47 tag.")
    ] = "auto",
    target: Annotated[str, typer.Option("--target-lang", "--to", help="Language of the result.")] = "en",
    preferences: Annotated[
        str | None, typer.Option("--preferences", help="cost, quality, or weights: cost=0.7,quality=0.3.")
    ] = None,
    noise_reduction: Annotated[
        bool, typer.Option("--noise-reduction", help="Take steady noise away before a recording is heard.")
    ] = False,
    user: Annotated[str | None, typer.Option("--user", help="Who speaks: an id of yours.")] = None,
    conversation: Annotated[
        str | None, typer.Option("--conversation", help="In which conversation: an id of yours.")
    ] = None,
    status: Annotated[
        bool, typer.Option("--status", help="Tell how the service stands: providers, budgets, cache.")
    ] = False,
    export_metrics: Annotated[
        Path | None,
        typer.Option("--export-metrics", help="Write times, costs and quality, and how the service stands, as JSON."),
    ] = None,
    json: Json = False,
    no_input: NoInput = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Turn a text or a recording into clean, assessed English."""
    from cli.process import Report, Source, Wish, read_preferences, run

    given = Source(text=text, file=file, voice=voice, interactive=interactive)
    context = {name: value for name, value in (("user_id", user), ("conversation_id", conversation)) if value}
    wish = Wish(source, target, context, read_preferences(preferences), noise_reduction)
    report = Report(status=status, metrics=export_metrics)
    run(output_of(ctx, json), given, wish, report, no_input=no_input, url=url, key=key)
