"""What the member wants: the rules on English, on reference translations and on other sentences."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.cases import Golden, Matter, cases
from evaluation.report import Figure, Table, share
from intake.inputs.intent import intent_of
from intake.inputs.results import IntentLabel

ACCURACY_TARGET = 90.0
EMERGENCY_TARGET = 95.0

Labelled = tuple[str, IntentLabel]


def measure() -> list[Table]:
    """Measure the golden set and the first sentences, which the rules were improved on, and the second ones."""
    golden = [(case.english, case.intent) for case in cases("golden", Golden)]
    return [
        table("intent, references of the golden set", golden),
        table("intent, other sentences", matters("matters")),
        table("intent, sentences that only emergencies were mended on", matters("matters_second")),
    ]


def matters(name: str) -> list[Labelled]:
    """Return the sentences of one file with their intents."""
    return [(case.text, case.intent) for case in cases(name, Matter)]


def table(title: str, labelled: Sequence[Labelled]) -> Table:
    """Return accuracy, and how many emergencies are seen: the one kind whose miss does harm."""
    guesses = [(text, label, intent_of(text).label) for text, label in labelled]
    wrong = [(text, label, found) for text, label, found in guesses if label != found]
    emergencies = [found for _text, label, found in guesses if label is IntentLabel.EMERGENCY]
    seen = emergencies.count(IntentLabel.EMERGENCY)
    false = sum(1 for _text, _label, found in wrong if found is IntentLabel.EMERGENCY)
    return Table(
        title,
        (
            Figure(
                "accuracy", share(len(guesses) - len(wrong), len(guesses)), size=len(guesses), target=ACCURACY_TARGET
            ),
            Figure("emergencies seen", share(seen, len(emergencies)), size=len(emergencies), target=EMERGENCY_TARGET),
            Figure("taken for an emergency", share(false, len(guesses) - len(emergencies)), size=len(guesses)),
        ),
        tuple(f"{label} taken for {found}: {text}" for text, label, found in wrong),
    )
