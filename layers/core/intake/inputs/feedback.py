"""What users say of a result: a rating, which moves routes, and a corrected translation, which waits for approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from intake.clock import Clock, iso
from intake.errors import ConflictError, FieldError, NotFoundError, UnsupportedInputError
from intake.gateway.statistics import Moments, Row, Tally, month_of, pair_of
from intake.ids import derived_id
from intake.inputs import memory
from intake.inputs.acceptance import MAX_CHARACTERS
from intake.inputs.measurement import experiment_row
from intake.inputs.memory import Remembered, TranslationMemory
from intake.inputs.model import Input, Status
from intake.inputs.planning import need_of
from intake.inputs.repository import InputRepository
from intake.inputs.results import Record
from intake.inputs.stages import BY_WORK

MAX_COMMENT = 2_000
MOST_OF_AN_INPUT = 100
"""All of it is shown at once, and an answer may have 6 MB; whoever rates under ever new names moves routes at will."""

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class FeedbackRequest(BaseModel):
    """The body of ``POST /v1/inputs/{id}/feedback``."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    rating: int = Field(ge=1, le=5, description="1 is useless, 5 could not be better.")
    text: _Text | None = Field(default=None, max_length=MAX_COMMENT, repr=False, description="In the user's words.")
    corrected_text: _Text | None = Field(
        default=None, max_length=MAX_CHARACTERS, repr=False, description="What the translation should have been."
    )
    user_id: str | None = Field(
        default=None, min_length=1, max_length=128, description="Who rates, where a key speaks for many; else the key."
    )


class ApprovalRequest(BaseModel):
    """The body of ``POST /v1/inputs/{id}/feedback/approve``; it may be left out where one correction waits."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    feedback_id: str | None = Field(default=None, max_length=64)
    version: int | None = Field(
        default=None,
        ge=1,
        description="Of the feedback that was looked at; one that was changed since is not approved.",
    )


class CorrectionStatus(StrEnum):
    """Whether a corrected translation is used."""

    WAITING = "waiting"
    APPROVED = "approved"


class Feedback(Record):
    """What one user said of one input. ``version`` counts its changes."""

    id: str
    tenant: str
    input_id: str
    rating: int
    text: str | None = Field(default=None, repr=False)
    corrected_text: str | None = Field(default=None, repr=False)
    correction: CorrectionStatus | None = None
    memory_line: str | None = None
    """Key of the cache line that holds the approved correction; the input names it too."""
    month: str
    """Where the rating was counted."""
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    version: int = 1


class FeedbackRepository(Protocol):
    """Feedback by tenant and input. It goes where its input goes: it is kept in the input's own partition."""

    def list(self, tenant: str, input_id: str) -> Sequence[Feedback]:
        """Return all feedback to an input, oldest id first."""
        ...

    def save(self, feedback: Feedback, counts: Mapping[Row, Mapping[str, Tally]], now: datetime) -> None:
        """Write feedback and add to the counters, both or neither.

        Raises
        ------
        ConflictError
            Somebody changed the same feedback meanwhile, or its input was erased; nothing was written.
        TransientError
            The tables did not take it.
        """
        ...


def give(
    request: FeedbackRequest,
    *,
    tenant: str,
    input_id: str,
    key_id: str,
    inputs: InputRepository,
    feedback: FeedbackRepository,
    clock: Clock,
) -> Feedback:
    """Keep what a user says of an input; a second time replaces the first, in the counters too.

    Raises
    ------
    ConflictError
        The input has no result yet or feedback enough, or somebody changed the same feedback meanwhile.
    UnsupportedInputError
        There is no translation to correct, or the correction brings other personal data than the text.
    """
    record = _completed(inputs, tenant, input_id)
    if request.corrected_text is not None:
        _raise_for_correction(record, request.corrected_text)
    author = f"user:{request.user_id}" if request.user_id else f"key:{key_id}"
    feedback_id = derived_id("fbk", tenant, input_id, author)
    known = feedback.list(tenant, input_id)
    before = next((one for one in known if one.id == feedback_id), None)
    if before is None and len(known) >= MOST_OF_AN_INPUT:
        raise ConflictError(f"{MOST_OF_AN_INPUT} have rated this input already; it takes no more.")
    now = clock.now()
    given = Feedback(
        id=feedback_id,
        tenant=tenant,
        input_id=input_id,
        rating=request.rating,
        text=request.text,
        corrected_text=request.corrected_text,
        correction=None if request.corrected_text is None else CorrectionStatus.WAITING,
        month=month_of(now),
        created_at=before.created_at if before else now,
        updated_at=now,
        expires_at=record.expires_at,
        version=before.version + 1 if before else 1,
    )
    if before is not None and before.corrected_text == given.corrected_text:
        given = given.model_copy(update={"correction": before.correction, "memory_line": before.memory_line})
    feedback.save(given, _counts(record, given, before), now)
    return given


