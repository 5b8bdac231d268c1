"""Translation by the installed apertium."""

import pytest

from intake.errors import ConfigurationError, UnsupportedInputError
from intake.providers.embedded.apertium import Apertium
from intake.providers.ports import Need, Translation, TranslationRequest

pytestmark = pytest.mark.engine


def translated(text: str, source: str = "es", target: str = "en", **glossary: str) -> Translation:
    request = TranslationRequest(text=text, source_language=source, target_language=target, glossary=glossary)
    return Apertium().call(request).value


def test_spanish_becomes_english() -> None:
    assert translated("Quiero presentar una reclamación.").text == "I want to present a claim."


def test_english_becomes_spanish() -> None:
    assert translated("The claim was denied.", "en", "es").text.startswith("La reclamación")


def test_regions_do_not_matter() -> None:
    assert translated("Hola amigo.", "es-MX", "en-US").text == translated("Hola amigo.").text


def test_unknown_words_are_told_and_bear_no_marks() -> None:
    answer = translated("El beneficiario xkcdfoo llamó.")

    assert answer.untranslated == ("beneficiario", "xkcdfoo")
    assert "*" not in answer.text


def test_unknown_words_lower_the_confidence_and_no_text_looks_certain() -> None:
    known, unknown = translated("Necesito ayuda con mi coche."), translated("Xkcdfoo blargon mi coche.")

    assert known.confidence == 0.6
    assert unknown.confidence is not None
    assert unknown.confidence < 0.3


def test_the_glossary_gives_the_words() -> None:
    answer = translated("Necesito una grúa. GRÚA! Las agruparon.", grúa="tow truck")

    assert "tow truck" in answer.text
    assert "TOW TRUCK!" in answer.text
    assert answer.text.lower().count("tow truck") == 2


def test_the_longest_term_of_the_glossary_wins() -> None:
    answer = translated("Llame a la grúa de auxilio.", **{"grúa": "crane", "grúa de auxilio": "roadside assistance"})

    assert "roadside assistance" in answer.text


@pytest.mark.parametrize(
    "kept",
    ["5 < 6 & 7 > 2", "*", "[EMAIL_1]", "{{NAME_1}}", "ana@correo.es", "https://seguro.es/casa?x=1", "&eacute;", "7\\8",
     "8^2", "$1,250.75", "AB-1234/5678", "55-A", "X9", "<apertium-notrans>", "</apertium-notrans>", "#5", "@", "“", "[",
     "]", "~", '"', "<b>"],
)  # fmt: skip
def test_what_is_no_word_stays_as_it_is(kept: str) -> None:
    assert kept in translated(f"Mi casa {kept} mi coche.").text


def test_glossary_words_may_hold_mark_up() -> None:
    assert "A <b> & *C*" in translated("Hablo con Ana.", Ana="A <b> & *C*").text


def test_line_breaks_and_spaces_are_kept() -> None:
    assert translated("Hola.\r\n\r\n  - Perro\n\tcoche\n").text == "Hello.\r\n\r\n  - Dog\n\tcar\n"


def test_control_characters_do_not_end_the_text() -> None:
    assert translated("Mi casa\x00 y mi coche.").text == "My house and my car."


def test_a_long_text_comes_back_whole() -> None:
    answer = translated("Quiero presentar una reclamación. " * 2000)

    assert answer.text.count("I want to present a claim.") == 2000


@pytest.mark.parametrize("empty", ["", "  \n", "\x00"])
def test_nothing_to_translate_is_said(empty: str) -> None:
    with pytest.raises(UnsupportedInputError, match="no text"):
        translated(empty)


def test_a_pair_that_is_not_installed_is_told_with_those_that_are() -> None:
    obstacle = Apertium().obstacle(Need(source_language="de", target_language="en"))

    assert obstacle is not None
    assert "de to en" in obstacle
    assert "es to en" in obstacle
    with pytest.raises(UnsupportedInputError, match="de to en"):
        translated("Hallo", "de", "en")


def test_a_missing_engine_is_named_with_the_remedy() -> None:
    missing = Apertium(lambda _: None)

    assert missing.missing() == "apertium is not installed: apt-get install apertium apertium-eng-spa"
    assert missing.engine_version() is None
    with pytest.raises(ConfigurationError, match="apt-get install apertium"):
        missing.call(TranslationRequest(text="Hola", source_language="es", target_language="en"))
