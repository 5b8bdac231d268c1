"""Keys of outside services: from the environment on one machine, from Secrets Manager when deployed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from intake.errors import TransientError
from intake.settings import Settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.parameters import SecretsProvider

SECRET_MAX_AGE_SECONDS = 300
"""How long a key is used before it is read again: a rotated key is picked up within five minutes, and the old one
must stay valid for as long."""


class Credentials:
    """Finds keys by the name of their environment variable (``OPENAI_API_KEY``).

    With ``INTAKE_PROVIDER_SECRET_ARN`` set, keys come from that secret only: a forgotten variable never outlives a
    rotation.
    """

    def __init__(self, settings: Settings) -> None:
        self._secret_arn = settings.provider_secret_arn or None
        self._own = {
            "OPENAI_API_KEY": settings.openai_api_key,
            "FLASH_API_KEY": settings.flash_api_key,
            "ELEVENLABS_API_KEY": settings.elevenlabs_api_key,
            "ELEVENLABS_WEBHOOK_SECRET": settings.elevenlabs_webhook_secret,
        }

    def key(self, variable: str) -> str | None:
        """Return a key, or None where there is none.

        Raises
        ------
        TransientError
            The secret could not be read or is not a JSON object.
        """
        if self._secret_arn is not None:
            value = _secret(self._secret_arn).get(variable)
            return value if isinstance(value, str) and value else None
        own = self._own[variable]
        return (own.get_secret_value() or None) if own is not None else None

    def missing(self, variable: str) -> str | None:
        """Say in words why there is no key, and what to do; None if there is one."""
        try:
            found = self.key(variable)
        except TransientError as error:
            return error.detail
        if found is not None:
            return None
        if self._secret_arn is not None:
            return f"Add {variable} to the secret that INTAKE_PROVIDER_SECRET_ARN names."
        return f"Set {variable}."


def _secret(arn: str) -> dict[str, object]:
    from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError, TransformParameterError

    failure = "The secret that INTAKE_PROVIDER_SECRET_ARN names could not be read."
    try:
        value: object = _secrets().get(arn, max_age=SECRET_MAX_AGE_SECONDS, transform="json")
    except (GetParameterError, TransformParameterError):
        value = None
    if not isinstance(value, dict):
        # Raised outside the except: a transform error quotes the secret's text.
        raise TransientError(failure)
    return value


@cache
def _secrets() -> SecretsProvider:
    from aws_lambda_powertools.utilities.parameters import SecretsProvider
    from botocore.config import Config

    return SecretsProvider(
        boto_config=Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})
    )
