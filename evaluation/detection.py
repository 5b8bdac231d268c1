"""Language detection on short sentences in 20 languages, and on their first two and three words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluation.cases import Golden, LanguageSample, cases
from evaluation.report import Figure, Table, share
from intake.inputs.detection import SURE_ENOUGH
from intake.inputs.identification import identify

ACCURACY_TARGET = 95.0
WRONG_TARGET = 3.0
CALIBRATION_TARGET = 0.05

_BINS = 5

Judged = tuple[float, bool]
"""The probability of the best guess, and whether it is right."""


def measure() -> list[Table]:
    """Measure the split that temperature and priors were fitted on, and the one they were not."""
    return [
        _table("detection, sentences it was fitted on", samples("fitted")),
        _table("detection, other sentences", samples("other")),
        _table("detection, the golden set", golden()),
        # What is too short to be told may be refused: only being wrong is held against it.
        _table("detection, first two and three words of the other sentences", beginnings(samples("other")), None),
    ]


def samples(split: str) -> list[LanguageSample]:
    """Return the sentences of one split."""
    return [sample for sample in cases("languages", LanguageSample) if sample.split == split]


def golden() -> list[LanguageSample]:
    """Return the sentences of the golden set."""
    return [LanguageSample(split="other", language=case.language, text=case.text) for case in cases("golden", Golden)]


def beginnings(sentences: Iterable[LanguageSample]) -> list[LanguageSample]:
    """Return the first two and three words (or three and five characters, where words are not set apart)."""
    cut = []
    for sample in sentences:
        words = sample.text.split()
        pieces = [" ".join(words[:2]), " ".join(words[:3])] if len(words) > 2 else [sample.text[:3], sample.text[:5]]
        cut += [sample.model_copy(update={"text": piece}) for piece in pieces]
    return cut


def calibration_error(judged: Sequence[Judged]) -> float:
    """Return the expected calibration error over five bins of equal width: 0 when probabilities mean what they say."""
    bins: dict[int, list[Judged]] = {}
    for probability, is_right in judged:
        bins.setdefault(min(int(probability * _BINS), _BINS - 1), []).append((probability, is_right))
    gaps = (abs(sum(said for said, _ in hits) - sum(right for _, right in hits)) for hits in bins.values())
    return sum(gaps) / len(judged)


def _table(title: str, sentences: Sequence[LanguageSample], accuracy: float | None = ACCURACY_TARGET) -> Table:
    guesses = [(sample, identify(sample.text)[0]) for sample in sentences]
    judged = [(guess.probability, guess.language == sample.language) for sample, guess in guesses]
    decided = [is_right for probability, is_right in judged if probability >= SURE_ENOUGH]
    wrong = decided.count(False)
    count = len(judged)
    return Table(
        title,
        (
            Figure("accuracy", share(sum(right for _, right in judged), count), size=count, target=accuracy),
            Figure("decided", share(len(decided), count), size=count),
            Figure(
                "wrong among decided",
                share(wrong, len(decided)),
                size=len(decided),
                target=WRONG_TARGET,
                more_is_better=False,
            ),
            Figure(
                "expected calibration error",
                calibration_error(judged),
                unit="",
                size=count,
                target=CALIBRATION_TARGET,
                more_is_better=False,
            ),
        ),
        tuple(
            f"{sample.language} taken for {guess.language} ({guess.probability:.2f}): {sample.text}"
            for sample, guess in guesses
            if guess.language != sample.language and guess.probability >= SURE_ENOUGH
        ),
    )
