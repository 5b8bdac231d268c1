"""How hard a text is to get right: the longer it is and the more facts and denials it holds, the more can go wrong."""

from __future__ import annotations

from intake.inputs import facts
from intake.inputs.negation import negated_clauses

_LONG = 1_200
"""Characters."""
_MANY_FACTS = 8
_MANY_DENIALS = 3


def complexity(text: str, language: str) -> float:
    """Rate a text from 0, a greeting, to 1. What cannot be counted in a language counts nothing."""
    stated = facts.numbers(text).total() + facts.dates(text).total() + facts.names(text).total()
    denied = negated_clauses(text, language) or 0
    return round(
        0.4 * min(1.0, len(text) / _LONG)
        + 0.35 * min(1.0, stated / _MANY_FACTS)
        + 0.25 * min(1.0, denied / _MANY_DENIALS),
        3,
    )
