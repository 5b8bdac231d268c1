"""The booklet, and the way of a whole document with the engines that ship with Intake."""

from __future__ import annotations

import pytest

from intake.documents.search import SearchQuery, search
from intake.documents.validation import ValidateCommand, validate
from intake.errors import DocumentRejectedError
from intake.providers.embedded.lexical_hash import LexicalHash
from intake.providers.embedded.pdfium import Pdfium, inspect_pdf
from intake.providers.embedded.plain_text import PlainText
from intake.providers.ports import AnyProvider
from intake.settings import ProviderMode
from samples.booklet import Booklet, make_booklet
from samples.letters import SPANISH_LETTER
from tests.fakes.providers import GatewayBench
from tests.unit.documents.bench import TENANT, Bench


@pytest.fixture(scope="module")
def booklet() -> Booklet:
    return make_booklet()


def test_the_booklet_has_twelve_pages_and_the_same_bytes_every_time(booklet: Booklet) -> None:
    assert booklet.pages == inspect_pdf(booklet.pdf).pages == 12
    assert make_booklet().pdf == booklet.pdf
    assert {question.page for question in booklet.questions} == set(range(2, 13))


@pytest.mark.parametrize("pages", [1, 5, 40])
def test_a_booklet_has_as_many_pages_as_were_asked_for(pages: int) -> None:
    made = make_booklet(pages)

    assert inspect_pdf(made.pdf).pages == pages
    assert all(question.page <= pages for question in made.questions)


@pytest.mark.parametrize("pages", [0, 501])
def test_a_booklet_out_of_bounds_is_refused(pages: int) -> None:
    with pytest.raises(ValueError, match="1 to 500"):
        make_booklet(pages)


class EmbeddedBench(Bench):
    """The stages with real engines instead of scripted ones."""

    def __init__(self) -> None:
        super().__init__()
        engines: list[AnyProvider] = [Pdfium(), PlainText(), LexicalHash()]
        self.engines = GatewayBench(engines, mode=ProviderMode.EMBEDDED).gateway

    def process(self, filename: str, body: bytes) -> str:
        self.gateway = self.engines  # type: ignore[assignment]
        event: ValidateCommand = self.drop(filename, body)
        validate(
            event,
            documents=self.documents,
            files=self.files,
            inspect_pdf=inspect_pdf,
            events=self.events,
            clock=self.clock,
        )
        [document] = [item for item in self.documents.records.values() if item.filename == filename]
        command = self.command(document.id)
        [parser] = self.plan(command)["providers"]
        self.parse(command, parser)
        self.judge(command, parser)
        plan = self.chunk(command)
        for batch in plan["batches"]:
            self.embed(command, batch, plan["providers"][0])
        self.index(command)
        self.finish(command)
        return document.id


@pytest.fixture(scope="module")
def library(booklet: Booklet) -> EmbeddedBench:
    made = EmbeddedBench()
    made.process("booklet.pdf", booklet.pdf)
    made.process("carta.txt", SPANISH_LETTER.encode())
    return made


def pages_found(library: EmbeddedBench, query: str, mode: str) -> list[tuple[str, int]]:
    answer = search(
        SearchQuery.model_validate({"query": query, "mode": mode, "top_k": 3}),
        tenant=TENANT,
        vectors=library.vectors,
        gateway=library.engines,
        clock=library.clock,
    )
    return [(result.filename, result.page) for result in answer.results]


@pytest.mark.parametrize(("mode", "least"), [("hybrid", 0.9), ("text", 0.9), ("vector", 0.85)])
def test_questions_find_their_page_of_the_booklet(
    library: EmbeddedBench, booklet: Booklet, mode: str, least: float
) -> None:
    firsts = [
        pages_found(library, question.text, mode)[:1] == [("booklet.pdf", question.page)]
        for question in booklet.questions
    ]

    assert sum(firsts) / len(firsts) >= least


def test_a_spanish_question_finds_the_spanish_letter(library: EmbeddedBench) -> None:
    assert pages_found(library, "¿Cubre el plan las sesiones de fisioterapia?", "hybrid")[0] == ("carta.txt", 1)


def test_a_booklet_that_was_cut_off_is_rejected(booklet: Booklet) -> None:
    with pytest.raises(DocumentRejectedError) as caught:
        inspect_pdf(booklet.pdf[: len(booklet.pdf) // 2])

    assert caught.value.code == "damaged"