def approve(
    request: ApprovalRequest,
    *,
    tenant: str,
    input_id: str,
    inputs: InputRepository,
    feedback: FeedbackRepository,
    memory_of_tenants: TranslationMemory,
    clock: Clock,
) -> Feedback:
    """Make a corrected translation the one that is used for the same text from now on.

    The input names the line before it is written: a crash between the two leaves nothing that could not be erased.
    What is approved is written down before it is used; where that was all, approving again makes it used.

    Raises
    ------
    ConflictError
        No correction waits, or it was changed since it was looked at.
    UnsupportedInputError
        Several wait, and none is named.
    NotFoundError
        The named feedback is not there.
    """
    record = _completed(inputs, tenant, input_id)
    found = _to_approve(feedback.list(tenant, input_id), request.feedback_id)
    if request.version not in (None, found.version):
        raise ConflictError(f"The feedback was changed since: it has version {found.version} now. Look at it again.")
    correction = memory.masked_correction(record, found.corrected_text or "")
    line = memory.line_of(record, correction.source)
    if found.correction is not CorrectionStatus.APPROVED:
        inputs.claim(tenant, input_id, line)
        found = _saved_as_approved(found, line, feedback, clock)
    remembered = Remembered(text=correction.target, input_id=input_id)
    if memory_of_tenants.recall(tenant, line) != remembered:
        memory_of_tenants.keep(tenant, line, remembered, record.expires_at)
    return found


def as_public(feedback: Feedback) -> dict[str, Any]:
    """Return feedback as the API shows it."""
    return {
        "id": feedback.id,
        "input_id": feedback.input_id,
        "rating": feedback.rating,
        "text": feedback.text,
        "corrected_text": feedback.corrected_text,
        "correction": feedback.correction.value if feedback.correction else None,
        "version": feedback.version,
        "created_at": iso(feedback.created_at),
        "updated_at": iso(feedback.updated_at),
    }


def _saved_as_approved(found: Feedback, line: str, feedback: FeedbackRepository, clock: Clock) -> Feedback:
    now = clock.now()
    approved = found.model_copy(
        update={
            "correction": CorrectionStatus.APPROVED,
            "memory_line": line,
            "updated_at": now,
            "version": found.version + 1,
        }
    )
    feedback.save(approved, {}, now)
    return approved


def _completed(inputs: InputRepository, tenant: str, input_id: str) -> Input:
    record = inputs.get(tenant, input_id)
    if record.status is not Status.COMPLETED:
        raise ConflictError(f"The input is {record.status.value}; feedback is taken once it is completed.")
    return record


def _raise_for_correction(record: Input, corrected: str) -> None:
    message = None
    if record.translate is None:
        message = "The text was not translated, so there is no translation to correct. Send the rating alone."
    elif wrong := memory.misplaced(memory.masked_correction(record, corrected)):
        kinds = ", ".join(sorted({placeholder.strip("[]").rpartition("_")[0].lower() for placeholder in wrong}))
        message = f"It has to hold the personal data of the text, letter for letter, and no other ({kinds}). Copy it."
    if message is not None:
        raise UnsupportedInputError(
            f"corrected_text: {message}", errors=(FieldError(field="corrected_text", message=message),)
        )


def _to_approve(known: Sequence[Feedback], feedback_id: str | None) -> Feedback:
    if feedback_id is not None:
        named = next((one for one in known if one.id == feedback_id), None)
        if named is None:
            raise NotFoundError(f"There is no feedback {feedback_id} to this input.")
        if named.correction is None:
            raise ConflictError(f"The feedback {feedback_id} has no corrected text.")
        return named
    corrections = [one for one in known if one.correction is not None]
    waiting = [one for one in corrections if one.correction is CorrectionStatus.WAITING]
    if len(waiting) > 1:
        ids = ", ".join(one.id for one in waiting)
        message = f"{len(waiting)} corrections wait. Name one of: {ids}."
        raise UnsupportedInputError(
            f"feedback_id: {message}", errors=(FieldError(field="feedback_id", message=message),)
        )
    if not corrections:
        raise ConflictError("No feedback to this input has a corrected text.")
    return waiting[0] if waiting else corrections[0]


def _counts(record: Input, given: Feedback, before: Feedback | None) -> dict[Row, dict[str, Tally]]:
    """Return what a rating adds to the counters of those that did the work, and what it takes back."""
    counts: dict[Row, dict[str, Tally]] = {}
    for stage, result in record.provider_results().items():
        if result.provider is None or result.provider == memory.PROVIDER:
            continue
        capability = BY_WORK[stage].capability
        rows = [(given.month, Tally.rated(given.rating))]
        if before is not None:
            rows.append((before.month, Tally.rated(before.rating, times=-1)))
        for month, tally in rows:
            row = Row(record.tenant, capability, pair_of(need_of(record, capability)), month)
            tallies = counts.setdefault(row, {})
            tallies[result.provider] = tallies.get(result.provider, Tally()).plus(tally)
    rating = Moments.of(given.rating)
    if before is not None:
        rating = rating.plus(Moments.of(before.rating, times=-1))
    for stage, plan in record.plans().items():
        if plan.experiment is not None:
            row = experiment_row(record, stage, plan.experiment)
            counts[row] = {plan.experiment.variant: Tally(measures={"rating": rating})}
    return counts
