"""Numbers written in words, read into values: ``treinta y cinco`` and ``thirty-five`` are both 35.

Ones are left out throughout: ``un``, ``eine`` and ``one`` are articles and pronouns more often than numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

_UNITS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "pt": "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete "
    "dezoito dezenove",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "fr": "vingt trente quarante cinquante soixante septante octante nonante",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
}
_OTHERS: dict[str, dict[str, int]] = {
    "en": {"hundred": 100, "thousand": 1000, "twice": 2, "dozen": 12},
    "es": {
        **{"una": 1, "un": 1, "primero": 1, "primer": 1, "primera": 1, "docena": 12, "cien": 100, "ciento": 100},
        **{"doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600},
        **{"setecientos": 700, "ochocientos": 800, "novecientos": 900, "mil": 1000, "dieciseis": 16},
    },
    "fr": {"une": 1, "premier": 1, "première": 1, "vingts": 20, "cent": 100, "cents": 100, "mille": 1000},
    "pt": {
        **{"uma": 1, "duas": 2, "primeiro": 1, "dezasseis": 16, "dezassete": 17, "dezanove": 19, "dúzia": 12},
        **{"cem": 100, "cento": 100, "duzentos": 200, "trezentos": 300, "quatrocentos": 400, "quinhentos": 500},
        **{"mil": 1000},
    },
    "de": {"ein": 1, "eine": 1, "einen": 1, "ersten": 1, "zweimal": 2, "dreimal": 3, "hundert": 100, "tausend": 1000},
    "it": {"un": 1, "una": 1, "primo": 1, "cento": 100, "duecento": 200, "trecento": 300, "mille": 1000},
    "nl": {"één": 1, "eerste": 1, "honderd": 100, "duizend": 1000},
}


def _compounds(language: str, units: list[str], tens: list[str]) -> dict[str, int]:
    """Return the compounds that a language writes as one word."""
    found: dict[str, int] = {}
    for ten, word in enumerate(tens, start=2):
        for unit, small in enumerate(units[1:10], start=1):
            value = 10 * ten + unit
            if language == "de":
                found[f"{'ein' if unit == 1 else small}und{word}"] = value
            elif language == "nl":
                found[f"{small}{'ën' if small.endswith('e') else 'en'}{word}"] = value
            elif language == "it":
                # ventuno and ventotto drop the vowel of venti; trentatré takes an accent.
                stem = word[:-1] if unit in {1, 8} else word
                found[stem + ("tré" if unit == 3 else small)] = value
            elif language == "es" and ten == 2:
                found["veinti" + {2: "dós", 3: "trés", 6: "séis"}.get(unit, small)] = value
    return found


def _words(language: str) -> dict[str, int]:
    units, tens = _UNITS[language].split(), _TENS[language].split()
    return (
        {word: value for value, word in enumerate(units)}
        | {word: 10 * place for place, word in enumerate(tens, start=2)}
        | _compounds(language, units, tens)
        | _OTHERS[language]
    )


NUMBER_WORDS: dict[str, dict[str, int]] = {language: _words(language) for language in _UNITS}
"""Values of single words, by language."""

# Words that may mean a number and may not: they excuse one that is missing on the other side, and demand none.
_PERHAPS: dict[str, dict[str, int]] = {
    "en": {"both": 2, "couple": 2, "pair": 2, "double": 2, "second": 2, "third": 3, "fortnight": 15},
    "es": {"ambos": 2, "ambas": 2, "par": 2, "doble": 2, "segundo": 2, "segunda": 2, "tercera": 3, "tercer": 3},
    "fr": {"double": 2, "deuxième": 2, "troisième": 3, "seconde": 2},
    "pt": {"ambos": 2, "dobro": 2, "segundo": 2, "segunda": 2, "terceira": 3},
    "de": {"beide": 2, "beiden": 2, "paar": 2, "doppelt": 2, "zweite": 2, "zweiten": 2, "dritte": 3},
    "it": {"entrambi": 2, "doppio": 2, "secondo": 2, "seconda": 2, "terza": 3},
    "nl": {"beide": 2, "paar": 2, "dubbel": 2, "tweede": 2, "derde": 3},
}
_AMBIGUOUS = frozenset({"neuf", "sei"})
"""French "nine" is also "new", Italian "six" also "you are"."""
_CONNECTOR = {"en": "and", "es": "y", "fr": "et", "pt": "e", "de": "und", "it": "e", "nl": "en"}
_SMALLEST_TENS = 20

_WORD = re.compile(r"[^\W\d_]+")
_IDIOM = re.compile(r"\b(?:por ciento|por cento|per cento|pour cent|mil gracias|mille grazie)\b", re.IGNORECASE)


def read_numbers(text: str, language: str) -> tuple[Counter[str], Counter[str]] | None:
    """Count the numbers in words that a text states for certain, and all that it may state.

    Returns
    -------
    tuple of Counter or None
        None where the language's number words are not known.
    """
    known = NUMBER_WORDS.get(language)
    if known is None:
        return None
    plain = _IDIOM.sub(" ", text)
    stated: Counter[str] = Counter()
    possible: Counter[str] = Counter()
    for run in _runs(plain, known, _CONNECTOR[language]):
        values = Counter(str(value) for value in _values([known[word] for word in run]))
        possible += values
        if len(run) > 1 or run[0] not in _AMBIGUOUS:
            stated += values
    perhaps = _PERHAPS[language]
    possible += Counter(str(perhaps[word]) for word in map(str.casefold, _WORD.findall(plain)) if word in perhaps)
    del stated["1"]
    return stated, possible


def _runs(text: str, known: Mapping[str, int], connector: str) -> list[list[str]]:
    """Return the number words that stand together, joined by a blank, a hyphen or, after tens, an "and"."""
    runs: list[list[str]] = []
    end = -1
    for match in _WORD.finditer(text):
        word = match.group().casefold()
        if word not in known:
            continue
        between = text[end : match.start()] if end >= 0 else ""
        joined = between.casefold() == f" {connector} " and known[runs[-1][-1]] >= _SMALLEST_TENS
        if joined or between in {" ", "-"}:
            runs[-1].append(word)
        else:
            runs.append([word])
        end = match.end()
    return runs


def _values(run: Sequence[int]) -> list[int]:
    """Add up what belongs together: 30, 5 is 35; 2, 100 is 200; but 5, 5, 5 was said digit by digit."""
    if any(not _belongs(before, after) for before, after in pairwise(run)):
        return list(run)
    total = current = 0
    for value in run:
        if value == 1000:
            total, current = total + max(1, current) * 1000, 0
        elif value == 100 or (value == 20 and current == 4):
            current = max(1, current) * value
        else:
            current += value
    return [total + current]


def _belongs(before: int, after: int) -> bool:
    if after in {100, 1000} or before in {100, 1000}:
        return True
    # French: quatre-vingts is 80, soixante-dix 70, dix-sept 17.
    return (before, after) == (4, 20) or after < 10 <= before or (before in {60, 20} and 10 <= after < 20)
