"""An Amazon service: whether it is to be used, where it is, and one call to it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from intake.clock import Clock, SystemClock
from intake.errors import ProviderRefusedError
from intake.providers.amazon.errors import classify

CONNECT_TIMEOUT_SECONDS = 3.0
AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True)
class Service:
    """One of Amazon's services, called with the credentials of the function and in its region.

    Parameters
    ----------
    name
        Name of the provider: ``amazon_translate``.
    api
        boto3's name of it: ``translate``.
    is_wanted
        Whether the deployment uses Amazon's services: they are paid for by the account, without a key to leave out.
    endpoint_url
        The service's own endpoint, where there is one; Amazon's otherwise. The general ``AWS_ENDPOINT_URL`` is never
        followed: the embedded AWS would not know the service, or answer in its place.
    has_embedded_aws
        Whether the rest of AWS is an embedded one: its credentials are made up, and Amazon would refuse them.
    timeout_seconds
        Time for each wait.
    """

    name: str
    api: str
    is_wanted: bool
    endpoint_url: str | None
    has_embedded_aws: bool
    timeout_seconds: float
    clock: Clock = field(default_factory=SystemClock)

    def missing(self) -> str | None:
        """Say what keeps the service from being called, or None."""
        if not self.is_wanted:
            return "Set INTAKE_AWS_AI=on to have the AWS account pay for Amazon's services."
        if self.has_embedded_aws and not self.endpoint_url:
            variable = f"AWS_ENDPOINT_URL_{self.api.upper()}"
            return f"The embedded AWS has no such service: deploy to AWS, or set {variable}."
        return None

    def ask(self, question: Callable[[Any], AnswerT]) -> AnswerT:
        """Ask a question of the client, and turn what it raises into our errors.

        Raises
        ------
        ProviderError
            By what failed; see `classify`.
        """
        if (lacking := self.missing()) is not None:
            raise ProviderRefusedError(f"{self.name}: {lacking}")
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            return question(_client(self.api, self.endpoint_url or None, self.timeout_seconds))
        except (BotoCoreError, ClientError, ResponseParserError) as error:
            failure = classify(self.name, error, now=self.clock.now())
        # Raised outside the except: the client's error may quote what was sent.
        raise failure


_building = threading.Lock()


def _client(api: str, endpoint_url: str | None, timeout_seconds: float) -> Any:
    # The lock: boto3's default session is not to be used by several threads while it makes a client.
    with _building:
        return _built_client(api, endpoint_url, timeout_seconds)


@lru_cache(maxsize=8)
def _built_client(api: str, endpoint_url: str | None, timeout_seconds: float) -> Any:
    from boto3 import Session
    from botocore.config import Config

    options: dict[str, Any] = {"ignore_configured_endpoint_urls": True}  # which the type stubs do not know
    config = Config(
        connect_timeout=min(CONNECT_TIMEOUT_SECONDS, timeout_seconds),
        read_timeout=timeout_seconds,
        retries={"total_max_attempts": 1, "mode": "standard"},  # the state machine retries; two loops would multiply
        max_pool_connections=32,
        **options,
    )
    make: Any = Session().client
    return make(api, endpoint_url=endpoint_url, config=config)
