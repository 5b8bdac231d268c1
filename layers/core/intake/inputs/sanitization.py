"""Stage Sanitize: the English text without fillers, repetitions and personal data, by a model or by rules.

Personal data is masked before anything is sent. A model's answer is believed only where it can be checked: it must keep
every number, date, amount, name, negation and placeholder, and may add none that the conversation does not hold.
"""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue

from intake.clock import Clock
from intake.errors import ConflictError, ProviderRefusedError
from intake.inputs import injection
from intake.inputs.asking import ask
from intake.inputs.commands import ProviderCommand, Stopwatch
from intake.inputs.masking import Masked, mask, shortened
from intake.inputs.model import Input, Stage
from intake.inputs.ports import Caller
from intake.inputs.preservation import what_changed
from intake.inputs.repository import InputRepository
from intake.inputs.results import Modification, Sanitization
from intake.prompts import prompt
from intake.providers.ports import Capability, Completion, CompletionRequest

TASK = "sanitize"
PROMPT_VERSION = prompt(TASK).version
INSTRUCTIONS = prompt(TASK).text

_MOST_TOKENS = 16_000
"""What models of today answer at most."""

ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "modifications": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "kind": {
                        "type": "string",
                        "enum": ["filler", "repetition", "reference", "grammar", "punctuation", "whitespace"],
                    },
                    "before": {"type": "string"},
                    "after": {"type": "string"},
                },
                "required": ["kind", "before", "after"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["text", "modifications"],
    "additionalProperties": False,
}


def sanitize(command: ProviderCommand, *, gateway: Caller, inputs: InputRepository, clock: Clock) -> Sanitization:
    """Clean the English text of one input with the named provider.

    Raises
    ------
    ProviderRefusedError
        The answer changes what was said; the next provider, at last the rules, may do better.
    ProviderError
        The provider gave no answer.
    """
    watch = Stopwatch(clock)
    record = inputs.get(command.tenant, command.input_id)
    if record.sanitize is not None:
        return record.sanitize
    if record.english is None:
        raise ConflictError("The input has no English text to clean yet.")
    hidden = injection.hidden_characters(record.english)
    visible = injection.without_format_characters(record.english) if hidden else record.english
    masked = mask([visible, *(turn.text for turn in record.context.history)])
    request = _request(record, masked)
    signs = _signals(record)

    def check(completion: Completion) -> None:
        changed = what_changed(
            masked.texts[0], _clean(completion), history=masked.texts[1:], may_only_take_away=bool(signs)
        )
        if changed:
            raise ProviderRefusedError(
                f"The answer of {command.provider} was refused: it changes {', '.join(changed)}."
            )

    outcome = ask(
        Capability.COMPLETE, request, command=command, gateway=gateway, inputs=inputs, clock=clock, check=check
    )
    clean = _clean(outcome.value)
    if masked.secrets:
        inputs.put_vault(command.tenant, command.input_id, masked.secrets, record.expires_at)
    result = Sanitization(
        **command.provenance(outcome),
        text=clean,
        modifications=(*_removals(hidden), *_maskings(masked), *_changes(outcome.value, masked.texts[0])),
        masked=len(masked.secrets),
        injection_signals=signs,
        duration_ms=watch.ms(),
    )
    return inputs.keep(command.tenant, command.input_id, Stage.SANITIZE, result)


def _request(record: Input, masked: Masked) -> CompletionRequest:
    text, *history = masked.texts
    turns: list[JsonValue] = [
        {"role": turn.role, "text": said} for turn, said in zip(record.context.history, history, strict=True)
    ]
    return CompletionRequest(
        task=TASK,
        prompt_version=PROMPT_VERSION,
        instructions=INSTRUCTIONS,
        data={"text": text, "history": turns, "domain": record.context.domain},
        answer_schema=ANSWER_SCHEMA,
        # The text again, and once more in its modifications; a token is seldom less than two characters.
        max_output_tokens=min(_MOST_TOKENS, 500 + len(text)),
    )


def _clean(completion: Completion) -> str:
    return str(completion.answer["text"]).strip()


def _changes(completion: Completion, original: str) -> tuple[Modification, ...]:
    """Return the modifications that a model lists, as far as what it changed was there to be changed."""
    listed = tuple(
        Modification.model_validate(change)
        for change in completion.answer["modifications"]
        if change["before"] != change["after"] and change["before"] in original
    )
    clean = _clean(completion)
    if clean != original and not listed:
        return (Modification(kind="rewording", before=original, after=clean),)
    return listed


def _maskings(masked: Masked) -> list[Modification]:
    return [
        Modification(kind="masked", before=shortened(placeholder, value), after=placeholder)
        for placeholder, value in masked.secrets.items()
        if placeholder in masked.texts[0]
    ]


def _removals(hidden: list[str]) -> list[Modification]:
    return [Modification(kind="hidden_characters", before=" ".join(hidden), after="")] if hidden else []


def _signals(record: Input) -> tuple[str, ...]:
    """Look at what was written and at its translation: an attack may read as one in either."""
    found = dict.fromkeys((*injection.signals(record.text or ""), *injection.signals(record.english or "")))
    return tuple(found)
