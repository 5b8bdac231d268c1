"""``intake batches``: its commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import Cursor, Json, Key, Limit, Url, output_of

app = typer.Typer(help="Send many inputs as one file, and follow them.", no_args_is_help=True)

BatchId = Annotated[str, typer.Argument(metavar="ID")]


@app.command("add")
def add_batch(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help='JSON lines, each an input: {"text": …}. 10,000 lines, 64 MB at most.')],
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Do not wait until every line has ended.")] = False,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Send a file of inputs, wait until they are worked on, and name each line that failed."""
    from cli.batches import add

    add(output_of(ctx, json), file, wait=not no_wait, url=url, key=key)


@app.command("list")
def list_batches(
    ctx: typer.Context,
    limit: Limit = 20,
    cursor: Cursor = None,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """List batches, newest first."""
    from cli.batches import list_all

    list_all(output_of(ctx, json), limit=limit, cursor=cursor, url=url, key=key)


@app.command("show")
def show_batch(ctx: typer.Context, batch_id: BatchId, json: Json = False, url: Url = None, key: Key = None) -> None:
    """Show a batch: how far it is, and how many of its lines failed."""
    from cli.batches import show

    show(output_of(ctx, json), batch_id, url=url, key=key)


@app.command("results")
def batch_results(
    ctx: typer.Context,
    batch_id: BatchId,
    file: Annotated[Path | None, typer.Option("--output", "-o", help="Write them to this file.")] = None,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Write the results of a batch as JSON lines, in the order of its file."""
    from cli.batches import results

    results(output_of(ctx, json), batch_id, file, url=url, key=key)


@app.command("errors")
def batch_errors(ctx: typer.Context, batch_id: BatchId, json: Json = False, url: Url = None, key: Key = None) -> None:
    """List the lines that failed, each with the fields at fault."""
    from cli.batches import errors

    errors(output_of(ctx, json), batch_id, url=url, key=key)


@app.command("cancel")
def cancel_batch(ctx: typer.Context, batch_id: BatchId, json: Json = False, url: Url = None, key: Key = None) -> None:
    """Take a batch back: lines in work are finished, and no further one is begun."""
    from cli.batches import cancel

    cancel(output_of(ctx, json), batch_id, url=url, key=key)
