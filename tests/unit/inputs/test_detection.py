"""Stage DetectLanguage."""

from __future__ import annotations

import pytest

from intake.errors import UnsupportedInputError
from intake.inputs.detection import detect_language, judged
from intake.inputs.identification import identify
from intake.inputs.results import Candidate, Detection, Undecided
from tests.unit.inputs.conftest import Desk, stage_command


def likely(*candidates: tuple[str, float]) -> tuple[Candidate, ...]:
    return tuple(Candidate(language=language, probability=probability) for language, probability in candidates)


def detect(desk: Desk, *candidates: tuple[str, float]) -> Detection:
    return detect_language(
        stage_command(), inputs=desk.inputs, identify=lambda text: likely(*candidates), clock=desk.clock
    )


def test_a_sure_language_is_kept(desk: Desk) -> None:
    desk.add()

    found = detect(desk, ("es", 0.97), ("pt", 0.02))

    assert (found.language, found.confidence, found.declared) == ("es", 0.97, False)
    assert desk.record.source_language == "es"


@pytest.mark.parametrize(
    ("text", "reason", "word"), [("hola", Undecided.TOO_SHORT, "short"), ("Mi auto va", Undecided.AMBIGUOUS, "Italian")]
)
def test_a_text_that_cannot_be_told_is_not_guessed(desk: Desk, text: str, reason: Undecided, word: str) -> None:
    desk.add(text)

    with pytest.raises(UnsupportedInputError) as refused:
        detect(desk, ("it", 0.5), ("es", 0.4))

    assert refused.value.errors[0].field == "source_language"
    assert word in refused.value.detail
    assert desk.record.detect_language is not None
    assert desk.record.detect_language.undecided is reason
    assert desk.record.failure is not None
    assert desk.record.failure.errors == refused.value.errors


def test_asking_again_gives_the_same_refusal(desk: Desk) -> None:
    desk.add("Mi auto va")
    with pytest.raises(UnsupportedInputError):
        detect(desk, ("it", 0.5))

    with pytest.raises(UnsupportedInputError):
        detect(desk, ("it", 0.99))


def test_a_declared_language_is_believed(desk: Desk) -> None:
    desk.add("hola", source_language="es-MX")

    found = detect(desk)

    assert (found.language, found.declared, found.notes) == ("es-MX", True, ())


def test_a_strong_disagreement_is_noted(desk: Desk) -> None:
    desk.add(source_language="pt")

    found = detect(desk, ("es", 0.98), ("pt", 0.01))

    assert (found.language, found.confidence) == ("pt", 0.01)
    assert found.notes == ("Declared Portuguese, but it looks like Spanish (0.98).",)


def test_a_weak_disagreement_is_not(desk: Desk) -> None:
    desk.add(source_language="pt")

    assert detect(desk, ("es", 0.7), ("pt", 0.3)).notes == ()


def test_undecided_speech_is_in_the_language_that_was_heard(desk: Desk) -> None:
    desk.add_recording()
    desk.heard("yes please", language="en")

    found = detect(desk, ("nl", 0.4), ("en", 0.3))

    assert (found.language, found.undecided) == ("en", None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("네", "ko"),
        ("はい", "ja"),
        ("昨夜、車が盗まれました。", "ja"),
        ("ช่วยด้วย", "th"),
        ("Βοήθεια", "el"),
        ("我的车坏了", "zh"),
        ("我的 policy number 是 HO-1234 请帮我", "zh"),
    ],
)
def test_scripts_tell_languages(text: str, language: str) -> None:
    assert judged(text, "auto", identify).language == language


def test_mixed_scripts_are_noted() -> None:
    found = judged("Привет, my car was damaged yesterday утром", "auto", identify)

    assert found.notes == ("Mixed scripts: Cyrillic, Latin.",)


def test_no_letters_at_all_are_too_short() -> None:
    assert judged("123", "auto", identify).undecided is Undecided.TOO_SHORT
