"""``intake demo``: a text, a recording and a document go through the running stack, and what came out is shown."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.client import Client
from cli.connection import CHECKOUT, Connection, connect, local_file
from cli.demo_jobs import Job, document_job, speech_job, text_job
from cli.errors import CliError
from cli.output import Output
from cli.summary import milliseconds, usd

REPORT = "demo.json"

JOBS: tuple[tuple[str, Callable[[Output, Client], Job]], ...] = (
    ("Spanish text", text_job),
    ("spoken English", speech_job),
    ("12-page booklet", document_job),
)


def run(output: Output, *, url: str | None, key: str | None) -> None:
    """Run the jobs one after another, show each as it ends, and leave ``.intake/demo.json``.

    Raises
    ------
    CliError
        A job failed; the others were run all the same.
    """
    connection = connect(url, key)
    started, began = datetime.now(UTC), time.monotonic()
    jobs: list[Job] = []
    with Client(connection) as client:
        mode = client.get("/v1/providers").body["mode"]
        if not output.as_json:
            output.line(f"Intake at {connection.url}, providers {mode}")
            output.line()
        for name, work in JOBS:
            job = _attempt(name, work, output, client)
            jobs.append(job)
            if not output.as_json:
                job.show(output)
    seconds = time.monotonic() - began
    report = _report(jobs, connection, mode, started, seconds)
    path = _write(report)
    if output.as_json:
        output.json(report)
    else:
        _summarize(output, jobs, seconds, path)
    if failed := [job.name for job in jobs if not job.ok]:
        raise CliError(f"{len(failed)} of {len(jobs)} jobs failed: {', '.join(failed)}.")


def _attempt(name: str, work: Callable[[Output, Client], Job], output: Output, client: Client) -> Job:
    began = time.monotonic()
    try:
        job = work(output, client)
    except CliError as error:
        job = Job(name=name, problem=error.message, tried=tuple(error.tried))
    return job.lasted(time.monotonic() - began)


def _summarize(output: Output, jobs: list[Job], seconds: float, path: Path) -> None:
    rows = [
        (job.name, "ok" if job.ok else "FAILED", job.in_short, usd(job.cost_microusd), milliseconds(job.seconds * 1000))
        for job in jobs
    ]
    output.table("Summary", ("job", "outcome", "result", "cost", "time"), rows)
    output.line(f"{seconds:.1f} s in all. The same for machines: {path}")


def _report(jobs: list[Job], connection: Connection, mode: str, started: datetime, seconds: float) -> dict[str, Any]:
    return {
        "ok": all(job.ok for job in jobs),
        "started_at": started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "seconds": round(seconds, 3),
        "api_url": connection.url,
        "providers": mode,
        "cost_microusd": sum(job.cost_microusd for job in jobs),
        "jobs": [job.as_json() for job in jobs],
    }


def _write(report: dict[str, Any]) -> Path:
    """Write the report beside the file that says where the stack is."""
    found = local_file(Path.cwd())
    folder = found.parent if found is not None else CHECKOUT / ".intake"
    folder.mkdir(exist_ok=True)
    path = folder / REPORT
    path.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path
