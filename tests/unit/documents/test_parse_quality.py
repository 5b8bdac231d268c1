from __future__ import annotations

import pytest

from intake.documents.files import PageText
from intake.documents.model import Status
from intake.documents.parse_quality import measure
from intake.errors import NotFoundError, TransientError
from tests.unit.documents.bench import Bench, pages

GOOD = "The plan pays for two cleanings a year, and for fillings after the deductible."


def shortcomings(*texts: str, has_own_pages: bool = True) -> str:
    measured = measure([PageText(number=n, text=text) for n, text in enumerate(texts, 1)], has_own_pages=has_own_pages)
    return "; ".join(measured.shortcomings)


@pytest.mark.parametrize(
    "texts",
    [
        (GOOD,),
        (GOOD, "", GOOD),
        ("El plan cubre las radiografías, la fisioterapia y la otorrinolaringología.",),
        (
            "保険契約者は、事故の発生を遅滞なく当会社に通知しなければなりません。これを怠ったときは保険金を支払わないことがあります。",
        ),
        ("$1,500 | $4,500 | 20% | 45% | $25 | $50",),
    ],
)
def test_real_text_is_good_enough(texts: tuple[str, ...]) -> None:
    assert shortcomings(*texts) == ""


def test_nothing_is_said_to_be_nothing() -> None:
    assert shortcomings("", "") == "no text was found on any page"


def test_a_scan_with_page_numbers_is_not_a_text() -> None:
    assert "33% of the pages" in shortcomings("1", "2", GOOD)


def test_glued_words_are_noticed() -> None:
    assert "glued" in shortcomings(
        "Theplanpaysfortwocleaningsayearandforfillings after thedeductibleofyourowncontract."
    )


def test_unreadable_characters_are_noticed() -> None:
    assert "unreadable" in shortcomings("The plan \ue001\ue002\ue003\ue004\ue005 pays \ufffd\ufffd\ufffd for it all.")


def test_a_short_note_is_a_whole_text() -> None:
    assert shortcomings("Call me back.", has_own_pages=False) == ""


def test_good_text_is_accepted(bench: Bench) -> None:
    command = bench.validated()
    bench.parse(command)

    assert bench.judge(command) == {"outcome": "accepted", "provider": "pdfium", "reasons": []}
    assert bench.get(command).status is Status.PARSE_VALIDATED


def test_text_below_the_bar_asks_for_the_next_parser(bench: Bench) -> None:
    bench.gateway.answers |= {"pdfium": [pages("1", "2", "")], "tesseract": [pages(GOOD, GOOD, GOOD)]}
    command = bench.validated()
    bench.parse(command)

    assert bench.judge(command)["outcome"] == "below_the_bar"
    bench.parse(command, "tesseract")

    assert bench.judge(command, "tesseract")["outcome"] == "accepted"
    assert bench.get(command).parser == "tesseract"


def test_the_best_of_poor_texts_is_accepted_with_a_notice_when_none_is_left(bench: Bench) -> None:
    bench.gateway.answers |= {"pdfium": [pages(GOOD, "", "", "")], "tesseract": [pages("I l", "", "", "")]}
    command = bench.validated()
    bench.parse(command)
    bench.judge(command)
    bench.parse(command, "tesseract")

    state = bench.judge(command, "tesseract", is_last=True)

    stored = bench.get(command)
    assert (state["outcome"], state["provider"], stored.parser) == ("accepted", "pdfium", "pdfium")
    assert stored.notices == ("Read this text with care: only 25% of the pages have text.",)


def test_a_poor_text_stands_when_the_next_parser_fails(bench: Bench) -> None:
    bench.gateway.answers |= {"pdfium": [pages(GOOD, "", "")], "tesseract": [TransientError("crashed")]}
    command = bench.validated()
    bench.parse(command)
    bench.judge(command)
    with pytest.raises(TransientError):
        bench.parse(command, "tesseract")

    assert bench.judge(command, "pdfium", is_last=True)["outcome"] == "accepted"
    assert bench.get(command).status is Status.PARSE_VALIDATED


def test_a_document_without_any_text_is_rejected_when_no_parser_is_left(bench: Bench) -> None:
    bench.gateway.answers["pdfium"] = [pages("", "")]
    command = bench.validated()
    bench.parse(command)

    assert bench.judge(command, is_last=True)["outcome"] == "rejected"
    assert bench.judge(command, is_last=True)["outcome"] == "rejected", "a run that comes twice"

    stored = bench.get(command)
    assert stored.status is Status.REJECTED
    assert stored.error is not None
    assert stored.error.code == "no_text"


def test_judging_twice_gives_the_same_answer(bench: Bench) -> None:
    command = bench.validated()
    bench.parse(command)
    bench.judge(command)
    version = bench.get(command).version

    assert bench.judge(command)["outcome"] == "accepted"
    assert bench.get(command).version == version


def test_what_was_not_parsed_cannot_be_judged(bench: Bench) -> None:
    command = bench.validated()

    with pytest.raises(NotFoundError):
        bench.judge(command)
