"""Intent and urgency of English texts, machine-translated ones included."""

from __future__ import annotations

import pytest

from intake.inputs.intent import intent_of
from intake.inputs.results import IntentLabel, Urgency


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I want to file a claim for the damage to my kitchen.", "claim"),
        ("Someone hit my car in the parking lot.", "claim"),
        ("I want to present a claim by the harms caused by the water in my cookery.", "claim"),
        ("Does my policy cover the theft of a bicycle?", "coverage"),
        ("What is my deductible for out-of-network doctors?", "coverage"),
        ("Which are the dental benefits of my plan?", "benefits"),
        ("How do I enroll my daughter in the health plan?", "benefits"),
        ("They charged me twice the premium in October.", "billing"),
        ("I want a refund of the late fee on my bill.", "billing"),
        ("This is unacceptable, nobody answers my calls.", "complaint"),
        ("I spend three weeks expecting and anybody answers my calls.", "complaint"),
        ("I need to reschedule my appointment for Thursday.", "appointment"),
        ("It wanted to change my date with the doctor, an appointment on Thursday.", "appointment"),
        ("There is a fire in my house and my mother can not breathe.", "emergency"),
        ("My father is unconscious, call 911!", "emergency"),
        ("Thank you very much, goodbye.", "other"),
    ],
)
def test_what_a_member_wants(text: str, label: str) -> None:
    assert intent_of(text).label == IntentLabel(label)


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("There is a gas leak in my house!", Urgency.EMERGENCY),
        ("Please pay my claim as soon as possible.", Urgency.HIGH),
        ("My son is in the hospital, is he covered?", Urgency.HIGH),
        ("I would like to know my deductible.", Urgency.NORMAL),
        ("No hurry, I am just curious about my benefits.", Urgency.LOW),
    ],
)
def test_how_urgent_it_is(text: str, urgency: Urgency) -> None:
    assert intent_of(text).urgency is urgency


@pytest.mark.parametrize(
    "text", ["I want to claim the bill of the emergency room.", "Two years ago I had a heart attack; is that covered?"]
)
def test_an_emergency_of_the_past_is_none(text: str) -> None:
    assert intent_of(text).label is not IntentLabel.EMERGENCY


def test_a_present_emergency_beats_every_other_matter() -> None:
    intent = intent_of("I have a claim about my bill and coverage, but now my house is on fire!")

    assert (intent.label, intent.urgency) == (IntentLabel.EMERGENCY, Urgency.EMERGENCY)
    assert intent.clarifying_question is None


def test_two_matters_lead_to_one_question() -> None:
    question = intent_of("I have a question about my claim and my bill.").clarifying_question

    assert question == "Would you like to report a loss or ask about a claim, or to settle a bill or a payment?"


def test_no_matter_leads_to_an_open_question() -> None:
    assert "What can we help you with" in (intent_of("Hello there").clarifying_question or "")


def test_a_clear_matter_leads_to_none() -> None:
    assert intent_of("I want to file a claim, my car was stolen.").clarifying_question is None


@pytest.mark.parametrize(
    "text",
    [
        "Is a flu shot covered?",
        "My claim is stuck in review and it is not moving.",
        "The ceiling collapsed in the kitchen.",
        "I can't get out of this contract.",
        "You don't respond to my letters.",
        "How much is the ambulance bill?",
    ],
)
def test_words_of_emergencies_may_be_harmless(text: str) -> None:
    assert intent_of(text).label is not IntentLabel.EMERGENCY
