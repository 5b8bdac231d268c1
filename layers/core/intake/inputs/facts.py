"""Facts that a text states and that no rewording may change: numbers, dates, amounts of money, names.

Facts are read into forms that compare across languages: ``1.250,50`` and ``1,250.50`` are one number, ``3 de marzo``
and ``March 3`` one date. What cannot be read the same way in two languages is not a fact here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from intake.inputs.lexicon import MONTHS, NOT_NAMES
from intake.inputs.number_words import read_numbers

PLACEHOLDER = re.compile(r"\[[A-Z]+_\d+\]")

_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]+\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,'’]\d+)*")
_GROUPED = re.compile(r"[ \u00a0\u202f'’]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?¡¿\n:;\"“”«»(]\s*$")
_TITLE = re.compile(r"\b(?:mr|mrs|ms|dr|dra|sr|sra|hr|fr|mme|m|st)\.", re.IGNORECASE)

_CURRENCY = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "dólar": "USD", "dólares": "USD",
    "dolares": "USD", "dólars": "USD", "bucks": "USD", "dollari": "USD", "pesos": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "libras": "GBP",
    "r$": "BRL", "reais": "BRL", "real": "BRL", "brl": "BRL", "złotych": "PLN", "zł": "PLN", "zloty": "PLN",
    "zlotys": "PLN", "pln": "PLN", "dollars us": "USD", "долларов": "USD", "доллара": "USD", "dolarów": "USD",
    "dolari": "USD", "rublos": "RUB", "рублей": "RUB", "rubles": "RUB", "元": "CNY", "yuan": "CNY", "円": "JPY",
    "yen": "JPY", "kronor": "SEK", "kr": "SEK", "francs": "CHF", "franken": "CHF", "lei": "RON",
}  # fmt: skip
"""``$`` is written for dollars and pesos alike, so they compare as one."""

_CURRENCY_NAMES = "|".join(sorted((re.escape(name) for name in _CURRENCY), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_CURRENCY_NAMES})\s?(?P<first>{_NUMBER.pattern}))"
    rf"|(?:(?<![\d.,'’])(?P<second>{_NUMBER.pattern})\s?(?P<after>{_CURRENCY_NAMES})(?![^\W\d_]))",
    re.IGNORECASE,
)

_MONTH_NAMES = "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True))
_DAY = r"(?P<day{n}>\d{{1,2}})(?:st|nd|rd|th|º|\.|er)?"
_DATE = re.compile(
    r"\b(?P<year0>\d{4})-(?P<month0>\d{2})-(?P<day0>\d{2})\b"
    rf"|\b{_DAY.format(n=1)}\s+(?:of\s+|de\s+|di\s+)?(?P<month1>{_MONTH_NAMES})\b"
    r"(?:,?\s+(?:of\s+|de\s+|del\s+)?(?P<year1>\d{4})\b)?"
    rf"|\b(?P<month2>{_MONTH_NAMES})\s+{_DAY.format(n=2)}\b(?:,?\s+(?:of\s+)?(?P<year2>\d{{4}})\b)?",
    re.IGNORECASE,
)

Date = tuple[int, int, int | None]
"""Day, month, and the year if it is said."""


def words(text: str) -> list[str]:
    """Return the words of a text, in order, as they are written."""
    return _WORD.findall(text)


def without_placeholders(text: str) -> str:
    """Return a text without its ``[EMAIL_1]`` and the like, whose digits count nothing."""
    return PLACEHOLDER.sub(" ", text)


def placeholders(text: str) -> Counter[str]:
    """Count the placeholders of a text."""
    return Counter(PLACEHOLDER.findall(text))


def numbers(text: str) -> Counter[str]:
    """Count the numbers written in digits, each in one form whatever its separators."""
    return Counter(_canonical(match) for match in _NUMBER.findall(without_placeholders(latin_digits(text))))


def spoken_numbers(text: str, language: str) -> Counter[str] | None:
    """Count the numbers from 2 that are written in words, or None where the language's number words are not known."""
    read = read_numbers(text, language)
    return None if read is None else read[0]


def dates(text: str) -> Counter[Date]:
    """Count the dates with a named month or in ISO form; ``03/04`` means two days, and is left to `numbers`."""
    return Counter(date for _match, date in date_matches(latin_digits(text)))


def date_matches(text: str) -> Iterator[tuple[re.Match[str], Date]]:
    """Yield the dates with a named month or in ISO form, and where they stand."""
    for match in _DATE.finditer(text):
        if match["month0"]:
            yield match, (int(match["day0"]), int(match["month0"]), int(match["year0"]))
            continue
        form = "1" if match["month1"] else "2"
        year = match[f"year{form}"]
        month = MONTHS[match[f"month{form}"].casefold()]
        yield match, (int(match[f"day{form}"]), month, int(year) if year else None)


def amounts(text: str) -> Counter[tuple[str, str]]:
    """Count the amounts of money as currency and number."""
    found: Counter[tuple[str, str]] = Counter()
    for match in _AMOUNT.finditer(without_placeholders(latin_digits(text))):
        currency = _CURRENCY[(match["before"] or match["after"]).casefold()]
        found[currency, _canonical(match["first"] or match["second"])] += 1
    return found


def names(text: str) -> Counter[str]:
    """Count the capitalised words inside sentences, folded: names, in languages that capitalise nothing else.

    The first word of a sentence says nothing, and a text all in capitals has no names that could be told.
    """
    # The full stop of "Mr." ends no sentence.
    plain = _TITLE.sub(lambda match: match.group()[:-1] + " ", without_placeholders(text))
    if plain.isupper():
        return Counter()
    found: Counter[str] = Counter()
    for match in _WORD.finditer(plain):
        word = match.group()
        starts_sentence = match.start() == 0 or _SENTENCE_END.search(plain[: match.start()][-3:]) is not None
        if len(word) > 2 and word[0].isupper() and not starts_sentence and not _is_no_name(word):
            found[folded(word)] += 1
    return found


def _is_no_name(word: str) -> bool:
    """Say whether a word is capitalised for another reason: ``MRI``, ``Saturdays``, ``English``."""
    plain = word.casefold().removesuffix("'s").removesuffix("’s")
    return word.isupper() or plain in NOT_NAMES or plain.removesuffix("s") in NOT_NAMES


def folded(word: str) -> str:
    """Return a word without case and accents: ``García`` and ``GARCIA`` are one name."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return bare.removesuffix("'s").removesuffix("’s")


def latin_digits(text: str) -> str:
    """Write the decimal digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() and not character.isascii() else character
        for character in text
    )


def _canonical(number: str) -> str:
    number = _GROUPED.sub("", number)
    last = max(number.rfind("."), number.rfind(","))
    if last >= 0:
        separator, decimals = number[last], number[last + 1 :]
        other = "," if separator == "." else "."
        # One separator before three digits is read as thousands: "1.250" is a price far more often than a weight.
        grouped = number.count(separator) > 1 or (len(decimals) == 3 and other not in number)
        whole = re.sub(r"[.,]", "", number[:last])
        number = whole + decimals if grouped else f"{whole}.{decimals}"
    whole, _, decimals = number.partition(".")
    decimals = decimals.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")


def common_start(first: str, second: str) -> int:
    """Count the letters with which two words begin alike."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
