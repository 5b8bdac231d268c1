"""What the placeholders of an input stand for, shown to who may see it, for a reason."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from intake.inputs.repository import InputRepository


class RevealReason(StrEnum):
    """Why somebody looks. A choice and no free text: it goes to the log, which holds no words of people."""

    CASE_WORK = "case_work"
    MEMBER_REQUEST = "member_request"
    QUALITY_REVIEW = "quality_review"
    LEGAL_REQUEST = "legal_request"
    INCIDENT = "incident"


class RevealRequest(BaseModel):
    """The body of ``POST /v1/inputs/{id}/reveal``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: RevealReason = Field(strict=False, examples=["case_work"])


def reveal(tenant: str, input_id: str, *, inputs: InputRepository) -> dict[str, Any]:
    """Return the JSON that says what each placeholder of an input stands for.

    Raises
    ------
    NotFoundError
        The tenant has no such input.
    ErasedError
        It was erased, and its vault with it.
    """
    record = inputs.get(tenant, input_id)
    return {"id": record.id, "placeholders": inputs.get_vault(tenant, input_id)}
