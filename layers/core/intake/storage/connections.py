"""Messages to WebSocket connections, through the management API of API Gateway."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from intake.errors import ConfigurationError, TransientError
from intake.subscriptions.ports import ConnectionGoneError

_GONE = {"GoneException", "410"}
_SET_UP_WRONGLY = {"ForbiddenException", "AccessDeniedException", "403"}


class ManagementClient(Protocol):
    """What is used of boto3's client of the management API."""

    def post_to_connection(self, *, ConnectionId: str, Data: bytes) -> Any:  # noqa: N803
        """Send bytes to one connection."""
        ...


class ApiGatewayConnections:
    """`intake.subscriptions.ports.Connections` over one WebSocket API."""

    def __init__(self, client: ManagementClient) -> None:
        self._client = client

    def post(self, connection: str, message: Mapping[str, Any]) -> None:
        """Send one message.

        Raises
        ------
        ConnectionGoneError
            The connection is closed.
        TransientError
            API Gateway did not take it.
        ConfigurationError
            This function may not send messages.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        data = json.dumps(message, ensure_ascii=False).encode()
        try:
            self._client.post_to_connection(ConnectionId=connection, Data=data)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "nothing")
            if code in _GONE:
                raise ConnectionGoneError(connection) from error
            if code in _SET_UP_WRONGLY:
                raise ConfigurationError(f"Messages cannot be sent: API Gateway answered {code}.") from error
            raise TransientError(f"API Gateway answered {code}.") from error
        except BotoCoreError as error:
            raise TransientError(f"API Gateway did not answer: {type(error).__name__}.") from error


@cache
def connections_client(endpoint_url: str) -> ManagementClient:
    """Return the client of one WebSocket API, by the address of its stage."""
    import boto3
    from botocore.config import Config

    client: ManagementClient = boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=endpoint_url,
        config=Config(
            connect_timeout=2,
            read_timeout=5,
            retries={"total_max_attempts": 2, "mode": "standard"},
            parameter_validation=False,
        ),
    )
    return client
