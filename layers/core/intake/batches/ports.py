"""What batches need from outside, besides the repositories."""

from __future__ import annotations

from typing import Protocol


class BatchFiles(Protocol):
    """Keeps the files of batches. Keys contain the tenant and the batch's id."""

    def get(self, bucket: str, key: str) -> bytes:
        """Return the bytes of a file; NotFoundError where there is none."""
        ...

    def get_range(self, bucket: str, key: str, start: int, end: int) -> bytes:
        """Return the bytes from ``start`` up to ``end``; NotFoundError where there is no such file."""
        ...

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> None:
        """Write a file, whole or not at all."""
        ...

    def erase(self, bucket: str, key: str) -> int:
        """Remove a file with its older versions; that it is not there is no error."""
        ...
