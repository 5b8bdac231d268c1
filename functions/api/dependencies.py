"""What routes ask for: who is calling, and what is needed to answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Protocol, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from intake.errors import FieldError, ForbiddenError, NotFoundError, UnauthorizedError
from intake.tenancy.api_keys import Principal, Role
from problems import MalformedRequestError, PayloadTooLargeError, UnsupportedMediaTypeError, invalid_body

if TYPE_CHECKING:
    from intake.analytics.cache_use import CacheUseStore
    from intake.batches.repository import BatchRepository
    from intake.clock import Clock
    from intake.documents.repository import DocumentRepository
    from intake.documents.vectors import VectorStore
    from intake.events import EventPublisher
    from intake.experiments.model import ExperimentRepository
    from intake.gateway.breaker import CircuitBreaker
    from intake.gateway.budget import Budget
    from intake.gateway.gateway import Gateway
    from intake.gateway.jobs import Jobs
    from intake.gateway.statistics import StatisticsStore
    from intake.inputs.erasures import ErasureRepository
    from intake.inputs.feedback import FeedbackRepository
    from intake.inputs.memory import TranslationMemory
    from intake.inputs.ports import ResultCache
    from intake.inputs.repository import InputRepository
    from intake.machines import MachineRunner
    from intake.phrases.ports import PhraseRepository, WarmUpRepository
    from intake.providers.credentials import Credentials
    from intake.providers.ports import AnyProvider
    from intake.settings import Settings
    from intake.storage.objects import ObjectStore
    from intake.tenancy.tickets import TicketStore
    from intake.uploads import UploadSigner
    from intake.waiting import WaitingTasks

VERSION = "0.1.0"

_REPLACED = "\N{REPLACEMENT CHARACTER}".encode()
"""What API Gateway makes of bytes that are not UTF-8; a text that has it has lost letters already."""

_ID = re.compile(r"[a-z]{2,8}_[0-9a-z]{1,40}")

BodyT = TypeVar("BodyT", bound=BaseModel)

MAX_JSON_BYTES = 256 * 1024
"""Of a JSON body: a text and its history of 5,000 and 10,000 characters fit several times."""


class Services(Protocol):
    """What the routes work with: `intake.runtime.services`, or the fakes of a test."""

    @property
    def settings(self) -> Settings: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def inputs(self) -> InputRepository: ...
    @property
    def batches(self) -> BatchRepository: ...
    @property
    def erasures(self) -> ErasureRepository: ...
    @property
    def feedback(self) -> FeedbackRepository: ...
    @property
    def experiments(self) -> ExperimentRepository: ...
    @property
    def statistics(self) -> StatisticsStore: ...
    @property
    def memory(self) -> TranslationMemory: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def waiting_tasks(self) -> WaitingTasks: ...
    @property
    def credentials(self) -> Credentials: ...
    @property
    def results(self) -> ResultCache: ...
    @property
    def events(self) -> EventPublisher: ...
    @property
    def machines(self) -> MachineRunner: ...
    @property
    def objects(self) -> ObjectStore: ...
    @property
    def cache_use(self) -> CacheUseStore: ...
    @property
    def phrases(self) -> PhraseRepository: ...
    @property
    def warm_ups(self) -> WarmUpRepository: ...
    @property
    def tickets(self) -> TicketStore: ...
    @property
    def documents(self) -> DocumentRepository: ...
    @property
    def uploads(self) -> UploadSigner: ...
    @property
    def vectors(self) -> VectorStore: ...
    @property
    def gateway(self) -> Gateway: ...
    @property
    def providers(self) -> tuple[AnyProvider, ...]: ...
    @property
    def breaker(self) -> CircuitBreaker: ...
    @property
    def budget(self) -> Budget: ...


async def caller(request: Request) -> Principal:
    """Say who is calling, as the authorizer found it: a header could be written by anybody.

    Raises
    ------
    UnauthorizedError
        The request did not pass the authorizer.
    """
    event = request.scope.get("aws.event") or {}
    proved = (event.get("requestContext", {}).get("authorizer") or {}).get("lambda") or {}
    try:
        return Principal(tenant=proved["tenant"], role=Role(proved["role"]), key_id=proved["key_id"])
    except (KeyError, ValueError):
        raise UnauthorizedError(
            "Send a valid API key in the header X-Api-Key, or as Authorization: Bearer <key>."
        ) from None


async def reader(principal: Annotated[Principal, Depends(caller)]) -> Principal:
    """Let in who may read."""
    return _with_role(principal, (Role.ADMIN, Role.OPERATOR, Role.VIEWER))


async def writer(principal: Annotated[Principal, Depends(caller)]) -> Principal:
    """Let in who may send inputs and documents."""
    return _with_role(principal, (Role.ADMIN, Role.OPERATOR))


async def admin(principal: Annotated[Principal, Depends(caller)]) -> Principal:
    """Let in who operates the deployment."""
    return _with_role(principal, (Role.ADMIN,))


async def provided() -> Services:
    """Return what this process works with, made at the first request that needs it: most imports wait until then."""
    from intake.runtime import services

    return services()


Reader = Annotated[Principal, Depends(reader)]
Writer = Annotated[Principal, Depends(writer)]
Admin = Annotated[Principal, Depends(admin)]
Provided = Annotated[Services, Depends(provided)]


async def read_json(request: Request, kind: type[BodyT], *, takes: str = "application/json") -> BodyT:
    """Read a JSON body into its model.

    Parameters
    ----------
    takes
        What the route takes, in words: more than JSON, where it has another way in.

    Raises
    ------
    UnsupportedMediaTypeError
        The body is declared to be something else.
    PayloadTooLargeError
        It has more than 256 KB.
    MalformedRequestError
        It is not JSON in UTF-8.
    UnsupportedInputError
        It breaks its schema: each field is named, with what to do.
    """
    declared = media_type(request)
    if declared not in ("", "application/json") and not declared.endswith("+json"):
        raise UnsupportedMediaTypeError(f"This route takes {takes}, not {declared}.")
    body = await request.body()
    if len(body) > MAX_JSON_BYTES:
        raise PayloadTooLargeError(
            f"The body has {len(body):,} bytes; {MAX_JSON_BYTES:,} are allowed.",
            errors=(FieldError(field="body", message="Send less at once."),),
        )
    if _REPLACED in body:
        raise MalformedRequestError("The body is not UTF-8, or it was damaged on its way. Send JSON in UTF-8.")
    if not body.strip():
        raise MalformedRequestError("The body is empty. Send a JSON object.")
    try:
        return kind.model_validate_json(body, strict=True, extra="forbid")
    except ValidationError as error:
        raise invalid_body(error) from None


class PageQuery(BaseModel):
    """Which page of a list is asked for."""

    # Built at first use: most cold starts are not for a list.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str | None = Field(None, max_length=2048, description="`next_cursor` of the page before.")


class DocumentsQuery(PageQuery):
    """Which page of documents is asked for, and in which status."""

    status: str | None = Field(None, description="Only documents in this status.", examples=["complete"])


class LinesQuery(BaseModel):
    """Which page of a batch's lines is asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    limit: int = Field(100, ge=1, le=1000, description="How many lines at most; fewer where they are long.")
    cursor: int = Field(0, ge=0, le=999_999, description="Of the `Link` of the page before: the line to go on after.")


def read_query(request: Request, kind: type[BodyT]) -> BodyT:
    """Read the query string into its model.

    FastAPI could declare parameters itself; that would import all of pydantic's version 1 at every cold start.

    Raises
    ------
    UnsupportedInputError
        A parameter is unknown or breaks its schema.
    """
    try:
        return kind.model_validate_strings(dict(request.query_params))
    except ValidationError as error:
        raise invalid_body(error) from None


def identifier(request: Request) -> str:
    """Return the id in a path.

    Raises
    ------
    NotFoundError
        No id has this form. Asking the table for it would be an error of its own: keys have a greatest length.
    """
    found: str = request.path_params["id"]
    if _ID.fullmatch(found) is None:
        raise NotFoundError("There is nothing under this id.")
    return found


def media_type(request: Request) -> str:
    """Return the declared media type of a body, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _with_role(principal: Principal, allowed: tuple[Role, ...]) -> Principal:
    if principal.role not in allowed:
        raise ForbiddenError(
            f"A key with the role {principal.role} may not do this; it takes one of: {', '.join(allowed)}."
        )
    return principal
