"""Objects in S3: documents, audio and what is derived from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, ConfigDict

from intake.errors import IntakeError, NotFoundError, TransientError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_s3 import S3Client

_MISSING = {"NoSuchKey", "404", "NotFound"}


class ObjectInfo(BaseModel):
    """What is known of an object without reading it; ``size`` in bytes."""

    model_config = ConfigDict(frozen=True)

    key: str
    size: int
    etag: str


class ObjectStore(Protocol):
    """A store of whole objects by bucket and key."""

    def get(self, bucket: str, key: str) -> bytes:
        """Return the bytes of an object; NotFoundError where there is none."""
        ...

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> None:
        """Write an object, whole or not at all."""
        ...

    def head(self, bucket: str, key: str) -> ObjectInfo:
        """Return size and tag of an object; NotFoundError where there is none."""
        ...

    def delete(self, bucket: str, key: str) -> None:
        """Remove an object; that it is not there is no error."""
        ...

    def list(self, bucket: str, prefix: str) -> Iterator[ObjectInfo]:
        """Yield the objects whose keys begin with the prefix, in the order of their keys."""
        ...


class S3ObjectStore:
    """`ObjectStore` in Amazon S3."""

    def __init__(self, client: S3Client) -> None:
        self._s3 = client

    def get(self, bucket: str, key: str) -> bytes:
        from botocore.exceptions import ClientError

        try:
            return self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            raise _translated(error, key) from error

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> None:
        self._s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type)

    def head(self, bucket: str, key: str) -> ObjectInfo:
        from botocore.exceptions import ClientError

        try:
            answer = self._s3.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            raise _translated(error, key) from error
        return ObjectInfo(key=key, size=answer["ContentLength"], etag=answer["ETag"].strip('"'))

    def delete(self, bucket: str, key: str) -> None:
        self._s3.delete_object(Bucket=bucket, Key=key)

    def list(self, bucket: str, prefix: str) -> Iterator[ObjectInfo]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            for entry in page.get("Contents", []):
                yield ObjectInfo(key=entry["Key"], size=entry["Size"], etag=entry["ETag"].strip('"'))


def _translated(error: ClientError, key: str) -> IntakeError:
    """Say an S3 failure in Intake's terms: a missing object, or a fault that may pass."""
    code = error.response.get("Error", {}).get("Code", "unknown")
    if code in _MISSING:
        return NotFoundError(f"There is no object at {key}.")
    return TransientError(f"S3 answered {code}.")
