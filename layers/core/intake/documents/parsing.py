"""Parsing: the text of every page, by one parser a call; which parsers, is planned first."""

from __future__ import annotations

from typing import Any

from intake.clock import Clock
from intake.documents.announcement import announce
from intake.documents.files import DocumentFiles, PageText, ParsedText
from intake.documents.model import Document, DocumentError, PageFailure, Stage, StageRecord, Status
from intake.documents.page_text import clean
from intake.documents.ports import Caller, Router
from intake.documents.progress import StageClock, StageCommand, move
from intake.documents.repository import DocumentRepository
from intake.errors import ConflictError, DocumentRejectedError
from intake.events import EventPublisher
from intake.gateway.outcome import Route
from intake.providers.ports import Capability, Need, ParseRequest


class ParseCommand(StageCommand):
    """Parse with this provider."""

    provider: str


def plan_parsing(command: StageCommand, *, documents: DocumentRepository, gateway: Router) -> dict[str, Any]:
    """Choose the parsers for a document, in order, and record the choice with its reasons.

    Raises
    ------
    UnsupportedInputError
        No parser that is set up can ever read such a file.
    ProvidersUnavailableError
        Those that could are switched off.
    """
    document = documents.get(command.tenant, command.document_id)
    if document.parsers is None:
        need = Need(media_type=document.content_type, has_text_layer=document.has_text_layer, size=document.size)
        route = gateway.route(Capability.PARSE, need, tenant=document.tenant)
        document = _keep_plan(document, route, documents)
    assert document.parsers is not None
    return {"providers": document.parsers.names}


def parse(
    command: ParseCommand,
    *,
    documents: DocumentRepository,
    files: DocumentFiles,
    gateway: Caller,
    events: EventPublisher,
    clock: Clock,
) -> dict[str, Any]:
    """Read the text of a document with one parser, and keep it beside the document.

    A parser that has read the document already is not asked again. A rejection is told.

    Returns
    -------
    dict
        ``outcome`` is ``parsed``, or ``rejected`` where the file is at fault and no parser will be able to.

    Raises
    ------
    ProviderError
        This parser could not; the next one may.
    """
    timer = StageClock(clock)
    document = documents.get(command.tenant, command.document_id)
    if document.status is Status.REJECTED:
        announce(document, events)
        return _result(document)
    if _is_parsed(document, command.provider):
        return _result(document)
    started = StageRecord(
        stage=Status.PARSING, at=timer.now(), attempts=document.times(Status.PARSING) + 1, provider=command.provider
    )
    document = move(documents, document, started)
    if _is_parsed(document, command.provider):  # by another run, at the same time
        return _result(document)
    parsed = files.parsed(document, command.provider)
    if parsed is None:
        try:
            parsed = _read(document, command.provider, files, gateway, timer)
        except DocumentRejectedError as rejection:
            document = _reject(document, command.provider, rejection, documents, timer)
            announce(document, events)
            return _result(document)
        files.keep_parsed(document, parsed)
    return _result(_record(document, parsed, documents, timer))


def _is_parsed(document: Document, provider: str) -> bool:
    is_judged = document.has_reached(Status.PARSE_VALIDATED)
    return is_judged or (document.status is Status.PARSED and document.parser == provider)


def _keep_plan(document: Document, route: Route, documents: DocumentRepository) -> Document:
    try:
        return documents.replace(document.model_copy(update={"parsers": route}))
    except ConflictError:
        stored = documents.get(document.tenant, document.id)
        if stored.parsers is None:
            raise
        return stored  # an event delivered twice runs twice: the first plan stands


def _read(document: Document, provider: str, files: DocumentFiles, gateway: Caller, timer: StageClock) -> ParsedText:
    request = ParseRequest(document=files.validated_upload(document), media_type=document.content_type)
    outcome = gateway.call(Capability.PARSE, provider, request, tenant=document.tenant)
    assert document.sha256 is not None
    return ParsedText(
        sha256=document.sha256,
        provider=outcome.provider,
        model=outcome.model,
        cost_microusd=outcome.cost_microusd,
        duration_ms=timer.elapsed_ms(),
        pages=tuple(
            PageText(number=page.number, text=clean(page.text), error=page.error) for page in outcome.value.pages
        ),
    )


def _reject(
    document: Document,
    provider: str,
    rejection: DocumentRejectedError,
    documents: DocumentRepository,
    timer: StageClock,
) -> Document:
    error = DocumentError(stage=Stage.PARSE, code=rejection.code, message=rejection.detail)
    record = StageRecord(stage=Status.REJECTED, at=timer.now(), duration_ms=timer.elapsed_ms(), provider=provider)
    return move(documents, document, record, error=error)


def _record(document: Document, parsed: ParsedText, documents: DocumentRepository, timer: StageClock) -> Document:
    record = StageRecord(
        stage=Status.PARSED,
        at=timer.now(),
        duration_ms=parsed.duration_ms,
        attempts=document.times(Status.PARSING),
        cost_microusd=parsed.cost_microusd,
        provider=parsed.provider,
    )
    failures = tuple(PageFailure(page=page.number, error=page.error) for page in parsed.pages if page.error is not None)
    return move(documents, document, record, parser=parsed.provider, pages=len(parsed.pages), page_failures=failures)


def _result(document: Document) -> dict[str, Any]:
    return {
        "outcome": "rejected" if document.status is Status.REJECTED else "parsed",
        "provider": document.parser,
        "pages": document.pages,
        "page_failures": len(document.page_failures),
    }
