"""Quality, measured on both texts."""

from __future__ import annotations

import pytest

from intake.inputs.quality import WEIGHTS, assess_translation, quality_of
from intake.inputs.results import QualityLevel

GOLDEN = [
    ("es", "Quiero presentar un reclamo por los daños del agua.", "I want to file a claim for the water damage."),
    ("es", "El otro conductor no tenía seguro y huyó.", "The other driver had no insurance and fled."),
    ("es", "Nadie contesta mis llamadas desde el 3 de marzo.", "Nobody has answered my calls since March 3."),
    ("es", "Me cobraron $1.250,50 dos veces en octubre.", "They charged me $1,250.50 twice in October."),
    ("es", "Mi nombre es Ana García y vivo en Sevilla.", "My name is Ana García and I live in Sevilla."),
    ("es", "Mi hijo lleva tres semanas en el hospital.", "My son has been in the hospital for 3 weeks."),
    ("fr", "Je n'ai jamais reçu la facture du 5 mai.", "I never received the bill of May 5."),
    ("de", "Mein Keller steht seit dem 2. März unter Wasser.", "My basement has been under water since March 2."),
    ("pt", "Meu carro foi roubado e ninguém me ligou.", "My car was stolen and nobody called me."),
    ("zh", "昨天晚上我的车被偷了,请给我回电话。", "My car was stolen last night, please call me back."),
]


@pytest.mark.parametrize(("language", "source", "target"), GOLDEN)
def test_a_good_translation_needs_no_review(language: str, source: str, target: str) -> None:
    quality = assess_translation(source, language, target)

    assert quality.level is QualityLevel.EXCELLENT
    assert not quality.requires_human_review
    assert quality.reasons == ()


@pytest.mark.parametrize(
    ("source", "target", "component"),
    [
        ("Nadie contesta mis llamadas.", "Anybody answers my calls.", "negations"),
        ("Llevo tres semanas y nadie contesta.", "I spend three weeks and anybody answers.", "negations"),
        ("Mi seguro cubre el robo.", "My insurance does not cover theft.", "negations"),
        ("Pagué 1.250,50 dólares.", "I paid 12,505 dollars.", "amounts"),
        ("Pagué 300 euros en total por todo.", "I paid 300 dollars in total for everything.", "amounts"),
        ("Fue el 3 de marzo de 2024 por la noche.", "It was on May 3, 2024 at night.", "dates"),
        ("Tengo 2 coches y 14 pólizas con ustedes.", "I have 2 cars and policies with you.", "numbers"),
        ("Tengo coches y pólizas con ustedes.", "I have 17 cars and policies with you.", "numbers"),
        (
            "El plomero arregló la cañería rota ayer.",
            "The plomero arregló the cañería rota ayer.",
            "untranslated_words",
        ),
        ("Quiero cancelar mi póliza de hogar hoy.", "Quiero cancelar mi póliza de hogar hoy.", "output_language"),
    ],
)
def test_a_misleading_translation_is_sent_to_a_person(source: str, target: str, component: str) -> None:
    quality = assess_translation(source, "es", target)

    score = quality.components[component]
    assert score is not None
    assert score < 1
    assert quality.requires_human_review
    assert quality.level in {QualityLevel.POOR, QualityLevel.UNACCEPTABLE}


@pytest.mark.parametrize(
    ("source", "target", "component"),
    [
        ("Me llamo Ana García y vivo en Sevilla.", "My name is Hannah Smith and I live there.", "names"),
        ("Se rompió la tubería de la cocina y el agua dañó todo el piso de madera.", "It broke.", "length_ratio"),
    ],
)
def test_a_doubtful_translation_is_looked_at(source: str, target: str, component: str) -> None:
    quality = assess_translation(source, "es", target)

    assert (quality.components[component] or 0) < 0.5
    assert quality.requires_human_review


def test_what_cannot_be_measured_is_null() -> None:
    components = assess_translation("Mteja hajibu.", "sw", "The client does not answer.").components

    assert components["negations"] is None
    assert components["numbers"] is None
    assert components["provider_confidence"] is None
    assert components.keys() == WEIGHTS.keys()


def test_the_providers_own_doubt_counts() -> None:
    source, target = "Quiero presentar un reclamo.", "I want to present a claim."

    sure = assess_translation(source, "es", target, provider_confidence=0.95)
    unsure = assess_translation(source, "es", target, provider_confidence=0.4)

    assert sure.score is not None
    assert unsure.score is not None
    assert sure.score > unsure.score
    assert unsure.requires_human_review


def test_a_provider_that_guesses_is_never_excellent() -> None:
    quality = assess_translation(
        "Quiero presentar un reclamo.", "es", "I want to present a claim.", provider_confidence=0.6
    )

    assert quality.level is QualityLevel.GOOD


def test_nothing_measured_is_nothing_known() -> None:
    quality = quality_of(dict.fromkeys(WEIGHTS))

    assert (quality.score, quality.level, quality.requires_human_review) == (None, QualityLevel.UNKNOWN, True)


def test_scores_stay_between_zero_and_one() -> None:
    for source, target in [("a", ""), ("", "a"), ("1 2 3", "4 5 6"), ("Ana " * 50, "x"), ("9" * 5000, "8")]:
        quality = assess_translation(source, "es", target)
        assert quality.score is None or 0 <= quality.score <= 1
        assert all(0 <= value <= 1 for value in quality.components.values() if value is not None)


def test_two_words_are_too_little_to_judge() -> None:
    quality = assess_translation("Gracias, señora.", "es", "Thanks, madam.", provider_confidence=0.6)

    assert (quality.score, quality.level) == (None, QualityLevel.UNKNOWN)
    assert quality.reasons == ("There is too little in the text to measure its quality.",)


def test_what_no_rule_can_judge_in_a_language_is_told() -> None:
    quality = assess_translation("Mteja wetu hajibu simu zake.", "sw", "Our client does not answer her calls.")

    assert set(quality.unknown) == {"numbers", "dates", "negations"}
    assert quality.level is QualityLevel.GOOD


def test_a_language_with_rules_has_nothing_unknown() -> None:
    assert assess_translation("Quiero cancelar mi póliza.", "es", "I want to cancel my policy.").unknown == ()
