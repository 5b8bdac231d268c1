"""What tests of document stages share: a tenant's documents in memory, and providers that answer as they are told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from intake.documents.embedding import EmbedCommand, embed
from intake.documents.files import DocumentFiles
from intake.documents.finish import finish
from intake.documents.indexing import index
from intake.documents.model import Document, StageRecord, Status
from intake.documents.parse_quality import ValidateParseCommand, validate_parse
from intake.documents.parsing import ParseCommand, parse, plan_parsing
from intake.documents.passages import chunk
from intake.documents.progress import StageCommand
from intake.documents.validation import ValidateCommand, validate
from intake.errors import DocumentRejectedError
from intake.gateway.outcome import Choice, Outcome, Route
from intake.providers.embedded.lexical_hash import vector
from intake.providers.ports import Capability, EmbeddingRequest, Embeddings, Need, ParsedDocument, ParsedPage
from tests.fakes.clock import FakeClock
from tests.fakes.documents import MemoryDocuments, MemoryVectorStore
from tests.fakes.events import MemoryEvents
from tests.fakes.objects import MemoryObjects

BUCKET = "documents"
TENANT = "acme"
PDF_BYTES = b"%PDF-1.7 the inspector of these tests looks no further"
COST_OF_A_CALL = 700
DIMENSION = 512


@dataclass(frozen=True)
class Facts:
    """What the inspector of these tests says of every PDF."""

    pages: int = 2
    has_text_layer: bool = True


def pages(*texts: str) -> ParsedDocument:
    """Return a parsed document with these pages."""
    return ParsedDocument(pages=tuple(ParsedPage(number=n, text=text) for n, text in enumerate(texts, start=1)))


def lexical(request: EmbeddingRequest) -> Embeddings:
    """Embed texts so that those with the same words are alike, in few dimensions."""
    import numpy as np

    rows = np.array([vector(text, DIMENSION) for text in request.texts], "<f4")
    return Embeddings(dimension=DIMENSION, packed=rows.tobytes())


Answer = Callable[[Any], Any] | Exception | ParsedDocument | Embeddings


@dataclass
class ScriptedGateway:
    """Answers each provider's calls from a script, whose last entry stays; charges the same for every call."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    routes: dict[Capability, tuple[str, ...]] = field(default_factory=dict)

    def route(self, capability: Capability, need: Need, *, tenant: str) -> Route:
        return Route(providers=tuple(Choice(provider=name, reason="told so") for name in self.routes[capability]))

    def call(self, capability: Capability, provider_name: str, request: Any, *, tenant: str) -> Outcome[Any]:
        self.calls.append((provider_name, request))
        script = self.answers[provider_name]
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise answer
        value = answer(request) if callable(answer) else answer
        model = self.models.get(provider_name, f"{provider_name}-model")
        return Outcome(value=value, provider=provider_name, model=model, cost_microusd=COST_OF_A_CALL)

    def count(self, provider: str) -> int:
        return sum(name == provider for name, _request in self.calls)


