"""``intake documents``: add, list, show, search."""

from __future__ import annotations

import hashlib
import mimetypes
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from cli.client import Client, resource
from cli.connection import connect
from cli.errors import CliError, ExitCode
from cli.output import Output
from cli.summary import document_rows, plain

SECONDS_FOR_A_DOCUMENT = 900
SECONDS_BETWEEN_LOOKS = 0.5

READY = frozenset({"complete", "duplicate"})
_ENDED = READY | {"rejected", "cancelled"}


def add(output: Output, files: list[Path], *, wait: bool, url: str | None, key: str | None) -> None:
    """Upload files, all before the first is waited for, and write what became of each.

    Raises
    ------
    CliError
        A file was rejected (4), or one could not be processed (1); the others are shown all the same.
    """
    for file in files:
        if not file.is_file():
            raise CliError(f"{file} is no file.", ExitCode.USAGE)
    with Client(connect(url, key)) as client:
        uploaded: list[dict[str, Any]] = []
        with output.working("uploading") as work:
            for file in files:
                work.step(file.name)
                uploaded.append(upload(client, file))
        ended = [follow(output, client, document) for document in uploaded] if wait else uploaded
    if output.as_json:
        output.json({"items": ended})
    else:
        for document in ended:
            output.card(document["filename"], document_rows(document))
    if wait:
        _judge(ended)


def upload(client: Client, file: Path) -> dict[str, Any]:
    """Register a file, post it to S3, and return the document as it then is."""
    content = file.read_bytes()
    content_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    body = {
        "filename": file.name,
        "content_type": content_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    document = client.post("/v1/documents", body).body
    client.upload(document.pop("upload"), file.name, BytesIO(content), content_type)
    return document


def follow(
    output: Output, client: Client, document: Mapping[str, Any], seen: Callable[[dict[str, Any]], None] | None = None
) -> dict[str, Any]:
    """Wait until a document is done, showing its status as it changes."""
    deadline = time.monotonic() + SECONDS_FOR_A_DOCUMENT
    with output.working(document["filename"]) as work:
        while True:
            now = client.get(f"/v1/documents/{document['id']}").body
            work.step(now["status"].replace("_", " "))
            if seen is not None:
                seen(now)
            if has_ended(now):
                return now
            if time.monotonic() > deadline:
                raise CliError(f"{now['id']} is still {now['status']} after {SECONDS_FOR_A_DOCUMENT} s.")
            time.sleep(SECONDS_BETWEEN_LOOKS)


def has_ended(document: Mapping[str, Any]) -> bool:
    """Say whether nothing more will happen to a document."""
    return document["status"] in _ENDED or document["status"].startswith("failed_")


def list_all(
    output: Output, *, status: str | None, limit: int, cursor: str | None, url: str | None, key: str | None
) -> None:
    """Write one page of documents."""
    with Client(connect(url, key)) as client:
        page = client.get("/v1/documents", {"status": status, "limit": limit, "cursor": cursor}).body
    if output.as_json:
        output.json(page)
        return
    rows = [
        (item["id"], item["status"], item["filename"], str(item.get("pages") or "-"), item.get("created_at", ""))
        for item in page["items"]
    ]
    output.table("Documents", ("id", "status", "file", "pages", "added"), rows)
    output.more(page)


def show(output: Output, document_id: str, *, url: str | None, key: str | None) -> None:
    """Write one document."""
    with Client(connect(url, key)) as client:
        document = client.get(resource("documents", document_id)).body
    if output.as_json:
        output.json(document)
    else:
        output.card(document["filename"], document_rows(document))


def search(output: Output, query: str, *, top_k: int, mode: str, url: str | None, key: str | None) -> None:
    """Write the passages that were found, best first."""
    with Client(connect(url, key)) as client, output.working("searching"):
        found = client.post("/v1/search", {"query": query, "top_k": top_k, "mode": mode}).body
        is_empty = (
            not found["results"] and not output.as_json and not client.get("/v1/documents", {"limit": 1}).body["items"]
        )
    if output.as_json:
        output.json(found)
        return
    if is_empty:
        output.note("Nothing was found: there are no documents yet. Add one by `intake documents add <file>`.")
    elif not found["results"]:
        output.note("Nothing was found. Is the document complete? See `intake documents list`.")
    for place, hit in enumerate(found["results"], start=1):
        title = f"{place}. {hit['filename']}, page {hit['page']}"
        found_in = ("document", hit["document_id"])
        output.card(title, [("passage", plain(hit["snippet"])), ("score", f"{hit['score']:.3f}"), found_in])


def _judge(ended: list[dict[str, Any]]) -> None:
    bad = [document for document in ended if document["status"] not in READY]
    if not bad:
        return
    names = ", ".join(f"{document['filename']} ({document['status'].replace('_', ' ')})" for document in bad)
    rejected = all(document["status"] == "rejected" for document in bad)
    raise CliError(f"Not searchable: {names}.", ExitCode.REJECTED if rejected else ExitCode.FAILED)
