"""``intake batches``: add, list, show, results, errors, cancel."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cli.client import Client, resource
from cli.connection import connect
from cli.errors import CliError, ExitCode
from cli.output import Output, Row
from cli.summary import size

Json = dict[str, Any]

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes; the API takes more only as an upload."""
RESULTS_A_PAGE, ERRORS_A_PAGE = 100, 1_000
SECONDS_WITHOUT_PROGRESS = 900
SECONDS_BETWEEN_LOOKS = 1.0

_ENDED = {"completed", "completed_with_errors", "cancelled", "failed"}


def add(output: Output, file: Path, *, wait: bool, url: str | None, key: str | None) -> None:
    """Send a file, wait until its lines are worked on, and write how many succeeded and each that failed.

    Raises
    ------
    CliError
        The file was not accepted (4), or lines of it failed (1); what succeeded is told all the same.
    """
    if not file.is_file():
        raise CliError(f"{file} is no file.", ExitCode.USAGE)
    with Client(connect(url, key)) as client:
        with output.working(f"sending {file.name}"):
            batch = _send(client, file)
        if not wait:
            _show(output, batch, ())
            return
        output.note(f"{batch['id']} goes on if this command ends: intake batches show {batch['id']}")
        batch = _follow(output, client, batch["id"])
        _show(output, batch, list(client.lines(resource("batches", batch["id"], "errors"), ERRORS_A_PAGE)))
    _judge(batch)


def list_all(output: Output, *, limit: int, cursor: str | None, url: str | None, key: str | None) -> None:
    """Write one page of batches."""
    with Client(connect(url, key)) as client:
        page = client.get("/v1/batches", {"limit": limit, "cursor": cursor}).body
    if output.as_json:
        output.json(page)
        return
    rows = [
        (
            item["id"],
            item["status"].replace("_", " "),
            item["filename"] or "",
            *(_number(item[name]) for name in ("lines", "completed", "failed")),
            item["created_at"],
        )
        for item in page["items"]
    ]
    output.table("Batches", ("id", "status", "file", "lines", "completed", "failed", "added"), rows)
    output.more(page)


def show(output: Output, batch_id: str, *, url: str | None, key: str | None) -> None:
    """Write one batch."""
    with Client(connect(url, key)) as client:
        batch = client.get(resource("batches", batch_id)).body
    _show(output, batch, None)
    if batch["failed"]:
        output.note(f"Each line that failed: intake batches errors {batch_id}")


def cancel(output: Output, batch_id: str, *, url: str | None, key: str | None) -> None:
    """Take a batch back, and write how far it got."""
    with Client(connect(url, key)) as client:
        batch = client.post(resource("batches", batch_id, "cancel"), {}).body
    _show(output, batch, None)


def results(output: Output, batch_id: str, file: Path | None, *, url: str | None, key: str | None) -> None:
    """Write the results as JSON lines, on stdout or into a file; with ``--json`` on stdout as one document.

    Raises
    ------
    CliError
        There is no such batch (4), or the file cannot be written (2).
    """
    with Client(connect(url, key)) as client:
        found = client.lines(resource("batches", batch_id, "results"), RESULTS_A_PAGE)
        if file is not None:
            _write(output, found, file)
        elif output.as_json:
            output.json({"items": list(found)})
        else:
            for result in found:
                output.line(_as_line(result))


def errors(output: Output, batch_id: str, *, url: str | None, key: str | None) -> None:
    """Write each line that failed, with the fields at fault."""
    with Client(connect(url, key)) as client:
        found = list(client.lines(resource("batches", batch_id, "errors"), ERRORS_A_PAGE))
    if output.as_json:
        output.json({"items": found})
    else:
        _table_of_errors(output, found)


