"""Clients of AWS, one a process and service, made when first used.

Region, credentials and a local endpoint come from the environment, as botocore reads it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client


@cache
def dynamodb() -> DynamoDBClient:
    """Return the DynamoDB client: short timeouts, for items are small and a state machine retries what fails."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "dynamodb",
        config=Config(
            connect_timeout=2,
            read_timeout=5,
            retries={"total_max_attempts": 3, "mode": "standard"},
            max_pool_connections=32,
            parameter_validation=False,
        ),
    )


@cache
def s3() -> S3Client:
    """Return the S3 client. The regional, virtual-hosted address on AWS; the path form at a local endpoint."""
    import boto3
    from botocore.config import Config

    from intake.settings import settings

    local = settings().aws_endpoint_url is not None
    return boto3.client(
        "s3",
        config=Config(
            connect_timeout=2,
            read_timeout=30,
            retries={"total_max_attempts": 3, "mode": "standard"},
            signature_version="s3v4",
            s3={"addressing_style": "path" if local else "virtual"},
        ),
    )