class Bench:
    """A tenant's documents, and the stages with everything they need."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.documents = MemoryDocuments()
        self.events = MemoryEvents()
        self.objects = MemoryObjects()
        self.files = DocumentFiles(self.objects, BUCKET)
        self.vectors = MemoryVectorStore()
        self.gateway = ScriptedGateway(
            answers={
                "pdfium": [pages("Dental care is covered.", "Claims go to the claims office.")],
                "lexical": [lexical],
            },
            routes={Capability.PARSE: ("pdfium", "tesseract"), Capability.EMBED: ("lexical",)},
        )
        self.facts: Facts | DocumentRejectedError = Facts()

    def inspect_pdf(self, document: bytes) -> Facts:
        if isinstance(self.facts, DocumentRejectedError):
            raise self.facts
        return self.facts

    def drop(self, filename: str, body: bytes, tenant: str = TENANT) -> ValidateCommand:
        """Put a file into the bucket, and return the event that tells of it."""
        key = f"uploads/{tenant}/{filename}"
        self.objects.put(BUCKET, key, body)
        info = self.objects.head(BUCKET, key)
        event = {"bucket": {"name": BUCKET}, "object": {"key": key, "etag": info.etag, "size": info.size}}
        return ValidateCommand.model_validate(event)

    def validate(self, command: ValidateCommand) -> tuple[str, Document]:
        state = validate(
            command,
            documents=self.documents,
            files=self.files,
            inspect_pdf=self.inspect_pdf,
            events=self.events,
            clock=self.clock,
        )
        return state["outcome"], self.documents.get(state["tenant"], state["document_id"])

    def command(self, document_id: str) -> StageCommand:
        return StageCommand(tenant=TENANT, document_id=document_id)

    def validated(self, filename: str = "plan.pdf", body: bytes = PDF_BYTES, tenant: str = TENANT) -> StageCommand:
        outcome, document = self.validate(self.drop(filename, body, tenant))
        assert outcome == "validated"
        return StageCommand(tenant=tenant, document_id=document.id)

    def plan(self, command: StageCommand) -> dict[str, Any]:
        return plan_parsing(command, documents=self.documents, gateway=self.gateway)

    def parse(self, command: StageCommand, provider: str = "pdfium") -> dict[str, Any]:
        return parse(
            ParseCommand(tenant=command.tenant, document_id=command.document_id, provider=provider),
            documents=self.documents,
            files=self.files,
            gateway=self.gateway,
            events=self.events,
            clock=self.clock,
        )

    def judge(self, command: StageCommand, provider: str = "pdfium", *, is_last: bool = False) -> dict[str, Any]:
        return validate_parse(
            ValidateParseCommand(
                tenant=command.tenant, document_id=command.document_id, provider=provider, is_last=is_last
            ),
            documents=self.documents,
            files=self.files,
            events=self.events,
            clock=self.clock,
        )

    def chunk(self, command: StageCommand) -> dict[str, Any]:
        return chunk(command, documents=self.documents, files=self.files, gateway=self.gateway, clock=self.clock)

    def embed(self, command: StageCommand, batch: dict[str, int], provider: str = "lexical") -> dict[str, Any]:
        return embed(
            EmbedCommand(tenant=command.tenant, document_id=command.document_id, provider=provider, **batch),
            documents=self.documents,
            files=self.files,
            gateway=self.gateway,
            clock=self.clock,
        )

    def index(self, command: StageCommand) -> dict[str, Any]:
        return index(command, documents=self.documents, files=self.files, vectors=self.vectors, clock=self.clock)

    def finish(self, command: StageCommand) -> dict[str, Any]:
        return finish(command, documents=self.documents, events=self.events, clock=self.clock)

    def chunked(self, **upload: Any) -> tuple[StageCommand, list[dict[str, int]]]:
        """Bring a document through to its batches."""
        command = self.validated(**upload)
        self.plan(command)
        self.parse(command)
        assert self.judge(command)["outcome"] == "accepted"
        return command, self.chunk(command)["batches"]

    def completed(self, **upload: Any) -> StageCommand:
        """Bring a document through all stages."""
        command, batches = self.chunked(**upload)
        for batch in batches:
            self.embed(command, batch)
        self.index(command)
        self.finish(command)
        return command

    def get(self, command: StageCommand) -> Document:
        return self.documents.get(command.tenant, command.document_id)


def document(document_id: str = "doc_1", tenant: str = TENANT, **facts: Any) -> Document:
    """Return an uploaded document."""
    now = facts.pop("created_at", FakeClock().now())
    return Document(
        tenant=tenant,
        id=document_id,
        status=facts.pop("status", Status.UPLOADED),
        filename="plan.pdf",
        content_type="application/pdf",
        size=len(PDF_BYTES),
        key=f"uploads/{tenant}/{document_id}/plan.pdf",
        created_at=now,
        stages=(StageRecord(stage=Status.UPLOADED, at=now),),
        **facts,
    )


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
