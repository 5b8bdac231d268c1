"""Stage Assess: how far the English can be trusted, and what the member wants."""

from __future__ import annotations

from intake.clock import Clock
from intake.errors import ConflictError
from intake.inputs.commands import StageCommand, Stopwatch
from intake.inputs.intent import intent_of
from intake.inputs.languages import primary
from intake.inputs.masking import mask
from intake.inputs.model import Input, Stage
from intake.inputs.quality import assess_translation, quality_of
from intake.inputs.repository import InputRepository
from intake.inputs.results import Assessment, Quality

DECLARED_OTHERWISE = "The declared language and the text disagree."


def assess(command: StageCommand, *, inputs: InputRepository, clock: Clock) -> Assessment:
    """Measure quality and intent of one input's English, and keep both."""
    watch = Stopwatch(clock)
    record = inputs.get(command.tenant, command.input_id)
    if record.assess is not None:
        return record.assess
    if record.sanitize is None:
        raise ConflictError("The input has no clean text to assess yet.")
    quality = _quality(record, record.sanitize.text)
    result = Assessment(quality=quality, intent=intent_of(record.sanitize.text), duration_ms=watch.ms())
    return inputs.keep(command.tenant, command.input_id, Stage.ASSESS, result)


def _quality(record: Input, clean: str) -> Quality:
    """Compare the text with its translation; where none was needed, with the clean text: only that differs then."""
    text, heard = record.text or "", record.transcribe.confidence if record.transcribe else None
    if record.translate is None:
        # Masked as the clean text is: the digits of a telephone number are in neither then.
        compared = assess_translation(
            mask([text]).texts[0], record.target_language, clean, transcription_confidence=heard
        )
        measured = compared.components
        detected = record.detect_language
        if measured["output_language"] is None and detected is not None:
            measured = measured | {"output_language": detected.confidence}
    else:
        compared = assess_translation(
            text,
            primary(record.source_language or ""),
            record.translate.text,
            untranslated=record.translate.untranslated,
            provider_confidence=record.translate.confidence,
            transcription_confidence=heard,
        )
        measured = compared.components
    return quality_of(measured, _reasons_beside_translation(record), unknown=compared.unknown)


def _reasons_beside_translation(record: Input) -> list[str]:
    """Say what a person should look at besides the translation itself."""
    reasons = list(record.prepare_audio.warnings) if record.prepare_audio else []
    if record.sanitize and record.sanitize.injection_signals:
        reasons.append(f"The text may try to instruct a model ({', '.join(record.sanitize.injection_signals)}).")
    if record.detect_language and record.detect_language.is_doubted:
        reasons.append(DECLARED_OTHERWISE)
    return reasons
