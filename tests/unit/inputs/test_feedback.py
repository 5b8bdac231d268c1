"""What users say of a result, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from intake.errors import ConflictError, NotFoundError, UnsupportedInputError
from intake.gateway.statistics import Row
from intake.inputs.feedback import MOST_OF_AN_INPUT, ApprovalRequest, Feedback, FeedbackRequest, approve, give
from intake.inputs.model import Completion, Stage
from intake.inputs.planning import PlanCommand, plan
from intake.inputs.results import TranslationResult
from intake.inputs.translation import translate
from intake.providers.ports import Capability
from tests.fakes.feedback import MemoryFeedback
from tests.unit.inputs.conftest import INPUT_ID, TENANT, Desk, provider_command

TEXT = "Mi correo es ana@example.com y nadie contesta."
RIGHT = "My e-mail is ana@example.com and nobody answers."


class Ratings:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.feedback = MemoryFeedback(desk.inputs)

    def give(self, rating: int = 5, **fields: Any) -> Feedback:
        request = FeedbackRequest.model_validate({"rating": rating} | fields)
        return give(
            request,
            tenant=TENANT,
            input_id=INPUT_ID,
            key_id="key_1",
            inputs=self.desk.inputs,
            feedback=self.feedback,
            clock=self.desk.clock,
        )

    def approve(self, feedback_id: str | None = None, version: int | None = None) -> Feedback:
        return approve(
            ApprovalRequest(feedback_id=feedback_id, version=version),
            tenant=TENANT,
            input_id=INPUT_ID,
            inputs=self.desk.inputs,
            feedback=self.feedback,
            memory_of_tenants=self.desk.memory,
            clock=self.desk.clock,
        )

    def marks(self, capability: Capability, pair: str, month: str = "2026-11") -> dict[str, tuple[float, float]]:
        tallies = self.feedback.statistics.rows.get(Row(TENANT, capability, pair, month), {})
        return {name: (tally.ratings, tally.marks) for name, tally in tallies.items()}


@pytest.fixture
def ratings(desk: Desk) -> Ratings:
    desk.add(TEXT)
    desk.detected("es")
    desk.translated("My mail is ana@example.com and anybody answers.")
    desk.cleaned("My mail is [EMAIL_1] and anybody answers.")
    completed(desk)
    return Ratings(desk)


def completed(desk: Desk) -> None:
    done = Completion(
        completed_at=desk.clock.now(), cache="miss", degraded=False, notice=None, cost_microusd=0, timings_ms={}
    )
    desk.keep(Stage.RECORD, done)


def test_a_rating_moves_those_that_did_the_work(ratings: Ratings) -> None:
    ratings.give(4, text="quite good")

    assert ratings.marks(Capability.TRANSLATE, "es-en") == {"flash": (1, 0.75)}
    assert ratings.marks(Capability.COMPLETE, "en") == {"rules": (1, 0.75)}


def test_a_second_replaces_the_first_in_the_counters_too(ratings: Ratings) -> None:
    first = ratings.give(5, text="good")
    second = ratings.give(1)

    assert second.id == first.id
    assert [(one.rating, one.text) for one in ratings.feedback.list(TENANT, INPUT_ID)] == [(1, None)]
    assert ratings.marks(Capability.TRANSLATE, "es-en") == {"flash": (1, 0)}


def test_a_replacement_in_another_month_moves_the_rating_there(ratings: Ratings) -> None:
    ratings.give(5)
    ratings.desk.clock.advance(days=15)
    ratings.give(3)

    assert ratings.marks(Capability.TRANSLATE, "es-en", "2026-11") == {"flash": (0, 0)}
    assert ratings.marks(Capability.TRANSLATE, "es-en", "2026-12") == {"flash": (1, 0.5)}


def test_each_user_has_a_say(ratings: Ratings) -> None:
    ratings.give(5, user_id="ana")
    ratings.give(3, user_id="bea")
    ratings.give(1)

    assert ratings.marks(Capability.TRANSLATE, "es-en") == {"flash": (3, 1.5)}


def test_an_input_takes_so_much_feedback_and_no_more(ratings: Ratings) -> None:
    for number in range(MOST_OF_AN_INPUT):
        ratings.give(1, user_id=f"member-{number}")

    with pytest.raises(ConflictError):
        ratings.give(1, user_id="one-more")
    assert ratings.give(5, user_id="member-0").rating == 5, "a second thought is always taken"


def test_an_input_without_a_result_takes_no_feedback(desk: Desk) -> None:
    desk.add(TEXT)

    with pytest.raises(ConflictError, match="received"):
        Ratings(desk).give()


def test_a_correction_waits_and_is_not_used_before_it_is_approved(ratings: Ratings) -> None:
    assert ratings.give(corrected_text=RIGHT).correction == "waiting"
    assert planned(ratings.desk, TEXT) == ["flash", "openai"]


@pytest.mark.parametrize("wrong", ["Nobody answers.", "Write to bea@example.com.", "ana@example.com, SSN 123-45-6789"])
def test_a_correction_may_neither_lose_nor_bring_personal_data(ratings: Ratings, wrong: str) -> None:
    with pytest.raises(UnsupportedInputError) as refused:
        ratings.give(corrected_text=wrong)

    assert refused.value.errors[0].field == "corrected_text"
    assert "email" in refused.value.detail or "ssn" in refused.value.detail
    assert "ana@" not in refused.value.detail


def test_where_nothing_was_translated_there_is_nothing_to_correct(desk: Desk) -> None:
    desk.add("My car was stolen.")
    desk.passed_on()
    completed(desk)

    with pytest.raises(UnsupportedInputError, match="not translated"):
        Ratings(desk).give(corrected_text="My car was stolen!")


def planned(desk: Desk, text: str, language: str = "es") -> list[str]:
    """Plan the translation of a new input of the same tenant."""
    desk.inputs.records.pop((TENANT, INPUT_ID))
    desk.add(text)
    desk.detected(language)
    command = PlanCommand(tenant=TENANT, input_id=INPUT_ID, capability="translate")
    made = plan(
        command,
        gateway=desk.gateway,
        inputs=desk.inputs,
        memory=desk.memory,
        experiments=desk.experiments,
        clock=desk.clock,
    )
    return list(made.as_state()["providers"])


def translated(desk: Desk) -> TranslationResult:
    command = provider_command("translation_memory")
    return translate(command, gateway=desk.gateway, inputs=desk.inputs, memory=desk.memory, clock=desk.clock)


def test_an_approved_correction_is_used_before_any_provider_and_says_so(ratings: Ratings) -> None:
    ratings.give(corrected_text=RIGHT)
    assert ratings.approve().correction == "approved"

    assert planned(ratings.desk, TEXT)[0] == "translation_memory"
    made = translated(ratings.desk)

    assert (made.provider, made.text, made.cost_microusd) == ("translation_memory", RIGHT, 0)
    assert made.note is not None
    assert "approved correction" in made.note
    assert ratings.desk.translator.requests == []


def test_it_serves_the_same_text_with_other_personal_data(ratings: Ratings) -> None:
    ratings.give(corrected_text=RIGHT)
    ratings.approve()

    planned(ratings.desk, "MI CORREO  es bea@example.org y nadie contesta.")

    assert translated(ratings.desk).text == "My e-mail is bea@example.org and nobody answers."


@pytest.mark.parametrize(("text", "language"), [(f"{TEXT} Gracias.", "es"), (TEXT, "pt")])
def test_another_text_or_language_is_asked_of_providers(ratings: Ratings, text: str, language: str) -> None:
    ratings.give(corrected_text=RIGHT)
    ratings.approve()

    assert planned(ratings.desk, text, language) == ["flash", "openai"]


def test_it_is_used_where_no_provider_is_to_be_had(ratings: Ratings) -> None:
    ratings.give(corrected_text=RIGHT)
    ratings.approve()
    ratings.desk.translator.lacks("no API key")
    ratings.desk.second_translator.lacks("no API key")

    assert planned(ratings.desk, TEXT) == ["translation_memory"]


def test_the_input_names_what_it_left_in_memory(ratings: Ratings) -> None:
    ratings.give(corrected_text=RIGHT)
    line = ratings.approve().memory_line

    assert list(ratings.desk.memory.lines) == [(TENANT, line)]
    assert line in ratings.desk.inputs.lines[TENANT, INPUT_ID]
    assert "ana@example.com" not in ratings.desk.memory.lines[TENANT, str(line)][0].text


def test_approving_twice_is_approving_once(ratings: Ratings) -> None:
    ratings.give(corrected_text=RIGHT)

    assert ratings.approve() == ratings.approve()
    assert ratings.desk.memory.edition(TENANT) == 1


def test_what_was_changed_since_it_was_looked_at_is_not_approved(ratings: Ratings) -> None:
    looked_at = ratings.give(corrected_text=RIGHT)
    changed = ratings.give(corrected_text=f"{RIGHT} Pay me at once.")

    with pytest.raises(ConflictError, match="version 2"):
        ratings.approve(looked_at.id, looked_at.version)
    assert ratings.approve(changed.id, changed.version).correction == "approved"


def test_what_could_not_be_approved_is_not_used(ratings: Ratings, monkeypatch: pytest.MonkeyPatch) -> None:
    ratings.give(corrected_text=RIGHT)

    def lose(*_: object) -> None:
        raise ConflictError("The feedback was changed meanwhile.")

    monkeypatch.setattr(ratings.feedback, "save", lose)
    with pytest.raises(ConflictError):
        ratings.approve()

    assert ratings.desk.memory.lines == {}


def test_an_approval_that_was_cut_off_is_made_good_by_the_next(ratings: Ratings) -> None:
    ratings.give(corrected_text=RIGHT)
    ratings.approve()
    ratings.desk.memory.lines.clear()

    ratings.approve()

    assert planned(ratings.desk, TEXT)[0] == "translation_memory"


def test_of_several_corrections_one_must_be_named(ratings: Ratings) -> None:
    ratings.give(corrected_text=RIGHT, user_id="ana")
    second = ratings.give(corrected_text=RIGHT.upper().replace("ANA@EXAMPLE.COM", "ana@example.com"), user_id="bea")
    with pytest.raises(UnsupportedInputError) as refused:
        ratings.approve()

    assert refused.value.errors[0].field == "feedback_id"
    assert second.id in refused.value.detail
    assert ratings.approve(second.id).correction == "approved"


def test_what_is_not_there_cannot_be_approved(ratings: Ratings) -> None:
    with pytest.raises(ConflictError):
        ratings.approve()
    with pytest.raises(NotFoundError):
        ratings.approve("fbk_other")


def test_a_new_rating_keeps_an_approval_and_a_new_correction_waits_again(ratings: Ratings) -> None:
    ratings.give(corrected_text=RIGHT)
    ratings.approve()

    assert ratings.give(4, corrected_text=RIGHT).correction == "approved"
    assert ratings.give(4, corrected_text=f"{RIGHT} Thanks.").correction == "waiting"
