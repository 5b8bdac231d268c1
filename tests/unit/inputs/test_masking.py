"""Masking personal data, and putting it back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.inputs.masking import luhn, mask, restore, shortened


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Write to ana.garcia+claims@example.co.uk, please.", "Write to [EMAIL_1], please."),
        ("My card is 4111 1111 1111 1111.", "My card is [CARD_1]."),
        ("Tarjeta 4111-1111-1111-1111", "Tarjeta [CARD_1]"),
        ("My SSN is 219-09-9999.", "My SSN is [SSN_1]."),
        ("social security number 219099999", "social security number [SSN_1]"),
        ("mi seguro social es 219099999", "mi seguro social es [SSN_1]"),
        ("Call 555-123-4567 now", "Call [PHONE_1] now"),
        ("Call (555) 123-4567.", "Call [PHONE_1]."),
        ("Llámeme al +34 612 345 678", "Llámeme al [PHONE_1]"),
        ("my phone is 5551234567", "my phone is [PHONE_1]"),
        ("teléfono 612 345 678", "teléfono [PHONE_1]"),
        ("My policy is the number 12345678", "My policy is the number [POLICY_1]"),
        ("policy number HO-4471823", "policy number [POLICY_1]"),
        ("mi póliza es 99-7712-A", "mi póliza es [POLICY_1]"),
        ("Police Nr. KFZ4471823", "Police Nr. [POLICY_1]"),
        ("número de miembro MBR-882913", "número de miembro [MEMBER_1]"),
        ("member id: 00118372", "member id: [MEMBER_1]"),
    ],
)
def test_personal_data_becomes_placeholders(text: str, masked: str) -> None:
    assert mask([text]).texts == (masked,)


@pytest.mark.parametrize(
    "text",
    [
        "I paid $1,250.50 on 2024-03-03.",
        "My card is 4111 1111 1111 1112.",
        "The claim CLM-2024001 is open.",
        "It costs 1.250.500 pesos",
        "The code 000-12-3456 is not a social security number.",
        "My policy covers theft since 2019.",
        "There were 12 people and 3 cars at 10:30.",
        "póliza de seguro",
        "the report of police number 2024-88812",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert mask([text]).texts == (text,)


def test_the_same_value_keeps_its_placeholder_across_texts() -> None:
    masked = mask(["Mail a@b.example and c@d.example", "I said a@b.example"])

    assert masked.texts == ("Mail [EMAIL_1] and [EMAIL_2]", "I said [EMAIL_1]")
    assert masked.secrets == {"[EMAIL_1]": "a@b.example", "[EMAIL_2]": "c@d.example"}


def test_a_placeholder_that_was_written_keeps_its_meaning() -> None:
    masked = mask(["[EMAIL_1] is what I see, but mine is a@b.example"])

    assert masked.texts == ("[EMAIL_1] is what I see, but mine is [EMAIL_2]",)
    assert restore(masked.texts[0], masked.secrets) == "[EMAIL_1] is what I see, but mine is a@b.example"


@pytest.mark.parametrize(
    ("placeholder", "value", "shown"),
    [
        ("[EMAIL_1]", "ana@example.com", "a…@example.com"),
        ("[CARD_1]", "4111 1111 1111 1111", "…1111"),
        ("[PHONE_2]", "555-123-4567", "…67"),
    ],
)
def test_a_masked_value_is_shown_shortened(placeholder: str, value: str, shown: str) -> None:
    assert shortened(placeholder, value) == shown


PERSONAL = st.sampled_from(
    ["ana@example.com", "4111 1111 1111 1111", "219-09-9999", "555-123-4567", "HO-4471823", "MBR-882913", "[EMAIL_1]"]
)
PIECES = st.one_of(PERSONAL, st.text(max_size=12), st.sampled_from([" ", "policy ", "my phone is ", ", ", "\n"]))


@given(st.lists(st.lists(PIECES, max_size=8).map("".join), min_size=1, max_size=3))
def test_masking_can_be_undone(texts: list[str]) -> None:
    masked = mask(texts)

    assert [restore(text, masked.secrets) for text in masked.texts] == texts


@given(st.lists(PERSONAL.filter(lambda value: not value.startswith("[")), min_size=1, max_size=6))
def test_no_personal_data_is_left(values: list[str]) -> None:
    (text,) = mask([" and ".join(values)]).texts

    assert not any(value in text for value in values)


@given(st.text("0123456789", min_size=1, max_size=18))
def test_one_check_digit_completes_a_number(digits: str) -> None:
    assert sum(luhn(digits + check) for check in "0123456789") == 1


@given(st.text("0123456789", min_size=13, max_size=19).filter(luhn), st.data())
def test_a_card_with_one_wrong_digit_is_no_card(digits: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(digits) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[place]]))

    assert not luhn(digits[:place] + wrong + digits[place + 1 :])


def test_long_runs_of_blanks_cost_no_time() -> None:
    text = "policy" + " " * 5_000 + "x"

    assert mask([text]).texts == (text,)
    assert re.search(r"\[", mask([text]).texts[0]) is None


@pytest.mark.parametrize(
    "text",
    ["06 12 34 56 78", "0151 23456789", "020 7946 0958", "(11) 91234-5678", "06-12345678", "+43 660 1234567"],
)
def test_telephone_numbers_of_other_countries_are_masked(text: str) -> None:
    assert mask([f"Tel: {text}."]).texts == ("Tel: [PHONE_1].",)
