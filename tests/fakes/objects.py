"""Objects in memory, as a bucket keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.errors import NotFoundError
from intake.storage.objects import ObjectInfo


@dataclass
class MemoryObjects:
    """`intake.storage.objects.ObjectStore` in a dictionary; ``reads`` counts the objects that were fetched."""

    contents: dict[tuple[str, str], bytes] = field(default_factory=dict)
    reads: int = 0

    def get(self, bucket: str, key: str) -> bytes:
        self.reads += 1
        try:
            return self.contents[bucket, key]
        except KeyError:
            raise NotFoundError(f"There is no object at {key}.") from None

    def get_range(self, bucket: str, key: str, start: int, end: int) -> bytes:
        return self.get(bucket, key)[start:end]

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> None:
        self.contents[bucket, key] = bytes(body)

    def head(self, bucket: str, key: str) -> ObjectInfo:
        if (bucket, key) not in self.contents:
            raise NotFoundError(f"There is no object at {key}.")
        return self._info(bucket, key)

    def delete(self, bucket: str, key: str) -> None:
        self.contents.pop((bucket, key), None)

    def erase(self, bucket: str, key: str) -> int:
        return 0 if self.contents.pop((bucket, key), None) is None else 1

    def erase_all(self, bucket: str, prefix: str) -> int:
        return sum(self.erase(bucket, found.key) for found in list(self.list(bucket, prefix)))

    def list(self, bucket: str, prefix: str) -> Iterator[ObjectInfo]:
        for owner, key in sorted(self.contents):
            if owner == bucket and key.startswith(prefix):
                yield self._info(bucket, key)

    def _info(self, bucket: str, key: str) -> ObjectInfo:
        body = self.contents[bucket, key]
        tag = hashlib.md5(body, usedforsecurity=False).hexdigest()  # what S3 calls the tag of a small object
        return ObjectInfo(key=key, size=len(body), etag=tag)
