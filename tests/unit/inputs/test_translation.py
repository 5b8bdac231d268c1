"""Stage Translate."""

from __future__ import annotations

import pytest

from intake.errors import ConflictError, ProviderRefusedError, RateLimitedError, TransientError
from intake.inputs.presentation import cost_microusd
from intake.inputs.results import Failure, TranslationResult
from intake.inputs.translation import translate
from intake.money import Usage
from tests.unit.inputs.conftest import TENANT, Desk, provider_command


def run(desk: Desk, provider: str = "flash", *failed: tuple[str, str]) -> TranslationResult:
    command = provider_command(provider, *failed)
    return translate(command, gateway=desk.gateway, inputs=desk.inputs, memory=desk.memory, clock=desk.clock)


def test_the_translation_is_kept_with_who_made_it(desk: Desk) -> None:
    desk.add()
    desk.detected("es-MX")
    desk.will_translate("Does the policy cover theft? Nobody has answered since March 3.", confidence=0.9)

    run(desk)

    kept = desk.record.translate
    assert kept is not None
    assert kept.text == "Does the policy cover theft? Nobody has answered since March 3."
    assert (kept.provider, kept.attempts, kept.fallback_reason, kept.confidence) == ("flash", 1, None, 0.9)
    assert kept.cost_microusd > 0


def test_a_fallback_says_which_providers_failed(desk: Desk) -> None:
    desk.add()
    desk.detected()

    made = run(desk, "openai", ("flash", "RateLimitedError"))

    assert (made.provider, made.attempts) == ("openai", 2)
    assert made.failures == (Failure(provider="flash", error="RateLimitedError"),)
    assert made.fallback_reason == "flash: RateLimitedError"


def test_running_twice_charges_once(desk: Desk) -> None:
    desk.add()
    desk.detected()
    first = run(desk)

    assert run(desk) == first
    assert desk.translator.calls == 1


def test_personal_data_stays_here_and_comes_back(desk: Desk) -> None:
    desk.add("Escríbame a ana@example.com o llame al 555-123-4567.")
    desk.detected()
    desk.will_translate("Write to me at [EMAIL_1] or call [PHONE_1].")

    made = run(desk)

    assert made.text == "Write to me at ana@example.com or call 555-123-4567."
    assert desk.translator.requests[0].text == "Escríbame a [EMAIL_1] o llame al [PHONE_1]."


def test_an_answer_without_the_placeholder_is_refused(desk: Desk) -> None:
    desk.add("Escríbame a ana@example.com, por favor.")
    desk.detected()
    desk.will_translate("Write to me, please.")

    with pytest.raises(ProviderRefusedError):
        run(desk)

    assert desk.record.translate is None


def test_an_empty_answer_is_refused(desk: Desk) -> None:
    desk.add()
    desk.detected()
    desk.will_translate(" ")

    with pytest.raises(ProviderRefusedError):
        run(desk)


def test_a_failing_provider_leaves_nothing(desk: Desk) -> None:
    desk.add()
    desk.detected()
    desk.translator.will(RateLimitedError("slow down"))

    with pytest.raises(RateLimitedError):
        run(desk)

    assert desk.record.translate is None


def test_a_text_whose_language_is_not_known_yet_is_not_translated(desk: Desk) -> None:
    desk.add()

    with pytest.raises(ConflictError):
        run(desk)


def test_the_state_gets_no_text(desk: Desk) -> None:
    desk.add()
    desk.detected()
    desk.will_translate("Nobody answers.")

    assert "answers" not in str(run(desk).as_state())


def test_what_failed_calls_were_billed_is_part_of_the_cost(desk: Desk) -> None:
    desk.add()
    desk.detected()
    billed = Usage(input_tokens=1000, output_tokens=500)
    desk.translator.will(TransientError("truncated", billed=billed), TransientError("truncated", billed=billed))
    for _ in range(2):
        with pytest.raises(TransientError):
            run(desk)

    answer = run(desk)

    ledger = desk.bench.ledger.balance(TENANT, "flash", desk.clock.now()).spent_microusd
    assert answer.cost_microusd > 0
    assert cost_microusd(desk.record) == ledger == 3 * answer.cost_microusd


def test_an_answer_that_is_refused_is_part_of_the_cost(desk: Desk) -> None:
    desk.add("Escríbame a ana@example.com.")
    desk.detected()
    desk.will_translate("Write to me.")
    with pytest.raises(ProviderRefusedError):
        run(desk)

    ledger = desk.bench.ledger.balance(TENANT, "flash", desk.clock.now()).spent_microusd
    assert cost_microusd(desk.record) == ledger > 0


def test_a_call_that_was_not_billed_costs_nothing(desk: Desk) -> None:
    desk.add()
    desk.detected()
    desk.translator.will(RateLimitedError("slow down"))
    with pytest.raises(RateLimitedError):
        run(desk)

    assert desk.record.failed_charges == ()
