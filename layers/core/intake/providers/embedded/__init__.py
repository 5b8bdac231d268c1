"""Engines that run on this machine, offline and free, and Intake's own code in the place of a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.providers.embedded._engine import EmbeddedProvider


def embedded_providers() -> tuple[EmbeddedProvider, ...]:
    """Return one adapter an engine, installed or not: what is missing is told by its ``missing``.

    Engines are started and native packages are imported at the first call. Rules are not among them: their tasks belong
    to the domain (`intake.providers.embedded.rules.RulesEngine`).
    """
    from intake.providers.embedded.apertium import Apertium
    from intake.providers.embedded.espeak_ng import EspeakNg
    from intake.providers.embedded.flite import Flite
    from intake.providers.embedded.lexical_hash import LexicalHash
    from intake.providers.embedded.pdfium import Pdfium
    from intake.providers.embedded.plain_text import PlainText
    from intake.providers.embedded.pocketsphinx import Pocketsphinx
    from intake.providers.embedded.tesseract import Tesseract

    return (Apertium(), Pocketsphinx(), Flite(), EspeakNg(), Pdfium(), PlainText(), Tesseract(), LexicalHash())
