"""Words that rules look for, by language: number words, months, negations, function words."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NUMBER_WORDS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf vingt",
    "pt": "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete "
    "dezoito dezenove vinte",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn zwanzig",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove venti",
}
_TENS = {
    "en": "thirty forty fifty sixty seventy eighty ninety hundred",
    "es": "treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
    "fr": "trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix cent",
    "pt": "trinta quarenta cinquenta sessenta setenta oitenta noventa cem",
    "de": "dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert",
    "it": "trenta quaranta cinquanta sessanta settanta ottanta novanta cento",
}
_OTHER_NUMBERS: dict[str, dict[str, int]] = {
    "en": {"thousand": 1000, "twice": 2},
    "es": {"una": 1, "un": 1, "mil": 1000, "primero": 1, "primer": 1, "primera": 1, "segundo": 2, "tercero": 3},
    "fr": {"une": 1, "mille": 1000, "premier": 1, "première": 1},
    "pt": {"uma": 1, "duas": 2, "mil": 1000, "primeiro": 1},
    "de": {"ein": 1, "eine": 1, "einen": 1, "tausend": 1000, "ersten": 1},
    "it": {"un": 1, "una": 1, "mille": 1000, "primo": 1},
}

NUMBER_WORDS: dict[str, dict[str, int]] = {
    language: {word: value for value, word in enumerate(text.split())}
    | {word: 30 + 10 * place for place, word in enumerate(_TENS[language].split())}
    | _OTHER_NUMBERS[language]
    for language, text in _NUMBER_WORDS.items()
}
"""Values of single words; compounds (thirty-five) are not read."""

_MONTHS = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
)
MONTHS: dict[str, int] = {name: number for names in _MONTHS for number, name in enumerate(names.split(), start=1)} | {
    "setiembre": 9,
    "sept": 9,
}

_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday lunes martes miércoles jueves viernes sábado domingo"
)
_TITLES = "señor señora sr sra dr dra mr mrs ms miss doctor doctora don doña usted ustedes"
_NO_PERSON = (
    "medicare medicaid english inglés spanish español american americano dios god internet covid gracias thanks "
    "hola hello"
)
NOT_NAMES: frozenset[str] = _set(f"{_WEEKDAYS} {_TITLES} {_NO_PERSON}") | MONTHS.keys()
"""Capitalised words that translation rightly changes."""

NEGATORS: dict[str, frozenset[str]] = {
    "en": _set(
        "no not never nobody none nothing nowhere neither nor without cannot unable ain't don't doesn't "
        "didn't won't wouldn't can't couldn't shouldn't isn't aren't wasn't weren't haven't hasn't "
        "hadn't mustn't needn't cant dont didnt doesnt isnt wont"
    ),
    "es": _set("no ni nunca jamás jamas nadie nada ningún ningun ninguno ninguna ningunos ningunas tampoco sin"),
    "fr": _set("ne pas jamais rien aucun aucune sans non ni"),
    "pt": _set("não nao nunca jamais ninguém nada nenhum nenhuma sem nem"),
    "de": _set("nicht kein keine keinen keinem keiner keines nie niemals niemand niemanden nichts ohne weder nein"),
    "it": _set("non no mai nessuno nessuna nessun niente nulla senza né"),
}

CLAUSE_WORDS: dict[str, frozenset[str]] = {
    "en": _set("and but because so while although though however then"),
    "es": _set("y e pero porque aunque mientras entonces sino pues"),
    "fr": _set("et mais parce car donc alors pendant"),
    "pt": _set("e mas porque embora enquanto então pois"),
    "de": _set("und aber weil denn obwohl während dann sondern"),
    "it": _set("e ed ma perché però mentre allora quindi"),
}
"""Words that begin a new clause; a clause is negated once, however many negators agree in it."""

ENGLISH_FUNCTION_WORDS: frozenset[str] = _set(
    "the a an and or but if because so that this these those there here it its it's is are was were "
    "be been being am i i'm i've i'd me my mine we us our you your he him his she her they them "
    "their who what when where which how why to of in on at by for from with about into over after "
    "before since until as than then not no don't didn't doesn't can't do does did done have has "
    "had having will would can could should may might must shall just very too also all any some "
    "each every more most other another up out off down again only own same please want need get "
    "got"
)
