"""Judging any translation, whoever made it, as the stage Assess judges ours. Nothing of it is kept."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from intake.inputs.acceptance import ApiRequest, language_problems, raise_for, text_problems
from intake.inputs.assessment import DECLARED_OTHERWISE
from intake.inputs.detection import Identify, judged, undecided
from intake.inputs.languages import AUTO, parse_tag, primary
from intake.inputs.quality import assess_translation, quality_of
from intake.inputs.results import Detection


class QualityRequest(ApiRequest):
    """The body of ``POST /v1/quality``: a text and its translation, each of 1 to 5,000 characters."""

    source_text: str = Field(repr=False, examples=["No quiero cancelar mi póliza."])
    source_language: str = Field(default=AUTO, max_length=35, examples=["auto", "es", "es-MX"])
    target_text: str = Field(repr=False, examples=["I do not want to cancel my policy."])
    target_language: str = Field(default="en", max_length=35)


def judge(request: QualityRequest, identify: Identify) -> dict[str, Any]:
    """Measure how far a translation can be trusted.

    Returns
    -------
    dict
        The fields of `intake.inputs.results.Quality`, and ``detection`` as an input has it.

    Raises
    ------
    UnsupportedInputError
        With one `FieldError` for every field at fault; or the source's language was left open, and cannot be told.
    """
    source, target = request.source_text.strip(), request.target_text.strip()
    problems = [*text_problems(source, "source_text"), *text_problems(target, "target_text")]
    raise_for([*problems, *language_problems(request.source_language, request.target_language)])
    tag = parse_tag(request.source_language)
    found = judged(source, str(tag) if tag else AUTO, identify)
    if found.language is None:
        raise undecided(found)
    measured = assess_translation(source, primary(found.language), target)
    quality = quality_of(measured.components, _reasons(found), unknown=measured.unknown)
    return quality.model_dump(mode="json") | {"detection": found.model_dump(mode="json", exclude={"duration_ms"})}


def _reasons(found: Detection) -> tuple[str, ...]:
    return (DECLARED_OTHERWISE,) if found.is_doubted else ()
