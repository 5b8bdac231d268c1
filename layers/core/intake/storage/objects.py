"""Objects in S3: documents, audio and what is derived from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, ConfigDict

from intake.errors import NotFoundError, TransientError

if TYPE_CHECKING:
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

    def get_range(self, bucket: str, key: str, start: int, end: int) -> bytes:
        """Return the bytes from ``start`` up to, but without, ``end``; NotFoundError where there is no object."""
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

    def erase(self, bucket: str, key: str) -> int:
        """Remove every version of an object, so that nothing of it is kept, and return their number."""
        ...

    def erase_all(self, bucket: str, prefix: str) -> int:
        """Remove every version of every object whose key begins with the prefix, and return their number."""
        ...

    def list(self, bucket: str, prefix: str) -> Iterator[ObjectInfo]:
        """Yield the objects whose keys begin with the prefix, in the order of their keys."""
        ...


class S3ObjectStore:
    """`ObjectStore` in Amazon S3. A fault that may pass is raised as `TransientError`, which state machines retry."""

    def __init__(self, client: S3Client) -> None:
        self._s3 = client

    def get(self, bucket: str, key: str) -> bytes:
        with _translated(key):
            return self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    def get_range(self, bucket: str, key: str, start: int, end: int) -> bytes:
        with _translated(key):
            return self._s3.get_object(Bucket=bucket, Key=key, Range=f"bytes={start}-{end - 1}")["Body"].read()

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> None:
        with _translated(key):
            self._s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type)

    def head(self, bucket: str, key: str) -> ObjectInfo:
        with _translated(key):
            answer = self._s3.head_object(Bucket=bucket, Key=key)
        return ObjectInfo(key=key, size=answer["ContentLength"], etag=answer["ETag"].strip('"'))

    def delete(self, bucket: str, key: str) -> None:
        with _translated(key):
            self._s3.delete_object(Bucket=bucket, Key=key)

    def erase(self, bucket: str, key: str) -> int:
        return self._erase(bucket, [version for version in self._versions(bucket, key) if version[0] == key])

    def erase_all(self, bucket: str, prefix: str) -> int:
        return self._erase(bucket, list(self._versions(bucket, prefix)))

    def _versions(self, bucket: str, prefix: str) -> Iterator[tuple[str, str]]:
        """Yield key and version, of marks that an object is deleted too."""
        pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)
        with _translated(prefix):
            for page in pages:
                for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                    yield entry["Key"], entry["VersionId"]

    def _erase(self, bucket: str, versions: Sequence[tuple[str, str]]) -> int:
        for key, version in versions:
            with _translated(key):
                self._s3.delete_object(Bucket=bucket, Key=key, VersionId=version)
        return len(versions)

    def list(self, bucket: str, prefix: str) -> Iterator[ObjectInfo]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        with _translated(prefix):
            for page in pages:
                for entry in page.get("Contents", []):
                    yield ObjectInfo(key=entry["Key"], size=entry["Size"], etag=entry["ETag"].strip('"'))


@contextmanager
def _translated(key: str) -> Iterator[None]:
    """Say an S3 failure in Intake's terms: a missing object, or a fault that may pass."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        if code in _MISSING:
            raise NotFoundError(f"There is no object at {key}.") from error
        raise TransientError(f"S3 answered {code}.") from error
    except BotoCoreError as error:
        raise TransientError(f"S3 did not answer: {type(error).__name__}.") from error
