"""Files that clients post straight into a bucket: what inputs and documents have in common."""

from __future__ import annotations

import re
from typing import Protocol

from intake.ids import is_tenant

_LONGEST_NAME = 255
_LONGEST_NAME_IN_KEY = 120
_UNSAFE = re.compile(r"[^\w.() -]+")


class PresignedUpload(Protocol):
    """Where a client posts its file, and the form fields that go with it."""

    @property
    def url(self) -> str: ...

    @property
    def fields(self) -> dict[str, str]: ...


class UploadSigner(Protocol):
    """Lets a client post one file of a limited size straight into a bucket."""

    def sign(self, bucket: str, key: str, *, content_type: str, max_bytes: int) -> PresignedUpload:
        """Return a form that allows one key, one content type and at most ``max_bytes``, for a limited time."""
        ...


def safe_name(filename: str) -> str:
    """Return a name that is safe in a key, and still readable."""
    return _UNSAFE.sub("_", filename)[-_LONGEST_NAME_IN_KEY:]


def tenant_and_path(key: str) -> tuple[str, list[str]] | None:
    """Return whose file a key ``uploads/<tenant>/…/<filename>`` names, and what follows; None of any other key."""
    root, _, rest = key.partition("/")
    tenant, *path = rest.split("/")
    if root != "uploads" or not path or not path[-1] or not is_tenant(tenant):
        return None
    return tenant, path


def name_problem(filename: str) -> str | None:
    """Say what is wrong with a file's name, and what to give instead; None if it is a plain name."""
    if not filename.strip() or len(filename) > _LONGEST_NAME:
        return f"Give a name of 1 to {_LONGEST_NAME} characters."
    if any(not character.isprintable() or character in "/\\" for character in filename) or filename in {".", ".."}:
        return "Give a plain file name, without folders or control codes."
    return None
