"""The three jobs of the demo: what is sent, what must come back, and how it is shown."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from cli.client import Client
from cli.documents import READY, follow, upload
from cli.errors import CliError
from cli.output import Output, Row
from cli.process import process_text
from cli.recordings import Recording, process_recording
from cli.summary import around_first_mark, document_rows, input_rows, milliseconds

SPANISH = (
    "Buenos días. Tuve un accidente con mi coche el 14 de octubre y quiero presentar una reclamación. "
    "Mi número de póliza es HV-204518 y mi teléfono es 555-010-4477. ¿Cuándo recibiré el dinero?"
)
ENGLISH = "I want to make a claim. There was a fire in my kitchen yesterday and the doctor said that my hand is broken."
QUESTIONS = (
    "How much does an emergency room visit cost if I am not admitted?",
    "Are braces covered for children?",
    "Within how many days must I file a claim?",
    "What is the most I pay for insulin?",
)
WORDS_HEARD = 0.7
"""Share of the spoken words, in order, that speech to text must find. The engines on this machine find nine in ten."""
PASSAGES = 3
PASSAGE_CHARACTERS = 150


@dataclass(frozen=True)
class Check:
    """Something that must hold of a result."""

    name: str
    ok: bool
    found: str


@dataclass(frozen=True)
class Hit:
    """A question, the page that answers it, and what search gave first."""

    question: str
    page: int
    found: int | None
    passage: str
    milliseconds: float

    @property
    def ok(self) -> bool:
        return self.found == self.page


@dataclass(frozen=True)
class Job:
    """One job and its outcome; it went well if nothing stopped it and every check holds."""

    name: str
    problem: str | None = None
    tried: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    checks: tuple[Check, ...] = ()
    hits: tuple[Hit, ...] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    in_short: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return self.problem is None and all(check.ok for check in self.checks)

    @property
    def cost_microusd(self) -> int:
        return int(self.result.get("cost_microusd", 0))

    def lasted(self, seconds: float) -> Job:
        return replace(self, seconds=seconds, in_short=self.in_short or self.problem or "")

    def show(self, output: Output) -> None:
        """Write what came in and out, and each check that does not hold."""
        rows = [*self.rows, ("problem", "\n".join([self.problem or "", *self.tried]).strip())]
        rows += [("check failed", f"{check.name}: {check.found}") for check in self.checks if not check.ok]
        output.card(self.name, rows)
        if self.hits:
            shown = [
                (hit.question, str(hit.page), str(hit.found or "none"), hit.passage, milliseconds(hit.milliseconds))
                for hit in self.hits
            ]
            output.table("Questions to the booklet", ("question", "expected", "page", "passage", "time"), shown)
        output.line()

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "ok": self.ok,
            "problem": self.problem,
            "tried": list(self.tried),
            "seconds": round(self.seconds, 3),
            "checks": [{"name": check.name, "ok": check.ok, "found": check.found} for check in self.checks],
            "questions": [
                {"question": hit.question, "expected_page": hit.page, "page": hit.found, "took_ms": hit.milliseconds}
                for hit in self.hits
            ],
            "result": dict(self.result),
        }


def text_job(output: Output, client: Client) -> Job:
    """Send a Spanish text; English must come back, about a claim."""
    body = {"text": SPANISH, "source_language": "auto", "target_language": "en", "context": {"user_id": "demo"}}
    result = process_text(output, client, body)
    english = result["translation"]["text"]
    checks = (
        Check("the language is told", result["source_language"] == "es", str(result["source_language"])),
        Check("the claim and its date are still in it", _mentions(english, "claim", "accident", "14"), english),
    )
    rows = tuple(input_rows(result))
    return Job("Spanish text", rows=rows, checks=checks, result=result, in_short=_judgement(result))


def speech_job(output: Output, client: Client) -> Job:
    """Speak an English sentence on this machine and send the recording; its words must come back."""
    with output.working("speaking"):
        audio, media_type, speaker = speak(ENGLISH)
    wish = {"source_language": "en", "target_language": "en", "context": {"user_id": "demo"}}
    result = process_recording(output, client, Recording("demo.wav", media_type, audio), wish)
    heard = share_heard(ENGLISH, result.get("transcript") or "")
    duration = (result.get("transcription") or {}).get("duration_seconds")
    rows = [
        ("spoken", f"{ENGLISH} ({speaker}, {len(audio) / 1024:.0f} KB" + (f", {duration:.1f} s)" if duration else ")")),
        *input_rows(result),
        ("words heard", f"{heard:.0%}"),
    ]
    checks = (Check(f"{WORDS_HEARD:.0%} of the words are heard", heard >= WORDS_HEARD, f"{heard:.0%}"),)
    in_short = f"{heard:.0%} of the words heard, {_judgement(result)}"
    return Job("spoken English", rows=tuple(rows), checks=checks, result=result, in_short=in_short)


def document_job(output: Output, client: Client) -> Job:
    """Upload the generated booklet and ask it questions; each must lead to the page that answers it."""
    from samples.booklet import make_booklet

    with output.working("printing the booklet"):
        booklet = make_booklet()
    expected = {question.text: question.page for question in booklet.questions}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, booklet.filename)
        file.write_bytes(booklet.pdf)
        with output.working("uploading the booklet"):
            document = upload(client, file)
        document = follow(output, client, document)
    if document["status"] not in READY:
        error = document.get("error") or {}
        raise CliError(f"The booklet is {document['status']}: {error.get('message', 'no reason was given')}")
    searched = document.get("duplicate_of") or document["id"]
    hits = tuple(_ask(output, client, question, expected[question], searched) for question in QUESTIONS)
    right = sum(hit.ok for hit in hits)
    pages = document["pages"]
    checks = (
        Check("all pages were read", document["status"] == "duplicate" or pages == booklet.pages, str(pages)),
        Check("every question leads to its page", right == len(hits), f"{right} of {len(hits)}"),
    )
    came_in = f"{booklet.pages} pages, {len(booklet.pdf) / 1024:.0f} KB, sha256 {_digest(booklet.pdf)}"
    rows = (("in", came_in), *document_rows(document))
    return Job(
        "12-page booklet",
        rows=rows,
        checks=checks,
        hits=hits,
        result=document,
        in_short=f"{document['status']}, {right} of {len(hits)} questions lead to their page",
    )


def speak(text: str) -> tuple[bytes, str, str]:
    """Speak English by an engine of this machine; return the audio, its media type and the engine's name.

    Raises
    ------
    CliError
        No engine is installed.
    """
    from intake.providers.embedded import embedded_providers
    from intake.providers.ports import Capability, Need, SpeechRequest

    need, wanting = Need(target_language="en"), []
    for engine in embedded_providers():
        if engine.capability is not Capability.SYNTHESIZE:
            continue
        obstacle = engine.missing() or engine.obstacle(need)
        if obstacle is None:
            speech = engine.call(SpeechRequest(text=text, language="en")).value
            return speech.audio, speech.media_type, engine.name
        wanting.append(f"{engine.name}: {obstacle}")
    raise CliError("Nothing on this machine can speak. " + " ".join(wanting))


def share_heard(spoken: str, heard: str) -> float:
    """Return the share of the spoken words that were heard, in their order."""
    said, found = _words(spoken), _words(heard)
    matches = SequenceMatcher(None, said, found, autojunk=False).get_matching_blocks()
    return sum(block.size for block in matches) / len(said)


def _ask(output: Output, client: Client, question: str, page: int, document_id: str) -> Hit:
    body = {"query": question, "top_k": PASSAGES, "filters": {"document_id": document_id}}
    with output.working(question):
        found = client.post("/v1/search", body).body
    best = found["results"][0] if found["results"] else None
    passage = around_first_mark(best["snippet"], PASSAGE_CHARACTERS) if best else ""
    return Hit(question, page, best["page"] if best else None, passage, found["took_ms"])


def _judgement(result: Mapping[str, Any]) -> str:
    quality, intent = result.get("quality") or {}, result.get("intent") or {}
    score = quality.get("score")
    return f"{intent.get('label')}, quality {'' if score is None else f'{score:.2f} '}{quality.get('level')}"


def _mentions(text: str, *words: str) -> bool:
    return set(words) <= set(_words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12] + "…"
