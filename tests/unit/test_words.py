"""Words as they are compared."""

from __future__ import annotations

import pytest

from intake.words import stem


@pytest.mark.parametrize(
    "forms",
    [("child", "children"), ("woman", "women"), ("tooth", "teeth"), ("foot", "feet"), ("policy", "policies")],
)
def test_singular_and_plural_have_one_stem(forms: tuple[str, str]) -> None:
    assert stem(forms[0]) == stem(forms[1])


def test_words_of_different_meaning_stay_apart() -> None:
    assert stem("car") != stem("care")
