"""The set of engines is cheap to make: every function that calls the gateway makes it."""

import subprocess
import sys

import pytest

from intake.providers.embedded import embedded_providers


def test_the_names_are_those_that_routing_knows() -> None:
    names = [provider.name for provider in embedded_providers()]

    assert names == [
        "apertium",
        "pocketsphinx",
        "flite",
        "espeak-ng",
        "pdfium",
        "plain-text",
        "tesseract",
        "lexical-hash",
    ]


@pytest.mark.parametrize("package", ["numpy", "pypdfium2", "PIL", "pocketsphinx", "boto3", "openai"])
def test_no_engine_is_imported_before_it_is_needed(package: str) -> None:
    code = (
        "import sys; sys.path[:] = eval(sys.argv[1])\n"
        "from intake.providers.embedded import embedded_providers\n"
        "for provider in embedded_providers(): provider.missing()\n"
        "raise SystemExit(sys.argv[2] in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code, repr(sys.path), package]).returncode == 0
