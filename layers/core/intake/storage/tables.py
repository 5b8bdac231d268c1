"""PynamoDB models without a table until one is bound: modules import with no environment, and tests bind their own."""

from __future__ import annotations

from typing import TypeVar

from pynamodb.models import Model

ModelT = TypeVar("ModelT", bound=Model)


def bind(model: type[ModelT], table_name: str) -> type[ModelT]:
    """Return the model tied to a table; region, credentials and endpoint are botocore's, from the environment.

    Timeouts are short and retries few: a stage that cannot reach its table is retried by its state machine.
    """
    meta = type(
        "Meta",
        (),
        {"table_name": table_name, "connect_timeout_seconds": 2, "read_timeout_seconds": 5, "max_retry_attempts": 2},
    )
    return type(model.__name__, (model,), {"Meta": meta})
