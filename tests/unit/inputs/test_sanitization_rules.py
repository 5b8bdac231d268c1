"""The rule twin of Sanitize."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.inputs.negation import negated_clauses
from intake.inputs.preservation import what_changed
from intake.inputs.sanitization_rules import sanitize_by_rules


@pytest.mark.parametrize(
    ("said", "clean"),
    [
        ("Um, hello, I I want to, uh, file a claim!!", "Hello, I want to file a claim!"),
        ("My car, you know, was hit.", "My car, was hit."),
        ("I want to I want to cancel.", "I want to cancel."),
        ("The  roof\tleaks .", "The roof leaks."),
        ("Well, it broke yesterday.", "It broke yesterday."),
        ("uh my name is Ana", "my name is Ana"),
        ("The the pipe burst??", "The pipe burst?"),
    ],
)
def test_fillers_and_repetitions_go(said: str, clean: str) -> None:
    assert sanitize_by_rules({"text": said})["text"] == clean


@pytest.mark.parametrize(
    "said",
    [
        "I like your service, you know what I mean.",
        "He had had that that day.",
        "five five five one two",
        "No no, do not call.",
        "I am doing well.",
        "It was very very bad.",
        "call 555 um 123",
        "um",
        "Sort of blue.",
    ],
)
def test_what_may_mean_something_stays(said: str) -> None:
    assert sanitize_by_rules({"text": said})["text"] == said


def test_every_modification_is_told() -> None:
    answer = sanitize_by_rules({"text": "Um, I I paid  twice!!"})

    assert answer["modifications"] == [
        {"kind": "whitespace", "before": "  ", "after": " "},
        {"kind": "filler", "before": "Um,", "after": ""},
        {"kind": "repetition", "before": "I I", "after": "I"},
        {"kind": "punctuation", "before": "!!", "after": "!"},
    ]


SCRAPS = [
    *("um", "uh,", "you know,", "well,", "I", "the", "the", "no", "not", "never", "nobody", "called", "two"),
    *("$1,250.50", "3", "555", "March 3", "Ana", "[EMAIL_1]", ",", "!", "!!", ".", "\n", "  "),
]
SPOKEN = st.lists(st.one_of(st.sampled_from(SCRAPS), st.text(max_size=6)), min_size=1, max_size=25).map(" ".join)


@given(SPOKEN)
def test_no_fact_is_ever_lost(said: str) -> None:
    clean = sanitize_by_rules({"text": said})["text"]

    assert what_changed(said, clean) == []
    assert re.findall(r"\d", clean) == re.findall(r"\d", said)
    assert negated_clauses(clean, "en", ignoring_answers=True) == negated_clauses(said, "en", ignoring_answers=True)


@given(SPOKEN)
def test_nothing_is_added(said: str) -> None:
    clean = sanitize_by_rules({"text": said})["text"]

    assert set(re.findall(r"\w+", clean.casefold())) <= set(re.findall(r"\w+", said.casefold()))
