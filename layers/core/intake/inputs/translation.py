"""Stage Translate: the text in the target language, by one provider.

Personal data is masked here too: an address or a card number needs no translation, a provider has no need to know it,
and an engine that would garble it cannot.
"""

from __future__ import annotations

from intake.clock import Clock
from intake.errors import ConflictError, ProviderRefusedError
from intake.inputs import facts
from intake.inputs.asking import ask
from intake.inputs.commands import ProviderCommand, Stopwatch
from intake.inputs.languages import primary
from intake.inputs.masking import mask, restore
from intake.inputs.memory import NOTE, TranslationMemory, masked_source, recalled
from intake.inputs.memory import PROVIDER as MEMORY
from intake.inputs.model import Input, Stage
from intake.inputs.ports import Caller
from intake.inputs.repository import InputRepository
from intake.inputs.results import TranslationResult
from intake.providers.ports import Capability, Translation, TranslationRequest


def translate(
    command: ProviderCommand, *, gateway: Caller, inputs: InputRepository, memory: TranslationMemory, clock: Clock
) -> TranslationResult:
    """Translate the stored text of one input with the named provider, or by an approved correction.

    Raises
    ------
    ProviderRefusedError
        The provider will not translate this text, lost a placeholder of personal data, or said nothing; the next may.
    ProviderError
        The provider gave no answer.
    """
    watch = Stopwatch(clock)
    record = inputs.get(command.tenant, command.input_id)
    if record.translate is not None:
        return record.translate
    if record.text is None or record.source_language is None:
        raise ConflictError("The input has no text in a known language to translate yet.")
    if command.provider == MEMORY:
        made = _remembered(record, command, memory).model_copy(update={"duration_ms": watch.ms()})
        return inputs.keep(command.tenant, command.input_id, Stage.TRANSLATE, made)
    masked = mask([record.text])
    request = TranslationRequest(
        text=masked.texts[0],
        source_language=primary(record.source_language),
        target_language=record.target_language,
    )

    def check(answer: Translation) -> None:
        if not answer.text.strip():
            raise ProviderRefusedError(f"The answer of {command.provider} was refused: it is empty.")
        if masked.secrets.keys() - facts.placeholders(answer.text).keys():
            raise ProviderRefusedError(f"The answer of {command.provider} was refused: it lost masked personal data.")

    outcome = ask(
        Capability.TRANSLATE, request, command=command, gateway=gateway, inputs=inputs, clock=clock, check=check
    )
    result = TranslationResult(
        **command.provenance(outcome),
        text=restore(outcome.value.text.strip(), masked.secrets),
        confidence=outcome.value.confidence,
        untranslated=tuple(word for word in outcome.value.untranslated if not word.strip("[]").isupper()),
        duration_ms=watch.ms(),
    )
    return inputs.keep(command.tenant, command.input_id, Stage.TRANSLATE, result)


def _remembered(record: Input, command: ProviderCommand, memory: TranslationMemory) -> TranslationResult:
    found = recalled(record, memory)
    if found is None:
        raise ProviderRefusedError(f"{MEMORY} has no correction of this text any more.")
    return TranslationResult(
        provider=MEMORY,
        attempts=command.attempt + 1,
        text=restore(found.text, masked_source(record).secrets),
        note=NOTE,
    )
