"""``/v1/documents``: files to be read and made searchable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answers import below, json_answer
from dependencies import DocumentsQuery, Provided, Reader, Writer, identifier, read_json, read_query
from intake.errors import FieldError, UnsupportedInputError

if TYPE_CHECKING:
    from intake.documents.model import Status

router = APIRouter(prefix="/v1/documents", tags=["documents"])


@router.post("")
async def create_document(request: Request, principal: Writer, provided: Provided) -> Response:
    """Register a document, and get the form by which its file is posted to S3.

    Processing starts when the file arrives. The form is valid for 15 minutes, and takes one file of this type and of at
    most 25 MB.
    """
    from intake.documents.registration import RegisterCommand, register

    registration = register(
        await read_json(request, RegisterCommand),
        tenant=principal.tenant,
        bucket=provided.settings.documents_bucket,
        documents=provided.documents,
        signer=provided.uploads,
        clock=provided.clock,
    )
    document = registration.document
    upload = {"url": registration.url, "fields": registration.fields}
    return json_answer(document.public() | {"upload": upload}, 201, below("documents", document.id))


@router.get("")
async def list_documents(request: Request, principal: Reader, provided: Provided) -> Response:
    """List documents, newest first; those in one status, where it is given."""
    asked = read_query(request, DocumentsQuery)
    status = None if asked.status is None else _status(asked.status)
    page = provided.documents.page(principal.tenant, status=status, limit=asked.limit, cursor=asked.cursor)
    return json_answer({"items": [document.public() for document in page.items], "next_cursor": page.cursor})


@router.get("/{id}")
async def read_document(request: Request, principal: Reader, provided: Provided) -> Response:
    """Show a document: its status, its stages with time and cost, and what is wrong, if anything is."""
    return json_answer(provided.documents.get(principal.tenant, identifier(request)).public())


def _status(name: str) -> Status:
    from intake.documents.model import Status

    try:
        return Status(name)
    except ValueError:
        message = f"There is no such status. Possible: {', '.join(Status)}."
        raise UnsupportedInputError(
            f"status: {message}", errors=(FieldError(field="status", message=message),)
        ) from None
