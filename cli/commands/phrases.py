"""``intake phrases``: its commands and their options."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import Json, Key, Url, output_of

app = typer.Typer(help="What members often say, and having it in the cache before they do.", no_args_is_help=True)


@app.command("warm")
def warm_phrases(
    ctx: typer.Context,
    languages: Annotated[
        list[str] | None, typer.Option("--lang", "-l", help="Only phrases in this language; may be given again.")
    ] = None,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Translate the phrases into the cache, and wait until that is done. Needs an admin's key."""
    from cli.phrases import warm

    warm(output_of(ctx, json), languages or [], url=url, key=key)
