"""The common phrases of the insurance business: what members of any insurer say, written for Intake."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from intake.phrases.model import Phrase


@cache
def common_phrases() -> tuple[Phrase, ...]:
    """Return the list that comes with Intake, ``common.json`` beside this file."""
    listed = json.loads(files(__package__).joinpath("common.json").read_text(encoding="utf-8"))
    return tuple(Phrase.model_validate(phrase) for phrase in listed["phrases"])
