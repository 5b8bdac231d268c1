"""Which language a text may be in, with probabilities that were measured, by the py3langid model."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from intake.inputs.languages import LANGUAGES
from intake.inputs.model import Candidate

# Fitted on 100 sentences in 20 languages and their first two and three words (tests/unit/inputs/test_detection.py):
# the model alone is too unsure of itself, by 0.13 on average; with this, by 0.03.
TEMPERATURE = 0.5
_SHOWN = 3


def identify(text: str) -> tuple[Candidate, ...]:
    """Return the likeliest of the configured languages, best first."""
    return tuple(
        Candidate(language=language, probability=round(probability, 4))
        for language, probability in tempered(_identifier().rank(text), TEMPERATURE)[:_SHOWN]
    )


def tempered(ranking: Sequence[tuple[str, float]], temperature: float) -> list[tuple[str, float]]:
    """Flatten probabilities (temperature above 1) or sharpen them (below 1), in the same order."""
    weights = [(language, probability ** (1 / temperature)) for language, probability in ranking]
    total = sum(weight for _language, weight in weights)
    return [(language, weight / total) for language, weight in weights]


@cache
def _identifier() -> Any:
    # 0.3 s and 100 MB: only the function that detects languages may pay for it, and only when it is asked.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
