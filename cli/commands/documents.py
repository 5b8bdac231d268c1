"""``intake documents``: its commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import Cursor, Json, Key, Limit, Url, output_of

app = typer.Typer(help="Add documents, follow them, and search them.", no_args_is_help=True)


@app.command("add")
def add_documents(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="PDF (text or scan), images, Markdown and text.")],
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Do not wait until they are searchable.")] = False,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Upload documents and wait until they can be searched."""
    from cli.documents import add

    add(output_of(ctx, json), files, wait=not no_wait, url=url, key=key)


@app.command("list")
def list_documents(
    ctx: typer.Context,
    status: Annotated[str | None, typer.Option(help="Only documents in this status, for example complete.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """List documents, newest first."""
    from cli.documents import list_all

    list_all(output_of(ctx, json), status=status, limit=limit, cursor=cursor, url=url, key=key)


@app.command("show")
def show_documents(
    ctx: typer.Context,
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Show a document and its stages."""
    from cli.documents import show

    show(output_of(ctx, json), document_id, url=url, key=key)


@app.command("search")
def search_documents(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="A question or some words.")],
    top_k: Annotated[int, typer.Option("--top-k", "-k", min=1, max=100, help="How many passages.")] = 5,
    mode: Annotated[str, typer.Option(help="hybrid, vector or text.")] = "hybrid",
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Find passages that answer a question."""
    from cli.documents import search

    search(output_of(ctx, json), query, top_k=top_k, mode=mode, url=url, key=key)
