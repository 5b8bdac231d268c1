"""Which language a text may be in, with probabilities that were measured, by the py3langid model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from intake.inputs.languages import LANGUAGES
from intake.inputs.results import Candidate

# Fitted on 100 sentences in 20 languages and their first two and three words, and tested on others
# (tests/unit/inputs/test_identification.py). The model alone is too unsure of itself, by 0.13 on average.
TEMPERATURE = 0.5
# How much likelier than any other language these are before a word is read: most members write in one of them.
PRIOR_ODDS: Mapping[str, float] = {"en": 3.0, "es": 3.0}

_SHOWN = 3


def identify(text: str) -> tuple[Candidate, ...]:
    """Return the likeliest of the configured languages, best first."""
    probabilities = calibrated(dict(_identifier().rank(text)), TEMPERATURE, PRIOR_ODDS)
    best = sorted(probabilities.items(), key=lambda item: item[1], reverse=True)[:_SHOWN]
    return tuple(Candidate(language=language, probability=round(share, 4)) for language, share in best)


def calibrated(
    probabilities: Mapping[str, float], temperature: float, prior_odds: Mapping[str, float]
) -> dict[str, float]:
    """Sharpen a model's probabilities (temperature below 1), and weigh them with what is known beforehand."""
    weights = {
        language: probability ** (1 / temperature) * prior_odds.get(language, 1.0)
        for language, probability in probabilities.items()
    }
    total = sum(weights.values())
    return {language: weight / total for language, weight in weights.items()}


@cache
def _identifier() -> Any:
    # 0.3 s and 100 MB: only the function that detects languages may pay for it, and only when it is asked.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
