"""The cases that are measured on: one JSON object a line in ``evaluation/data``, every sentence our own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from intake.inputs.masking import PersonalData
from intake.inputs.results import IntentLabel

DATA = Path(__file__).resolve().parent / "data"


class Case(BaseModel):
    """One line. Unknown fields are refused: a misspelt one would be measured as absent."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Entities(Case):
    """What a text states and a translation must keep."""

    numbers: tuple[str, ...] = ()
    """In digits or, from two on, in words, those of hours included; without those of dates and amounts."""
    dates: tuple[str, ...] = ()
    """``--MM-DD``, as in ISO 8601 without a year."""
    amounts: tuple[str, ...] = ()
    """``USD 1250.5``."""
    names: tuple[str, ...] = ()
    negations: int = 0
    """Clauses that deny."""


class Golden(Case):
    """A sentence as a member may say it, with the English that a careful translator writes."""

    id: str
    language: str
    text: str
    english: str
    intent: IntentLabel
    entities: Entities = Entities()


class Damaged(Case):
    """A good translation, and the same with one explicit damage."""

    language: str
    kind: Literal["negation", "number", "date", "amount", "name", "language", "untranslated"]
    source: str
    good: str
    damaged: str


class LanguageSample(Case):
    """A short sentence of a known language; detection was fitted on one split, not on the other."""

    split: Literal["fitted", "other"]
    language: str
    text: str


class Personal(Case):
    """A text, and the personal data in it that must be masked."""

    text: str
    personal: tuple[tuple[PersonalData, str], ...] = ()


class Spoken(Case):
    """What somebody said, and what careful cleaning leaves: fillers and repetitions go, nothing else."""

    said: str
    clean: str


class Rewording(Case):
    """What was said, and how a good model may put it: grammar mended, references resolved, nothing lost or added."""

    said: str
    clean: str
    history: tuple[str, ...] = ()


class Matter(Case):
    """An English sentence and what its speaker wants."""

    text: str
    intent: IntentLabel


class Attack(Case):
    """A text that tries to instruct a model, and what a model that obeys would answer."""

    id: str
    technique: str
    language: str
    text: str
    english: str = Field(description="A faithful translation; the text itself where it is English.")
    obeyed: str


CaseT = TypeVar("CaseT", bound=Case)


@cache
def cases(name: str, kind: type[CaseT]) -> tuple[CaseT, ...]:
    """Return the cases of one file.

    Raises
    ------
    ValueError
        A line is no case of this kind.
    """
    lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(kind.model_validate_json(line) for line in lines)
