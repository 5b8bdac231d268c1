"""``intake speak``: its options."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import Json, Key, Url, output_of


def speak(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="1 to 1,000 characters.")],
    language: Annotated[str, typer.Option("--lang", "-l", help="Language of the text, a BCP 47 tag.")],
    file: Annotated[str, typer.Option("--output", "-o", help="Where to: name.mp3 or name.wav; - is stdout.")],
    voice: Annotated[str | None, typer.Option("--voice", help="A provider's own name of a voice.")] = None,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Speak a text into a sound file."""
    from cli.speak import run

    run(output_of(ctx, json), text, language, file, voice, url=url, key=key)
