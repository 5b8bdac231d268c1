"""A benefits booklet as insurers print them: headings, tables, lists, numbered pages; the same bytes every time."""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samples.booklet_text import PAGES, PLAN, Page, Section, Table

DEFAULT_PAGES = len(PAGES)
MAX_PAGES = 500

_REGIONS = ("North Shore", "Valley", "Lake District", "Old Harbor", "Pine Hills", "West Plains", "Delta", "Islands")
_SERVICES = (
    "Office visit",
    "Blood panel",
    "Chest X-ray",
    "Knee MRI",
    "Colonoscopy",
    "Cataract surgery",
    "Hip replacement",
)


@dataclass(frozen=True)
class Question:
    """A question, and the page of the booklet that answers it, counted from 1."""

    text: str
    page: int


@dataclass(frozen=True)
class Booklet:
    """A PDF, and what can be asked of it."""

    pdf: bytes
    pages: int
    questions: tuple[Question, ...]
    filename: str = "harborview-gold-benefits-2026.pdf"


def make_booklet(pages: int = DEFAULT_PAGES) -> Booklet:
    """Make a booklet of 1 to 500 pages; after the twelve of the text come appendices with allowances by region.

    Raises
    ------
    ValueError
        The number of pages is out of range.
    """
    if not 1 <= pages <= MAX_PAGES:
        raise ValueError(f"a booklet has 1 to {MAX_PAGES} pages")
    content = [*PAGES[:pages], *(_appendix(number) for number in range(1, pages - len(PAGES) + 1))]
    questions = tuple(Question(text, number) for number, page in enumerate(content, start=1) for text in page.questions)
    return Booklet(pdf=_render(content), pages=pages, questions=questions)


def _appendix(number: int) -> Page:
    """Make an appendix page whose numbers and region occur nowhere else."""
    region = f"{_REGIONS[number % len(_REGIONS)]} {100 + number}"
    rows = tuple(
        (service, f"${(place + 1) * 130 + number * 7:,}", f"${(place + 1) * 91 + number * 5:,}")
        for place, service in enumerate(_SERVICES)
    )
    return Page(
        f"Appendix {number}: allowances in region {region}",
        (
            Section(
                f"Region {region}",
                (
                    f"In region {region} the plan recognises these amounts for doctors outside the network. They are "
                    "reviewed every year in March and hold for services from 1 January to 31 December.",
                    Table((("Service", "Allowed amount", "Plan pays"), *rows)),
                    f"Members in region {region} may ask for a review of an allowance within 45 days of the bill.",
                ),
            ),
        ),
        (f"What are the allowances in region {region}?",),
    )


def _render(content: list[Page]) -> bytes:
    from reportlab.lib.pagesizes import LETTER
    from reportlab.platypus import SimpleDocTemplate

    output = io.BytesIO()
    document = SimpleDocTemplate(
        output,
        pagesize=LETTER,
        leftMargin=64,
        rightMargin=64,
        topMargin=60,
        bottomMargin=60,
        title=f"{PLAN}: Benefits Booklet 2026",
        author="Harborview Health",
        invariant=1,  # no time of making in the file
    )
    document.build(list(_story(content)), onFirstPage=_footer, onLaterPages=_footer)
    if document.page != len(content):
        raise AssertionError(f"the booklet has {document.page} pages instead of {len(content)}: a page overflowed")
    return output.getvalue()


def _footer(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(64, 36, f"{PLAN} Benefits Booklet 2026")
    canvas.drawRightString(document.pagesize[0] - 64, 36, f"Page {document.page}")


def _story(content: list[Page]) -> Iterator[Any]:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph

    styles = getSampleStyleSheet()
    styles["Normal"].leading = 14
    styles["Normal"].spaceAfter = 6
    for number, page in enumerate(content):
        if number:
            yield PageBreak()
        yield Paragraph(page.title, styles["Heading1"])
        for section in page.sections:
            yield Paragraph(section.heading, styles["Heading2"])
            for block in section.blocks:
                yield from _block(block, styles)


def _block(block: str | tuple[str, ...] | Table, styles: Any) -> Iterator[Any]:
    from reportlab.platypus import ListFlowable, ListItem, Paragraph, Spacer

    if isinstance(block, Table):
        yield _table(block)
        yield Spacer(0, 8)
    elif isinstance(block, tuple):
        yield ListFlowable(
            [ListItem(Paragraph(item, styles["Normal"])) for item in block], bulletType="bullet", start="•"
        )
    else:
        yield Paragraph(block, styles["Normal"])


def _table(table: Table) -> Any:
    from reportlab.lib.colors import grey, lightgrey
    from reportlab.platypus import Table as Grid
    from reportlab.platypus import TableStyle

    style = TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, grey),
            ("BACKGROUND", (0, 0), (-1, 0), lightgrey),
            ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9),
            ("FONT", (0, 1), (-1, -1), "Helvetica", 9),
        ]
    )
    return Grid([list(row) for row in table.rows], style=style, hAlign="LEFT")


def main() -> None:
    """Write a booklet to a file: ``python -m samples.booklet booklet.pdf --pages 12``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--pages", type=int, default=DEFAULT_PAGES)
    arguments = parser.parse_args()
    arguments.path.write_bytes(make_booklet(arguments.pages).pdf)


if __name__ == "__main__":
    main()