def _send(client: Client, file: Path) -> Json:
    """Send a file in a request where it fits into one, and else by a form to S3; return the batch as it then is."""
    bytes_in_all = file.stat().st_size
    if bytes_in_all <= LARGEST_BODY:
        return client.post_lines("/v1/batches", file.read_bytes()).body
    batch = client.post("/v1/batches", {"filename": file.name, "size": bytes_in_all}).body
    form = batch.pop("upload")
    with file.open("rb") as content:
        client.upload(form, file.name, content, form["fields"]["Content-Type"])
    return batch


def _follow(output: Output, client: Client, batch_id: str) -> Json:
    """Wait until a batch has ended, showing how far it is."""
    before, deadline = None, 0.0
    with output.working("batch") as work:
        while True:
            batch = client.get(resource("batches", batch_id)).body
            work.step(_progress(batch))
            if batch["status"] in _ENDED:
                return batch
            now = (batch["status"], batch["left"])
            if now != before:
                before, deadline = now, time.monotonic() + SECONDS_WITHOUT_PROGRESS
            if time.monotonic() > deadline:
                raise CliError(f"{batch_id} is {batch['status']}, without progress for {SECONDS_WITHOUT_PROGRESS} s.")
            time.sleep(SECONDS_BETWEEN_LOOKS)


def _progress(batch: Mapping[str, Any]) -> str:
    status = str(batch["status"]).replace("_", " ")
    if batch["lines"] is None:
        return status
    done = batch["lines"] - batch["left"]
    return f"{status}, {done} of {batch['lines']} lines ({batch['progress']:.0%}), {batch['failed']} failed"


def _show(output: Output, batch: Json, failed: list[Json] | tuple[()] | None) -> None:
    """Write a batch; ``failed`` are all lines that failed, None where they are not asked for."""
    if output.as_json:
        output.json(batch if failed is None else {**batch, "errors": list(failed)})
        return
    output.card(batch["id"], _rows(batch))
    if failed:
        _table_of_errors(output, failed)


def _rows(batch: Mapping[str, Any]) -> list[Row]:
    error = batch.get("error") or {}
    return [
        ("status", batch["status"].replace("_", " ")),
        ("problem", error.get("detail", "")),
        ("file", f"{batch['filename'] or 'sent in a request'} ({size(batch['size'])})"),
        *((name, _number(batch.get(name))) for name in ("lines", "completed", "failed", "left")),
        ("added", batch["created_at"]),
        ("ended", batch["ended_at"] or ""),
    ]


def _table_of_errors(output: Output, failed: Iterable[Mapping[str, Any]]) -> None:
    rows = [
        (str(line["line"]), line["reference"] or "", line["input_id"] or "", fault["field"], fault["message"])
        for line in failed
        for fault in line["errors"]
    ]
    output.table("Lines that failed", ("line", "reference", "input", "field", "what to do"), rows)


def _write(output: Output, found: Iterable[Json], file: Path) -> None:
    count = 0
    try:
        with file.open("w", encoding="utf-8") as lines:
            for count, result in enumerate(found, start=1):  # noqa: B007 - the last number is how many there were
                lines.write(_as_line(result) + "\n")
    except OSError as error:
        raise CliError(f"{file} cannot be written: {error.strerror}.", ExitCode.USAGE) from None
    if output.as_json:
        output.json({"file": str(file), "results": count})
    else:
        output.line(f"{count} results: {file}")


def _judge(batch: Mapping[str, Any]) -> None:
    if batch["status"] == "completed":
        return
    if error := batch.get("error"):
        code = ExitCode.REJECTED if batch["lines"] is None else ExitCode.FAILED
        raise CliError(error["detail"], code, error)
    if batch["status"] == "cancelled":
        raise CliError(f"{batch['id']} was cancelled: {batch['completed']} lines have a result.")
    raise CliError(f"{batch['failed']} of {batch['lines']} lines failed.")


def _as_line(result: Mapping[str, Any]) -> str:
    return json.dumps(result, ensure_ascii=False, separators=(",", ":"))


def _number(count: int | None) -> str:
    return "" if count is None else str(count)
