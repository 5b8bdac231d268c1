"""One confidence from the probabilities of many words."""

from __future__ import annotations

import math
from collections.abc import Sequence


def geometric_mean(logprobs: Sequence[float]) -> float | None:
    """Return the geometric mean of probabilities given as natural logarithms, 0 to 1; None where there are none.

    Of a product it is the mean: one word that is unsure lowers it more than an arithmetic mean would show.
    """
    if not logprobs:
        return None
    return round(math.exp(math.fsum(logprobs) / len(logprobs)), 3)
