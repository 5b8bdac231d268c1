"""What the caller's environment decides about the functions."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

MODES = ("embedded", "mock", "real", "hybrid")

_REMOTE_PROVIDERS = (
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_MODEL",
    "OPENAI_EMBEDDING_MODEL",
    "OPENAI_REASONING_EFFORT",
    "OPENAI_TRANSCRIPTION_MODEL",
    "FLASH_API_KEY",
    "FLASH_BASE_URL",
    "FLASH_MODEL",
    "ELEVENLABS_API_KEY",
    "ELEVENLABS_WEBHOOK_SECRET",
    "ELEVENLABS_BASE_URL",
    "ELEVENLABS_TRANSCRIPTION_MODEL",
    "ELEVENLABS_SPEECH_MODEL",
    "ELEVENLABS_VOICE_ID",
    "INTAKE_PROVIDER_TIMEOUT_SECONDS",
    "INTAKE_SPEECH_TIMEOUT_SECONDS",
    "INTAKE_TRANSCRIPTION_TIMEOUT_SECONDS",
    "INTAKE_JOB_PATIENCE_SECONDS",
)
_PARAMETERS = {
    "BudgetUsdPerDay": "INTAKE_BUDGET_USD_PER_DAY",
    "BudgetRequestsPerHour": "INTAKE_BUDGET_REQUESTS_PER_HOUR",
    "AmazonAi": "INTAKE_AWS_AI",
    "CallbackSeconds": "INTAKE_CALLBACK_SECONDS",
    "LogLevel": "INTAKE_LOG_LEVEL",
    "SecondPassDelaySeconds": "INTAKE_SECOND_PASS_DELAY_SECONDS",
}
"""Parameters of the template that the caller's environment may set."""

# A company's proxy and its certificate: without them a real provider is out of reach.
_NETWORK = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy", "SSL_CERT_FILE")


def inherited(mode: str, caller: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that the workers inherit from the caller through the emulator's process.

    Keys take this way and not the template's, so that they appear in no file, no log and no answer of the local
    Lambda API.

    Parameters
    ----------
    mode
        One of ``MODES``.
    caller
        The environment of whoever starts the stack.
    """
    # The endpoint of a single AWS service is passed on if the caller names it: a test's double, for example. The
    # general endpoint never is: the emulator would answer for Transcribe.
    names = [name for name in caller if name.startswith("AWS_ENDPOINT_URL_")]
    if mode in {"real", "hybrid"}:
        names += [*_REMOTE_PROVIDERS, *_NETWORK]
    passed = {name: caller[name] for name in names if name in caller}
    if any(name.lower().endswith("_proxy") for name in passed):
        exempt_this_machine(passed)
    return passed


def exempt_this_machine(environment: MutableMapping[str, str]) -> None:
    """Keep calls to this machine from a proxy, which would look for the emulator on its own."""
    excepted = [environment.get("NO_PROXY") or environment.get("no_proxy"), "127.0.0.1,localhost"]
    environment["NO_PROXY"] = environment["no_proxy"] = ",".join(filter(None, excepted))


def parameters(mode: str, caller: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the template's parameters, as far as the template declares them."""
    given = {"Stage": "local", "Providers": mode}
    for parameter, name in _PARAMETERS.items():
        if name in caller:
            given[parameter] = caller[name]
    return given


def imposed(mode: str) -> dict[str, str]:
    """Return the variables that every function gets over the template's."""
    return {"INTAKE_STAGE": "local", "INTAKE_PROVIDERS": mode}
