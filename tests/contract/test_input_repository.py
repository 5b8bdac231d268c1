"""One contract for the table of inputs and for its fake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from intake.errors import ConflictError, FieldError, NotFoundError, UnsupportedInputError
from intake.gateway.outcome import Choice, Route
from intake.inputs.model import Completion, Context, Input, InputError, Stage, Status, Turn
from intake.inputs.repository import InputRepository
from intake.inputs.results import Detection, Failure, Modification, Plan, Sanitization, TranslationResult
from intake.money import Charge
from intake.progress import Entry, Kind
from tests.fakes.clock import FakeClock
from tests.fakes.inputs import MemoryInputs
from tests.fakes.tables import dynamodb_table

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
RECORD = Input(
    tenant="acme",
    id="inp_1",
    created_at=NOW,
    expires_at=NOW + timedelta(days=30),
    declared_language="auto",
    target_language="en",
    received_text="Nadie contesta el teléfono. 😕",
    context=Context(user_id="u-1", history=(Turn(role="agent", text="¿En qué puedo ayudarle?"),)),
    fingerprint="ab" * 32,
)
TRANSLATION = TranslationResult(
    provider="flash",
    model="gemini",
    attempts=2,
    failures=(Failure(provider="openai", error="RateLimitedError"),),
    cost_microusd=12,
    text="Nobody answers the telephone.",
    confidence=None,
    untranslated=(),
)
COMPLETION = Completion(
    completed_at=NOW, cache="miss", degraded=False, notice=None, cost_microusd=0, timings_ms={"total": 1.0}
)
FAILURE = InputError(
    error="UnsupportedInputError",
    detail="Too short.",
    errors=(FieldError(field="source_language", message="Name it."),),
    failed_at=NOW,
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture(params=["memory", "dynamodb"])
def inputs(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> Iterator[InputRepository]:
    if request.param == "memory":
        yield MemoryInputs(clock)
        return
    from intake.storage.interactions import DynamoInputs

    with dynamodb_table(monkeypatch, "interactions") as table:
        yield DynamoInputs(table, clock)


def test_an_input_comes_back_as_it_was_created(inputs: InputRepository) -> None:
    inputs.create(RECORD)

    assert inputs.get("acme", "inp_1") == RECORD


def test_an_input_is_created_once(inputs: InputRepository) -> None:
    inputs.create(RECORD)

    with pytest.raises(ConflictError):
        inputs.create(RECORD.model_copy(update={"received_text": "other"}))

    assert inputs.get("acme", "inp_1") == RECORD


def test_another_tenant_sees_nothing(inputs: InputRepository) -> None:
    inputs.create(RECORD)

    with pytest.raises(NotFoundError):
        inputs.get("other", "inp_1")
    with pytest.raises(NotFoundError):
        inputs.keep("other", "inp_1", Stage.TRANSLATE, TRANSLATION)
    with pytest.raises(NotFoundError):
        inputs.fail("other", "inp_1", FAILURE)
    assert inputs.list("other", limit=10).items == ()


def test_results_of_stages_are_added(inputs: InputRepository) -> None:
    inputs.create(RECORD)
    plan = Plan(
        needed=True,
        reason="flash first: cheap.",
        route=Route(providers=(Choice(provider="flash", reason="cheap"),), passed_over=()),
    )
    detection = Detection(language="es", confidence=0.97, declared=False, notes=("Mixed scripts: Han, Latin.",))
    sanitization = Sanitization(
        provider="rules", text="Nobody answers.", modifications=(Modification(kind="filler", before="um", after=""),)
    )

    inputs.keep("acme", "inp_1", Stage.DETECT_LANGUAGE, detection)
    inputs.keep("acme", "inp_1", Stage.PLAN_TRANSLATION, plan)
    inputs.keep("acme", "inp_1", Stage.TRANSLATE, TRANSLATION)
    inputs.keep("acme", "inp_1", Stage.SANITIZE, sanitization)

    record = inputs.get("acme", "inp_1")
    assert record.status is Status.PROCESSING
    assert (record.detect_language, record.plan_translation) == (detection, plan)
    assert (record.translate, record.sanitize) == (TRANSLATION, sanitization)


def test_the_first_result_of_a_stage_stands(inputs: InputRepository) -> None:
    inputs.create(RECORD)
    inputs.keep("acme", "inp_1", Stage.TRANSLATE, TRANSLATION)

    second = inputs.keep("acme", "inp_1", Stage.TRANSLATE, TRANSLATION.model_copy(update={"text": "other"}))

    assert second == TRANSLATION
    assert inputs.get("acme", "inp_1").translate == TRANSLATION


def test_the_last_stage_completes_the_input(inputs: InputRepository) -> None:
    inputs.create(RECORD)

    inputs.keep("acme", "inp_1", Stage.RECORD, COMPLETION)

    assert inputs.get("acme", "inp_1").status is Status.COMPLETED
    assert inputs.get("acme", "inp_1").record == COMPLETION


def test_a_completed_input_takes_no_more_results(inputs: InputRepository) -> None:
    inputs.create(RECORD)
    inputs.keep("acme", "inp_1", Stage.RECORD, COMPLETION)

    assert inputs.keep("acme", "inp_1", Stage.TRANSLATE, TRANSLATION) == TRANSLATION

    assert inputs.get("acme", "inp_1").translate is None


def test_a_failure_is_kept_with_its_fields(inputs: InputRepository) -> None:
    inputs.create(RECORD)

    inputs.fail("acme", "inp_1", FAILURE)

    assert inputs.get("acme", "inp_1").status is Status.FAILED
    assert inputs.get("acme", "inp_1").failure == FAILURE


def test_a_completed_input_does_not_fail(inputs: InputRepository) -> None:
    inputs.create(RECORD)
    inputs.keep("acme", "inp_1", Stage.RECORD, COMPLETION)

    inputs.fail("acme", "inp_1", FAILURE)

    assert inputs.get("acme", "inp_1").status is Status.COMPLETED


def test_a_failed_input_takes_results_and_is_failed_until_it_is_completed(inputs: InputRepository) -> None:
    inputs.create(RECORD)
    inputs.fail("acme", "inp_1", FAILURE)

    inputs.keep("acme", "inp_1", Stage.TRANSLATE, TRANSLATION)

    assert inputs.get("acme", "inp_1").translate == TRANSLATION
    assert inputs.get("acme", "inp_1").status is Status.FAILED, "the stage may have outlived its run"

    inputs.keep("acme", "inp_1", Stage.RECORD, COMPLETION)
    assert inputs.get("acme", "inp_1").status is Status.COMPLETED


def test_an_input_may_be_created_failed(inputs: InputRepository) -> None:
    failed = RECORD.model_copy(update={"status": Status.FAILED, "failure": FAILURE})

    inputs.create(failed)

    assert inputs.get("acme", "inp_1") == failed


def test_an_expired_input_is_gone(inputs: InputRepository, clock: FakeClock) -> None:
    inputs.create(RECORD)
    clock.advance(days=30)

    with pytest.raises(NotFoundError):
        inputs.get("acme", "inp_1")


def test_lists_run_from_new_to_old_page_by_page(inputs: InputRepository) -> None:
    for minute in range(5):
        created = NOW + timedelta(minutes=minute)
        inputs.create(RECORD.model_copy(update={"id": f"inp_{minute}", "created_at": created}))
    inputs.create(RECORD.model_copy(update={"tenant": "other"}))

    pages, cursor = [], None
    while True:
        page = inputs.list("acme", limit=2, cursor=cursor)
        pages.append([item.id for item in page.items])
        cursor = page.cursor
        if cursor is None:
            break

    assert pages[:2] == [["inp_4", "inp_3"], ["inp_2", "inp_1"]]
    assert [item for page in pages for item in page] == ["inp_4", "inp_3", "inp_2", "inp_1", "inp_0"]


def test_a_line_of_a_list_has_no_text(inputs: InputRepository) -> None:
    inputs.create(RECORD)

    (line,) = inputs.list("acme", limit=10).items

    assert (line.id, line.status, line.created_at) == ("inp_1", Status.RECEIVED, NOW)
    assert (line.language, line.target_language, line.spoken) == ("auto", "en", False)
    assert "Nadie" not in repr(line)


def test_a_charge_of_a_failed_call_is_counted_once(inputs: InputRepository) -> None:
    inputs.create(RECORD)
    for call, cost in (("rsv_1", 40), ("rsv_2", 40), ("rsv_1", 40)):
        inputs.note_charge("acme", RECORD.id, Charge(call=call, microusd=cost))
    inputs.note_charge("acme", "inp_unknown", Charge(call="rsv_3", microusd=1))

    kept = inputs.get("acme", RECORD.id).failed_charges

    assert sorted(kept, key=lambda charge: charge.call) == [
        Charge(call="rsv_1", microusd=40),
        Charge(call="rsv_2", microusd=40),
    ]
    with pytest.raises(NotFoundError):
        inputs.get("acme", "inp_unknown")


def test_a_list_shows_the_language_that_was_found(inputs: InputRepository) -> None:
    inputs.create(RECORD)
    inputs.keep("acme", RECORD.id, Stage.DETECT_LANGUAGE, Detection(language="es-MX", confidence=0.98, declared=False))

    (line,) = inputs.list("acme", limit=10).items

    assert line.language == "es-MX"
    assert inputs.get("acme", RECORD.id).declared_language == "auto"


def test_a_language_that_was_not_found_leaves_the_list_as_it_is(inputs: InputRepository) -> None:
    inputs.create(RECORD)
    inputs.keep("acme", RECORD.id, Stage.DETECT_LANGUAGE, Detection(language=None, confidence=0.4, declared=False))

    assert inputs.list("acme", limit=10).items[0].language == "auto"


@pytest.mark.parametrize("cursor", ["", "x", "bm8gY3Vyc29y", "%%%", "ÿ"])
def test_a_cursor_that_was_never_given_is_refused(inputs: InputRepository, cursor: str) -> None:
    inputs.create(RECORD)

    with pytest.raises(UnsupportedInputError) as refused:
        inputs.list("acme", limit=2, cursor=cursor)

    assert refused.value.errors[0].field == "cursor"


def test_the_vault_is_apart_from_the_input(inputs: InputRepository) -> None:
    inputs.create(RECORD)

    inputs.put_vault("acme", "inp_1", {"[EMAIL_1]": "ana@example.com"}, RECORD.expires_at)

    assert inputs.get_vault("acme", "inp_1") == {"[EMAIL_1]": "ana@example.com"}
    assert inputs.get_vault("other", "inp_1") == {}
    assert inputs.get("acme", "inp_1") == RECORD
    assert len(inputs.list("acme", limit=10).items) == 1


def test_a_vault_that_was_never_filled_is_empty(inputs: InputRepository) -> None:
    assert inputs.get_vault("acme", "inp_1") == {}


def test_progress_grows_by_an_entry_with_every_result_that_is_kept(inputs: InputRepository, clock: FakeClock) -> None:
    inputs.create(RECORD)

    inputs.keep("acme", "inp_1", Stage.TRANSLATE, TRANSLATION)
    inputs.keep("acme", "inp_1", Stage.TRANSLATE, TRANSLATION)
    inputs.keep("acme", "inp_1", Stage.RECORD, COMPLETION)

    progress = inputs.get("acme", "inp_1").progress
    assert [(entry.kind, entry.at) for entry in progress] == [("stage_done", NOW), ("completed", NOW)]


def test_a_failure_is_in_the_progress_once(inputs: InputRepository) -> None:
    inputs.create(RECORD)

    inputs.fail("acme", "inp_1", FAILURE)
    inputs.fail("acme", "inp_1", FAILURE.model_copy(update={"detail": "And again."}))

    found = inputs.get("acme", "inp_1")
    assert [(entry.kind, entry.error) for entry in found.progress] == [("failed", "UnsupportedInputError")]
    assert found.failure is not None
    assert found.failure.detail == "And again."


def test_a_note_is_added_to_the_progress_and_changes_nothing_else(inputs: InputRepository) -> None:
    inputs.create(RECORD)
    entry = Entry(kind=Kind.RETRYING, at=NOW, stage="translate", provider="flash", attempt=1, error="TransientError")

    inputs.note("acme", "inp_1", entry)

    assert inputs.get("acme", "inp_1") == RECORD.model_copy(update={"progress": (entry,)})
    with pytest.raises(NotFoundError):
        inputs.note("other", "inp_1", entry)


def test_the_progress_of_an_input_that_was_turned_down_at_once_is_kept(inputs: InputRepository) -> None:
    entry = Entry(kind=Kind.FAILED, at=NOW, error="UnsupportedInputError")
    turned_down = RECORD.model_copy(update={"status": Status.FAILED, "failure": FAILURE, "progress": (entry,)})

    inputs.create(turned_down)

    assert inputs.get("acme", "inp_1") == turned_down
